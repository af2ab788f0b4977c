import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let folder = ''
const forecast = (args: readonly string[], input = '') => spawnSync(process.execPath, [main, 'forecast', ...args], { encoding: 'utf8', cwd: folder, input })
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forecast-cli-'))
  const line = (id: string, seconds: number, more: object = {}): string => `${JSON.stringify({ id, ts: new Date(Date.UTC(2015, 5, 15) + seconds * 1000).toISOString(), text: '', platform: 'weibo', ...more })}\n`
  const growing = Array.from({ length: 512 }, (_, i) => line(`g${i}`, 60 + Math.log2(i + 1) * 600, i === 0 ? {} : { parent: `g${Math.floor((i - 1) / 2)}` }))
  const fading = Array.from({ length: 200 }, (_, i) => line(`f${i}`, 10_800 * (i / 200) ** 2, i === 0 ? {} : { parent: 'f0', root: 'f0' }))
  writeFileSync(join(folder, 'a.ndjson'), [...growing, ...fading, 'not json\n', line('alone', 60), line('young', 9000)].join(''))
})
afterAll(() => { rmSync(folder, { recursive: true }) })

test('forecasts go to stdout as JSON lines, prose to stderr; what is super-critical has no predicted and no upper end', () => {
  const { status, stdout, stderr } = forecast(['--input', 'a.ndjson', '--at', '90m'])
  expect(stderr).toMatch(/^714 mentions in 4 cascades, 1 of them too young, 0 duplicates; 1 dead letters \(1 not-json\); \d+\.\d s\n$/)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual(Array.from({ length: 3 }, () => ['root', 'observed', 'predicted', 'low', 'high', 'superCritical']))
  const [fading, alone, growing] = lines.map((line) => JSON.parse(line) as { observed: number; predicted: number; low: number; high: number })
  expect(fading).toMatchObject({ root: 'f0', observed: 142, superCritical: false })
  expect(fading!.low).toBeLessThan(fading!.predicted)
  expect(fading!.predicted).toBeLessThan(fading!.high)
  expect(alone).toMatchObject({ root: 'alone', observed: 1, superCritical: false })
  expect(growing).toMatchObject({ root: 'g0', observed: 512, predicted: null, high: null, superCritical: true })
  expect(growing!.low).toBeGreaterThanOrEqual(512)
  expect(status).toBe(0)
})

test.each([
  { args: ['--input', 'none.ndjson', '--at', '1h'], status: 1, says: /none\.ndjson cannot be read/ },
  { args: ['--input', 'a.ndjson'], status: 2, says: /--at <age>' not specified/ },
  { args: ['--input', 'a.ndjson', '--at', '30s'], status: 2, says: /at least 1m and at most 7d/ },
  { args: ['--input', 'a.ndjson', '--at', '8d'], status: 2, says: /at least 1m and at most 7d/ },
  { args: ['--input', 'a.ndjson', '--at', 'soon'], status: 2, says: /such as 1h/ },
])('$args ends with $status and says why', ({ args, status, says }) => {
  const run = forecast(args)
  expect(run.stdout).toBe('')
  expect(run.stderr).toMatch(says)
  expect(run.status).toBe(status)
})
