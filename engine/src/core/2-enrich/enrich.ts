// The work of a pool worker: whole messages in, typed arrays and ready ClickHouse rows out. It never throws, whatever the bytes
// are, and keeps nothing from one batch to the next: the same batch gives the same bytes, on whichever worker, as often as asked.
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import { IdHash } from '../1-decode/hash.ts'
import { encodeTexts, writeDeadLetters, writeMentions, type DeadLetter } from '../1-decode/mention-block.ts'
import { MentionRows, type RowFacts } from '../1-decode/mention-rows.ts'
import { field } from '../1-decode/mention-view.ts'
import { NativeWriter } from '../1-decode/native.ts'
import { Platforms } from '../1-decode/platforms.ts'
import { isPlatform } from '../1-decode/read-fields.ts'
import { rejectDetail } from '../1-decode/reject.ts'
import { MentionScanner, scanned } from '../1-decode/scan-mention.ts'
import type { EnrichedBatch, PoisonLine, RawBatch } from '../batch.ts'
import type { Matcher, SentimentScorer } from './matcher-types.ts'
import { SpreadRows } from './spread-columns.ts'

export interface EnricherParts {
  readonly matcher: Matcher
  readonly scorer: SentimentScorer
  readonly rulesSeq: number // which rules the matcher was made of
}

/** A mention further ahead of its ingest time than this is skewed; and so is, always, one whose second no window can hold. */
export const skewMsMax = 120_000

const encoder = new TextEncoder()
const byteOrderMark = [0xef, 0xbb, 0xbf] as const

/**
 * The answer's arrays are its own; everything else is reused between calls. Scratch grows to the largest batch seen: about three
 * times its bytes, and 200 bytes a row.
 */
export function createEnricher(parts: EnricherParts): (raw: RawBatch) => EnrichedBatch {
  const batch = new BatchInWork(parts)
  return (raw) => batch.enrich(raw)
}

/** The buffers of a batch that go to another thread with it. */
export function transferables(batch: EnrichedBatch): ArrayBuffer[] {
  const views = [
    batch.idLow, batch.idHigh, batch.seconds, batch.skewed, batch.signs, batch.platformIds, batch.topicEnds, batch.topicIds,
    batch.rowEnds, batch.seqs, batch.times, batch.native, batch.rejected.native, batch.ats, batch.parentLow, batch.parentHigh, batch.rootLow, batch.rootHigh,
    batch.authors, batch.followers, batch.flags, batch.shareLow, batch.shareHigh, batch.links, batch.idBytes, batch.idEnds,
  ]
  return views.map((view) => view.buffer as ArrayBuffer)
}

class BatchInWork {
  readonly #parts: EnricherParts
  readonly #topics: ReturnType<typeof encodeTexts>
  readonly #scanner = new MentionScanner()
  readonly #hash = new IdHash()
  readonly #rows = new MentionRows()
  readonly #spread = new SpreadRows()
  readonly #platforms = new Platforms()
  readonly #writer = new NativeWriter()
  readonly #facts: RowFacts = { message: 0, line: 0, idLow: 0, idHigh: 0, platformId: 0, skewed: false, sentiment: 0, sentimentBy: 0 }
  readonly #tokens = new Map<string, { start: number; end: number }>() // spans of the subjects' platforms behind the messages
  #bytes: Uint8Array = new Uint8Array(0)
  #letters: DeadLetter[] = []
  #unknownFields = 0
  #wrongTypes = 0
  #platformDiffers = 0

  constructor(parts: EnricherParts) {
    this.#parts = parts
    this.#topics = encodeTexts(parts.matcher.topics)
  }

