// `node bench/src/micro-cascades.ts [nodes = 10000000] [--save]`: mentions/s a core through CascadeStore.add and settle while it fills and while it evicts, bytes a node, and a checkpoint.
//
// Shapes: 60 % of the mentions are on their own; the others are cascades whose sizes have a heavy tail (Pareto, α = 1.1, at most 100,000), which run at the same
// time. A repost names its parent: the root (half), or one of those before, mostly a late one; 3.5 % name a parent that comes later, 1.5 % one that never comes.
import { CascadeStore, type NodeFacts } from '@groundswell/engine/src/core/3-measure/cascades/cascade-store.ts'
import { StateReader, StateWriter } from '@groundswell/engine/src/core/state.ts'
import { mulberry32 } from './mulberry32.ts'
import { resultOf, saveResult } from './results.ts'

const nodesMax = Number(process.argv.slice(2).find((argument) => argument !== '--save') ?? 10_000_000)
const begin = 1_700_000_000_000
const quietSeconds = 172_800
const openMax = 20_000 // cascades that run at a time
const aheadMax = 1 << 16 // mentions made before they are timed
const recentMax = 64

interface Open { root: number; left: number; size: number; readonly recent: number[] }

/** Makes mentions into columns, `aheadMax` at a time, so that only the store is timed. Ids are numbers, their hashes those of a 64-bit mixer. */
class Traffic {
  readonly idLow = new Uint32Array(aheadMax)
  readonly idHigh = new Uint32Array(aheadMax)
  readonly parent = new Float64Array(aheadMax) // number of the mention; −1: none
  readonly root = new Float64Array(aheadMax)
  readonly at = new Float64Array(aheadMax)
  readonly author = new Uint32Array(aheadMax)
  readonly followers = new Float64Array(aheadMax)
  readonly bytes = new Uint8Array(aheadMax * 19)
  readonly #random = mulberry32(11)
  readonly #open: Open[] = []
  readonly #mentionsPerMs: number
  #made = 0

  constructor(mentionsPerMs: number) { this.#mentionsPerMs = mentionsPerMs }

  make(): void {
    for (let row = 0; row < aheadMax; row++) {
      const number = this.#made++
      const id = hash(number)
      this.idLow[row] = id.low
      this.idHigh[row] = id.high
      this.at[row] = begin + Math.floor(number / this.#mentionsPerMs)
      this.author[row] = Math.imul(Math.floor(this.#random() ** 2 * 5e6) + 1, 0x9e3779b1)
      this.followers[row] = this.#random() < 0.7 ? Math.floor(50 / (this.#random() + 1e-5)) : -1
      const text = String(1e18 + number * 4096).padStart(19, '0')
      for (let i = 0; i < 19; i++) this.bytes[row * 19 + i] = text.charCodeAt(i)
      this.#stand(row, number)
    }
  }

  #stand(row: number, number: number): void {
    const random = this.#random
    this.parent[row] = this.root[row] = -1
    if (random() < 0.6) return
    if (this.#open.length < openMax) {
      const size = Math.min(100_000, Math.floor(2 / (1 - random()) ** (1 / 1.1)))
      this.#open.push({ root: number, left: size - 1, size, recent: [number] })
      return
    }
    const which = Math.floor(random() * openMax)
    const cascade = this.#open[which]!
    this.root[row] = cascade.root
    this.parent[row] = random() < 0.05 ? (random() < 0.3 ? number + 3e9 : number + Math.floor(random() * 2e5)) : random() < 0.5 ? cascade.root : cascade.recent[Math.floor(random() * cascade.recent.length)]!
    if (cascade.recent.length < recentMax) cascade.recent.push(number)
    else cascade.recent[Math.floor(random() * recentMax)] = number
    if (--cascade.left > 0) return
    this.#open[which] = this.#open.at(-1)!
    this.#open.pop()
  }
}

function hash(number: number): { readonly low: number; readonly high: number } {
  const mix = (seed: number): number => {
    let bits = Math.imul(number ^ seed, 0x9e3779b1)
    bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b)
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
    return (bits ^ (bits >>> 16)) >>> 0
  }
  return { low: mix(1), high: mix(0x5bd1e995) }
}

const facts: NodeFacts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: 0, author: 0, followers: -1, platform: 0, sign: 0, flags: 1, topics: 1 }
const traffic = new Traffic(nodesMax / (24 * 3600 * 1000)) // full after a day
const namedLow = new Uint32Array(2 * aheadMax)
const namedHigh = new Uint32Array(2 * aheadMax)
const id = { bytes: traffic.bytes, start: 0, end: 0 }

/** Milliseconds of the core that the store took for the mentions made last. */
function timed(store: CascadeStore): number {
  for (let row = 0; row < aheadMax; row++) {
    for (const [place, number] of [[row, traffic.parent[row]!], [aheadMax + row, traffic.root[row]!]] as const) {
      const { low, high } = number < 0 ? { low: 0, high: 0 } : hash(number)
      namedLow[place] = low
      namedHigh[place] = high
    }
  }
  const took = coreMs(() => { for (let row = 0; row < aheadMax; row++) addRow(store, row) })
  evictedTrees += store.takeEvicted(String).length
  return took
}

function addRow(store: CascadeStore, row: number): void {
  facts.idLow = traffic.idLow[row]!
  facts.idHigh = traffic.idHigh[row]!
  facts.parentLow = namedLow[row]!
  facts.parentHigh = namedHigh[row]!
  facts.rootLow = namedLow[aheadMax + row]!
  facts.rootHigh = namedHigh[aheadMax + row]!
  facts.at = traffic.at[row]!
  facts.author = traffic.author[row]!
  facts.followers = traffic.followers[row]!
  facts.platform = row & 7
  facts.sign = (row % 3) - 1
  id.start = row * 19
  id.end = id.start + 19
  store.add(facts, id)
  if ((row & 1023) === 0) store.settle(Math.floor(facts.at / 1000))
}

let evictedTrees = 0
/** Bytes of the process outside the JavaScript heap, in which the store has nothing of size. */
const outsideHeap = (): number => process.memoryUsage().rss - process.memoryUsage().heapTotal
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20)
const perSecond = (mentions: number, ms: number): number => Math.round((mentions / ms) * 1000)

