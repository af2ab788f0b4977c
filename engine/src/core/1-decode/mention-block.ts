// The Native blocks of a batch: its mentions with mentionColumns, its dead letters with deadLetterColumns.
import { deadLetterColumns, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import { spansPerRow, type MentionRows } from './mention-rows.ts'
import { field } from './mention-view.ts'
import { headerBytesMax, textBytesMax, type NativeWriter } from './native.ts'

/** What all rows of a batch share. Times and seqs are by message; `data` looks at the bytes that spans point into. */
export interface BlockSource {
  readonly data: DataView
  readonly stream: number
  readonly seqs: Float64Array
  readonly times: Float64Array
}

/** Texts that are written again and again, encoded once: text i is bytes ends[i − 1] … ends[i] of `data`, its varint included. */
export interface EncodedTexts { readonly data: DataView; readonly ends: Uint32Array }

type ColumnName = (typeof mentionColumns)[number]['name']
type WriteColumn = (to: NativeWriter, rows: MentionRows, source: BlockSource, topics: EncodedTexts) => void

const writers: Readonly<Record<ColumnName, WriteColumn>> = {
  id: strings(field.id),
  ts: (to, rows) => int64s(to, rows.ts, rows.count),
  ingested: (to, rows, source) => perMessage(to, rows, source.times),
  stream: (to, rows, source) => { for (let i = 0; i < rows.count; i++) to.int64(source.stream) },
  seq: (to, rows, source) => perMessage(to, rows, source.seqs),
  line: (to, rows) => { for (let i = 0; i < rows.count; i++) to.uint32(rows.lines[i]!) },
  platform: strings(field.platform),
  kind: strings(field.kind),
  author: strings(field.author),
  authorName: strings(field.authorName),
  followers: (to, rows) => int64s(to, rows.followers, rows.count),
  verified: (to, rows) => { for (let i = 0; i < rows.count; i++) to.byte(rows.verified[i]!) },
  parent: strings(field.parent),
  root: strings(field.root),
  lang: strings(field.lang),
  url: strings(field.url),
  geo: strings(field.geo),
  tags: writeTags,
  likes: (to, rows) => int64s(to, rows.likes, rows.count),
  reposts: (to, rows) => int64s(to, rows.reposts, rows.count),
  comments: (to, rows) => int64s(to, rows.comments, rows.count),
  sentiment: (to, rows) => { for (let i = 0; i < rows.count; i++) to.float32(rows.sentiment[i]!) },
  sentimentBy: (to, rows) => { for (let i = 0; i < rows.count; i++) to.byte(rows.sentimentBy[i]!) },
  topics: writeTopics,
  text: strings(field.text),
  extra: strings(field.extra),
  fate: (to, rows) => { for (let i = 0; i < rows.count; i++) to.byte(0) },
}
const headerBytes = headerBytesMax(mentionColumns)
const rowBytesMax = 12 * 5 + 12 * 8 + 16 // the varints of the strings, the numbers, the two offsets

/** `fateOffset` is where the fate of row 0 stands; the fate is the last column, one byte a row. */
export function writeMentions(to: NativeWriter, rows: MentionRows, source: BlockSource, topics: EncodedTexts): { native: Uint8Array; fateOffset: number } {
  if (rows.count === 0) return { native: new Uint8Array(0), fateOffset: 0 }
  let topicBytes = 0
  for (let i = 0; i < rows.topicCount; i++) topicBytes += topicLength(topics, rows.topicIds[i]!)
  to.begin(mentionColumns.length, rows.count, headerBytes + rows.count * rowBytesMax + rows.stringBytes + topicBytes)
  for (const column of mentionColumns) {
    to.column(column)
    writers[column.name](to, rows, source, topics)
  }
  return { native: to.finish(), fateOffset: to.at - rows.count }
}

export function encodeTexts(texts: readonly string[]): EncodedTexts {
  const encoded = texts.map((text) => new TextEncoder().encode(text))
  const bytes: number[] = []
  const ends = encoded.map((text) => {
    let rest = text.length
    for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
    bytes.push(rest)
    for (const byte of text) bytes.push(byte)
    return bytes.length
  })
  return { data: new DataView(Uint8Array.from([...bytes, 0, 0, 0]).buffer), ends: Uint32Array.from(ends) }
}

export interface DeadLetter { readonly message: number; readonly line: number; readonly reason: string; readonly detail: string; readonly rawStart: number; readonly rawEnd: number }

/** A block with the bytes of bad lines as they came. `subjects` is by message. */
export function writeDeadLetters(to: NativeWriter, letters: readonly DeadLetter[], source: BlockSource, subjects: readonly string[]): Uint8Array {
  if (letters.length === 0) return new Uint8Array(0)
  let bytes = headerBytesMax(deadLetterColumns)
  for (const letter of letters) {
    const texts = subjects[letter.message]!.length + letter.reason.length + letter.detail.length
    bytes += 28 + textBytesMax(texts) + 15 + letter.rawEnd - letter.rawStart
  }
  to.begin(deadLetterColumns.length, letters.length, bytes)
  const columns: Record<(typeof deadLetterColumns)[number]['name'], (letter: DeadLetter) => void> = {
    ingested: (letter) => to.int64(source.times[letter.message]!),
    stream: () => to.int64(source.stream),
    seq: (letter) => to.int64(source.seqs[letter.message]!),
    line: (letter) => to.uint32(letter.line),
    subject: (letter) => to.text(subjects[letter.message]!),
    reason: (letter) => to.text(letter.reason),
    detail: (letter) => to.text(letter.detail),
    raw: (letter) => to.span(source.data, letter.rawStart, letter.rawEnd),
  }
  for (const column of deadLetterColumns) {
    to.column(column)
    for (const letter of letters) columns[column.name](letter)
  }
  return to.finish()
}

function strings(which: number): WriteColumn {
  return (to, rows, source) => {
    const { spans } = rows
    const end = rows.count * spansPerRow
    for (let at = 2 * which; at < end; at += spansPerRow) to.span(source.data, spans[at]!, spans[at + 1]!)
  }
}

function int64s(to: NativeWriter, values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) to.int64(values[i]!)
}

function perMessage(to: NativeWriter, rows: MentionRows, values: Float64Array): void {
  for (let i = 0; i < rows.count; i++) to.int64(values[rows.messages[i]!]!)
}

function writeTags(to: NativeWriter, rows: MentionRows, source: BlockSource): void {
  const tags = rows.count === 0 ? 0 : rows.tagEnds[rows.count - 1]!
  for (let i = 0; i < rows.count; i++) to.int64(rows.tagEnds[i]!)
  for (let i = 0; i < tags; i++) to.span(source.data, rows.tagSpans[2 * i]!, rows.tagSpans[2 * i + 1]!)
}

function writeTopics(to: NativeWriter, rows: MentionRows, _source: BlockSource, topics: EncodedTexts): void {
  for (let i = 0; i < rows.count; i++) to.int64(rows.topicEnds[i]!)
  for (let i = 0; i < rows.topicCount; i++) {
    const topic = rows.topicIds[i]!
    to.copy(topics.data, topics.ends[topic]! - topicLength(topics, topic), topics.ends[topic]!)
  }
}

function topicLength(topics: EncodedTexts, topic: number): number {
  return topics.ends[topic]! - (topic === 0 ? 0 : topics.ends[topic - 1]!)
}
