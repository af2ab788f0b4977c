// One question and its newest answer, against an engine that answers when a test lets it.
import { beforeEach, expect, test, vi } from 'vitest'
import type { Asked } from './asked.svelte.ts'

type Answer = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly why: 'away' | 'topic'; readonly detail: string }
const away = { ok: false, why: 'away', detail: 'nobody' } as const

let Made: typeof Asked
beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('$state', Object.assign(<T>(value: T): T => value, { raw: <T>(value: T): T => value }))
  Made = (await import('./asked.svelte.ts')).Asked
  return () => { vi.useRealTimers(); vi.unstubAllGlobals() }
})

function asking(answer: (question: string) => Answer): { readonly asked: Asked<string, string, 'away' | 'topic'>; readonly questions: string[]; readonly signals: AbortSignal[] } {
  const questions: string[] = [], signals: AbortSignal[] = []
  return { questions, signals, asked: new Made((question: string, signal) => { questions.push(question); signals.push(signal); return Promise.resolve(answer(question)) }) }
}
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

test('what has no answer is asked again after a wait that doubles up to half a minute, and says how long; an answer ends that', async () => {
  let now: Answer = away
  const { asked, questions } = asking(() => now)
  asked.put('a', 60_000)
  await pass(0)
  for (const [times, wait] of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].entries()) {
    expect([questions.length, asked.againMs, asked.state]).toEqual([times + 1, wait, 'failed'])
    await pass(wait - 1)
    expect(questions).toHaveLength(times + 1)
    await pass(1)
  }
  now = { ok: true, value: 'here' }
  await pass(30_000)
  expect([asked.value, asked.againMs, asked.failure]).toEqual(['here', null, null])
  now = away
  await pass(60_000)
  expect([asked.value, asked.againMs, asked.state]).toEqual(['here', 1_000, 'stale'])
})

test('what is refused for good is not asked again but where it is looked at again and again anyway', async () => {
  const { asked, questions } = asking(() => ({ ok: false, why: 'topic', detail: 'none' }))
  asked.put('a')
  await pass(120_000)
  expect([questions.length, asked.againMs]).toEqual([1, null])
})

test('while somebody types, only what rests is asked, and another question begins its waits anew', async () => {
  const { asked, questions, signals } = asking(() => away)
  for (const text of ['a', 'ab', 'abc']) {
    asked.put(text, null, 350)
    await pass(100)
  }
  expect([questions, asked.awaited]).toEqual([[], true])
  await pass(250)
  expect(questions).toEqual(['abc'])
  await pass(3_000)
  expect(asked.againMs).toBe(4_000)
  asked.put('b')
  await pass(0)
  expect([questions.at(-1), asked.againMs, signals.at(-2)?.aborted]).toEqual(['b', 1_000, true])
  asked.close()
  await pass(60_000)
  expect(questions.at(-1)).toBe('b')
})
