// What may be asked of the cascades in memory: lists, one of them, its tree. It reads and changes nothing; what may take long is done in pieces.
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import { IdHash } from './1-decode/hash.ts'
import type { CascadeStore } from './3-measure/cascades/cascade-store.ts'
import type { CascadeTree } from './3-measure/cascades/cascade-tree.ts'
import { isForgottenName } from './3-measure/cascades/forgotten-name.ts'
import { isoMs } from './4-detect/spread/seen-part.ts'

/** All that lists show of a cascade and no estimate; `lastHour` counts back from the event clock. */
export type LiveCascadeRow = Omit<CascadeRow, 'live' | 'reproduction'>

export interface LiveQuestion {
  readonly by: 'size' | 'speed' // mentions in all, or of the last hour
  readonly topic: string | null // null: any
  readonly platform: string | null // any mention of it is on this platform; null: any
  readonly fromMs: number | null // last spoken of then or later, event time; null: whenever
  readonly toMs: number | null // its first mention is before
  readonly max: number
}

/** Work that may be left between two pieces while the engine goes on; it is to be taken to its end. */
export type Pieces<Answer> = Generator<undefined, Answer, undefined>

export interface LiveCascades {
  /** At most `max` cascades of two mentions or more, the most first. Of trees of fewer than 16 only the 100,000 spoken of last are looked at. */
  rankCascades(question: LiveQuestion): Pieces<LiveCascadeRow[]>
  /** The cascade under this root; null: nothing in memory has this id and is a root. Takes a walk of the tree where it was spoken of within the hour. */
  cascade(root: string): LiveCascadeRow | null
  /** Mentions of it; null as above. Takes no time. */
  sizeOf(root: string): number | null
  /** Event time of its root, ms; null as above. Takes no time. */
  rootAtOf(root: string): number | null
  /** Its tree as it is when it is asked for, columns of a large one in shared memory; null as above. */
  cascadeTree(root: string): Pieces<CascadeTree | null>
  /** The root above a mention in memory, itself where it is one; null: it is not here. */
  rootOf(mention: string): string | null
}

export interface LiveSources {
  readonly store: CascadeStore
  readonly clock: () => number // second of the event clock, −1: there is none yet
  readonly platformName: (platform: number) => string
  readonly topicsOf: (set: number) => readonly string[]
}

const rowSizeMin = 16 // the store measures trees from here on as they grow
const smallLooked = 100_000
const pieceNodes = 50_000 // between two pieces
const readTriesMax = 5 // then a tree in which subtrees move again and again is read in one go
const hourMs = 3_600_000

interface Candidate { readonly root: number; readonly low: number; readonly high: number; readonly size: number }

export class CascadesInMemory implements LiveCascades {
  readonly #from: LiveSources
  readonly #hash = new IdHash()

  constructor(from: LiveSources) { this.#from = from }

  * rankCascades(question: LiveQuestion): Pieces<LiveCascadeRow[]> {
    const { by, max } = question
    const best: LiveCascadeRow[] = []
    const count = (row: LiveCascadeRow): number => (by === 'size' ? row.size : row.lastHour)
    let walked = 0
    for (const candidate of this.#candidates(question)) {
      // Largest first: no later one can have more of the last hour than it has at all.
      if (best.length === max && (by === 'size' || count(best.at(-1)!) >= candidate.size)) break
      if (walked > pieceNodes) {
        yield
        walked = 0
      }
      walked += Math.min(candidate.size, pieceNodes) + rowSizeMin
      const row = this.#rowIfStill(candidate, question)
      if (row === null || count(row) === 0) continue
      const at = best.findLastIndex((other) => count(other) >= count(row)) + 1
      best.splice(at, 0, row)
      if (best.length > max) best.pop()
    }
    return best
  }

  cascade(name: string): LiveCascadeRow | null {
    const root = this.#find(name)
    return root === null ? null : this.#row(root)
  }

  sizeOf(name: string): number | null {
    const root = this.#find(name)
    return root === null ? null : this.#from.store.subtreeOf(root)
  }

  rootAtOf(name: string): number | null {
    const root = this.#find(name)
    return root === null ? null : this.#from.store.atOf(root)
  }

  * cascadeTree(name: string): Pieces<CascadeTree | null> {
    for (let tries = 1; ; tries++) {
      const root = this.#find(name)
      if (root === null) return null
      const { store, platformName } = this.#from
      const tree = tries > readTriesMax ? store.treeOf(root, platformName) : yield* store.treeInPieces(root, platformName)
      if (tree) return { ...tree, root: nameOfRoot(tree.root, tree.idLow[0]!, tree.idHigh[0]!) }
    }
  }

  rootOf(mention: string): string | null {
    const node = this.#node(mention)
    return node < 0 ? null : this.#name(this.#from.store.rootOf(node))
  }

  /** Largest first, of one size the one spoken of last; with what tells from the roots alone sorted out. */
  #candidates({ by, topic, fromMs, max }: LiveQuestion): readonly Candidate[] {
    const { store } = this.#from
    const since = Math.max(by === 'speed' ? this.#from.clock() - hourMs / 1000 : 0, fromMs === null ? 0 : Math.floor(fromMs / 1000))
    const ofTopic = this.#ofTopic(topic)
    const found: Candidate[] = []
    const look = (root: number): void => {
      if (store.lastOf(root) >= since && ofTopic(store.topicsOf(root))) found.push({ root, low: store.idLowOf(root), high: store.idHighOf(root), size: store.subtreeOf(root) })
    }
    for (const root of store.roots(rowSizeMin)) look(root)
    if (by === 'speed' || found.length < max) {
      let looked = 0
      for (const root of store.roots(2)) {
        if (store.subtreeOf(root) < rowSizeMin) look(root)
        if (++looked === smallLooked || store.lastOf(root) < since) break
      }
    }
    return found.sort((a, b) => b.size - a.size || store.lastOf(b.root) - store.lastOf(a.root))
  }

  #ofTopic(topic: string | null): (set: number) => boolean {
    if (topic === null) return () => true
    const known = new Map<number, boolean>()
    return (set) => {
      const had = known.get(set)
      if (had !== undefined) return had
      const has = this.#from.topicsOf(set).includes(topic)
      known.set(set, has)
      return has
    }
  }

