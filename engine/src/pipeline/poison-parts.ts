// Pieces of a batch, in which what no worker survives is looked for. Each piece owns its memory: the batch stays whole.
import type { RawBatch } from '../core/batch.ts'

/** A line that is not blank: its number in its message, and its span in the batch's bytes, without the line feed. */
export interface Line { readonly line: number; readonly start: number; readonly end: number }

const byteOrderMark = [0xef, 0xbb, 0xbf] as const
const lineFeed = 0x0a

/** 0 … length in at most `parts` ranges of about the same size. */
export function partsOf(length: number, parts: number): (readonly [from: number, to: number])[] {
  const count = Math.min(parts, length)
  return Array.from({ length: count }, (_, i) => [Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count)] as const)
}

/** Messages from … to of a batch. */
export function messagesOnly(raw: RawBatch, from: number, to: number): RawBatch {
  const start = from === 0 ? 0 : raw.ends[from - 1]!
  return {
    ...raw,
    bytes: raw.bytes.slice(start, to === 0 ? 0 : raw.ends[to - 1]!),
    ends: raw.ends.slice(from, to).map((end) => end - start),
    seqs: raw.seqs.slice(from, to),
    times: raw.times.slice(from, to),
    platforms: raw.platforms.slice(from, to),
  }
}

/** The lines of a batch of one message. A byte order mark before the first belongs to no line. */
export function linesOf({ bytes }: RawBatch): Line[] {
  const lines: Line[] = []
  let start = byteOrderMark.every((byte, i) => bytes[i] === byte) ? byteOrderMark.length : 0
  for (let line = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(lineFeed, start)
    const end = feed < 0 ? bytes.length : feed
    if (!isBlank(bytes, start, end)) lines.push({ line, start, end })
    start = end + 1
  }
  return lines
}

/** A batch of one message with nothing but the lines first … last of it. */
export function linesOnly(raw: RawBatch, first: Line, last: Line): RawBatch {
  const bytes = raw.bytes.slice(first.start, last.end)
  return { ...raw, bytes, ends: Uint32Array.of(bytes.length), seqs: raw.seqs.slice(), times: raw.times.slice() }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0x20 && bytes[at] !== 0x09 && bytes[at] !== 0x0d) return false
  return true
}
