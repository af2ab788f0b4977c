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

test('a grade that goes against its count is pointed out, and spread rules are explained', async () => {
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
  expect([code, out.length, err]).toEqual([0, 4, [
    'whole.yml:6:14 note: topic a is severe at 100 within 10m, and only moderate at 200: give the higher grade the higher count',
    'whole.yml:8:34 note: topic c is moderate at 9 within 1h, and only minor at 10: give the higher grade the higher count',
    'whole.yml: 1 topic tells what is not normal for it and may bring 2 false alarms per 8h.',
  ]])
  expect(JSON.parse(out[0]!).spread).toEqual([{
    measure: 'size', threshold: 5, within: '1h', grade: 'minor', en: 'Tells when one cascade whose root matched has 5 mentions, not later than 1h after the root; it ends when an hour brings fewer than 1 in 20 of its mentions.',
    zh: '根帖命中本话题的某个传播在根帖后 1 小时内达到 5 条时告警；最近一小时不足其总量的二十分之一时结束。',
  }])
})

test('baselines are explained in both languages, a topic by its own budget and the room by their sum', async () => {
  const topics = Array.from({ length: 12 }, (_, i) => `- { id: t${i}, query: 断网, baseline: { alarmBudget: ${i === 0 ? '1 per 1h' : '12 per 7d'} } }\n`).join('')
  const { code, out, err } = await checkFile(`topics:\n- { id: quiet, query: 断网 }\n- { id: usual, query: 断网, baseline: {} }\n${topics}`)
  expect([code, JSON.parse(out[0]!).baseline, err]).toEqual([0, undefined, ['whole.yml: These 13 topics tell what is not normal for them and together may bring 14.6 false alarms per 8h.']])
  expect(JSON.parse(out[1]!).baseline).toEqual({
    alarmBudget: '1 per 24h', perDay: 1,
    en: 'Tells when mentions are not normal for this topic, or for a platform of it, at this hour of the week, with at most 1 false alarm per 24h in all.', zh: '本话题或其某一平台的提及量超出一周中此时的常态时告警，误报合计至多每 24 小时 1 次。',
  })
  expect(JSON.parse(out.at(-1)!)).toEqual({ room: {
    topics: 13, perDay: 43.9, en: 'These 13 topics tell what is not normal for them and together may bring 14.6 false alarms per 8h.', zh: '这 13 个话题按常态告警，合计误报至多每 8 小时 14.6 次。',
  } })
})

test.each([
  ['1 per 7d', '1 false alarm per 7d', '每 7 天 1 次'], ['3 per 90m', '16 false alarms per 8h', '每 8 小时 16 次'], ['1 per 1d', '1 false alarm per 24h', '每 24 小时 1 次'],
])('a room of the one budget %s: %s', async (budget, en, zh) => {
  const { out } = await checkFile(`topics:\n- { id: a, query: 断网, baseline: { alarmBudget: ${budget} } }\n`)
  expect(JSON.parse(out.at(-1)!).room).toMatchObject({ en: `1 topic tells what is not normal for it and may bring ${en}.`, zh: `1 个话题按常态告警，误报至多${zh}。` })
})

test.each([
  ['0 per 8h', 'no detector is never wrong'], ['2 per 0s', 'at least 1s and at most 7d'], ['1 per 8d', 'at least 1s and at most 7d'], ['61 per 1h', 'more than one false alarm a minute'], ['2 per', 'reads like "2 per 8h"'], ['two per 8h', 'reads like'],
])('the budget "%s" is refused with its place: %s', async (budget, why) => {
  const { code, out, err } = await checkFile(`topics:\n- id: a\n  query: 断网\n  baseline: { alarmBudget: ${budget} }\n`)
  expect([code, out, err]).toEqual([1, [], [expect.stringMatching(new RegExp(`^whole\\.yml:4:28 alarmBudget is "${budget}": .*${why}`))]])
})

test('a file that is not there fails', async () => {
  const err: string[] = []
  expect(await checkRules(join(folder, 'none.yml'), { out: () => undefined, err: (line) => err.push(line) })).toBe(1)
  expect(err[0]).toMatch(/cannot be read/)
})
