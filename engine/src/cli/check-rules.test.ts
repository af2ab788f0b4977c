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

function checkFile(bytes: string | Uint8Array): Promise<{ code: number; out: string[]; err: string[] }> {
  const file = join(folder, 'whole.yml')
  writeFileSync(file, bytes)
  const [out, err]: [string[], string[]] = [[], []]
  return checkRules(file, { out: (line) => out.push(line), err: (line) => err.push(line.replace(file, 'whole.yml')) }).then((code) => ({ code, out, err }))
}

test('no topics are right rules, and said to be none', async () => {
  expect(await checkFile('topics: []\n')).toEqual({ code: 0, out: [], err: ['whole.yml: 0 topics: nothing is watched'] })
})

test('a file that is not UTF-8 is told how to be saved; a byte order mark is no matter', async () => {
  expect(await checkFile(Buffer.from('topics: [] # \u00e9', 'latin1'))).toEqual({ code: 1, out: [], err: ['whole.yml is not UTF-8: save it as UTF-8'] })
  expect(await checkFile('\ufefftopics:\n- { id: A_1, query: x }\n')).toMatchObject({ code: 0, err: [] })
})

test('symbols that are not compared, wide queries and windows in odd seconds are pointed out', async () => {
  const { code, err } = await checkFile('topics:\n- { id: a, query: C++ OR NOT 断网, velocity: [{ count: 1, within: 7201s }] }\n')
  expect([code, err.map((line) => line.split('\n')[0])]).toEqual([0, [
    expect.stringMatching(/^whole\.yml:2:19 note: C\+\+ is searched for as c/), expect.stringMatching(/^whole\.yml:2:19 note: this also matches/), expect.stringMatching(/^whole\.yml:2:\d+ note: 7201s is counted as 121m/),
  ]])
})

test('what is not measured yet, and a grade that goes against its count, are pointed out', async () => {
  const rule = (count: number, within: string, grade: string) => `{ count: ${count}, within: ${within}, grade: ${grade} }`
  const { code, out, err } = await checkFile(`topics:
- id: a
  query: 断网
  spread: [{ size: 5, within: 1h }]
  baseline: { alarmBudget: 2 per 8h }
  velocity: [${rule(100, '10m', 'severe')}, ${rule(200, '10m', 'moderate')}, ${rule(300, '10m', 'moderate')}, ${rule(400, '1h', 'minor')}]
- { id: b, query: 断网, velocity: [{ count: 10, within: 10m }, ${rule(20, '10m', 'minor')}, ${rule(30, '10m', 'severe')}] }
- { id: c, query: 断网, velocity: [${rule(9, '1h', 'moderate')}, { count: 10, within: 1h }] }
`)
  expect([code, out.length, err]).toEqual([0, 3, [
    'whole.yml:4:11 note: spread of topic a is accepted, but not measured by this version yet: it raises nothing',
    'whole.yml:5:13 note: baseline of topic a is accepted, but not measured by this version yet: it raises nothing',
    'whole.yml:6:14 note: topic a is severe at 100 within 10m, and only moderate at 200: give the higher grade the higher count',
    'whole.yml:8:34 note: topic c is moderate at 9 within 1h, and only minor at 10: give the higher grade the higher count',
  ]])
})

test('a file that is not there fails', async () => {
  const err: string[] = []
  expect(await checkRules(join(folder, 'none.yml'), { out: () => undefined, err: (line) => err.push(line) })).toBe(1)
  expect(err[0]).toMatch(/cannot be read/)
})
