// Recorded mentions as what coordination reads of them: accounts, seconds and hashes of what they share; no text and no name is kept.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { IdHash } from '@groundswell/engine/src/core/1-decode/hash.ts'
import { OwnWords } from '@groundswell/engine/src/core/2-enrich/own-words.ts'
import { authorHashOf } from '@groundswell/engine/src/core/2-enrich/spread-columns.ts'

export interface SharedColumns {
  readonly count: number
  readonly author: Uint32Array // 0: unknown
  readonly second: Float64Array // ascending
  readonly textLow: Uint32Array
  readonly textHigh: Uint32Array
  readonly rootLow: Uint32Array
  readonly rootHigh: Uint32Array
  readonly isRoot: Uint8Array // 1: it reposts nothing
}

const charactersMin = 12
const differentMin = 6

/** `authorOf`: who is to be meant where the recording names nobody. */
export function readShared(file: string, authorOf: (row: number, tags: readonly string[]) => number): SharedColumns {
  const hash = new IdHash()
  const words = new OwnWords()
  const encoder = new TextEncoder()
  const out = { author: [] as number[], second: [] as number[], textLow: [] as number[], textHigh: [] as number[], rootLow: [] as number[], rootHigh: [] as number[], isRoot: [] as number[] }
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) { // not readline: it also cuts at U+2028
    if (line === '') continue
    const mention = JSON.parse(line) as { ts: string; platform: string; author: string | null; text: string; root: string | null; tags?: string[] }
    const bytes = encoder.encode(mention.text)
    words.read(bytes, 0, bytes.length)
    const hasWords = words.count >= charactersMin && words.different >= differentMin
    out.author.push(mention.author === null ? authorOf(out.author.length, mention.tags ?? []) : authorHashOf(mention.platform, mention.author))
    out.second.push(Math.floor(Date.parse(mention.ts) / 1000))
    out.textLow.push(hasWords ? words.low : 0)
    out.textHigh.push(hasWords ? words.high : 0)
    if (mention.root !== null) hash.ofText(mention.root)
    out.rootLow.push(mention.root === null ? 0 : hash.low)
    out.rootHigh.push(mention.root === null ? 0 : hash.high)
    out.isRoot.push(mention.root === null ? 1 : 0)
  }
  return columnsOf(out)
}

export type SharedLists = { readonly [Name in Exclude<keyof SharedColumns, 'count'>]: readonly number[] }

/** In order of time; of one second in the order they have. */
export function columnsOf(lists: SharedLists): SharedColumns {
  const order = Array.from(lists.second.keys()).sort((a, b) => lists.second[a]! - lists.second[b]! || a - b)
  const words = (list: readonly number[]): Uint32Array => Uint32Array.from(order, (row) => list[row]!)
  return {
    count: order.length, author: words(lists.author), second: Float64Array.from(order, (row) => lists.second[row]!),
    textLow: words(lists.textLow), textHigh: words(lists.textHigh), rootLow: words(lists.rootLow), rootHigh: words(lists.rootHigh), isRoot: Uint8Array.from(order, (row) => lists.isRoot[row]!),
  }
}
