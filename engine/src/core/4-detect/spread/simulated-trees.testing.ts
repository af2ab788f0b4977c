// Trees of known reproduction for tests: a self-exciting process (Hawkes & Oakes 1974) whose mentions draw unevenly and whose R may change at a moment.
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { binEnds, type GenerationPrior } from './generation-interval.ts'

export interface Simulation {
  readonly R: (ms: number) => number // at a moment after the root; at most `most`
  readonly most: number
  readonly evenness: number // shape of the gamma by which what mentions draw differs; Infinity: all alike
  readonly delays: GenerationPrior // times `slower`
  readonly slower: number
  readonly untilMs: number
  readonly sizeMax: number
  readonly random: () => number
}

/** All mentions up to `untilMs`, or the first `sizeMax`; null where there are more than `sizeMax`. */
export function simulatedTree(simulation: Simulation): CascadeTree | null {
  const { R, most, evenness, untilMs, sizeMax, random } = simulation
  const nodes = [{ at: 0, parent: -1 }]
  for (let i = 0; i < nodes.length; i++) {
    const mean = most * (evenness === Infinity ? 1 : gamma(evenness, random) / evenness)
    for (let left = poisson(mean, random); left > 0; left--) {
      const at = nodes[i]!.at + delay(simulation)
      if (at <= untilMs && random() < R(at) / most) nodes.push({ at, parent: i })
    }
    if (nodes.length > sizeMax) return null
  }
  return treeOf(nodes)
}

/** A tree of these nodes, in any order but the root first; what is not given is absent. */
export function treeOf(nodes: readonly { readonly at: number; readonly parent: number; readonly author?: number; readonly followers?: number; readonly platform?: number; readonly unknown?: boolean }[], platforms: readonly string[] = ['weibo', 'x', 'y']): CascadeTree {
  const order = nodes.map((_, i) => i).sort((a, b) => Number(b === 0) - Number(a === 0) || nodes[a]!.at - nodes[b]!.at || a - b)
  const place = new Map(order.map((from, to) => [from, to])), of = (pick: (node: (typeof nodes)[number]) => number): number[] => order.map((from) => pick(nodes[from]!))
  return {
    root: 'root', size: nodes.length, parent: Int32Array.from(of(({ parent }) => (parent < 0 ? -1 : place.get(parent)!))), at: Float64Array.from(of(({ at }) => at)), followers: Float64Array.from(of(({ followers }) => followers ?? -1)),
    author: Uint32Array.from(of(({ author }) => author ?? 0)), platform: Uint8Array.from(of(({ platform }) => platform ?? 0)), platforms, sign: new Int8Array(nodes.length),
    flags: Uint8Array.from(of(({ unknown }) => (unknown === true ? 4 : 0))), idLow: Uint32Array.from(order), idHigh: new Uint32Array(nodes.length),
  }
}

function delay({ delays: { shares }, slower, random }: Simulation): number {
  let left = random(), bin = 0
  while (bin < shares.length - 1 && left >= shares[bin]!) left -= shares[bin++]!
  const from = bin === 0 ? 0 : binEnds[bin - 1]!
  return slower * (from + random() * (binEnds[bin]! - from))
}

/** Knuth's product, in parts that do not underflow. */
export function poisson(mean: number, random: () => number): number {
  let count = 0
  for (let left = mean; left > 0; left -= 30) {
    const limit = Math.exp(-Math.min(30, left))
    for (let product = random(); product > limit; product *= random()) count++
  }
  return count
}

/** Marsaglia & Tsang, 2000; mean `shape`. */
export function gamma(shape: number, random: () => number): number {
  if (shape < 1) return gamma(shape + 1, random) * random() ** (1 / shape)
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random), v = (1 + c * x) ** 3
    if (v > 0 && Math.log(random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Box & Muller, 1958. */
export function normal(random: () => number): number { return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) }
