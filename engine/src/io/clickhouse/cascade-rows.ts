// A cascade as the store has it: a tree that leaves memory becomes a row, and a row what lists show. Bytes travel as base64, for the rows are JSON.
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import { encodeIds, encodeTree, type CascadeIds } from '@groundswell/schemas/cascade-binary.ts'
import type { CascadeTree } from '../../core/3-measure/cascades/cascade-tree.ts'
import { nameOfRoot } from '../../core/live-cascades.ts'
import { layOut, makeUpOf, shapeOf, type TreeMakeUp } from '../../core/3-measure/cascades/measure-tree.ts'

type Row = Readonly<Record<string, unknown>>

/** `evictedAt`: ingest time, ms. The same tree at the same time is the same row: writing it again replaces it. */
export interface EvictedCascade { readonly tree: CascadeTree; readonly topics: readonly string[]; readonly evictedAt: number }

/** Of an account nothing but that two mentions are of the same one is stored. O(nodes). */
export function rowOfCascade({ tree: evicted, topics, evictedAt }: EvictedCascade): Row {
  const tree = evicted.root === '' ? { ...evicted, root: nameOfRoot('', evicted.idLow[0]!, evicted.idHigh[0]!) } : evicted
  const makeUp = makeUpOf(tree)
  const { authors, followersKnown, withText, negative, neutral, positive, unknownEdges } = makeUp
  return {
    ...shapeOf(tree, layOut(tree), makeUp),
    evictedAt: iso(evictedAt), edition: 0, rootAt: iso(tree.at[0]!), firstAt: iso(makeUp.firstMs), lastAt: iso(makeUp.lastMs),
    authors, followersKnown, withText, negative, neutral, positive, unknownEdges,
    platforms: makeUp.platforms.map(({ platform, mentions, firstMs }) => ({ platform, mentions, firstAt: iso(firstMs) })), topics,
    treeBase64: base64(encodeTree(tree)), hashesBase64: base64(hashesWithoutAccounts(tree)),
  }
}

/** 8 bytes a node. */
export const hashesWithoutAccounts = (ids: CascadeIds): Uint8Array => encodeIds(ids)

/** What lists read of a row, light columns all. */
export const storedCascadeColumns = `root, toUnixTimestamp64Milli(evictedAt) AS which, size, depth, maxBreadth, leaves, structuralVirality, durationSeconds, authors, reach, followersKnown, withText, negative, neutral, positive, unknownEdges,
  toUnixTimestamp64Milli(rootAt) AS rootMs, toUnixTimestamp64Milli(firstAt) AS firstMs, toUnixTimestamp64Milli(lastAt) AS lastMs,
  arrayMap(one -> tuple(one.platform, one.mentions, toUnixTimestamp64Milli(one.firstAt)), platforms) AS spread, topics`

/** As `storedCascadeColumns` are read. */
export interface StoredCascadeRow extends Pick<TreeMakeUp, 'authors' | 'followersKnown' | 'withText' | 'negative' | 'neutral' | 'positive' | 'unknownEdges' | 'firstMs' | 'lastMs' | 'reach'> {
  readonly root: string
  readonly which: number // ms: when it was evicted; tells rows of one root apart
  readonly size: number
  readonly depth: number
  readonly maxBreadth: number
  readonly leaves: number
  readonly structuralVirality: number
  readonly durationSeconds: number
  readonly rootMs: number
  readonly spread: readonly (readonly [platform: string, mentions: number, firstMs: number])[]
  readonly topics: readonly string[]
}

/** Nothing was said within the last hour, and it reproduces no more. */
export function storedRow(row: StoredCascadeRow): CascadeRow {
  const { root, size, depth, maxBreadth, leaves, structuralVirality, durationSeconds, reach, authors, negative, neutral, positive, unknownEdges, firstMs, lastMs, followersKnown, withText, topics } = row
  return {
    root, size, depth, maxBreadth, leaves, structuralVirality, durationSeconds, reach, firstAt: iso(firstMs), lastAt: iso(lastMs), live: false,
    authors, followersKnownShare: followersKnown / size, textShare: withText / size, negative, neutral, positive, unknownEdges, lastHour: 0, topics: [...topics],
    platforms: spreadOf(row.spread.map(([platform, mentions, ms]) => ({ platform, mentions, firstMs: ms }))), reproduction: null,
  }
}

/** In the order in which they were reached. */
export function spreadOf(platforms: readonly { readonly platform: string; readonly mentions: number; readonly firstMs: number }[]): CascadeRow['platforms'] {
  const begin = platforms.reduce((least, { firstMs }) => Math.min(least, firstMs), Infinity)
  return platforms.toSorted((a, b) => a.firstMs - b.firstMs).map(({ platform, mentions, firstMs }) => ({ platform, mentions, firstAt: iso(firstMs), lagSeconds: (firstMs - begin) / 1000 }))
}

const secondsKept = 64 // a power of two
const secondAt = new Float64Array(secondsKept).fill(Number.NaN)
const upToPoint = Array.from({ length: secondsKept }, () => '')

/** Rows that are made together are of few seconds: up to its point a time is written once a second. */
function iso(time: number): string {
  const ms = Math.trunc(time)
  const second = Math.floor(ms / 1000)
  const place = second & (secondsKept - 1)
  if (secondAt[place] !== second) {
    upToPoint[place] = new Date(second * 1000).toISOString().slice(0, -'000Z'.length)
    secondAt[place] = second
  }
  const rest = ms - second * 1000
  return `${upToPoint[place]!}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
