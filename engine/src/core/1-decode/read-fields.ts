// What the values of a scanned line mean: fills the view, sends what has no column to `extra`, or says why this is no mention.
import { mentionKinds, mentionLimits, type RejectReason } from '@groundswell/schemas/mention.ts'
import { field, type MentionView } from './mention-view.ts'
import { parseNumber } from './parse-number.ts'
import { parseTime, withoutZone } from './parse-time.ts'
import { shown } from './reject.ts'
import { kindOf, skipSpaces } from './scan-json.ts'
import { key } from './scan-keys.ts'
import type { ScannedLine } from './scanned-line.ts'

interface Wrong { readonly reason: RejectReason; readonly value: string }

const wrongCount = -2 // beside −1, absent
const encoder = new TextEncoder()
const kindWords = mentionKinds.map((kind) => encoder.encode(kind))
const plainStrings = [key.author, key.authorName, key.root, key.lang, key.url, key.geo]
const isPlatformByte = new Uint8Array(256).map((_, byte) => (/[a-z0-9_-]/.test(String.fromCharCode(byte)) ? 1 : 0))

/** null: the view of `line` is filled. */
export function readFields(line: ScannedLine): Wrong | null {
  const { kinds, view } = line
  if (kinds[key.id] !== kindOf.string || kinds[key.text] !== kindOf.string) return idWrong(line) ?? timeWrong(line) ?? textWrong(line)
  const idLength = line.texts[2 * key.id + 1]! - line.texts[2 * key.id]!
  if (idLength === 0 || idLength > mentionLimits.idBytesMax) return idWrong(line)
  const wrongTime = readTime(line)
  if (wrongTime !== null) return wrongTime
  const known = line.extra.count === 0 ? 0 : line.extra.settle(view.bytes)
  line.unknownFields = known
  line.wrongTypes = 0
  setSpan(line, key.id)
  setSpan(line, key.text)
  let wrong = readPlatform(line) ? 0 : 1 << key.platform
  if (view.spans[2 * field.platform] === view.spans[2 * field.platform + 1]) {
    return { reason: 'platform-missing', value: line.platformToken && JSON.stringify(line.platformToken.slice(0, 60)) }
  }
  for (let i = 0; i < plainStrings.length; i++) if (!readString(line, plainStrings[i]!)) wrong |= 1 << plainStrings[i]!
  if (!readParent(line)) wrong |= 1 << key.parent
  if (!readKind(line)) wrong |= 1 << key.kind
  wrong |= readNumbers(line)
  if (!readTags(line)) wrong |= 1 << key.tags
  if (wrong === 0 && known === 0) view.spans[2 * field.extra] = view.spans[2 * field.extra + 1] = -1
  else writeExtra(line, wrong)
  return null
}

function idWrong(line: ScannedLine): Wrong | null {
  const kind = line.kinds[key.id]!
  if (kind === kindOf.fault || kind === kindOf.null) return { reason: 'id-missing', value: '' }
  if (kind !== kindOf.string) return { reason: 'id-not-a-string', value: raw(line, key.id) }
  const length = line.texts[2 * key.id + 1]! - line.texts[2 * key.id]!
  if (length === 0) return { reason: 'id-empty', value: '' }
  return length > mentionLimits.idBytesMax ? { reason: 'id-too-long', value: raw(line, key.id) } : null
}

function textWrong(line: ScannedLine): Wrong | null {
  const kind = line.kinds[key.text]!
  if (kind === kindOf.fault || kind === kindOf.null) return { reason: 'text-missing', value: '' }
  return kind === kindOf.string ? null : { reason: 'text-not-a-string', value: raw(line, key.text) }
}

function readTime(line: ScannedLine): Wrong | null {
  const kind = line.kinds[key.ts]!
  const start = line.raws[2 * key.ts]!
  const end = line.raws[2 * key.ts + 1]!
  let ts = Number.NaN
  if (kind === kindOf.number) ts = parseNumber(line.view.bytes, start, end)
  else if (kind === kindOf.string) ts = parseTime(line.view.bytes, line.texts[2 * key.ts]!, line.texts[2 * key.ts + 1]!)
  line.view.ts = ts
  return ts >= mentionLimits.tsMin && ts < mentionLimits.tsEnd && Number.isInteger(ts) ? null : timeWrong(line)
}

