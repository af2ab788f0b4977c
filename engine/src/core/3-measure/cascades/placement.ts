// Where a mention stands: puts nodes under their effective parents, moves subtrees, opens and closes rings, and keeps rows, sizes and activity right meanwhile.
//
//   loose   a subtree that is in no list: has no row, is not counted; between two places, never left so
//   stands  a root: in the list of its newest second, with a row where it is large enough
//   ring    its earliest mention stands as the root; its word `parent` keeps who it would be under
import type { Activity } from './activity.ts'
import { nodeFlags } from './cascade-tree.ts'
import { kindFlags, stride, word, type Nodes } from './nodes.ts'
import type { RootTexts } from './root-texts.ts'
import type { Reading } from './tree-reading.ts'
import type { TreeRows } from './tree-rows.ts'

/** Trees of so many mentions have a row. */
export const rowSizeMin = 16
const secondMax = 2 ** 32 - 2

export interface Edge { readonly parent: number; readonly unknown: boolean }

export class Placement {
  readonly #nodes: Nodes
  readonly #rows: TreeRows
  readonly #activity: Activity
  readonly #texts: RootTexts
  trees = 0 // of at least two mentions
  rings = 0
  moved = 0 // subtrees that came to another place, ever
  readonly readings = new Set<Reading>() // of trees, under way
  #sum = 0 // what the last walk upwards added to the sums over the tree
  #squares = 0

  constructor({ nodes, rows, activity, texts }: { readonly nodes: Nodes; readonly rows: TreeRows; readonly activity: Activity; readonly texts: RootTexts }) {
    this.#nodes = nodes
    this.#rows = rows
    this.#activity = activity
    this.#texts = texts
  }

