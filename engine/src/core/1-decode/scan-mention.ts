// From one line of NDJSON to a filled MentionView or to the reason why it is none. Reads each byte once and builds no object.
import { mentionLimits, type RejectReason } from '@groundswell/schemas/mention.ts'
import { readFields } from './read-fields.ts'
import { rejectDetail, shown } from './reject.ts'
import { kindOf, skipSpaces } from './scan-json.ts'
import { keyOf } from './scan-keys.ts'
import { ScannedLine } from './scanned-line.ts'
import { isUtf8 } from './utf8.ts'

export const scanned = { blank: 0, mention: 1, rejected: 2 } as const

export class MentionScanner extends ScannedLine {
  lineStart = 0 // the last line, without its line feed
  lineEnd = 0
  next = 0 // where the next line begins
  reason: RejectReason = 'not-json' // of the last line that was rejected
  detail = ''

  /**
   * Reads from now on in `bytes`, whose messages end at `scratch` − 1, where a line feed stands. Behind it there must be room for
   * twice the length of the messages and 1,024 bytes more.
   */
  load(bytes: Uint8Array, scratch: number): void {
    bytes[scratch - 1] = 0x0a
    this.json.bytes = bytes
    this.view.bytes = bytes
    this.json.scratch = scratch
  }

  /** Scans the line at `at` in a message that ends at `end`: one of `scanned`. Sets next, lineStart and lineEnd. */
  scan(at: number, end: number): number {
    const { json } = this
    const bytes = json.bytes
    let p = at
    while (p < end && (bytes[p] === 0x20 || bytes[p] === 0x09 || bytes[p] === 0x0d)) p++
    if (p >= end || bytes[p] === 0x0a) return this.lineIs(at, p, scanned.blank)
    const kept = json.scratch
    json.at = p
    if (bytes[p] !== 0x7b) return this.notAnObject(at, end, kept)
    this.kinds.fill(0)
    this.extra.count = 0
    if (!this.members(p) || json.at > end) return this.notJson(at, end, kept)
    p = skipSpaces(bytes, json.at)
    if (p < end && bytes[p] !== 0x0a) {
      json.fail(p, 'something stands behind the object')
      return this.notJson(at, end, kept)
    }
    this.lineIs(at, Math.min(p, end), scanned.mention)
    if (this.lineEnd - at > mentionLimits.lineBytesMax) return this.reject('too-long', String(this.lineEnd - at), kept)
    const wrong = readFields(this)
    return wrong === null ? scanned.mention : this.reject(wrong.reason, wrong.value, kept)
  }

  lineIs(start: number, end: number, result: number): number {
    this.lineStart = start
    this.lineEnd = end
    this.next = end + 1
    return result
  }

  /** Reads the members of the object that begins at `open`. */
  members(open: number): boolean {
    const { json } = this
    const bytes = json.bytes
    let p = skipSpaces(bytes, open + 1)
    if (bytes[p] === 0x7d) {
      json.at = p + 1
      return true
    }
    for (;;) {
      if (bytes[p] !== 0x22) return json.fail(p, 'a field name in double quotes is expected')
      const name = p
      const kept = json.scratch
      json.at = p + 1
      if (!json.string()) return false
      const key = keyOf(bytes, json.start, json.end)
      json.scratch = kept
      const nameEnd = json.at
      p = skipSpaces(bytes, nameEnd)
      if (bytes[p] !== 0x3a) return json.fail(p, 'a colon is expected')
      const value = skipSpaces(bytes, p + 1)
      json.at = value
      const kind = json.value(1)
      if (kind === kindOf.fault) return false
      p = json.at
      if (key >= 0) {
        this.kinds[key] = kind
        this.raws[2 * key] = value
        this.raws[2 * key + 1] = p
        this.texts[2 * key] = json.start
        this.texts[2 * key + 1] = json.end
      } else {
        json.scratch = kept
        this.extra.add(name, nameEnd, value, p)
      }
      p = skipSpaces(bytes, p)
      if (bytes[p] === 0x2c) p = skipSpaces(bytes, p + 1)
      else if (bytes[p] === 0x7d) {
        json.at = p + 1
        return true
      } else return json.fail(p, 'a comma or } is expected')
    }
  }

  notAnObject(at: number, end: number, kept: number): number {
    const { json } = this
    const start = json.at
    // A number has no end of its own: without one it would go on into the message behind.
    const behind = json.bytes[end]!
    json.bytes[end] = 0x0a
    const kind = json.value(0)
    json.bytes[end] = behind
    if (kind === kindOf.fault || json.at > end) return this.notJson(at, end, kept)
    const p = skipSpaces(json.bytes, json.at)
    if (p < end && json.bytes[p] !== 0x0a) {
      json.fail(p, 'something stands behind the value')
      return this.notJson(at, end, kept)
    }
    const value = shown(json.bytes, start, json.at)
    this.lineIs(at, Math.min(p, end), scanned.rejected)
    if (this.lineEnd - at > mentionLimits.lineBytesMax) return this.reject('too-long', String(this.lineEnd - at), kept)
    return this.reject('not-an-object', value, kept)
  }

  /** The scanner stopped somewhere at or behind `at`, perhaps even behind the message: finds the end of the line and what ails it. */
  notJson(at: number, end: number, kept: number): number {
    const { json } = this
    let lineEnd = at
    while (lineEnd < end && json.bytes[lineEnd] !== 0x0a) lineEnd++
    this.lineIs(at, lineEnd, scanned.rejected)
    if (lineEnd - at > mentionLimits.lineBytesMax) return this.reject('too-long', String(lineEnd - at), kept)
    if (!isUtf8(json.bytes, at, lineEnd)) return this.reject('invalid-utf8', shown(json.bytes, Math.max(at, Math.min(json.at, lineEnd) - 20), lineEnd), kept)
    const fault = json.at >= lineEnd ? `byte ${lineEnd - at}: the line ends too early` : `byte ${json.at - at}: ${json.fault}`
    return this.reject('not-json', `${fault}, in ${shown(json.bytes, at, lineEnd)}`, kept)
  }

  reject(reason: RejectReason, value: string, scratch: number): number {
    this.reason = reason
    this.detail = rejectDetail(reason, value)
    this.json.scratch = scratch
    return scanned.rejected
  }
}