function timeWrong(line: ScannedLine): Wrong | null {
  const kind = line.kinds[key.ts]!
  if (kind === kindOf.fault || kind === kindOf.null) return { reason: 'ts-missing', value: '' }
  const value = raw(line, key.ts)
  const { bytes } = line.view
  if (kind === kindOf.number) {
    const ts = parseNumber(bytes, line.raws[2 * key.ts]!, line.raws[2 * key.ts + 1]!)
    if (ts < mentionLimits.tsSecondsBelow) return { reason: 'ts-in-seconds', value }
    if (!Number.isInteger(ts) || ts >= mentionLimits.tsEnd) return { reason: 'ts-not-a-time', value }
    return ts < mentionLimits.tsMin ? { reason: 'ts-before-2000', value } : null
  }
  if (kind !== kindOf.string) return { reason: 'ts-not-a-time', value }
  const ts = parseTime(bytes, line.texts[2 * key.ts]!, line.texts[2 * key.ts + 1]!)
  if (ts === withoutZone) return { reason: 'ts-without-zone', value }
  if (ts < mentionLimits.tsMin) return { reason: 'ts-before-2000', value }
  return ts < mentionLimits.tsEnd ? null : { reason: 'ts-not-a-time', value }
}

/** The mention's own platform where it names one, else the subject's. False: what it names is none. */
function readPlatform(line: ScannedLine): boolean {
  const { kinds, texts, view } = line
  const { bytes, spans } = view
  const start = texts[2 * key.platform]!
  const end = texts[2 * key.platform + 1]!
  const kind = kinds[key.platform]!
  line.platformDiffers = false
  const own = kind === kindOf.string && isPlatform(bytes, start, end)
  if (own) {
    setSpan(line, key.platform)
    const length = line.platformEnd - line.platformStart
    line.platformDiffers = length > 0 && (length !== end - start || !sameBytes(bytes, start, line.platformStart, length))
  } else {
    spans[2 * field.platform] = line.platformStart
    spans[2 * field.platform + 1] = line.platformEnd
  }
  return own || kind === kindOf.fault || kind === kindOf.null
}

export function isPlatform(bytes: Uint8Array, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if (isPlatformByte[bytes[p]!] === 0) return false
  return end > start
}

/** The readers below answer false where the field is there and of a wrong type; then the view has it as absent. */
function readString(line: ScannedLine, which: number): boolean {
  const kind = line.kinds[which]!
  if (kind === kindOf.string) {
    setSpan(line, which)
    return true
  }
  line.view.spans[2 * which] = line.view.spans[2 * which + 1] = -1
  return kind === kindOf.fault || kind === kindOf.null
}

function readParent(line: ScannedLine): boolean {
  const { texts, view } = line
  const legal = readString(line, key.parent)
  if (line.kinds[key.parent] !== kindOf.string) return legal
  const start = texts[2 * key.parent]!
  const id = texts[2 * key.id]!
  const length = texts[2 * key.parent + 1]! - start
  const self = length === texts[2 * key.id + 1]! - id && sameBytes(view.bytes, start, id, length)
  if (self) view.spans[2 * field.parent] = view.spans[2 * field.parent + 1] = -1
  return !self
}

function readKind(line: ScannedLine): boolean {
  const { texts, view } = line
  const legal = readString(line, key.kind)
  if (line.kinds[key.kind] !== kindOf.string) return legal
  const start = texts[2 * key.kind]!
  const length = texts[2 * key.kind + 1]! - start
  for (const word of kindWords) {
    let same = 0
    if (word.length === length) while (same < length && word[same] === view.bytes[start + same]) same++
    if (same === length && length > 0) return true
  }
  view.spans[2 * field.kind] = view.spans[2 * field.kind + 1] = -1
  return false
}

