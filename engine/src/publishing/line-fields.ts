// What merging and publishing need to know of a line: its event time and its platform, read by the engine's own decoder, so that a line
// is never understood in two ways. A line that the decoder refuses has no time.
import { isPlatform } from '../core/1-decode/read-fields.ts'
import { kindOf } from '../core/1-decode/scan-json.ts'
import { key } from '../core/1-decode/scan-keys.ts'
import { MentionScanner, scanned } from '../core/1-decode/scan-mention.ts'

/** Where a line names no platform that a subject can carry. */
export const unknownPlatform = 'unknown'

const subjectPlatformMax = 64
const begin = unknownPlatform.length // the line stands behind the platform of the subject that it would have without its own

export interface LineFields {
  readonly ts: number // event time, ms; NaN: the line is no mention
  readonly tsStart: number // span of the time's value, quotes included; −1 where ts is NaN
  readonly tsEnd: number
  readonly platform: string // as in the subject
}

/** Holds the fields of the line read last. */
export class LineReader implements LineFields {
  ts = Number.NaN
  tsStart = -1
  tsEnd = -1
  platform: string = unknownPlatform
  readonly #scanner = new MentionScanner()
  #bytes = new Uint8Array(0)

  constructor() {
    this.#scanner.platformEnd = begin
  }

  read(line: Uint8Array): void {
    const scanner = this.#scanner
    const end = begin + line.length
    if (this.#bytes.length < 3 * end + 1025) {
      this.#bytes = new Uint8Array(4 * end + 4096)
      this.#bytes.set(Buffer.from(unknownPlatform))
    }
    this.#bytes.set(line, begin)
    scanner.load(this.#bytes, end + 1)
    scanner.kinds.fill(kindOf.fault)
    const isMention = scanner.scan(begin, end) === scanned.mention && scanner.next > end
    this.ts = isMention ? scanner.view.ts : Number.NaN
    this.tsStart = isMention ? scanner.raws[2 * key.ts]! - begin : -1
    this.tsEnd = isMention ? scanner.raws[2 * key.ts + 1]! - begin : -1
    this.#readPlatform()
  }

  /** Also of a line that is no mention, as far as it can be read. Most lines name the platform of the one before. */
  #readPlatform(): void {
    const { kinds, texts } = this.#scanner
    const start = texts[2 * key.platform]!
    const length = texts[2 * key.platform + 1]! - start
    if (kinds[key.platform] !== kindOf.string || length === 0 || length > subjectPlatformMax) {
      this.platform = unknownPlatform
      return
    }
    const bytes = this.#bytes
    let same = 0
    if (length === this.platform.length) while (same < length && bytes[start + same] === this.platform.charCodeAt(same)) same++
    if (same === length) return
    this.platform = isPlatform(bytes, start, start + length) ? Buffer.from(bytes.buffer, start, length).toString('latin1') : unknownPlatform
  }
}

/** The line with its time moved; only that value is rewritten, in the form it has: ISO-8601 (as UTC) or integer ms. */
export function withTime(bytes: Uint8Array, { tsStart, tsEnd }: LineFields, ms: number): Uint8Array {
  const value = Buffer.from(bytes[tsStart] === 0x22 ? `"${new Date(ms).toISOString()}"` : String(ms), 'latin1')
  const line = new Uint8Array(bytes.length - (tsEnd - tsStart) + value.length)
  line.set(bytes.subarray(0, tsStart))
  line.set(value, tsStart)
  line.set(bytes.subarray(tsEnd), tsStart + value.length)
  return line
}
