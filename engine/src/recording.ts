// Recordings as the core reads them: their merged lines cut into RawBatches, one message each, held against one ingest time as if they had
// just been published; unless the recording itself begins in the future (docs/decisions/0004-backtest-and-the-future.md).
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import { skewMsMax } from './core/2-enrich/enrich.ts'
import type { RawBatch } from './core/batch.ts'
import { Course, isFull, type PlacedLine } from './publishing/course.ts'
import { unknownPlatform } from './publishing/line-fields.ts'
import { mergeRecordings, type RecordedLine } from './recording-lines.ts'

export const recordingLimits = { batchBytesMax: 1 << 20 } as const

export interface RecordingOptions {
  readonly ingestedAt: number // ms; what is further ahead of it than a live mention may be is skewed
  readonly onFuture?: (firstMs: number) => void // told once where the recording begins ahead of it: then nothing is skewed
  readonly onRead?: (bytes: number) => void // bytes of the files that were read, compressed ones
}

/**
 * Batches of whole lines, at most `batchBytesMax` where one line alone is not longer. A line that is too long is cut just behind the limit,
 * so that the scanner refuses it as it would the whole. Throws RecordingUnreadable where a file cannot be read.
 */
export async function* readRecordings(files: readonly string[], options: RecordingOptions): AsyncGenerator<RawBatch, void, undefined> {
  const lines = mergeRecordings(files, { ...(options.onRead ? { onRead: options.onRead } : {}), lineBytesMax: mentionLimits.lineBytesMax + 1 })
  const ingest = { time: options.ingestedAt, skewCheck: true }
  let held: RecordedLine[] = []
  let size = 0
  let seq = 0
  for await (const block of begunIn(lines, (firstMs) => {
    if (firstMs <= options.ingestedAt + skewMsMax) return
    ingest.skewCheck = false
    options.onFuture?.(firstMs)
  })) {
    for (const line of block) {
      const length = line.bytes.length + 1
      if (size + length > recordingLimits.batchBytesMax && held.length > 0) {
        yield batchOf(held, { size, seq: ++seq, ...ingest })
        held = []
        size = 0
      }
      held.push(line)
      size += length
    }
  }
  if (held.length > 0) yield batchOf(held, { size, seq: ++seq, ...ingest })
}

/** The same blocks; tells when the recording begins before the first of them, as far as one is found within the first lines. */
async function* begunIn(blocks: AsyncIterable<readonly RecordedLine[]>, tell: (firstMs: number) => void): AsyncGenerator<readonly RecordedLine[], void, undefined> {
  const course = new Course()
  let held: readonly RecordedLine[] | null = []
  const begin = (placed: readonly PlacedLine[]): boolean => {
    const first = placed.find(({ at }) => !Number.isNaN(at))
    if (first) tell(first.at)
    return first !== undefined
  }
  for await (const block of blocks) {
    if (held === null) { yield block; continue }
    held = [...held, ...block]
    if (!begin(course.take(block)) && !isFull(held)) continue
    yield held
    held = null
  }
  if (held === null || held.length === 0) return
  begin(course.end())
  yield held
}

function batchOf(lines: readonly RecordedLine[], { size, seq, time, skewCheck }: { readonly size: number; readonly seq: number; readonly time: number; readonly skewCheck: boolean }): RawBatch {
  const bytes = new Uint8Array(size)
  let end = 0
  for (const line of lines) {
    bytes.set(line.bytes, end)
    end += line.bytes.length
    bytes[end++] = 0x0a
  }
  return { bytes, ends: Uint32Array.of(size), seqs: Float64Array.of(seq), times: Float64Array.of(time), platforms: [unknownPlatform], stream: 0, skewCheck }
}
