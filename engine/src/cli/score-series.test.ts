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
  expect(scores.indexOf(Math.max(...scores))).toBe(800)
  expect(scores.filter((score) => score > 0.3)).toHaveLength(1)
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
    'bad.csv:601 "yesterday" is not a time: write 2026-01-31 08:00:00, ISO-8601 or seconds since 1970; the row is scored 0',
    'bad.csv:701 "-3" is not a count from 0: the row is scored 0 and taken for missing',
  ])
  const rows = rowsOf(stdout)
  expect(rows).toHaveLength(counts.length)
  expect([rows[499]![2], rows[599], rows[699]![2]]).toEqual(['0', ['bad.csv', 'yesterday', '0'], '0'])
})

test('a row that is not after the rows before it is named and left out', () => {
  const lines = plain.split('\n')
  lines[500] = `${time(490)},9`
  writeFileSync(join(folder, 'back.csv'), lines.join('\n'))
  const { status, stdout, stderr } = scored('back.csv')
  expect(status).toBe(0)
  expect(stderr).toBe(`back.csv:501 "${time(490)}" is not after the rows before it: the row is scored 0 and left out; sort the file by time\n`)
  expect(rowsOf(stdout)[499]).toEqual(['back.csv', time(490), '0'])
})

test('in a series that never changes no row is told, from the first on', () => {
  writeFileSync(join(folder, 'flat.csv'), counts.map((_, i) => `${time(i)},50`).join('\n'))
  expect(rowsOf(scored('flat.csv').stdout).filter(([, , score]) => Number(score) > 0.2)).toEqual([])
})

test('times in seconds or milliseconds since 1970 are times', () => {
  writeFileSync(join(folder, 'a.csv'), plain)
  const epoch = (unit: number): string => `timestamp,value\n${counts.map((count, i) => `${(Date.UTC(2015, 1, 26, 21, 42, 53) + i * 300_000) / unit},${count}`).join('\n')}\n`
  writeFileSync(join(folder, 's.csv'), epoch(1000))
  writeFileSync(join(folder, 'ms.csv'), epoch(1))
  const scores = rowsOf(scored('a.csv', 's.csv', 'ms.csv').stdout).map(([, , score]) => score)
  expect(scores.slice(counts.length)).toEqual([...scores.slice(0, counts.length), ...scores.slice(0, counts.length)])
})

test.each([
  ['empty.csv', '', 0],
  ['header.csv', 'timestamp,value\n', 0],
  ['semicolons.csv', plain.replaceAll(',', ';'), 20],
])('%s holds no row: that is told, and ends with 1', (name, text, named) => {
  writeFileSync(join(folder, name), text)
  const { status, stderr } = scored(name)
  expect(status).toBe(1)
  expect(stderr).toMatch(/cannot be read: no line of it is a row/)
  expect(stderr.match(/scored 0/g) ?? []).toHaveLength(named)
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

test.skipIf(!existsSync(nab))('on labelled series of Twitter volume it is above the best published detector, in each profile', () => {
  const { stdout } = scored(...readdirSync(join(nab, 'series')).map((file) => join(nab, 'series', file)))
  writeFileSync(join(folder, 'ours.csv'), stdout)
  const told = spawnSync(process.execPath, [join(shared, 'tools/nab-score.mjs'), nab, join(folder, 'ours.csv'), join(nab, 'peers/ARTime.csv.gz')], { encoding: 'utf8' }).stdout
  const [ours, best] = told.trimEnd().split('\n').map((line) => [...line.matchAll(/(?:standard|rate) (-?[\d.]+)/g)].map(([, score]) => Number(score)))
  ours!.forEach((score, profile) => { expect(score).toBeGreaterThan(best![profile]! + 1) })
  expect(readFileSync(join(folder, 'ours.csv'), 'utf8').split('\n').length).toBe(79_356)
})
