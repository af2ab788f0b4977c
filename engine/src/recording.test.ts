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
async function all(files: readonly string[]): Promise<RawBatch[]> {
  const batches: RawBatch[] = []
  for await (const batch of readRecordings(files)) batches.push(batch)
  return batches
}
const text = (batches: readonly RawBatch[]): string => batches.map((batch) => Buffer.from(batch.bytes).toString()).join('')

test('files, gzipped or not, become one stream in the order of their times, never held against an ingest time', async () => {
  const line = (id: string, ts: number): string => JSON.stringify({ id, ts, text: 'a\u2028b' })
  const a = file('a.ndjson', `${line('a1', 1_600_000_000_000)}\nnot json\n\n${line('a2', 1_600_000_002_000)}\n`)
  const b = file('b.ndjson.gz', gzipSync(`${line('b1', 1_600_000_001_000)}\n${line('b2', 1_600_000_002_000)}`))
  const batches = await all([a, b])
  expect(text(batches).trim().split('\n').map((l) => (l.startsWith('{') ? (JSON.parse(l) as { id: string }).id : l))).toEqual(['a1', 'not json', 'b1', 'a2', 'b2'])
  expect(batches.every((batch) => !batch.skewCheck && batch.ends.at(-1) === batch.bytes.length)).toBe(true)
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
