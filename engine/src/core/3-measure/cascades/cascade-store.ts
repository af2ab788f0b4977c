// The cascades of the last days: every mention as a node under its effective parent (docs/decisions/0011-cascades.md), exact whatever the order of arrival, in bounded room.
//
//   add      evict where it is full → node, under its parent or root, or on its own → whoever waited for its id moves under it
//   settle   trees that were quiet for too long are evicted as a whole
//
//   nodes.ts 64 bytes a mention │ id-index.ts │ waits.ts who waits for which id │ root-texts.ts │ tree-rows.ts trees of 16 and more │ activity.ts who was quiet for longest
import type { Stateful, StateReader, StateWriter } from '../../state.ts'
import { Activity } from './activity.ts'
import { Ahead } from './ahead.ts'
import type { CascadeTree } from './cascade-tree.ts'
import { Forgotten } from './forgotten.ts'
import { IdIndex } from './id-index.ts'
import { kindFlags, Nodes, word, type NodeFacts } from './nodes.ts'
import { Placement, rowSizeMin, secondOf } from './placement.ts'
import { RootTexts, type IdText } from './root-texts.ts'
import { linkTrees } from './relink.ts'
import { flagsOf, nodesBelow, nodesByTime, treeColumns } from './tree-columns.ts'
import { pieceNodes, Reading, readTree } from './tree-reading.ts'
import { TreeRows, type TreeMeasures } from './tree-rows.ts'
import { Waits, waitKinds } from './waits.ts'

export type { NodeFacts } from './nodes.ts'
export type { PlatformMeasure, TreeMeasures } from './tree-rows.ts'

export interface CascadeStoreOptions {
  readonly nodesMax: number
  readonly quietSeconds: number
  /** Waits for ids that are not here, of which a mention has up to two; default: two a node, so that none is dropped. Further ones are dropped and counted: their mentions stay where they are. */
  readonly waitsMax?: number
  /** Room for what is kept of trees of 16 and more, in words of 4 bytes; default: six a node and 65,536. Trees that find none are walked whenever they are asked for. */
  readonly rowWordsMax?: number
}

/** A tree as it was when it was evicted, and the number of the topics of its root. */
export interface EvictedTree { readonly tree: CascadeTree; readonly topics: number }

export interface CascadeCounters {
  readonly nodes: number
  readonly trees: number // of at least two mentions
  readonly waiting: number // mentions whose parent or root is not here
  readonly rings: number // that stand now
  readonly selfParents: number // mentions that named themselves as their parent, ever, as all that follow
  readonly moved: number // subtrees
  readonly evictedTrees: number // of at least two mentions
  readonly evictedNodes: number // with those of single mentions
  readonly waitsDropped: number
}

// So many evicted trees may wait to be taken until `settle` leaves the rest for the next time. `add` evicts at most one tree.
const untakenMax = 1000
const untakenNodesMax = 1_000_000
const nodesMost = 2 ** 26
const largestLooked = 100_000 // small trees that `largest` looks at

export class CascadeStore implements Stateful {
  readonly #nodes: Nodes
  readonly #index: IdIndex
  readonly #waits: Waits
  readonly #texts: RootTexts
  readonly #rows: TreeRows
  readonly #walked: TreeRows // one row, filled whenever a tree without one is measured
  readonly #activity: Activity
  readonly #placement: Placement
  readonly #forgotten: Forgotten
  readonly ahead: Ahead // told what is about to be added, it has it in the cache in time
  readonly #quietSeconds: number
  #untaken: { readonly tree: CascadeTree; readonly platforms: readonly number[]; readonly topics: number }[] = []
  #untakenNodes = 0
  #selfParents = 0
  #evictedTrees = 0
  #evictedNodes = 0

