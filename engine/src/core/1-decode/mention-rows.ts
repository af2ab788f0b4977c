// The valid mentions of one batch as arrays, row by row, until a Native block is written from them; reused for the next batch.
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import { fieldCount, type MentionView } from './mention-view.ts'

export const spansPerRow = 2 * fieldCount
const secondsMax = 0xffff_ffff

/** Where a row came from and what was found out about it. */
export interface RowFacts {
  message: number // index in the batch
  line: number
  idLow: number
  idHigh: number
  platformId: number
  skewed: boolean
  sentiment: number
  sentimentBy: number // 1 the source, 2 our scorer
}

export class MentionRows {
  count = 0
  stringBytes = 0 // of all spans and tags
  topicCount = 0
  #capacity = 0
  spans = new Int32Array(0) // as in MentionView
  ts = new Float64Array(0)
  followers = new Float64Array(0)
  likes = new Float64Array(0)
  reposts = new Float64Array(0)
  comments = new Float64Array(0)
  verified = new Int8Array(0)
  sentiment = new Float32Array(0)
  sentimentBy = new Uint8Array(0)
  messages = new Uint32Array(0)
  lines = new Uint32Array(0)
  tagEnds = new Uint32Array(0) // tags of row i: tagEnds[i − 1] … tagEnds[i] in tagSpans
  tagSpans = new Int32Array(64)
  idLow = new Uint32Array(0)
  idHigh = new Uint32Array(0)
  seconds = new Uint32Array(0)
  skewed = new Uint8Array(0)
  signs = new Int8Array(0)
  platformIds = new Uint16Array(0)
  topicEnds = new Uint32Array(0)
  topicIds = new Uint16Array(1024)

  clear(): void {
    this.count = 0
    this.stringBytes = 0
    this.topicCount = 0
  }

  /** Makes room for one row more and for `topics` topics of it: topicIds may then be written from topicCount on. */
  reserve(topics: number): void {
    if (this.count === this.#capacity) this.#grow(Math.max(1024, 2 * this.#capacity))
    if (this.topicCount + topics > this.topicIds.length) {
      this.topicIds = wider(this.topicIds, new Uint16Array(Math.max(this.topicCount + topics, 2 * this.topicIds.length)))
    }
  }

  /** Adds the row whose topics stand in topicIds from topicCount to `topicEnd`. Call reserve() before. */
  add(view: MentionView, facts: RowFacts, topicEnd: number): void {
    const row = this.count++
    const at = row * spansPerRow
    const { spans } = view
    let bytes = 0
    for (let i = 0; i < spansPerRow; i += 2) {
      const start = spans[i]!
      const end = spans[i + 1]!
      this.spans[at + i] = start
      this.spans[at + i + 1] = end
      bytes += end - start
    }
    this.stringBytes += bytes
    this.ts[row] = view.ts
    this.followers[row] = Math.floor(view.followers)
    this.likes[row] = Math.floor(view.likes)
    this.reposts[row] = Math.floor(view.reposts)
    this.comments[row] = Math.floor(view.comments)
    this.verified[row] = view.verified
    this.#addTags(view, row)
    this.sentiment[row] = facts.sentiment
    this.sentimentBy[row] = facts.sentimentBy
    this.messages[row] = facts.message
    this.lines[row] = facts.line
    this.idLow[row] = facts.idLow
    this.idHigh[row] = facts.idHigh
    this.seconds[row] = view.ts < mentionLimits.tsCountedEnd ? Math.floor(view.ts / 1000) : secondsMax // such a row is skewed
    this.skewed[row] = facts.skewed ? 1 : 0
    this.signs[row] = facts.sentiment > 0.05 ? 1 : facts.sentiment < -0.05 ? -1 : 0
    this.platformIds[row] = facts.platformId
    this.topicEnds[row] = this.topicCount = topicEnd
  }

  #addTags(view: MentionView, row: number): void {
    const from = row === 0 ? 0 : this.tagEnds[row - 1]!
    const end = from + view.tagCount
    if (2 * end > this.tagSpans.length) this.tagSpans = wider(this.tagSpans, new Int32Array(Math.max(2 * end, 2 * this.tagSpans.length)))
    for (let i = 0; i < 2 * view.tagCount; i += 2) {
      this.tagSpans[2 * from + i] = view.tagSpans[i]!
      this.tagSpans[2 * from + i + 1] = view.tagSpans[i + 1]!
      this.stringBytes += view.tagSpans[i + 1]! - view.tagSpans[i]! + 5
    }
    this.tagEnds[row] = end
  }

  #grow(capacity: number): void {
    this.#capacity = capacity
    this.spans = wider(this.spans, new Int32Array(spansPerRow * capacity))
    for (const name of ['ts', 'followers', 'likes', 'reposts', 'comments'] as const) this[name] = wider(this[name], new Float64Array(capacity))
    for (const name of ['messages', 'lines', 'tagEnds', 'idLow', 'idHigh', 'seconds', 'topicEnds'] as const) this[name] = wider(this[name], new Uint32Array(capacity))
    for (const name of ['sentimentBy', 'skewed'] as const) this[name] = wider(this[name], new Uint8Array(capacity))
    for (const name of ['verified', 'signs'] as const) this[name] = wider(this[name], new Int8Array(capacity))
    this.sentiment = wider(this.sentiment, new Float32Array(capacity))
    this.platformIds = wider(this.platformIds, new Uint16Array(capacity))
  }
}

function wider<Numbers extends { set(from: Numbers): void }>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