/** Bits of the keys that are there and of a wrong type. */
function readNumbers(line: ScannedLine): number {
  const { kinds, view } = line
  let wrong = 0
  if ((view.followers = readCount(line, key.followers)) === wrongCount) wrong |= 1 << key.followers
  if ((view.likes = readCount(line, key.likes)) === wrongCount) wrong |= 1 << key.likes
  if ((view.reposts = readCount(line, key.reposts)) === wrongCount) wrong |= 1 << key.reposts
  if ((view.comments = readCount(line, key.comments)) === wrongCount) wrong |= 1 << key.comments
  if (wrong !== 0) forgetWrongCounts(view)
  const verified = kinds[key.verified]!
  view.verified = verified === kindOf.true ? 1 : verified === kindOf.false ? 0 : -1
  if (view.verified < 0 && verified !== kindOf.fault && verified !== kindOf.null) wrong |= 1 << key.verified
  view.sentiment = Number.NaN
  const sentiment = kinds[key.sentiment]!
  if (sentiment === kindOf.number) {
    const value = parseNumber(view.bytes, line.raws[2 * key.sentiment]!, line.raws[2 * key.sentiment + 1]!)
    if (value >= -1 && value <= 1) view.sentiment = value
    else wrong |= 1 << key.sentiment
  } else if (sentiment !== kindOf.fault && sentiment !== kindOf.null) wrong |= 1 << key.sentiment
  return wrong
}

function forgetWrongCounts(view: MentionView): void {
  view.followers = Math.max(-1, view.followers)
  view.likes = Math.max(-1, view.likes)
  view.reposts = Math.max(-1, view.reposts)
  view.comments = Math.max(-1, view.comments)
}

/** A count as it stands, perhaps with a fraction; −1: absent. Negative ones and those too big to be exact are wrong too. */
function readCount(line: ScannedLine, which: number): number {
  const kind = line.kinds[which]!
  if (kind === kindOf.fault || kind === kindOf.null) return -1
  if (kind !== kindOf.number) return wrongCount
  const value = parseNumber(line.view.bytes, line.raws[2 * which]!, line.raws[2 * which + 1]!)
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value + 0 : wrongCount
}

/** The scanner has validated the array: here its strings are read once more, to keep their spans. */
function readTags(line: ScannedLine): boolean {
  const { json, view } = line
  const kind = line.kinds[key.tags]!
  view.tagCount = 0
  if (kind !== kindOf.array) return kind === kindOf.fault || kind === kindOf.null
  const kept = json.scratch
  let p = skipSpaces(view.bytes, line.raws[2 * key.tags]! + 1)
  while (view.bytes[p] === 0x22) {
    json.at = p + 1
    json.string()
    const at = 2 * view.tagCount++
    if (at === view.tagSpans.length) {
      const wider = new Int32Array(2 * at)
      wider.set(view.tagSpans)
      view.tagSpans = wider
    }
    view.tagSpans[at] = json.start
    view.tagSpans[at + 1] = json.end
    p = skipSpaces(view.bytes, json.at)
    if (view.bytes[p] === 0x2c) p = skipSpaces(view.bytes, p + 1)
  }
  if (view.bytes[p] === 0x5d) return true
  view.tagCount = 0
  json.scratch = kept
  return false
}

function writeExtra(line: ScannedLine, wrong: number): void {
  const { extra, json, raws, view } = line
  view.spans[2 * field.extra] = json.scratch
  extra.begin(view.bytes, json.scratch)
  for (let bits = wrong; bits !== 0; bits &= bits - 1) {
    const which = 31 - Math.clz32(bits & -bits)
    extra.wrongType(which, raws[2 * which]!, raws[2 * which + 1]!)
    line.wrongTypes++
  }
  json.scratch = extra.finish()
  view.spans[2 * field.extra + 1] = json.scratch
}

function setSpan(line: ScannedLine, which: number): void {
  line.view.spans[2 * which] = line.texts[2 * which]!
  line.view.spans[2 * which + 1] = line.texts[2 * which + 1]!
}

function raw(line: ScannedLine, which: number): string {
  return shown(line.view.bytes, line.raws[2 * which]!, line.raws[2 * which + 1]!)
}

function sameBytes(bytes: Uint8Array, at: number, other: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== bytes[other + i]) return false
  return true
}
