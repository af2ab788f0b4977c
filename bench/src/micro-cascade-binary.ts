// What a cascade weighs as bytes and how long it takes to write, read and measure, at 100,000 nodes: one of each form that trees take.
import { gzipSync } from 'node:zlib'
import type { CascadeTree } from '@groundswell/engine/src/core/3-measure/cascades/cascade-tree.ts'
import { shapeOf } from '@groundswell/engine/src/core/3-measure/cascades/measure-tree.ts'
import { decodeHashes, decodeTree, encodeHashes, encodeTree, withHashes } from '@groundswell/schemas/cascade-binary.ts'
import { mulberry32 } from './mulberry32.ts'

const nodes = 100_000
const rounds = 15
const begin = 1_434_384_764_000

export interface CascadeBytes {
  readonly nodes: number
  readonly bytesANode: number
  readonly gzippedANode: number
  readonly hashBytesANode: number
  readonly encodeMs: number // medians
  readonly decodeMs: number
  readonly encodeHashesMs: number
  readonly decodeHashesMs: number // and give them to the tree
  readonly shapeMs: number
}

/** `npm run bench -- cascade-binary`. Parents: of a star all the root; of hubs the more likely the more they have; of any, whoever; of a chain the one before. */
export function measureCascadeBinary(): Record<string, CascadeBytes> {
  return {
    'a star': measure(treeOf({ seed: 1, parent: () => 0 })),
    hubs: measure(treeOf({ seed: 2, parent: byTheirChildren() })),
    'any parent, four platforms': measure(treeOf({ seed: 3, platforms: 4, parent: (node, random) => Math.floor(random() * node) })),
    'a chain, by the second': measure(treeOf({ seed: 4, ms: 1000, parent: (node) => node - 1 })),
  }
}

function measure(tree: CascadeTree): CascadeBytes {
  const bytes = encodeTree(tree)
  const hashes = encodeHashes(tree)
  const decoded = decodeTree(bytes)
  const each = (total: number): number => round(total / tree.size)
  return {
    nodes: tree.size, bytesANode: each(bytes.length), gzippedANode: each(gzipSync(bytes).length), hashBytesANode: each(hashes.length),
    encodeMs: median(() => encodeTree(tree)), decodeMs: median(() => decodeTree(bytes)), encodeHashesMs: median(() => encodeHashes(tree)), decodeHashesMs: median(() => withHashes(decoded, decodeHashes(hashes))),
    shapeMs: median(() => shapeOf(tree)),
  }
}

export type ParentOf = (node: number, random: () => number) => number

/** Half of all goes to a mention as likely as it has children already, half to one of the latest thousand. */
export function byTheirChildren(): ParentOf {
  const chosen: number[] = [0]
  return (node, random) => {
    const parent = random() < 0.5 ? chosen[Math.floor(random() * chosen.length)]! : Math.max(0, node - 1 - Math.floor(1000 * random()))
    chosen.push(parent)
    return parent
  }
}

/** Of 100,000 mentions. */
export function treeOf({ seed, parent: parentOf, platforms = 1, ms = 1 }: { readonly seed: number; readonly parent: ParentOf; readonly platforms?: number; readonly ms?: number }): CascadeTree {
  const random = mulberry32(seed)
  const parent = Int32Array.from({ length: nodes }, (_, node) => (node === 0 ? -1 : parentOf(node, random)))
  let clock = begin
  const column = <Numbers>(of: { from(source: { length: number }, value: (_: unknown, node: number) => number): Numbers }, value: (node: number) => number): Numbers => of.from({ length: nodes }, (_, node) => value(node))
  const words = new Uint32Array(nodes).map(() => random() * 2 ** 32)
  return {
    root: 'weibo:4345678901234567', size: nodes, parent,
    at: column(Float64Array, () => (clock += ms * Math.floor((-Math.log(1 - random()) * 172_800_000) / nodes / ms))), // two days
    followers: column(Float64Array, () => (random() < 0.1 ? -1 : Math.floor(Math.exp(5.5 + 2 * (random() + random() + random() + random() - 2))))),
    author: column(Uint32Array, (node) => (random() < 0.05 ? words[Math.floor(random() * node)]! : words[node]!)),
    platform: column(Uint8Array, () => Math.floor(platforms * random() ** 2)), platforms: ['weibo', 'douyin', 'zhihu', 'news'].slice(0, platforms),
    sign: column(Int8Array, () => Math.floor(3 * random()) - 1), flags: column(Uint8Array, () => Math.floor(4 * random())),
    idLow: words.map(() => random() * 2 ** 32), idHigh: words.map(() => random() * 2 ** 32),
  }
}

function median(work: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return round(times.sort((a, b) => a - b)[rounds >> 1]!)
}

const round = (value: number): number => Number(value.toFixed(2))
