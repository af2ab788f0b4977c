import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { baselineEventSchema, type BaselineEvent } from '@groundswell/schemas/spike.ts'
import { backtest, type BacktestSummary } from './backtest.ts'
import { parseRules } from './core/2-enrich/rules-file.ts'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'backtest-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

const rulesText = `topics:
  - id: outage
    name: { zh: 断网, en: Outage }
    query: '断网 OR outage'
    velocity:
      - { count: 3, within: 1m, grade: severe }
      - { count: 2, within: 121m }
`
const t0 = Date.parse('2015-06-15T16:00:00Z')
const mention = (id: string, second: number, text = '又断网了'): string => JSON.stringify({ id, ts: t0 + second * 1000, text })
const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), lines.join('\n'))
  return join(folder, name)
}

async function run(files: readonly string[]): Promise<{ lines: string[]; summary: BacktestSummary }> {
  const parsed = parseRules(rulesText)
  if (!parsed.ok) throw new Error(parsed.problems[0]!.message)
  const lines: string[] = []
  const summary = await backtest({ rules: parsed.rules, rulesText, files, startedAt: Date.UTC(2026, 0, 1), onEvents: (events) => { for (const event of events) lines.push(JSON.stringify(event)) } })
  return { lines, summary }
}

test('events are lines of the exact shape, the last second is closed, and bad lines cost only themselves', async () => {
  const { lines, summary } = await run([file('a.ndjson', [
    mention('1', 0), 'not json', mention('2', 1, 'OUTAGE again'), mention('1', 2), mention('3', 2, '晴'), '{"id":"x","ts":1434384000,"text":""}', mention('4', 59), mention('5', 59),
    mention('6', 130), mention('7', 130 - 601), mention('8', 131), mention('9', 131),
  ])])
  expect(lines).toEqual([
    '{"kind":"spike","topic":"outage","rule":{"count":3,"within":"1m"},"grade":"severe","at":"2015-06-15T16:00:59Z","count":4}',
    '{"kind":"spike","topic":"outage","rule":{"count":2,"within":"121m"},"grade":"minor","at":"2015-06-15T16:00:59Z","count":4}',
    '{"kind":"clear","topic":"outage","rule":{"count":3,"within":"1m"},"grade":"severe","at":"2015-06-15T16:01:01Z","count":2}',
    '{"kind":"spike","topic":"outage","rule":{"count":3,"within":"1m"},"grade":"severe","at":"2015-06-15T16:02:11Z","count":3}',
  ])
  expect(summary).toMatchObject({ counted: 8, duplicates: 1, late: 1, skewed: 0, deadLetters: 2, reasons: { 'not-json': 1, 'ts-in-seconds': 1 }, spikes: 3, clears: 1 })
})

test('a recording cut into files gives the same events', async () => {
  const all = Array.from({ length: 400 }, (_, i) => mention(`m${i}`, Math.floor(i * i * 0.05)))
  const whole = await run([file('whole.ndjson', all)])
  const parts = await run([0, 1, 2].map((part) => file(`part${part}.ndjson`, all.filter((_, i) => i % 3 === part))))
  expect(whole.lines.length).toBeGreaterThan(3)
  expect(parts.lines).toEqual(whole.lines)
})

test('a stray line of the future is skewed as it is live, and changes no event', async () => {
  const lines = [mention('1', 0), mention('2', 1), mention('3', 2), mention('4', 130)]
  const stray = JSON.stringify({ id: 'stray', ts: '2099-01-01T00:00:00Z', text: '断网' })
  const without = await run([file('without.ndjson', lines)])
  for (const at of [0, 2, 4]) {
    const { lines: events, summary } = await run([file('with.ndjson', lines.toSpliced(at, 0, stray))])
    expect(events).toEqual(without.lines)
    expect(summary).toMatchObject({ counted: 4, skewed: 1, late: 0 })
  }
})

test('a window over 2h is counted in whole minutes, rounded up', async () => {
  const odd = parseRules(rulesText.replace('121m', '7201s'))
  if (!odd.ok) throw new Error(odd.problems[0]!.message)
  const events: string[] = []
  const files = [file('odd.ndjson', [mention('1', 0), mention('2', 7259), mention('3', 20_000)])]
  await backtest({ rules: odd.rules, rulesText: rulesText.replace('121m', '7201s'), files, startedAt: Date.UTC(2026, 0, 1), onEvents: (all) => { for (const event of all) if (event.kind === 'spike' || event.kind === 'clear') events.push(`${event.kind} ${event.rule.within}`) } })
  expect(events).toEqual(['spike 7201s', 'clear 7201s'])
})

test('alarms of the baseline are lines too, the same on every run and however the files are cut', async () => {
  const text = rulesText.replace('    velocity:', '    baseline: { alarmBudget: 2 per 8h }\n    velocity:')
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error(parsed.problems[0]!.message)
  const quiet = Array.from({ length: 24 * 12 }, (_, i) => mention(`q${i}`, i * 300 + ((i * 7919) % 280)))
  const burst = Array.from({ length: 120 }, (_, i) => mention(`b${i}`, 24 * 3600 + i * 5))
  const after = Array.from({ length: 60 }, (_, i) => mention(`a${i}`, 24 * 3600 + 900 + i * 300))
  const all = [...quiet, ...burst, ...after]
  const told = async (files: readonly string[]): Promise<{ lines: string[]; summary: BacktestSummary }> => {
    const lines: string[] = []
    const summary = await backtest({ rules: parsed.rules, rulesText: text, files, startedAt: Date.UTC(2026, 0, 1), onEvents: (events) => { for (const event of events) if (event.kind === 'baseline') lines.push(JSON.stringify(event)) } })
    return { lines, summary }
  }
  const { lines, summary } = await told([file('whole.ndjson', all)])
  const events = lines.map((line) => JSON.parse(line) as BaselineEvent)
  expect(events.map(({ state, grade }) => `${state} ${grade}`)).toEqual(['begin minor', 'begin moderate', 'end moderate'])
  for (const line of lines) expect(JSON.stringify(baselineEventSchema.parse(JSON.parse(line)))).toBe(line)
  expect(lines[0]).toContain('"at":"2015-06-16T16:0')
  expect(summary).toMatchObject({ alarms: 1 })
  expect((await told([0, 1].map((part) => file(`cut${part}.ndjson`, all.filter((_, i) => i % 2 === part))))).lines).toEqual(lines)
})

test('nothing in gives nothing out', async () => {
  const { lines, summary } = await run([file('empty.ndjson', [])])
  expect(lines).toEqual([])
  expect(summary).toMatchObject({ counted: 0, batches: 0 })
})
