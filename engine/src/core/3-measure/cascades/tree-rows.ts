// What is kept of a larger tree so that nobody has to walk it: counts, sums, mentions by generation, authors, platforms. A row is filled by a walk, and every
// mention that joins is added to it; a row whose tree has lost a part is worked out anew before it is read.
import { BlockPool } from './block-pool.ts'
import { addDistinct, countDistinct, giveDistinct, noneYet, type Distinct } from './distinct.ts'
import { word, type Nodes } from './nodes.ts'
import { nodeFlags } from './cascade-tree.ts'

export interface PlatformMeasure { readonly platform: number; readonly mentions: number; readonly firstAt: number }

/** Of a tree; times are ms, −1 stands for what is not known. */
export interface TreeMeasures {
  readonly root: number
  readonly size: number
  readonly depth: number
  readonly maxBreadth: number
  readonly leaves: number
  readonly subtreeSum: number // over all but the root
  readonly subtreeSquares: number
  readonly structuralVirality: number
  readonly rootAt: number
  readonly firstAt: number
  readonly lastAt: number
  readonly reach: number // sum of the followers that are known
  readonly followersKnown: number // mentions
  readonly spreaderFollowersMax: number // without the root
  readonly withText: number
  readonly negative: number
  readonly neutral: number
  readonly positive: number
  readonly authors: number // exact up to 2,048
  readonly platforms: readonly PlatformMeasure[] // as they came
  readonly unknownEdges: number
  readonly topics: number
}

const floats = { sum: 0, squares: 1, firstAt: 2, lastAt: 3, reach: 4, spreaderMax: 5, stride: 6 } as const
const counts = {
  root: 0, followersKnown: 1, withText: 2, signs: 3, /* three */ leaves: 6, unknownEdges: 7, stale: 8, maxBreadth: 9, // 0: to be worked out
  generations: 10, generationsRoom: 11, depth: 12, authors: 13, authorsSlots: 14, authorsCount: 15, platforms: 16, platformsCount: 17, stride: 18,
} as const
const platformWords = 4 // number, mentions, first ms as a float

export class TreeRows {
  readonly #nodes: Nodes
  readonly #pool: BlockPool
  readonly #max: number
  readonly #floats: Float64Array
  readonly #counts: Uint32Array
  #top = 0
  #free = 0 // linked by root
  readonly #authors = noneYet()
  readonly #millis = new Float64Array(1)
  readonly #millisWords = new Uint32Array(this.#millis.buffer)

  constructor(nodes: Nodes, { rowsMax, wordsMax }: { readonly rowsMax: number; readonly wordsMax: number }) {
    this.#nodes = nodes
    this.#max = rowsMax
    this.#pool = new BlockPool(wordsMax)
    this.#floats = new Float64Array((rowsMax + 1) * floats.stride)
    this.#counts = new Uint32Array((rowsMax + 1) * counts.stride)
  }

