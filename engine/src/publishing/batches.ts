// Gathers lines into messages, in order: consecutive lines of one platform share a message, up to 64 lines and 256 KiB.
//
// Lines of another platform begin another message, so that every line travels under its own platform's subject and none overtakes another:
// a recording that changes platform with every line makes messages of one line, which costs speed and never order.
import { hash } from 'node:crypto'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { unknownPlatform, withTime } from './line-fields.ts'
import type { RecordedLine } from '../recording-lines.ts'

export interface Message {
  readonly subject: string
  readonly data: Uint8Array
  readonly lines: number
  readonly id: string // the same for the same lines at the same place of the same input: publishing it twice stores it once
  readonly first: RecordedLine
}

export const batchLimits = { lines: 64, bytes: 256 << 10 } as const

export class Batcher {
  #shiftMs: number
  #lines: Uint8Array[] = []
  #bytes = 0
  #platform: string = unknownPlatform
  #first: RecordedLine | null = null
  #ordinal = 0 // of the first line held, among all lines
  #seen = 0

  /** Every time that can be read is moved by shiftMs. */
  constructor(shiftMs = 0) { this.#shiftMs = shiftMs }

  /** The message that this line completes by not fitting into it, or null. */
  add(line: RecordedLine): Message | null {
    const { platform } = line
    const bytes = this.#shiftMs !== 0 && !Number.isNaN(line.ts) ? withTime(line.bytes, line, line.ts + this.#shiftMs) : line.bytes
    const fits = this.#lines.length === 0 || (platform === this.#platform && this.#lines.length < batchLimits.lines && this.#bytes + bytes.length + 1 <= batchLimits.bytes)
    const done = fits ? null : this.flush()
    if (this.#lines.length === 0) {
      this.#platform = platform
      this.#first = line
      this.#ordinal = this.#seen
    }
    this.#lines.push(bytes)
    this.#bytes += bytes.length + 1
    this.#seen++
    return done
  }

  /** What is held, as a message; null where nothing is. */
  flush(): Message | null {
    if (this.#lines.length === 0) return null
    const data = Buffer.allocUnsafe(this.#bytes - 1)
    let at = 0
    for (const line of this.#lines) {
      if (at > 0) data[at++] = 0x0a
      data.set(line, at)
      at += line.length
    }
    const message: Message = {
      subject: subjects.mentions(this.#platform), data, lines: this.#lines.length, first: this.#first!,
      id: `publish:${this.#ordinal}:${hash('sha1', data, 'base64url')}`,
    }
    this.#lines = []
    this.#bytes = 0
    return message
  }
}