traffic.make()
const before = outsideHeap()
const store = new CascadeStore({ nodesMax, quietSeconds })
const filling = fill()
const bytes = outsideHeap() - before
const { nodes, trees, waiting } = store.counters
const full = { nodes, trees, treesOf16: [...store.roots(16)].length, waiting, bytesANode: Number((bytes / nodes).toFixed(1)), mebibytes: mebibytes(bytes) }
const evicting = evict()
const measured = { fillingMentionsPerSecond: filling, full, evicting, checkpoint: checkpoint() }
const result = resultOf('cascades', { nodesMax, quietSeconds }, measured)
console.log(JSON.stringify(result, null, 2))
if (process.argv.includes('--save')) console.log(saveResult(result))

/** Mentions a second of the core by how many nodes there were, up to the first eviction. */
function fill(): Record<string, number> {
  const steps: Record<string, number> = {}
  const step = Math.max(aheadMax, Math.floor(nodesMax / 10))
  let mentions = 0
  let ms = 0
  while (store.counters.evictedNodes === 0) {
    ms += timed(store)
    mentions += aheadMax
    traffic.make()
    if (mentions < step) continue
    steps[store.counters.nodes] = perSecond(mentions, ms)
    mentions = ms = 0
  }
  return steps
}

function evict(): Record<string, number> {
  let ms = 0
  let mentions = 0
  for (evictedTrees = 0; mentions < nodesMax / 4; mentions += aheadMax) {
    ms += timed(store)
    traffic.make()
  }
  return { mentionsPerSecond: perSecond(mentions, ms), mentions, evictedTrees, mebibytes: mebibytes(outsideHeap() - before) }
}

function checkpoint(): Record<string, number> {
  const out = new StateWriter(nodesMax * 110)
  store.save(out) // touches the room
  out.restart()
  const saveMs = coreMs(() => store.save(out))
  const other = new CascadeStore({ nodesMax, quietSeconds })
  const loadMs = coreMs(() => other.load(new StateReader(out.written)))
  return { mebibytes: mebibytes(out.written.length), saveMs: Math.round(saveMs), loadMs: Math.round(loadMs), nodes: other.counters.nodes }
}

/** Milliseconds of the core. */
function coreMs(work: () => void): number {
  const start = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1000
}