  /** Row of a root; 0: it has none. */
  rowOf(root: number): number { return this.#nodes.has(root, kindFlags.row) ? this.#nodes.get(root, word.last) : 0 }

  /** Newest second of the tree of a standing root. */
  lastOf(root: number): number {
    const row = this.rowOf(root)
    return row === 0 ? this.#nodes.get(root, word.last) : secondOf(this.#rows.lastAt(row))
  }

  /** A loose subtree becomes a tree; `last`: its newest second. */
  stand(node: number, last: number): void {
    this.#nodes.set(node, word.last, last)
    this.#activity.place(node, last)
    if (this.#nodes.subtree(node) > 1) this.trees++
    this.#keepRow(node)
  }

  /** A loose subtree goes under a node of a tree. */
  join(node: number, { parent, unknown }: Edge, last: number): void {
    const nodes = this.#nodes
    const wasLeaf = nodes.get(parent, word.first) === 0
    const size = nodes.subtree(node)
    if (unknown) nodes.raise(node, nodeFlags.unknownEdge)
    else nodes.lower(node, nodeFlags.unknownEdge)
    this.#texts.drop(node)
    nodes.link(node, parent)
    const depth = this.#raise(parent, size)
    const root = this.#topReached
    const before = this.lastOf(root)
    if (this.readings.size > 0) for (const reading of this.readings) if (reading.root === root) reading.joined.add(node)
    if (nodes.subtree(root) === size + 1) this.trees++
    const row = this.rowOf(root)
    if (row !== 0) {
      this.#rows.addSums(row, this.#sum, this.#squares)
      if (wasLeaf) this.#rows.addLeaves(row, -1)
      if (!this.#rows.addBelow(row, node, depth)) this.dropRow(root)
    }
    if (last > before) this.#activate(root, before, last)
    if (row === 0 && nodes.subtree(root) - size < rowSizeMin) this.#keepRow(root)
  }

  /** The effective parent of a node that was placed is another one from now on. */
  follow(node: number, edge: Edge): void {
    const nodes = this.#nodes
    this.moved++
    if (nodes.parent(node) !== 0 && this.#leave(node, edge)) return
    if (nodes.has(node, kindFlags.cut)) this.#uncut(node)
    if (nodes.root(edge.parent) === node) this.#closeRing(node, edge)
    else this.join(node, edge, this.loosen(node))
  }

  /** Takes a subtree out of its tree, or a root out of its list. Returns its newest second. */
  loosen(node: number): number {
    if (this.#nodes.parent(node) !== 0) return this.#tearOff(node)
    const last = this.lastOf(node)
    this.#disturb(node)
    this.dropRow(node)
    this.#activity.remove(node, last)
    if (this.#nodes.subtree(node) > 1) this.trees--
    return last
  }

  /** From now on the tree is walked. */
  dropRow(root: number): void {
    const row = this.rowOf(root)
    if (row === 0) return
    const last = this.lastOf(root)
    this.#rows.release(row)
    this.#nodes.lower(root, kindFlags.row)
    this.#nodes.set(root, word.last, last)
  }

  /** Takes a node from where it is under a parent; true: it is under the new one already, false: it is a root that is to go there. */
  #leave(node: number, edge: Edge): boolean {
    const nodes = this.#nodes
    const root = nodes.root(node)
    const onRing = nodes.has(root, kindFlags.cut) && nodes.holds(node, nodes.get(root, word.parent))
    if (!onRing && nodes.root(edge.parent) === root && !nodes.holds(node, edge.parent)) {
      this.#moveWithin(node, root, edge)
      return true
    }
    this.stand(node, this.loosen(node))
    if (onRing) { // the ring is open: its earliest mention goes where it would be, under somebody below this node
      const parent = nodes.get(root, word.parent)
      this.#uncut(root)
      this.join(root, { parent, unknown: nodes.has(root, nodeFlags.unknownEdge) }, this.loosen(root))
    }
    return false
  }

  #moveWithin(node: number, root: number, { parent, unknown }: Edge): void {
    const nodes = this.#nodes
    const size = nodes.subtree(node)
    const row = this.rowOf(root)
    this.#disturb(root)
    const old = nodes.get(node, word.parent)
    const from = this.#raise(old, -size)
    if (row !== 0) this.#rows.addSums(row, this.#sum, this.#squares)
    nodes.unlink(node)
    let leaves = nodes.get(old, word.first) === 0 ? 1 : 0
    if (nodes.get(parent, word.first) === 0) leaves--
    const unknownBefore = nodes.has(node, nodeFlags.unknownEdge)
    if (unknown) nodes.raise(node, nodeFlags.unknownEdge)
    else nodes.lower(node, nodeFlags.unknownEdge)
    nodes.link(node, parent)
    const to = this.#raise(parent, size)
    if (row === 0) return
    this.#rows.addSums(row, this.#sum, this.#squares)
    this.#rows.addLeaves(row, leaves)
    this.#rows.addUnknownEdges(row, Number(unknown) - Number(unknownBefore))
    if (!this.#rows.shift(row, node, { from, to })) this.dropRow(root)
  }

  #tearOff(node: number): number {
    const nodes = this.#nodes
    const size = nodes.subtree(node)
    const parent = nodes.get(node, word.parent)
    this.#raise(parent, -size)
    const root = this.#topReached
    this.#disturb(root)
    nodes.unlink(node)
    const before = this.lastOf(root)
    const last = this.#newestSecond(node)
    if (nodes.subtree(root) === 1) this.trees--
    if (nodes.subtree(root) < rowSizeMin) this.dropRow(root)
    else if (this.rowOf(root) !== 0) this.#rows.spoil(this.rowOf(root))
    if (last >= before) { // what is left may have been quiet for longer
      this.dropRow(root)
      this.#activate(root, before, this.#newestSecond(root))
      this.#keepRow(root)
    }
    return last
  }

  /** The node stands as the root above `parent`: the earliest mention between the two becomes the root. */
  #closeRing(node: number, { parent, unknown }: Edge): void {
    const nodes = this.#nodes
    let earliest = parent
    for (let at = parent; at !== 0; at = nodes.parent(at)) if (nodes.isEarlier(at, earliest)) earliest = at
    let wouldBeUnder = parent
    if (earliest === node) {
      if (unknown) nodes.raise(node, nodeFlags.unknownEdge)
      else nodes.lower(node, nodeFlags.unknownEdge)
    } else {
      wouldBeUnder = nodes.get(earliest, word.parent)
      this.stand(earliest, this.loosen(earliest))
      this.join(node, { parent, unknown }, this.loosen(node))
    }
    nodes.raise(earliest, kindFlags.cut)
    nodes.set(earliest, word.parent, wouldBeUnder)
    this.rings++
  }

  #uncut(root: number): void {
    this.#nodes.lower(root, kindFlags.cut)
    this.#nodes.set(root, word.parent, 0)
    this.rings--
  }

  /** Whoever reads the tree begins again. */
  #disturb(root: number): void { if (this.readings.size > 0) for (const reading of this.readings) if (reading.root === root) reading.isDisturbed = true }

  #topReached = 0

  /** Adds to the subtrees from a node up to its root, which `#topReached` names. Returns the generation of what is under the node. */
  #raise(node: number, by: number): number {
    const { words } = this.#nodes
    let depth = 1
    let sum = 0
    let squares = 0
    let at = node
    for (;;) {
      const base = at * stride
      const below = words[base + word.subtree]!
      const size = below + by
      words[base + word.subtree] = size
      const above = words[base + word.parent]!
      if (above === 0 || this.#nodes.has(at, kindFlags.cut)) break
      sum += by
      squares += by * (below + size)
      depth++
      at = above
    }
    this.#topReached = at
    this.#sum = sum
    this.#squares = squares
    return depth
  }

  #activate(root: number, before: number, last: number): void {
    this.#activity.remove(root, before)
    this.#activity.place(root, last)
    if (this.rowOf(root) === 0) this.#nodes.set(root, word.last, last)
  }

  #keepRow(root: number): void {
    if (this.#nodes.subtree(root) < rowSizeMin || this.rowOf(root) !== 0) return
    const row = this.#rows.create(root)
    if (row === 0) return
    this.#nodes.set(root, word.last, row)
    this.#nodes.raise(root, kindFlags.row)
  }

  #newestSecond(top: number): number {
    const nodes = this.#nodes
    let newest = -Infinity
    for (let node = top; node !== 0; node = nodes.after(node, top)) newest = Math.max(newest, nodes.at(node))
    return secondOf(newest)
  }
}

/** Of an event time in ms: from 1970 on, at most 2^32 − 2. */
export const secondOf = (at: number): number => Math.min(secondMax, Math.max(0, Math.floor(at / 1000)))
