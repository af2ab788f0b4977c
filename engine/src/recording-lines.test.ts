// Recordings are merged as a naive merge would, whatever their size, form and order.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mergeRecordings, RecordingUnreadable } from './recording-lines.ts'
import type { LinesOptions, RecordedLine } from './recording-lines.ts'

let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'groundswell-lines-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

async function readAll(contents: readonly (string | Uint8Array)[], options: LinesOptions = { lineBytesMax: 1 << 20 }): Promise<RecordedLine[]> {
  const files = contents.map((_, i) => join(folder, `recording-${i}`))
  await Promise.all(files.map((file, i) => writeFile(file, contents[i]!)))
  const lines: RecordedLine[] = []
  for await (const block of mergeRecordings(files, options)) lines.push(...block)
  return lines
}
const text = (line: RecordedLine) => Buffer.from(line.bytes).toString()
const base = 1_434_384_764_000
const lineOf = (second: number | null, id: string) => (second === null ? `not json ${id}` : `{"id":"${id}","ts":${base + second * 1000},"text":""}`)

/** The same by the book: repeatedly the head with the least time, the earlier file first; no time of its own: with the line before. */
function naive(files: readonly (readonly (number | null)[])[]): string[] {
  const heads = files.map(() => 0)
  const keys = files.map((file) => { let key = -Infinity; return file.map((second) => (key = second ?? key)) })
  const merged: string[] = []
  for (;;) {
    let least = -1
    for (const [f, head] of heads.entries()) if (head < files[f]!.length && (least < 0 || keys[f]![head]! < keys[least]![heads[least]!]!)) least = f
    if (least < 0) return merged
    merged.push(lineOf(files[least]![heads[least]!]!, `${least}-${heads[least]!}`))
    heads[least]!++
  }
}

test('a property: several recordings, sorted or not, plain or gzip, are merged as the naive merge does', async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.array(fc.option(fc.nat(20), { freq: 6 }), { maxLength: 30 }), { minLength: 1, maxLength: 5 }), fc.boolean(), fc.boolean(),
    async (files, zipped, feedAtEnd) => {
      const contents = files.map((file, f) => {
        const whole = file.map((second, i) => lineOf(second, `${f}-${i}`)).join('\n') + (feedAtEnd && file.length > 0 ? '\n' : '')
        return zipped ? gzipSync(whole) : whole
      })
      expect((await readAll(contents)).map(text)).toEqual(naive(files))
    },
  ), { numRuns: 150 })
})

test('files of many chunks are merged without losing or cutting a line', async () => {
  const files = [0, 1].map((f) => Array.from({ length: 6000 }, (_, i) => `{"id":"${f}-${i}","ts":${base + i * 2 + f},"text":"${'断网'.repeat(i % 40)}"}`))
  const lines = await readAll(files.map((file, f) => (f === 0 ? gzipSync(file.join('\n')) : file.join('\r\n'))))
  expect(lines.map(text)).toEqual(files[0]!.flatMap((line, i) => [line, files[1]![i]!]))
  expect(lines.at(-1)).toMatchObject({ file: 1, number: 6000, ts: base + 11_999 })
})

test('blank lines are left out and counted; a line longer than the limit is cut and says how long it was', async () => {
  const lines = await readAll([`\n\r\n{"a":1}\n\n${'x'.repeat(700_000)}\n{"b":2}`], { lineBytesMax: 1000 })
  expect(lines.map((line) => [line.number, line.bytes.length, line.bytesTotal])).toEqual([[3, 7, 7], [5, 1000, 700_000], [6, 7, 7]])
})

test('a byte order mark at the start of a file is skipped, plain or gzip', async () => {
  const lines = await readAll([`\ufeff${lineOf(2, 'b')}\n${lineOf(3, 'c')}`, gzipSync(`\ufeff\n${lineOf(1, 'a')}`), '\ufeff'])
  expect(lines.map(text)).toEqual([lineOf(1, 'a'), lineOf(2, 'b'), lineOf(3, 'c')])
})

test('a dead letter does not steer the merge, whatever time it names', async () => {
  const bad = `{"ts":${base + 99_000},"text":"no id"}`
  const lines = await readAll([[lineOf(1, 'a'), bad, `{"id":"x","ts":99999999999999,"text":""}`, lineOf(3, 'c')].join('\n'), lineOf(2, 'b')])
  expect(lines.map(({ ts }) => (Number.isNaN(ts) ? null : (ts - base) / 1000))).toEqual([1, null, null, 2, 3])
})

test('what was read of a file is told in its bytes on disk', async () => {
  const zipped = gzipSync(`${lineOf(1, 'a')}\n`.repeat(1000))
  let read = 0
  await readAll([zipped], { lineBytesMax: 1000, onRead: (bytes) => { read += bytes } })
  expect(read).toBe(zipped.length)
})

test('an empty file has no lines; one that is not there or is cut off is named', async () => {
  expect(await readAll(['', `${lineOf(1, 'a')}`])).toHaveLength(1)
  const cut = gzipSync(Array.from({ length: 5000 }, (_, i) => lineOf(i, String(Math.sin(i)))).join('\n'))
  const reading = readAll([cut.subarray(0, cut.length - 2000)])
  await expect(reading).rejects.toBeInstanceOf(RecordingUnreadable)
  await expect(reading).rejects.toThrow(/recording-0 cannot be read/)
  await expect(mergeRecordings([join(folder, 'nowhere')], { lineBytesMax: 10 }).next()).rejects.toThrow(/nowhere cannot be read/)
})