  /** Reserves about 230 bytes a node at once, of which the system gives what is touched: about 85 (bench/src/micro-cascades.ts). */
  constructor({ nodesMax, quietSeconds, waitsMax = 2 * nodesMax, rowWordsMax = nodesMax * 6 + 65_536 }: CascadeStoreOptions) {
    if (!Number.isInteger(nodesMax) || nodesMax < 1 || nodesMax > nodesMost) throw new RangeError(`CascadeStore of ${nodesMax} nodes: give a whole number from 1 to ${nodesMost}`)
    this.#quietSeconds = quietSeconds
    const nodes = this.#nodes = new Nodes(nodesMax)
    this.#index = new IdIndex(nodes)
    this.#waits = new Waits(nodes, waitsMax)
    const texts = this.#texts = new RootTexts(nodes)
    this.ahead = new Ahead({ nodes, index: this.#index, texts })
    const rows = this.#rows = new TreeRows(nodes, { rowsMax: Math.ceil(nodesMax / rowSizeMin), wordsMax: rowWordsMax })
    this.#walked = new TreeRows(nodes, { rowsMax: 1, wordsMax: nodesMax * 4 + 65_536 })
    const activity = this.#activity = new Activity(nodes, quietSeconds + 3600)
    const placement = this.#placement = new Placement({ nodes, rows, activity, texts })
    this.#forgotten = new Forgotten({ nodes, rows, texts, placement })
  }

  get counters(): CascadeCounters {
    const { trees, rings, moved } = this.#placement
    return {
      nodes: this.#nodes.live, trees, waiting: this.#waits.mentions, rings, selfParents: this.#selfParents, moved,
      evictedTrees: this.#evictedTrees, evictedNodes: this.#evictedNodes, waitsDropped: this.#waits.dropped,
    }
  }

  /** Its node. One whose id is here is that node, unchanged. Where it is full, the tree that was quiet for longest goes first. `id`: that of the mention, UTF-8. */
  add(facts: NodeFacts, id: IdText): number {
    const low = facts.idLow >>> 0
    const high = facts.idHigh >>> 0
    const here = this.#index.find(low, high)
    if (here !== 0) return here
    if (this.#nodes.isFull) this.#evict(this.#activity.quietest())
    const node = this.#nodes.create(facts)
    this.#index.add(node)
    this.#place(node, facts)
    for (let wait = this.#waits.first(low, high); wait !== 0; wait = this.#waits.first(low, high)) this.#answer(wait, node)
    if (this.#nodes.parent(node) === 0 && this.#nodes.get(node, word.text) === 0) this.#texts.set(node, id)
    return node
  }

  /** Evicts the trees whose newest mention is more than `quietSeconds` before the second. */
  settle(clock: number): void {
    while (this.#untaken.length < untakenMax && this.#untakenNodes < untakenNodesMax) {
      const root = this.#activity.quietest()
      if (root === 0 || clock - this.#placement.lastOf(root) <= this.#quietSeconds) return
      this.#evict(root)
    }
  }

  /** Whether evicted trees wait to be taken. */
  get hasEvicted(): boolean { return this.#untaken.length > 0 }

  /** Trees of at least two mentions that were evicted since it was last asked: after every batch, at most 1,000 and one for each mention of the batch. */
  takeEvicted(names: (platform: number) => string): readonly EvictedTree[] {
    const taken = this.#untaken.map(({ tree, platforms, topics }) => ({ tree: { ...tree, platforms: platforms.map(names) }, topics }))
    this.#untaken = []
    this.#untakenNodes = 0
    return taken
  }

  /** −1: it is not here. */
  find(low: number, high: number): number { return this.#index.find(low >>> 0, high >>> 0) || -1 }

  /** −1: it is a root. */
  parentOf(node: number): number { return this.#nodes.parent(node) || -1 }
  rootOf(node: number): number { return this.#nodes.root(node) }
  depthOf(node: number): number { return this.#nodes.depth(node) }
  /** Mentions of the node's subtree, itself included. */
  subtreeOf(node: number): number { return this.#nodes.subtree(node) }
  atOf(node: number): number { return this.#nodes.at(node) }
  authorOf(node: number): number { return this.#nodes.author(node) }
  followersOf(node: number): number { return this.#nodes.followers(node) }
  platformOf(node: number): number { return this.#nodes.platform(node) }
  signOf(node: number): number { return this.#nodes.sign(node) }
  /** Bits of nodeFlags. */
  flagsOf(node: number): number { return flagsOf(this.#nodes, node) }
  topicsOf(node: number): number { return this.#nodes.get(node, word.topics) }
  idLowOf(node: number): number { return this.#nodes.get(node, word.idLow) }
  idHighOf(node: number): number { return this.#nodes.get(node, word.idHigh) }
  /** Second of the newest mention of a root's tree. */
  lastOf(root: number): number { return this.#placement.lastOf(root) }
  /** '' where it was not kept: a ring made it a root later, or there was no room. Its hash names it. What was forgotten has a name (forgotten-name.ts). */
  idOf(root: number): string { return this.#forgotten.nameOf(root) ?? this.#texts.of(root) }

  /** The mention stays a node, without account and id: whoever names it as its parent comes under it, and a copy of it is it. */
  forget(node: number): void { this.#forgotten.add(node) }
  /** All mentions of an account, of which this is the hash by number of the platform; 0: it is known there under none. Looks at every node. */
  forgetAccounts(hashes: ArrayLike<number>): void { this.#forgotten.addAccounts(hashes) }
  isForgotten(node: number): boolean { return this.#nodes.isForgotten(node) }
  get forgottenNodes(): readonly number[] { return [...this.#forgotten.nodes] }

  measuresOf(root: number): TreeMeasures {
    const row = this.#placement.rowOf(root)
    const known = row === 0 ? null : this.#rows.measures(row)
    if (known) return known
    this.#placement.dropRow(root)
    const walked = this.#walked.create(root)
    const measures = this.#walked.measures(walked)
    this.#walked.release(walked)
    return measures!
  }

  treeOf(root: number, names: (platform: number) => string): CascadeTree { return treeColumns(this.#nodes, nodesByTime(this.#nodes, root), { id: this.idOf(root), names }) }

  /** The same as of now, in pieces between which mentions may be added; null: it was taken apart meanwhile, or is gone. The order of those of one time may be another. */
  * treeInPieces(root: number, names: (platform: number) => string): Generator<undefined, CascadeTree | null> {
    if (this.#nodes.subtree(root) <= pieceNodes) return this.treeOf(root, names)
    const reading = new Reading(root)
    this.#placement.readings.add(reading)
    try {
      return yield* readTree({ nodes: this.#nodes, reading, id: this.idOf(root), names })
    } finally {
      this.#placement.readings.delete(reading)
    }
  }

  /** Nodes of the tree, parents first. */
  nodesOf(root: number): Uint32Array { return nodesBelow(this.#nodes, root) }

  /** Roots of the trees of at least so many mentions; nothing may be added meanwhile. Fewer than 16: all roots are looked at, those spoken of last come first. */
  * roots(sizeMin: number): Generator<number> {
    for (const root of sizeMin >= rowSizeMin ? this.#rows.roots() : this.#activity.newestFirst()) if (this.#nodes.subtree(root) >= sizeMin) yield root
  }

  /** The largest trees of at least two mentions, largest first, of one size the one that was spoken of last. Of trees of fewer than 16 only among the 100,000 spoken of last. */
  largest(max: number): number[] {
    const size = (root: number): number => this.#nodes.subtree(root)
    const found = [...this.roots(rowSizeMin)]
    if (found.length < max) {
      let looked = 0
      for (const root of this.#activity.newestFirst()) {
        if (size(root) >= 2 && size(root) < rowSizeMin) found.push(root)
        if (++looked === largestLooked) break
      }
    }
    const last = (root: number): number => this.#placement.lastOf(root)
    return found.sort((a, b) => size(b) - size(a) || last(b) - last(a)).slice(0, max)
  }

  #place(node: number, facts: NodeFacts): void {
    const parent = this.#named(node, facts.parentLow >>> 0, facts.parentHigh >>> 0)
    const last = secondOf(facts.at)
    if (parent > 0 && parent !== node) return this.#placement.join(node, { parent, unknown: false }, last)
    if (parent === node) this.#selfParents++
    if (parent < 0) this.#waits.add(node, waitKinds.parent, { low: facts.parentLow >>> 0, high: facts.parentHigh >>> 0 })
    const root = this.#named(node, facts.rootLow >>> 0, facts.rootHigh >>> 0)
    if (root > 0 && root !== node) return this.#placement.join(node, { parent: root, unknown: true }, last)
    const isOther = facts.rootLow !== facts.parentLow || facts.rootHigh !== facts.parentHigh
    if (root < 0 && isOther) this.#waits.add(node, waitKinds.root, { low: facts.rootLow >>> 0, high: facts.rootHigh >>> 0 })
    this.#placement.stand(node, last)
  }

  /** The node of an id that a mention names; 0: it names none, −1: it is not here. */
  #named(node: number, low: number, high: number): number {
    if (low === 0 && high === 0) return 0
    if (this.#nodes.get(node, word.idLow) === low && this.#nodes.get(node, word.idHigh) === high) return node
    return this.#index.find(low, high) || -1
  }

  /** Somebody waited for the id of the node. */
  #answer(wait: number, node: number): void {
    const waiter = this.#waits.node(wait)
    const unknown = this.#waits.kind(wait) === waitKinds.root
    this.#waits.clear(waiter, unknown ? wait : 0) // it goes on waiting for its parent
    this.#placement.follow(waiter, { parent: node, unknown })
  }

  #evict(root: number): void {
    const nodes = this.#nodes
    this.ahead.eviction(root)
    const size = nodes.subtree(root)
    // What is free next depends on the order: it is one that a loaded store has too.
    const order = size > 1 ? nodesByTime(nodes, root) : null
    if (order) {
      const platforms: number[] = []
      const keep = (platform: number): string => String(platforms.push(platform))
      this.#untaken.push({ tree: treeColumns(nodes, order, { id: this.idOf(root), names: keep }), platforms, topics: nodes.get(root, word.topics) })
      this.#untakenNodes += size
      this.#evictedTrees++
    }
    if (nodes.has(root, kindFlags.cut)) this.#placement.rings--
    this.#placement.loosen(root)
    this.#texts.drop(root)
    if (order) for (const node of order) this.#release(node)
    else this.#release(root)
    this.#evictedNodes += size
  }

  #release(node: number): void {
    this.#index.remove(node)
    this.#waits.clear(node)
    this.#forgotten.release(node)
    this.#nodes.release(node)
  }

  /** What waits to be taken is not kept: it is taken before. */
  save(out: StateWriter): void {
    if (this.#untaken.length > 0) throw new Error(`${this.#untaken.length} evicted cascades were not taken before the state is saved`)
    this.#nodes.save(out)
    this.#activity.save(out)
    this.#waits.save(out)
    this.#texts.save(out)
    for (const value of [this.#placement.moved, this.#selfParents, this.#evictedTrees, this.#evictedNodes]) out.number(value)
  }

  /** Into an empty one with room for all nodes of the other. Links, sizes and rows are worked out anew. */
  load(from: StateReader): void {
    this.#nodes.load(from)
    const activity = this.#activity.load(from)
    this.#waits.load(from)
    this.#texts.load(from)
    this.#placement.moved = from.whole(0)
    this.#selfParents = from.whole(0)
    this.#evictedTrees = from.whole(0)
    this.#evictedNodes = from.whole(0)
    for (let node = 1; node <= this.#nodes.top; node++) {
      if (!this.#nodes.has(node, kindFlags.live)) continue
      if (this.#index.find(this.#nodes.get(node, word.idLow), this.#nodes.get(node, word.idHigh)) !== 0) from.refuse(`the id of node ${node} is here twice`)
      this.#index.add(node)
      this.#forgotten.load(node)
    }
    const newest = linkTrees(this.#nodes, activity.roots, from)
    this.#activity.begin(activity.newest)
    activity.roots.forEach((root, i) => {
      if (this.#nodes.has(root, kindFlags.cut)) this.#placement.rings++
      this.#placement.stand(root, newest[i]!)
    })
  }
}
