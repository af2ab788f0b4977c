import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const scored = (...args: string[]) => spawnSync(process.execPath, [main, 'score-series', ...args], { encoding: 'utf8', cwd: folder, maxBuffer: 1 << 26 })
const rowsOf = (stdout: string): string[][] => stdout.trimEnd().split('\n').slice(1).map((line) => line.split(','))

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'score-series-')) })
afterAll(() => { rmSync(folder, { recursive: true }) })

const time = (i: number, between = ' '): string => new Date(Date.UTC(2015, 1, 26, 21, 42, 53) + i * 300_000).toISOString().slice(0, 19).replace('T', between)
const counts = Array.from({ length: 900 }, (_, i) => (i === 800 ? 500 : 10 + (i % 7)))
const plain = `timestamp,value\n${counts.map((count, i) => `${time(i)},${count}`).join('\n')}\n`

test('a row is answered by a row: base name, the time as it stands, a score', () => {
  writeFileSync(join(folder, 'a.csv'), plain)
  const { status, stdout, stderr } = scored(join(folder, 'a.csv'))
  expect([status, stderr, stdout.split('\n')[0]]).toEqual([0, '', 'file,timestamp,anomaly_score'])
  const rows = rowsOf(stdout)
  expect(rows.map(([file, at]) => `${file},${at}`)).toEqual(counts.map((_, i) => `a.csv,${time(i)}`))
  const scores = rows.map(([, , score]) => Number(score))
  expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true)
  const highest = scores.indexOf(Math.max(...scores)) // told when it has stopped rising, which is as long as a window of 15 minutes grows
  expect(highest).toBeGreaterThan(800)
  expect(highest).toBeLessThanOrEqual(803)
})

test('header or none, quotes, zones, fractions, CRLF and a BOM make no difference to the scores', () => {
  writeFileSync(join(folder, 'a.csv'), plain)
  writeFileSync(join(folder, 'b.csv'), `\uFEFF${counts.map((count, i) => `"${time(i, 'T')}.000+00:00","${count}",more`).join('\r\n')}\r\n`)
  const { status, stdout, stderr } = scored('a.csv', 'b.csv')
  expect([status, stderr]).toEqual([0, ''])
  const rows = rowsOf(stdout)
  expect(rows).toHaveLength(2 * counts.length)
  expect(rows.slice(counts.length).map(([, , score]) => score)).toEqual(rows.slice(0, counts.length).map(([, , score]) => score))
  expect(rows[counts.length]!.slice(0, 2)).toEqual(['b.csv', `"${time(0, 'T')}.000+00:00"`])
})

test('a line that is no row is named and costs only itself', () => {
  const lines = plain.split('\n')
  lines[500] = `${time(499)},many`
  lines[600] = 'yesterday,12'
  lines[700] = `${time(699)},-3`
  writeFileSync(join(folder, 'bad.csv'), lines.join('\n'))
  const { status, stdout, stderr } = scored('bad.csv')
  expect(status).toBe(0)
  expect(stderr.split('\n').slice(0, 3)).toEqual([
    'bad.csv:501 "many" is not a count from 0: the row is scored 0 and taken for missing',
    'bad.csv:601 "yesterday" is not a time: write 2026-01-31 08:00:00 or ISO-8601; the row is scored 0',
    'bad.csv:701 "-3" is not a count from 0: the row is scored 0 and taken for missing',
  ])
  const rows = rowsOf(stdout)
  expect(rows).toHaveLength(counts.length)
  expect([rows[499]![2], rows[599], rows[699]![2]]).toEqual(['0', ['bad.csv', 'yesterday', '0'], '0'])
})

test('a file that cannot be read ends with 1 and the others are scored; no file is wrong usage', () => {
  writeFileSync(join(folder, 'a.csv'), plain)
  const { status, stdout, stderr } = scored('none.csv', 'a.csv')
  expect([status, rowsOf(stdout).length]).toEqual([1, counts.length])
  expect(stderr).toMatch(/^none\.csv cannot be read: ENOENT/)
  expect(scored().status).toBe(2)
})

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url))
const nab = join(shared, 'data/nab')
if (!existsSync(nab)) console.warn('shared/data/nab is not beside this repository: the test on labelled series is skipped.')

test.skipIf(!existsSync(nab))('on labelled series of Twitter volume it is above the best published detector, in each profile', { timeout: 60_000 }, () => {
  const { stdout } = scored(...readdirSync(join(nab, 'series')).map((file) => join(nab, 'series', file)))
  writeFileSync(join(folder, 'ours.csv'), stdout)
  const told = spawnSync(process.execPath, [join(shared, 'tools/nab-score.mjs'), nab, join(folder, 'ours.csv'), join(nab, 'peers/ARTime.csv.gz')], { encoding: 'utf8' }).stdout
  const [ours, best] = told.trimEnd().split('\n').map((line) => [...line.matchAll(/(?:standard|rate) (-?[\d.]+)/g)].map(([, score]) => Number(score)))
  ours!.forEach((score, profile) => { expect(score).toBeGreaterThan(best![profile]! + 1) })
  expect(readFileSync(join(folder, 'ours.csv'), 'utf8').split('\n').length).toBe(79_356)
})
