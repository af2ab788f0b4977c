import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const groundswell = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: folder })

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-cli-'))
  writeFileSync(join(folder, 'rules.yml'), 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: 断网, velocity: [ { count: 2, within: 1m } ] }\n')
  writeFileSync(join(folder, 'wrong.yml'), 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: NOT 断网 }\n')
  writeFileSync(join(folder, 'latin.yml'), Buffer.from('topics: [] # \u00e9', 'latin1'))
  writeFileSync(join(folder, 'in.ndjson'), '{"id":"1","ts":1600000000000,"text":"断网"}\nnot json\n{"id":"2","ts":"2020-09-13T20:26:41+08:00","text":"又断网"}\n')
})
afterAll(() => { rmSync(folder, { recursive: true }) })

test('events go to stdout as JSON lines, prose to stderr', () => {
  const { status, stdout, stderr } = groundswell('backtest', '--rules', 'rules.yml', '--input', 'in.ndjson')
  expect(stdout).toBe('{"kind":"spike","topic":"a","rule":{"count":2,"within":"1m"},"grade":"minor","at":"2020-09-13T12:26:41Z","count":2}\n')
  expect(stderr).toMatch(/^2 mentions: 2 counted, 0 duplicates, 0 late, 0 skewed; 1 dead letters \(1 not-json\)\n1 spikes, 0 clears, 0 alarms of the baseline;/)
  expect(status).toBe(0)
})

test.each([
  { settings: 'room: { zone: Asia/Shanghai }', said: /; Wednesdays at 00:00 usually / }, { settings: 'room: { zone: America/New_York }', said: /; Tuesdays at 12:00 usually / },
  { settings: 'http: never', said: /; Tuesdays at 16:00 UTC usually /, err: /^the settings are wrong:\n {2}http = .*\nso no zone of the room is known/ },
])('an alarm says the hour as the room reads it by the settings "$settings"', ({ settings, said, err = /^408 mentions/ }) => {
  const day = 24 * 3600
  const seconds = [...Array.from({ length: day / 300 }, (_, i) => i * 300 + ((i * 7919) % 280)), ...Array.from({ length: 120 }, (_, i) => day + i * 5)]
  writeFileSync(join(folder, 'calm.ndjson'), seconds.map((second, i) => `{"id":"${i}","ts":${(Date.parse('2015-06-15T16:00:00Z') / 1000 + second) * 1000},"text":"断网"}\n`).join(''))
  writeFileSync(join(folder, 'baseline.yml'), 'topics: [ { id: a, query: 断网, baseline: {} } ]\n')
  writeFileSync(join(folder, 'room.yml'), `${settings}\n`)
  const { stdout, stderr } = groundswell('backtest', '--rules', 'baseline.yml', '--input', 'calm.ndjson', '--config', 'room.yml')
  expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ state: 'begin', at: expect.stringMatching(/^2015-06-16T16:0/), reason: { en: expect.stringMatching(said) } })
  expect(stderr).toMatch(err)
})

test('a recording of the future is said to be one', () => {
  writeFileSync(join(folder, 'future.ndjson'), '{"id":"1","ts":"2090-01-01T00:00:00Z","text":"断网"}\n')
  const { stderr, status } = groundswell('backtest', '--rules', 'rules.yml', '--input', 'future.ndjson')
  expect([status, stderr.split('\n')[0]]).toEqual([0, 'the recording begins at 2090-01-01T00:00:00.000Z, which is still to come: none of its mentions is taken for skewed'])
  expect(stderr).toMatch(/1 counted, 0 duplicates, 0 late, 0 skewed/)
})

test.each([
  { args: ['--rules', 'wrong.yml', '--input', 'in.ndjson'], status: 1, says: /^wrong\.yml:2:\d+ this only says/ },
  { args: ['--rules', 'latin.yml', '--input', 'in.ndjson'], status: 1, says: /^latin\.yml is not UTF-8: save it as UTF-8/ },
  { args: ['--rules', 'none.yml', '--input', 'in.ndjson'], status: 1, says: /^none\.yml cannot be read/ },
  { args: ['--rules', 'rules.yml', '--input', 'none.ndjson'], status: 1, says: /none\.ndjson cannot be read/ },
  { args: ['--rules', 'rules.yml'], status: 2, says: /--input <files\.\.\.>' not specified/ },
])('$args ends with $status and says why', ({ args, status, says }) => {
  const run = groundswell('backtest', ...args)
  expect(run.stdout).toBe('')
  expect(run.stderr).toMatch(says)
  expect(run.status).toBe(status)
})
