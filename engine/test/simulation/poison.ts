// Lines that no worker of the simulated world survives, known by what stands in them.
import type { PoisonLine, RawBatch } from '../../src/core/batch.ts'

export const poisonMarks = { crashed: '☠crash', hung: '☠hang' } as const

const marks = Object.entries(poisonMarks).map(([why, mark]) => ({ why: why as PoisonLine['why'], bytes: Buffer.from(mark) }))
const lineFeed = 0x0a

/** In the order of the bytes; what is left out already is not among them. */
export function poisonIn(raw: RawBatch): PoisonLine[] {
  const bytes = Buffer.from(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.byteLength)
  if (!bytes.includes('☠')) return []
  const found: PoisonLine[] = []
  raw.ends.forEach((end, message) => {
    let start = message === 0 ? 0 : raw.ends[message - 1]!
    for (let line = 0; start < end; line++) {
      const feed = bytes.subarray(0, end).indexOf(lineFeed, start)
      const lineEnd = feed < 0 ? end : feed
      const text = bytes.subarray(start, lineEnd)
      const mark = marks.find((one) => text.includes(one.bytes))
      if (mark && !raw.poison?.some((left) => left.message === message && left.line === line)) found.push({ message, line, start, end: lineEnd, why: mark.why })
      start = lineEnd + 1
    }
  })
  return found
}
