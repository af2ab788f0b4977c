// For tests: reads NDJSON with the scanner into plain objects, and says with JSON.parse what it should have read.
import { mentionKinds, mentionLimits } from '@groundswell/schemas/mention.ts'
import { field, type MentionView } from '../mention-view.ts'
import { MentionScanner, scanned } from '../scan-mention.ts'

export type Outcome = { reason: string; detail?: string } | { line: number; id: string; extraText?: string; [name: string]: unknown }
const stringFields = ['id', 'text', 'platform', 'kind', 'author', 'authorName', 'parent', 'root', 'lang', 'url', 'geo'] as const
const counts = ['followers', 'likes', 'reposts', 'comments'] as const

/** Lays one message out as enrich does and scans its lines. Details stay out of mentions and in rejects. */
export function read(message: string | Uint8Array, platform: string): Outcome[] {
  const raw = Buffer.from(message)
  const token = Buffer.from(platform)
  const scratch = raw.length + token.length + 1
  const bytes = new Uint8Array(scratch + 2 * raw.length + 1024).fill(0x22)
  bytes.set(raw)
  bytes.set(token, raw.length)
  const scanner = new MentionScanner()
  scanner.load(bytes, scratch)
  scanner.platformStart = raw.length
  scanner.platformEnd = raw.length + token.length
  scanner.platformToken = platform
  const outcomes: Outcome[] = []
  let at = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? 3 : 0
  for (let line = 0; at < raw.length; line++) {
    const result = scanner.scan(at, raw.length)
    at = scanner.next
    if (result === scanned.rejected) outcomes.push({ reason: scanner.reason, detail: scanner.detail })
    if (result === scanned.mention) outcomes.push(plain(scanner, line))
  }
  return typeof message === 'string' ? outcomes : outcomes.map((found) => ('reason' in found ? { reason: String(found.reason) } : withoutText(found)))
}

function withoutText(found: Outcome): Outcome {
  const { extraText: _, ...rest } = found as { line: number; id: string; extraText?: string }
  return rest
}

function plain(scanner: MentionScanner, line: number): Outcome {
  const { view } = scanner
  const found: Record<string, unknown> = { line, ts: view.ts, verified: view.verified, sentiment: view.sentiment }
  for (const name of stringFields) found[name] = textOf(view, view.spans[2 * field[name]]!, view.spans[2 * field[name] + 1]!)
  for (const name of counts) found[name] = view[name]
  found['tags'] = Array.from({ length: view.tagCount }, (_, i) => textOf(view, view.tagSpans[2 * i]!, view.tagSpans[2 * i + 1]!))
  found['extraText'] = textOf(view, view.spans[2 * field.extra]!, view.spans[2 * field.extra + 1]!)
  found['extra'] = found['extraText'] === '' ? {} : JSON.parse(String(found['extraText']))
  found['unknownFields'] = scanner.unknownFields
  found['wrongTypes'] = scanner.wrongTypes
  found['platformDiffers'] = scanner.platformDiffers
  return found as Outcome
}

function textOf(view: MentionView, start: number, end: number): string {
  return start < 0 ? '' : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(view.bytes.subarray(start, end))
}

