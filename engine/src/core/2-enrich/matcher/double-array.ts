// Lays an Aho–Corasick machine out as a double array; the cells are described in automaton.ts.

export interface Machine { readonly cells: Int32Array; readonly root: Int32Array }
export interface BuiltMachine { readonly machine: Machine; readonly patternAt: Int32Array }

interface TrieNode { readonly children: Map<number, TrieNode>; pattern: number; state: number; fail: TrieNode | null }

export function buildMachine(patterns: readonly (readonly number[])[], classes: ReadonlyMap<number, number>): BuiltMachine {
  const trie = trieOf(patterns, classes)
  const ordered = linkFails(trie)
  const layout = new Layout(classes.size + 1)
  const root = new Int32Array(classes.size + 1)
  trie.state = 0
  for (const [childClass, child] of trie.children) {
    child.state = layout.takeCell()
    root[childClass] = child.state * 4
  }
  const cells: number[] = []
  for (const node of ordered) {
    const base = layout.place([...node.children.keys()].sort((a, b) => a - b))
    for (const [childClass, child] of node.children) child.state = base + childClass
    cells[node.state] = base
  }
  return fill({ ordered, bases: cells, size: layout.size, root })
}

function trieOf(patterns: readonly (readonly number[])[], classes: ReadonlyMap<number, number>): TrieNode {
  const trie: TrieNode = { children: new Map(), pattern: -1, state: 0, fail: null }
  patterns.forEach((pattern, index) => {
    let node = trie
    for (const each of pattern) {
      const symbolClass = classes.get(each)!
      let child = node.children.get(symbolClass)
      if (child === undefined) {
        child = { children: new Map(), pattern: -1, state: 0, fail: trie }
        node.children.set(symbolClass, child)
      }
      node = child
    }
    node.pattern = index
  })
  return trie
}

/** All nodes but the root, shallow ones first, each with its fail node. */
function linkFails(trie: TrieNode): TrieNode[] {
  const ordered = [...trie.children.values()]
  for (const node of ordered) {
    for (const [symbolClass, child] of node.children) {
      let fail = node.fail
      while (fail !== null && !fail.children.has(symbolClass)) fail = fail.fail
      child.fail = fail?.children.get(symbolClass) ?? trie
      ordered.push(child)
    }
  }
  return ordered
}

function fill(built: { ordered: readonly TrieNode[]; bases: readonly number[]; size: number; root: Int32Array }): BuiltMachine {
  const { ordered, bases, size, root } = built
  const cells = new Int32Array(size * 4)
  const patternAt = new Int32Array(size).fill(-1)
  for (let state = 0; state < size; state += 1) cells[state * 4 + 1] = -1
  for (const node of ordered) {
    const cell = node.state * 4
    const fail = node.fail!.state
    const below = patternAt[fail]! >= 0 ? fail * 4 : cells[fail * 4 + 3]!
    patternAt[node.state] = node.pattern
    cells[cell] = bases[node.state]! * 4 + (node.pattern >= 0 || below !== 0 ? 1 : 0)
    cells[cell + 2] = fail * 4
    cells[cell + 3] = below
    for (const child of node.children.values()) cells[child.state * 4 + 1] = cell
  }
  return { machine: { cells, root }, patternAt }
}

/** Which cells are taken; cell 0 is the root's. First fit, with a path-compressed "next free cell" so that dense parts are leapt over. */
class Layout {
  readonly #nextFree: number[] = [1]
  readonly #classes: number
  #top = 0

  constructor(classes: number) {
    this.#classes = classes
  }

  /** Room enough that base + any class stays inside. */
  get size(): number {
    return this.#top + this.#classes + 1
  }

  takeCell(): number {
    const cell = this.#free(1)
    this.#take(cell)
    return cell
  }

  /** A base at which all these classes (ascending) fall on free cells, which are taken; 0 for none. */
  place(classes: readonly number[]): number {
    const first = classes[0]
    if (first === undefined) return 0
    for (let cell = this.#free(first); ; cell = this.#free(cell + 1)) {
      const base = cell - first
      if (classes.every((each) => this.#free(base + each) === base + each)) {
        for (const each of classes) this.#take(base + each)
        return base
      }
    }
  }

  #take(cell: number): void {
    this.#nextFree[cell] = cell + 1
    this.#top = Math.max(this.#top, cell)
  }

  /** The first free cell from this one on. */
  #free(from: number): number {
    let cell = from
    while (this.#nextFree[cell] !== undefined && this.#nextFree[cell] !== cell) cell = this.#nextFree[cell]!
    for (let step = from; step < cell;) {
      const next = this.#nextFree[step]!
      this.#nextFree[step] = cell
      step = next
    }
    return cell
  }
}