  /** A row of the tree as it is; 0: there is no room for it. */
  create(root: number): number {
    if (this.#free === 0 && this.#top === this.#max) return 0
    const row = this.#free === 0 ? ++this.#top : this.#free
    if (row === this.#free) this.#free = this.#counts[row * counts.stride + counts.root]!
    this.#counts.fill(0, row * counts.stride, (row + 1) * counts.stride)
    if (this.#fill(row, root)) return row
    this.release(row)
    return 0
  }

  release(row: number): void {
    this.#empty(row)
    this.#counts[row * counts.stride + counts.root] = this.#free
    this.#counts[row * counts.stride + counts.stale] = 2 // free
    this.#free = row
  }

  lastAt(row: number): number { return this.#floats[row * floats.stride + floats.lastAt]! }

  /** Its tree lost a part. */
  spoil(row: number): void { this.#counts[row * counts.stride + counts.stale] = 1 }

  /** Adds a node and what is under it, `depth` generations below the root. False: there is no room, and the row is to be released. */
  addBelow(row: number, top: number, depth: number): boolean {
    const nodes = this.#nodes
    let at = depth
    for (let node = top; node !== 0; node = nodes.after(node, top), at += nodes.steps) if (!this.#add(row, node, at)) return false
    return true
  }

  /** A subtree goes from one generation to another of the same tree. */
  shift(row: number, top: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
    const nodes = this.#nodes
    if (from === to) return true
    let at = from
    for (let node = top; node !== 0; node = nodes.after(node, top), at += nodes.steps) this.#pool.words[this.#counts[row * counts.stride + counts.generations]! + at]!--
    at = to
    for (let node = top; node !== 0; node = nodes.after(node, top), at += nodes.steps) if (!this.#toGeneration(row, at)) return false
    const base = row * counts.stride
    const generations = this.#counts[base + counts.generations]!
    while (this.#pool.words[generations + this.#counts[base + counts.depth]!] === 0) this.#counts[base + counts.depth]!--
    this.#counts[base + counts.maxBreadth] = 0
    return true
  }

  addSums(row: number, sum: number, squares: number): void {
    this.#floats[row * floats.stride + floats.sum]! += sum
    this.#floats[row * floats.stride + floats.squares]! += squares
  }

  addLeaves(row: number, leaves: number): void { this.#counts[row * counts.stride + counts.leaves]! += leaves }
  addUnknownEdges(row: number, edges: number): void { this.#counts[row * counts.stride + counts.unknownEdges]! += edges }

  /** Null: there was no room to work it out anew. */
  measures(row: number): TreeMeasures | null {
    const base = row * counts.stride
    const root = this.#counts[base + counts.root]!
    if (this.#counts[base + counts.stale] === 1) {
      const lastAt = this.lastAt(row)
      if (!this.#fill(row, root)) {
        this.#floats[row * floats.stride + floats.lastAt] = lastAt
        return null
      }
    }
    const float = (field: number): number => this.#floats[row * floats.stride + field]!
    const count = (field: number): number => this.#counts[base + field]!
    const size = this.#nodes.subtree(root)
    const sum = float(floats.sum)
    const squares = float(floats.squares)
    return {
      root, size, depth: count(counts.depth), maxBreadth: this.#maxBreadth(base), leaves: count(counts.leaves),
      subtreeSum: sum, subtreeSquares: squares, structuralVirality: size < 2 ? 0 : (2 * (size * sum - squares)) / (size * (size - 1)),
      rootAt: this.#nodes.at(root), firstAt: float(floats.firstAt), lastAt: float(floats.lastAt),
      reach: float(floats.reach), followersKnown: count(counts.followersKnown), spreaderFollowersMax: float(floats.spreaderMax),
      withText: count(counts.withText), negative: count(counts.signs), neutral: count(counts.signs + 1), positive: count(counts.signs + 2),
      authors: this.#countAuthors(base), platforms: this.#platforms(base), unknownEdges: count(counts.unknownEdges), topics: this.#nodes.get(root, word.topics),
    }
  }

  /** Roots of the rows in use. */
  * roots(): Generator<number> {
    for (let row = 1; row <= this.#top; row++) if (this.#counts[row * counts.stride + counts.stale] !== 2) yield this.#counts[row * counts.stride + counts.root]!
  }

  #fill(row: number, root: number): boolean {
    this.#empty(row)
    this.#floats.fill(0, row * floats.stride, (row + 1) * floats.stride)
    this.#floats[row * floats.stride + floats.firstAt] = Infinity
    this.#floats[row * floats.stride + floats.lastAt] = -Infinity
    this.#floats[row * floats.stride + floats.spreaderMax] = -1
    this.#counts[row * counts.stride + counts.root] = root
    return this.addBelow(row, root, 0)
  }

  #empty(row: number): void {
    const base = row * counts.stride
    const count = this.#counts
    if (count[base + counts.generationsRoom] !== 0) this.#pool.give(count[base + counts.generations]!, count[base + counts.generationsRoom]!)
    giveDistinct(this.#pool, this.#readAuthors(base))
    if (count[base + counts.platforms] !== 0) this.#pool.give(count[base + counts.platforms]!, roomOf(count[base + counts.platformsCount]!) * platformWords)
    count.fill(0, base, base + counts.stride)
  }

  #add(row: number, node: number, depth: number): boolean {
    const nodes = this.#nodes
    const base = row * counts.stride
    const float = row * floats.stride
    const flags = nodes.flags(node)
    const at = nodes.at(node)
    const followers = nodes.followers(node)
    if (at < this.#floats[float + floats.firstAt]!) this.#floats[float + floats.firstAt] = at
    if (at > this.#floats[float + floats.lastAt]!) this.#floats[float + floats.lastAt] = at
    if (followers >= 0) {
      this.#floats[float + floats.reach]! += followers
      this.#counts[base + counts.followersKnown]!++
    }
    if (depth > 0) {
      const below = nodes.subtree(node)
      this.#floats[float + floats.sum]! += below
      this.#floats[float + floats.squares]! += below * below
      if (followers > this.#floats[float + floats.spreaderMax]!) this.#floats[float + floats.spreaderMax] = followers
      if ((flags & nodeFlags.unknownEdge) !== 0) this.#counts[base + counts.unknownEdges]!++
    }
    if ((flags & nodeFlags.hasText) !== 0) this.#counts[base + counts.withText]!++
    if (nodes.get(node, word.first) === 0) this.#counts[base + counts.leaves]!++
    this.#counts[base + counts.signs + 1 + nodes.sign(node)]!++
    return this.#toGeneration(row, depth) && this.#addAuthor(base, nodes.author(node)) && this.#addPlatform(base, nodes.platform(node), at)
  }

  #toGeneration(row: number, depth: number): boolean {
    const base = row * counts.stride
    const room = this.#counts[base + counts.generationsRoom]!
    if (depth >= room) {
      const larger = Math.max(4, room * 2, 2 ** (32 - Math.clz32(depth)))
      const block = this.#pool.take(larger)
      if (block === 0) return false
      const old = this.#counts[base + counts.generations]!
      this.#pool.words.fill(0, block + room, block + larger)
      this.#pool.words.copyWithin(block, old, old + room)
      if (room !== 0) this.#pool.give(old, room)
      this.#counts[base + counts.generations] = block
      this.#counts[base + counts.generationsRoom] = larger
    }
    const breadth = ++this.#pool.words[this.#counts[base + counts.generations]! + depth]!
    if (depth > this.#counts[base + counts.depth]!) this.#counts[base + counts.depth] = depth
    const most = this.#counts[base + counts.maxBreadth]!
    if (most !== 0 ? breadth > most : depth === 0) this.#counts[base + counts.maxBreadth] = breadth
    return true
  }

  #maxBreadth(base: number): number {
    const known = this.#counts[base + counts.maxBreadth]!
    if (known !== 0) return known
    const generations = this.#counts[base + counts.generations]!
    let most = 0
    for (let at = generations; at <= generations + this.#counts[base + counts.depth]!; at++) most = Math.max(most, this.#pool.words[at]!)
    this.#counts[base + counts.maxBreadth] = most
    return most
  }

  #readAuthors(base: number): Distinct {
    const authors = this.#authors
    authors.block = this.#counts[base + counts.authors]!
    authors.slots = this.#counts[base + counts.authorsSlots]! | 0
    authors.count = this.#counts[base + counts.authorsCount]! | 0
    return authors
  }

  #addAuthor(base: number, author: number): boolean {
    const authors = this.#readAuthors(base)
    const done = addDistinct(this.#pool, authors, author)
    this.#counts[base + counts.authors] = authors.block
    this.#counts[base + counts.authorsSlots] = authors.slots
    this.#counts[base + counts.authorsCount] = authors.count
    return done
  }

  #countAuthors(base: number): number {
    const count = countDistinct(this.#pool, this.#readAuthors(base))
    this.#counts[base + counts.authorsCount] = count
    return count
  }

  #addPlatform(base: number, platform: number, at: number): boolean {
    const words = this.#pool.words
    const count = this.#counts[base + counts.platformsCount]!
    let entry = this.#counts[base + counts.platforms]!
    const end = entry + count * platformWords
    while (entry < end && words[entry] !== platform) entry += platformWords
    if (entry < end) {
      words[entry + 1]!++
      if (at < this.#readMillis(entry)) this.#writeMillis(entry, at)
      return true
    }
    if (count === 0 || roomOf(count + 1) > roomOf(count)) {
      const block = this.#pool.take(roomOf(count + 1) * platformWords)
      if (block === 0) return false
      const old = this.#counts[base + counts.platforms]!
      words.copyWithin(block, old, end)
      if (count > 0) this.#pool.give(old, roomOf(count) * platformWords)
      this.#counts[base + counts.platforms] = block
      entry = block + count * platformWords
    }
    this.#counts[base + counts.platformsCount] = count + 1
    words[entry] = platform
    words[entry + 1] = 1
    this.#writeMillis(entry, at)
    return true
  }

  #platforms(base: number): PlatformMeasure[] {
    const first = this.#counts[base + counts.platforms]!
    const platforms = Array.from({ length: this.#counts[base + counts.platformsCount]! }, (_, i) => {
      const entry = first + i * platformWords
      return { platform: this.#pool.words[entry]!, mentions: this.#pool.words[entry + 1]!, firstAt: this.#readMillis(entry) }
    })
    return platforms.sort((a, b) => a.firstAt - b.firstAt || a.platform - b.platform)
  }

  #readMillis(entry: number): number {
    this.#millisWords[0] = this.#pool.words[entry + 2]!
    this.#millisWords[1] = this.#pool.words[entry + 3]!
    return this.#millis[0]!
  }

  #writeMillis(entry: number, at: number): void {
    this.#millis[0] = at
    this.#pool.words[entry + 2] = this.#millisWords[0]!
    this.#pool.words[entry + 3] = this.#millisWords[1]!
  }
}

/** Platforms that there is room for where there are so many. */
const roomOf = (count: number): number => Math.max(2, 2 ** (32 - Math.clz32(count - 1)))
