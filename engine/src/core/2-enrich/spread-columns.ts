// What cascades need to know of each mention of a batch, row by row; reused for the next batch. It never throws, whatever the strings are.
import { IdHash } from '../1-decode/hash.ts'
import type { MentionRows } from '../1-decode/mention-rows.ts'
import { spansPerRow } from '../1-decode/mention-rows.ts'
import { field, type MentionView } from '../1-decode/mention-view.ts'
import { spreadFlags, type SpreadColumns } from '../batch.ts'
import { OwnWords } from './own-words.ts'

/** An own text says who says the same from so many characters on of which so many differ (six candles in a row are anybody's), and is one at all from so many. */
const shareCharactersMin = 12
const shareDifferentMin = 6
const textCharactersMin = 2

const lanes = ['parentLow', 'parentHigh', 'rootLow', 'rootHigh', 'authors', 'shareLow', 'shareHigh', 'links'] as const

export class SpreadRows {
  readonly #hash = new IdHash()
  readonly #words = new OwnWords()
  #capacity = 0
  parentLow = new Uint32Array(0)
  parentHigh = new Uint32Array(0)
  rootLow = new Uint32Array(0)
  rootHigh = new Uint32Array(0)
  authors = new Uint32Array(0)
  shareLow = new Uint32Array(0)
  shareHigh = new Uint32Array(0)
  links = new Uint32Array(0)
  flags = new Uint8Array(0)

  /** Sets row `row`, which is at most one behind the last. An empty string is an absent one, as it is in ClickHouse. */
  set(view: MentionView, row: number): void {
    if (row === this.#capacity) this.#grow(Math.max(1024, 2 * row))
    const { bytes, spans } = view
    const hash = this.#hash
    const words = this.#words
    const parent = this.#hashed(view, field.parent)
    this.parentLow[row] = parent ? hash.low : 0
    this.parentHigh[row] = parent ? hash.high : 0
    const root = this.#hashed(view, field.root)
    this.rootLow[row] = root ? hash.low : 0
    this.rootHigh[row] = root ? hash.high : 0
    this.links[row] = this.#hashed(view, field.url) ? hash.low || 1 : 0
    this.authors[row] = spans[2 * field.author]! < spans[2 * field.author + 1]! ? authorHash(hash, view) : 0
    words.read(bytes, spans[2 * field.text]!, spans[2 * field.text + 1]!)
    const share = words.count >= shareCharactersMin && words.different >= shareDifferentMin
    this.shareLow[row] = share ? words.low : 0
    this.shareHigh[row] = share ? words.high : 0
    this.flags[row] = (words.count >= textCharactersMin ? spreadFlags.hasText : 0) | (view.verified === 1 ? spreadFlags.verified : 0)
  }

  /** The columns of all rows, in arrays of their own. */
  columns(rows: MentionRows, bytes: Uint8Array): SpreadColumns {
    const { count } = rows
    const ids = idsOf(rows, bytes)
    return {
      ats: rows.ts.slice(0, count), followers: rows.followers.slice(0, count), flags: this.flags.slice(0, count),
      parentLow: this.parentLow.slice(0, count), parentHigh: this.parentHigh.slice(0, count),
      rootLow: this.rootLow.slice(0, count), rootHigh: this.rootHigh.slice(0, count),
      authors: this.authors.slice(0, count), links: this.links.slice(0, count),
      shareLow: this.shareLow.slice(0, count), shareHigh: this.shareHigh.slice(0, count),
      idBytes: ids.bytes, idEnds: ids.ends,
    }
  }

  /** Whether the field says anything; then its hash is in `#hash`. */
  #hashed({ bytes, spans }: MentionView, which: number): boolean {
    const start = spans[2 * which]!
    const end = spans[2 * which + 1]!
    if (start >= end) return false
    this.#hash.of(bytes, start, end)
    return true
  }

  #grow(capacity: number): void {
    this.#capacity = capacity
    for (const name of lanes) {
      const wider = new Uint32Array(capacity)
      wider.set(this[name])
      this[name] = wider
    }
    const flags = new Uint8Array(capacity)
    flags.set(this.flags)
    this.flags = flags
  }
}

/** One account: its platform and its author, which is only unique there. Never 0. */
function authorHash(hash: IdHash, { bytes, spans }: MentionView): number {
  hash.of(bytes, spans[2 * field.author]!, spans[2 * field.author + 1]!)
  const author = hash.low
  hash.of(bytes, spans[2 * field.platform]!, spans[2 * field.platform + 1]!)
  return mixed(author, hash.high)
}

/** The value that `authors` has for this account: how an account is found by its name. */
export function authorHashOf(platform: string, author: string): number {
  const hash = new IdHash()
  hash.ofText(author)
  const { low } = hash
  hash.ofText(platform)
  return author === '' ? 0 : mixed(low, hash.high)
}

function mixed(author: number, platform: number): number {
  return (author ^ platform) >>> 0 || 1
}

function idsOf({ count, spans }: MentionRows, bytes: Uint8Array): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
  const ends = new Uint32Array(count)
  let end = 0
  for (let row = 0, at = 2 * field.id; row < count; row++, at += spansPerRow) ends[row] = end += spans[at + 1]! - spans[at]!
  const ids = new Uint8Array(end)
  let to = 0
  for (let row = 0, at = 2 * field.id; row < count; row++, at += spansPerRow) {
    for (let from = spans[at]!; to < ends[row]!; from++, to++) ids[to] = bytes[from]!
  }
  return { bytes: ids, ends }
}
