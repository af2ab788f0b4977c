import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkRules } from './check-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundswell-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function check(query: string): Promise<{ code: number; out: string[]; err: string[] }> {
  const file = join(folder, 'rules.yml')
  writeFileSync(file, `topics:\n  - id: a\n    name: { zh: 断网, en: Outage }\n    query: '${query}'\n`)
  const [out, err]: [string[], string[]] = [[], []]
  const code = await checkRules(file, { out: (line) => out.push(line), err: (line) => err.push(line.replace(file, 'rules.yml')) })
  return { code, out, err }
}

test('right rules are explained in both languages, a JSON line a topic', async () => {
  const { code, out, err } = await check('("斷網" OR Outage OR comp*) NOT 演练 platform:weibo')
  expect([code, err]).toEqual([0, []])
  expect(JSON.parse(out[0]!)).toEqual({
    topic: 'a', name: { zh: '断网', en: 'Outage' }, query: '("斷網" OR Outage OR comp*) NOT 演练 platform:weibo', terms: ['断网', 'outage', 'comp*', '演练'],
    matches: {
      en: 'Mentions that say one of “断网”, “outage”, “comp*” and do not (say “演练”) and are of platform “weibo”.',
      zh: '含“断网”、“outage”、“comp*”之一，且不（含“演练”），且平台为“weibo”的提及。',
    },
  })
})

test('a wrong query fails with file, line, column and a caret', async () => {
  const { code, out, err } = await check('断网 OR "outage')
  expect([code, out]).toEqual([1, []])
  expect(err[0]!.split('\n')).toEqual([
    'rules.yml:4:19 this quote is never closed: add " where the phrase ends (column 7 of the query)', '断网 OR "outage', '\u3000\u3000    ^',
  ])
})

test('a lower-case operator is a word, and is pointed out', async () => {
  const { code, out, err } = await check('断网 or outage')
  expect([code, out.length]).toEqual([0, 1])
  expect(err[0]).toMatch(/^rules\.yml:4:16 note: or is searched for as a word/)
})

test('a file that is not there fails', async () => {
  const err: string[] = []
  expect(await checkRules(join(folder, 'none.yml'), { out: () => undefined, err: (line) => err.push(line) })).toBe(1)
  expect(err[0]).toMatch(/cannot be read/)
})
