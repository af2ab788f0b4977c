import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RawBatch } from './core/batch.ts'
import { readRecordings, recordingLimits } from './recording.ts'
import { RecordingUnreadable } from './recording-lines.ts'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'recording-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

const file = (name: string, data: string | Uint8Array): string => {
  writeFileSync(join(folder, name), data)
  return join(folder, name)
}
const futures: number[] = []
async function all(files: readonly string[]): Promise<RawBatch[]> {
  const batches: RawBatch[] = []
  for await (const batch of readRecordings(files, { ingestedAt: Date.UTC(2026, 0, 1), onFuture: (firstMs) => futures.push(firstMs) })) batches.push(batch)
  return batches
}
const text = (batches: readonly RawBatch[]): string => batches.map((batch) => Buffer.from(batch.bytes).toString()).join('')

test('files, gzipped or not, become one stream in the order of their times, held against one ingest time', async () => {
  const line = (id: string, ts: number): string => JSON.stringify({ id, ts, text: 'a\u2028b' })
  const a = file('a.ndjson', `${line('a1', 1_600_000_000_000)}\nnot json\n\n${line('a2', 1_600_000_002_000)}\n`)
  const b = file('b.ndjson.gz', gzipSync(`${line('b1', 1_600_000_001_000)}\n${line('b2', 1_600_000_002_000)}`))
  const batches = await all([a, b])
  expect(text(batches).trim().split('\n').map((l) => (l.startsWith('{') ? (JSON.parse(l) as { id: string }).id : l))).toEqual(['a1', 'not json', 'b1', 'a2', 'b2'])
  expect(batches.every((batch) => batch.skewCheck && batch.times[0] === Date.UTC(2026, 0, 1) && batch.ends.at(-1) === batch.bytes.length)).toBe(true)
})

test.each([
  ['a past with one stray line', ['2015-06-15T16:00:00Z', '2099-01-01T00:00:00Z', '2015-06-15T16:00:01Z', '2015-06-15T16:00:02Z'], null],
  ['a past behind a stray line', ['2099-01-01T00:00:00Z', '2015-06-15T16:00:00Z', '2015-06-15T16:00:01Z'], null],
  ['no mention at all', ['yesterday'], null],
  ['two minutes ahead', ['2026-01-01T00:02:00Z'], null],
  ['more than two minutes ahead', ['2026-01-01T00:02:00.001Z'], '2026-01-01T00:02:00.001Z'],
  ['a dead letter of the past, then the future', ['1999-01-01T00:00:00Z', '2090-01-01T00:00:00Z', '2090-01-01T00:00:01Z'], '2090-01-01T00:00:00.000Z'],
])('only a recording that begins in the future is not held against it: %s', async (_, times, begins) => {
  futures.length = 0
  const batches = await all([file('a.ndjson', times.map((ts, i) => JSON.stringify({ id: String(i), ts, text: '' })).join('\n'))])
  expect(batches.map(({ skewCheck }) => skewCheck)).toEqual([begins === null])
  expect(futures.map((ms) => new Date(ms).toISOString())).toEqual(begins === null ? [] : [begins])
  expect(text(batches).trim().split('\n')).toHaveLength(times.length)
})

test('batches end at whole lines and are bounded', async () => {
  const lines = Array.from({ length: 9000 }, (_, i) => `{"id":"${i}","ts":${1_600_000_000_000 + i},"text":"${'x'.repeat(300)}"}`)
  const batches = await all([file('a.ndjson', lines.join('\n'))])
  expect(batches.length).toBeGreaterThan(2)
  expect(batches.every((batch) => batch.bytes.length <= recordingLimits.batchBytesMax && batch.bytes.at(-1) === 0x0a)).toBe(true)
  expect(text(batches)).toBe(`${lines.join('\n')}\n`)
})

test('a file that is not there is named', async () => {
  await expect(all([join(folder, 'none.ndjson')])).rejects.toThrow(RecordingUnreadable)
  await expect(all([join(folder, 'none.ndjson')])).rejects.toThrow('none.ndjson')
})
