// A large tree read in pieces between which the engine goes on: what comes out is the tree as it was when the reading began, or nothing where it was taken apart meanwhile.
//
//   walk      parents first, all columns copied; what joined since is passed over. A subtree that moved or left, or the tree itself, ends the reading
//   sort      by time in runs, which are merged
//   columns   in that order, in shared memory: another thread reads them without a copy
import type { CascadeTree } from './cascade-tree.ts'
import { stride, word, type Nodes } from './nodes.ts'
import { flagsOf } from './tree-columns.ts'

/** Nodes of one piece: a few milliseconds. */
export const pieceNodes = 20_000

/** What the placement tells of the tree that is being read. */
export class Reading {
  readonly root: number
  readonly joined = new Set<number>() // tops of the subtrees that came since it began
  isDisturbed = false
  constructor(root: number) { this.root = root }
}

export interface ReadFrom { readonly nodes: Nodes; readonly reading: Reading; readonly id: string; readonly names: (platform: number) => string }

type Columns = { -readonly [Column in Exclude<keyof CascadeTree, 'root' | 'size' | 'platforms'>]: CascadeTree[Column] }

/** Null: the tree is another one than it was. */
export function* readTree({ nodes, reading, id, names }: ReadFrom): Generator<undefined, CascadeTree | null> {
  const size = nodes.subtree(reading.root)
  const walked = columnsFor(size)
  const walking = walk(nodes, reading, walked)
  while (!walking.next().done) {
    yield
    if (reading.isDisturbed) return null
  }
  const order = yield* inTime(walked)
  const tree = columnsFor(size)
  const places = new Uint32Array(size)
  for (let i = 0; i < size; i++) places[order[i]!] = i
  yield
  const platforms: number[] = []
  const placeOf = new Int16Array(256).fill(-1)
  for (let i = 0; i < size; i++) {
    if (i % pieceNodes === pieceNodes - 1) yield
    const from = order[i]!
    const platform = walked.platform[from]!
    if (placeOf[platform] === -1) placeOf[platform] = platforms.push(platform) - 1
    copy(walked, from, tree, i)
    tree.parent[i] = i === 0 ? -1 : places[walked.parent[from]!]!
    tree.platform[i] = placeOf[platform]!
  }
  return { ...tree, root: id, size, platforms: platforms.map(names) }
}

function columnsFor(size: number): Columns {
  const room = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(size * bytes)
  return {
    parent: new Int32Array(room(4)), at: new Float64Array(room(8)), followers: new Float64Array(room(8)), author: new Uint32Array(room(4)), platform: new Uint8Array(room(1)),
    sign: new Int8Array(room(1)), flags: new Uint8Array(room(1)), idLow: new Uint32Array(room(4)), idHigh: new Uint32Array(room(4)),
  }
}

function copy(from: Columns, node: number, to: Columns, place: number): void {
  to.at[place] = from.at[node]!
  to.followers[place] = from.followers[node]!
  to.author[place] = from.author[node]!
  to.sign[place] = from.sign[node]!
  to.flags[place] = from.flags[node]!
  to.idLow[place] = from.idLow[node]!
  to.idHigh[place] = from.idHigh[node]!
}

/** Parents are places of this walk, platforms the store's numbers. */
function* walk(nodes: Nodes, { root, joined }: Reading, into: Columns): Generator<undefined, void> {
  const { words } = nodes
  const above: number[] = [] // places of the nodes from the root down
  const known = (first: number): number => {
    let node = first
    while (node !== 0 && joined.size > 0 && joined.has(node)) node = words[node * stride + word.next]!
    return node
  }
  let depth = 0
  for (let node = root, place = 0; ; place++) {
    into.parent[place] = depth === 0 ? -1 : above[depth - 1]!
    above[depth] = place
    read(nodes, node, into, place)
    if (place === into.parent.length - 1) return
    if (place % pieceNodes === pieceNodes - 1) yield
    let next = known(words[node * stride + word.first]!)
    depth++
    while (next === 0) {
      depth--
      next = known(words[node * stride + word.next]!)
      node = words[node * stride + word.parent]!
    }
    node = next
  }
}

function read(nodes: Nodes, node: number, into: Columns, place: number): void {
  into.at[place] = nodes.at(node)
  into.followers[place] = nodes.followers(node)
  into.author[place] = nodes.author(node)
  into.platform[place] = nodes.platform(node)
  into.sign[place] = nodes.sign(node)
  into.flags[place] = flagsOf(nodes, node)
  if (nodes.isForgotten(node)) return
  into.idLow[place] = nodes.get(node, word.idLow)
  into.idHigh[place] = nodes.get(node, word.idHigh)
}

/** The root first, then by time, of one time by the hash of the id. */
function* inTime({ at, idLow, idHigh }: Columns): Generator<undefined, Uint32Array> {
  const size = at.length
  const compare = (a: number, b: number): number => at[a]! - at[b]! || idHigh[a]! - idHigh[b]! || idLow[a]! - idLow[b]!
  let from = Uint32Array.from({ length: size }, (_, i) => i)
  let to = new Uint32Array(size)
  yield
  for (let begin = 1; begin < size; begin += pieceNodes) {
    from.subarray(begin, begin + pieceNodes).sort(compare)
    yield
  }
  for (let run = pieceNodes; run < size - 1; run *= 2) {
    to[0] = from[0]!
    for (let begin = 1; begin < size; begin += 2 * run) {
      const middle = Math.min(begin + run, size)
      const end = Math.min(middle + run, size)
      for (let a = begin, b = middle, out = begin; out < end; out++) {
        if (out % pieceNodes === 0) yield
        to[out] = b === end || (a < middle && compare(from[a]!, from[b]!) <= 0) ? from[a++]! : from[b++]!
      }
    }
    const last = from
    from = to
    to = last
  }
  return from
}
