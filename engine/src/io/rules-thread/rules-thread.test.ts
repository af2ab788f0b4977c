// The thread of the rules editor as the engine meets it: what is handed to it costs the engine nothing.
import { afterAll, expect, test } from 'vitest'
import { RulesThread } from './rules-thread.ts'

const thread = new RulesThread()
afterAll(() => thread.close())

test('a sample is handed over and not copied, and queries are run over it', async () => {
  const lines = [new TextEncoder().encode('{"id":"a","ts":1767225600000,"text":"断网了"}\n{"id":"b","ts":1767225600000,"text":"晴"}\n')]
  expect(await thread.run<'sample'>({ kind: 'sample', id: 1, lines })).toBe(true)
  expect(lines[0]!.byteLength).toBe(0)
  expect(await thread.run<'preview'>({ kind: 'preview', question: { query: '断网', limit: 5, lang: 'en' }, sample: 1 })).toMatchObject({ ok: true, answer: { looked: 2, matched: 1 } })
  expect(await thread.run<'preview'>({ kind: 'preview', question: { query: '断网', limit: 5, lang: 'en' }, sample: 2 })).toBeNull()
})