  /** Between two pieces a tree may have been evicted, or have come under another. */
  #rowIfStill({ root, low, high }: Candidate, { platform, toMs }: LiveQuestion): LiveCascadeRow | null {
    const { store } = this.#from
    if (store.find(low, high) !== root || store.parentOf(root) >= 0) return null
    return this.#row(root, (measures) => (toMs === null || measures.firstAt < toMs) && (platform === null || measures.platforms.some((one) => this.#from.platformName(one.platform) === platform)))
  }

  #row(root: number): LiveCascadeRow
  #row(root: number, isAsked: (measures: ReturnType<CascadeStore['measuresOf']>) => boolean): LiveCascadeRow | null
  #row(root: number, isAsked: (measures: ReturnType<CascadeStore['measuresOf']>) => boolean = () => true): LiveCascadeRow | null {
    const { store, platformName, topicsOf } = this.#from
    const measures = store.measuresOf(root)
    if (!isAsked(measures)) return null
    const { size, depth, maxBreadth, leaves, structuralVirality, firstAt, lastAt, reach, authors, followersKnown, withText, negative, neutral, positive, unknownEdges } = measures
    const platforms = measures.platforms.map(({ platform, mentions, firstAt: at }) => ({ platform: platformName(platform), mentions, at })).sort((a, b) => a.at - b.at || (a.platform < b.platform ? -1 : 1))
    return {
      root: this.#name(root), size, depth, maxBreadth, leaves, structuralVirality, durationSeconds: (lastAt - firstAt) / 1000, reach, firstAt: isoMs(firstAt), lastAt: isoMs(lastAt),
      authors, followersKnownShare: followersKnown / size, textShare: withText / size, negative, neutral, positive, unknownEdges, lastHour: this.#lastHour(root),
      topics: [...topicsOf(store.topicsOf(root))], platforms: platforms.map(({ platform, mentions, at }) => ({ platform, mentions, firstAt: isoMs(at), lagSeconds: (at - firstAt) / 1000 })),
    }
  }

  #lastHour(root: number): number {
    const { store } = this.#from
    const since = this.#from.clock() * 1000 + 1000 - hourMs
    if (store.lastOf(root) * 1000 + 1000 <= since) return 0
    let count = 0
    for (const node of store.nodesOf(root)) if (store.atOf(node) >= since) count++
    return count
  }

  #name(root: number): string {
    const { store } = this.#from
    return nameOfRoot(store.idOf(root), store.idLowOf(root), store.idHighOf(root))
  }

  #find(name: string): number | null {
    const node = isForgottenName(name) ? this.#forgotten(name) : this.#node(name)
    return node < 0 || this.#from.store.parentOf(node) >= 0 ? null : node
  }

  /** −1: it is not here, or is forgotten. */
  #node(name: string): number {
    const said = hashOfName(name)
    if (said === null) this.#hash.ofText(name)
    const { low, high } = said ?? this.#hash
    const node = this.#from.store.find(low, high)
    return node > 0 && this.#from.store.isForgotten(node) ? -1 : node
  }

  /** A root by the name that it has instead of its id. Few are forgotten. */
  #forgotten(name: string): number {
    const { store } = this.#from
    return store.forgottenNodes.find((node) => store.parentOf(node) < 0 && store.idOf(node) === name) ?? -1
  }
}

/** A root whose id is not kept as text is named by its hash. */
export function nameOfRoot(id: string, low: number, high: number): string {
  return id === '' ? `hash:${hex(high)}${hex(low)}` : id
}

/** The hash that such a name says; null: it is an id. */
export function hashOfName(name: string): { readonly low: number; readonly high: number } | null {
  return /^hash:[0-9a-f]{16}$/.test(name) ? { high: Number.parseInt(name.slice(5, 13), 16), low: Number.parseInt(name.slice(13), 16) } : null
}

const hex = (word: number): string => word.toString(16).padStart(8, '0')