/** What one line is, the slow way; null: it is blank. */
export function naive(whole: Uint8Array, platform: string): Outcome | null {
  const bytes = whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf ? whole.subarray(3) : whole
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (/^[ \t\r]*$/.test(text)) return null
    try { value = JSON.parse(text) } catch { return { reason: 'not-json' } }
  } catch { return { reason: 'invalid-utf8' } }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { reason: 'not-an-object' }
  const object = new Map(Object.entries(value).filter(([, field]) => field !== null))
  const ts = naiveTime(object.get('ts'))
  const reason = naiveIdFault(object.get('id')) ?? (typeof ts === 'string' ? ts : null) ?? naiveTextFault(object.get('text'))
  if (reason !== null) return { reason }
  const extra: [string, unknown][] = []
  const found: Record<string, unknown> = { line: 0, id: clean(object.get('id')), text: clean(object.get('text')), ts }
  const take = (name: string, legal: (value: unknown) => boolean, otherwise: unknown): void => {
    const value = object.get(name)
    const good = value !== undefined && legal(value)
    found[name] = good ? cleaned(name, value) : otherwise
    if (value !== undefined && !good) extra.push([name, value])
  }
  take('platform', (value) => typeof value === 'string' && /^[a-z0-9_-]+$/.test(value), platform)
  if (found['platform'] === '') return { reason: 'platform-missing' }
  for (const name of ['author', 'authorName', 'root', 'lang', 'url', 'geo']) take(name, (value) => typeof value === 'string', '')
  take('parent', (value) => typeof value === 'string' && clean(value) !== found['id'], '')
  take('kind', (value) => (mentionKinds as readonly unknown[]).includes(value), '')
  for (const name of counts) take(name, (value) => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER, -1)
  take('verified', (value) => typeof value === 'boolean', -1)
  take('sentiment', (value) => typeof value === 'number' && Math.abs(value) <= 1, Number.NaN)
  take('tags', (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string'), [])
  const unknown = [...object].filter(([name]) => !(name in found) || name === 'line')
  return {
    ...found, extra: Object.fromEntries([...unknown, ...extra]), unknownFields: unknown.length, wrongTypes: extra.length,
    platformDiffers: platform !== '' && found['platform'] !== platform,
  } as unknown as Outcome
}

function naiveIdFault(id: unknown): string | null {
  if (id === undefined) return 'id-missing'
  if (typeof id !== 'string') return 'id-not-a-string'
  if (id === '') return 'id-empty'
  return Buffer.byteLength(clean(id)) > mentionLimits.idBytesMax ? 'id-too-long' : null
}

function naiveTextFault(text: unknown): string | null {
  return text === undefined ? 'text-missing' : typeof text === 'string' ? null : 'text-not-a-string'
}

/** Only of the shapes that the generators make: numbers and what Date.prototype.toISOString writes; all other strings are no times. */
function naiveTime(ts: unknown): number | string {
  if (ts === undefined) return 'ts-missing'
  if (typeof ts === 'number') {
    if (ts < mentionLimits.tsSecondsBelow) return 'ts-in-seconds'
    if (!Number.isInteger(ts) || ts >= mentionLimits.tsEnd) return 'ts-not-a-time'
    return ts < mentionLimits.tsMin ? 'ts-before-2000' : ts
  }
  if (typeof ts !== 'string') return 'ts-not-a-time'
  const shape = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/.exec(ts)
  const date = shape && ts.length >= 10 ? Date.parse(`${ts.slice(0, 10)}T00:00Z`) : Number.NaN
  if (!shape || Number.isNaN(date) || new Date(date).toISOString().slice(0, 10) !== ts.slice(0, 10)) return 'ts-not-a-time'
  const clock = /^.{10}[Tt ](\d\d):(\d\d)(?::(\d\d))?(?:[.,](\d+))?/.exec(ts)
  const midnight = clock !== null && /^.{10}.24:00(?::00)?(?:[.,]0+)?(?![\d.,:])/.test(ts)
  if (clock && ((Number(clock[1]) > 23 && !midnight) || Number(clock[2]) > 59 || Number(clock[3] ?? 0) > 59)) return 'ts-not-a-time'
  if (!clock || shape[1] === undefined) return 'ts-without-zone'
  const zone = /^([+-])(\d\d):?(\d\d)?$/.exec(shape[1])
  if (zone && (Number(zone[2]) > 23 || Number(zone[3] ?? 0) > 59)) return 'ts-not-a-time'
  const minutes = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3] ?? 0)) : 0
  const ms = date + ((Number(clock[1]) * 60 + Number(clock[2]) - minutes) * 60 + Number(clock[3] ?? 0)) * 1000 + Number((clock[4] ?? '').padEnd(3, '0').slice(0, 3))
  return ms < mentionLimits.tsMin ? 'ts-before-2000' : ms < mentionLimits.tsEnd ? ms : 'ts-not-a-time'
}

function clean(text: unknown): string {
  return String(text).toWellFormed().replaceAll('\0', '\ufffd')
}

function cleaned(name: string, value: unknown): unknown {
  if (name === 'sentiment') return value
  if (typeof value === 'string') return clean(value)
  return Array.isArray(value) ? value.map(clean) : Number(value) + 0
}
