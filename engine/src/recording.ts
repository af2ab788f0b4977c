// Recordings as the core reads them: their merged lines cut into RawBatches, one message each, with no ingest time to hold them against.
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import type { RawBatch } from './core/batch.ts'
import { mergeRecordings, type RecordedLine } from './recording-lines.ts'

export const recordingLimits = { batchBytesMax: 1 << 20 } as const

/** The platform token of a mention that names none, as `publish` has it too. */
const platformless = 'unknown'

export interface RecordingOptions {
  readonly onRead?: (bytes: number) => void // bytes of the files that were read, compressed ones
}

/**
 * Batches of whole lines, at most `batchBytesMax` where one line alone is not longer. A line that is too long is cut just behind the limit,
 * so that the scanner refuses it as it would the whole. Throws RecordingUnreadable where a file cannot be read.
 */
export async function* readRecordings(files: readonly string[], options: RecordingOptions = {}): AsyncGenerator<RawBatch, void, undefined> {
  const lines = mergeRecordings(files, { ...options, lineBytesMax: mentionLimits.lineBytesMax + 1 })
  let held: RecordedLine[] = []
  let size = 0
  let seq = 0
  for await (const block of lines) {
    for (const line of block) {
      const length = line.bytes.length + 1
      if (size + length > recordingLimits.batchBytesMax && held.length > 0) {
        yield batchOf(held, size, ++seq)
        held = []
        size = 0
      }
      held.push(line)
      size += length
    }
  }
  if (held.length > 0) yield batchOf(held, size, ++seq)
}

function batchOf(lines: readonly RecordedLine[], size: number, seq: number): RawBatch {
  const bytes = new Uint8Array(size)
  let end = 0
  for (const line of lines) {
    bytes.set(line.bytes, end)
    end += line.bytes.length
    bytes[end++] = 0x0a
  }
  return { bytes, ends: Uint32Array.of(size), seqs: Float64Array.of(seq), times: Float64Array.of(0), platforms: [platformless], stream: 0, skewCheck: false }
}