  enrich(raw: RawBatch): EnrichedBatch {
    this.#load(raw)
    const rows = this.#rows
    const rowEnds = new Uint32Array(raw.ends.length)
    for (let message = 0; message < raw.ends.length; message++) {
      this.#message(raw, message)
      rowEnds[message] = rows.count
    }
    const source = { data: new DataView(this.#bytes.buffer), stream: raw.stream, seqs: raw.seqs, times: raw.times }
    if (raw.poison !== undefined) this.#letters.sort((a, b) => a.message - b.message || a.line - b.line)
    const written = writeMentions(this.#writer, rows, source, this.#topics)
    const reasons: Record<string, number> = {}
    for (const letter of this.#letters) reasons[letter.reason] = (reasons[letter.reason] ?? 0) + 1
    return {
      rows: rows.count,
      rulesSeq: this.#parts.rulesSeq,
      idLow: rows.idLow.slice(0, rows.count),
      idHigh: rows.idHigh.slice(0, rows.count),
      seconds: rows.seconds.slice(0, rows.count),
      skewed: rows.skewed.slice(0, rows.count),
      signs: rows.signs.slice(0, rows.count),
      platformIds: rows.platformIds.slice(0, rows.count),
      platforms: this.#platforms.names,
      topicEnds: rows.topicEnds.slice(0, rows.count),
      topicIds: rows.topicIds.slice(0, rows.topicCount),
      rowEnds,
      seqs: raw.seqs.slice(),
      times: raw.times.slice(),
      native: written.native,
      fateOffset: written.fateOffset,
      rejected: { count: this.#letters.length, native: writeDeadLetters(this.#writer, this.#letters, source, raw.platforms), reasons },
      unknownFields: this.#unknownFields,
      wrongTypes: this.#wrongTypes,
      platformDiffers: this.#platformDiffers,
      ...this.#spread.columns(rows, this.#bytes),
    }
  }

  /** Lays out the workspace: the messages, the platforms of their subjects, a line feed, room for decoded strings. */
  #load(raw: RawBatch): void {
    this.#rows.clear()
    this.#platforms.clear()
    this.#letters = []
    this.#unknownFields = this.#wrongTypes = this.#platformDiffers = 0
    this.#tokens.clear()
    const tokens = [...new Set(raw.platforms)].map((token) => ({ token, bytes: encoder.encode(token) }))
    const tokenBytes = tokens.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const scratch = raw.bytes.length + tokenBytes + 1
    const room = scratch + 2 * raw.bytes.length + 1024
    const wanted = room + (raw.poison === undefined ? 0 : raw.bytes.length + 4)
    if (this.#bytes.length < wanted) this.#bytes = new Uint8Array(wanted)
    this.#bytes.set(raw.bytes)
    if (raw.poison !== undefined) this.#blank(raw.poison, room)
    let at = raw.bytes.length
    for (const { token, bytes } of tokens) {
      this.#bytes.set(bytes, at)
      const legal = isPlatform(this.#bytes, at, at + bytes.length)
      this.#tokens.set(token, { start: at, end: legal ? at + bytes.length : at })
      at += bytes.length
    }
    this.#scanner.load(this.#bytes, scratch)
  }

  /** Poison stays where no scanner comes: behind all the room for decoded strings, from `room` on. */
  #blank(poison: readonly PoisonLine[], room: number): void {
    let at = room
    for (const { message, line, start, end, why } of poison) {
      this.#bytes.copyWithin(at, start, end)
      this.#bytes.fill(0x20, start, end)
      this.#letters.push({ message, line, reason: 'poison', detail: rejectDetail('poison', why), rawStart: at, rawEnd: at + end - start })
      at += end - start
    }
  }

  #message(raw: RawBatch, message: number): void {
    const scanner = this.#scanner
    const bytes = this.#bytes
    const end = raw.ends[message]!
    let at = message === 0 ? 0 : raw.ends[message - 1]!
    if (at + 3 <= end && byteOrderMark.every((byte, i) => bytes[at + i] === byte)) at += 3
    const token = raw.platforms[message]!
    const { start: platformStart, end: platformEnd } = this.#tokens.get(token)!
    scanner.platformStart = platformStart
    scanner.platformEnd = platformEnd
    scanner.platformToken = token
    const skewedAfter = Math.min(raw.skewCheck ? raw.times[message]! + skewMsMax : Number.POSITIVE_INFINITY, mentionLimits.tsCountedEnd - 1)
    this.#facts.message = message
    for (let line = 0; at < end; line++) {
      const result = scanner.scan(at, end)
      at = scanner.next
      if (result === scanned.mention) {
        this.#facts.line = line
        this.#facts.skewed = scanner.view.ts > skewedAfter
        this.#addRow()
      } else if (result === scanned.rejected) {
        this.#letters.push({ message, line, reason: scanner.reason, detail: scanner.detail, rawStart: scanner.lineStart, rawEnd: scanner.lineEnd })
      }
    }
  }

  #addRow(): void {
    const { view, unknownFields, wrongTypes, platformDiffers } = this.#scanner
    const { matcher, scorer } = this.#parts
    const rows = this.#rows
    const facts = this.#facts
    const hash = this.#hash
    hash.of(this.#bytes, view.spans[2 * field.id]!, view.spans[2 * field.id + 1]!)
    facts.idLow = hash.low
    facts.idHigh = hash.high
    facts.platformId = this.#platforms.idOf(this.#bytes, view.spans[2 * field.platform]!, view.spans[2 * field.platform + 1]!)
    facts.sentimentBy = Number.isNaN(view.sentiment) ? 2 : 1
    facts.sentiment = facts.sentimentBy === 2 ? scorer.score(view) : view.sentiment
    this.#unknownFields += unknownFields
    this.#wrongTypes += wrongTypes
    if (platformDiffers) this.#platformDiffers++
    this.#spread.set(view, rows.count)
    rows.reserve(matcher.topics.length)
    rows.add(view, facts, matcher.match(view, rows.topicIds, rows.topicCount))
  }
}
