// Who would be missing had an account not spoken: what hangs below it, less what would have come by another way.
//
// Platforms name one parent, though people had often seen the same from others too, and credit goes to whoever came first (DeVerna et al. 2024; how
// far credit by the tree alone misleads: Pei et al. 2014). A mention below the account would have come anyway with chance κ · e, where e is the share of
// what called for it at its moment (`exposure`) that lay outside the account's part of the tree. κ is how far audiences overlap: 0 where nobody who followed the account could see the others, 1 where
// everybody could. Nothing in a tree tells it, so it is taken as what it is in simulated networks, which is most of the width
// of the interval; as it is often 0 there, the upper end is all that hangs below. Who comes anyway brings all below it; of whom
// does not come each may still come by another way. Leaves miss nobody, and the root everybody.
import { densities, exposures, exposuresAt } from './exposure.ts'
import { shareUntil, type GenerationInterval } from './generation-interval.ts'

/** What κ is in simulated networks of people, from sparse ones to crowds where all who care follow several who speak (test of `spreaders`): mostly little. */
const overlaps = [{ kappa: 0, weight: 0.4 }, { kappa: 0.1, weight: 0.2 }, { kappa: 0.35, weight: 0.25 }, { kappa: 0.8, weight: 0.15 }] as const
const eightyPercent = 1.2816
/** Exposure is a matter of the moment: below accounts with more mentions it is worked out at so many of them, evenly by rank, and holds until the next. */
const momentsMax = 512
/** Shape of the gamma by which mentions differ in what they draw, and what one draws on average, as over all trees: a mention that drew much is known to reach many. */
const drawing = { evenness: 0.1, mean: 0.4 } as const

export interface Grown {
  readonly times: Float64Array // ascending, of all nodes
  readonly parent: Int32Array
  readonly order: Int32Array // nodes so that each stands before all below it, and these right behind it
  readonly place: Int32Array // of a node in `order`
  readonly subtree: Int32Array
  readonly now: number
}
export interface Missing { readonly share: number; readonly low: number; readonly high: number }

/** What each node is likely to draw, from what it has drawn and how much of its time is over (gamma posterior). */
export function drawingPower({ times, parent, now }: Pick<Grown, 'times' | 'parent' | 'now'>, interval: GenerationInterval): Float64Array {
  const drawn = new Float64Array(times.length)
  for (const above of parent) if (above >= 0) drawn[above]!++
  return drawn.map((reposts, node) => (drawing.evenness + reposts) / (drawing.evenness / drawing.mean + shareUntil(interval, now - times[node]!)))
}

export class WithoutAccount {
  readonly #tree: Grown
  readonly #density: Float64Array
  readonly #power: Float64Array
  readonly #all: Float64Array // exposure of each node to the whole tree
  // By node, below it if it does not come: who comes anyway, the variance of that, and all mentions of others. Cleared by whoever has read it.
  readonly #kept: Float64Array
  readonly #variances: Float64Array
  readonly #others: Float64Array

  constructor(tree: Grown, interval: GenerationInterval) {
    this.#tree = tree
    this.#density = densities(interval)
    this.#power = drawingPower(tree, interval)
    const size = tree.parent.length
    this.#kept = new Float64Array(size)
    this.#variances = new Float64Array(size)
    this.#others = new Float64Array(size)
    this.#all = exposures({ times: tree.times, weights: this.#power, density: this.#density })
  }

  /** `tops`: the account's mentions that are not below another of its own; `own`: all of them. The share is of the mentions of others. O(what is below them × bins). */
  of(tops: readonly number[], own: ReadonlySet<number>): Missing {
    const below = this.#below(tops), others = this.#tree.parent.length - own.size
    if (others === 0 || below.length === own.size) return { share: 0, low: 0, high: 0 }
    const outside = this.#outside(below)
    let share = 0, squares = 0
    for (const { kappa, weight } of overlaps) {
      const { mean, variance } = kappa === 0 ? { mean: below.length - own.size, variance: 0 } : this.#missing(tops, own, outside, kappa)
      share += (weight * mean) / others
      squares += (weight * (variance + mean ** 2)) / others ** 2
    }
    const sd = Math.sqrt(Math.max(0, squares - share ** 2)), most = (below.length - own.size) / others
    return { share, low: Math.max(0, share - eightyPercent * sd), high: most }
  }

  /** All nodes of these subtrees, by time. */
  #below(tops: readonly number[]): Int32Array {
    const { order, place, subtree, parent } = this.#tree, is = new Uint8Array(parent.length)
    let count = 0
    for (const top of tops) {
      for (let at = place[top]!; at < place[top]! + subtree[top]!; at++) is[order[at]!] = 1
      count += subtree[top]!
    }
    const below = new Int32Array(count)
    for (let node = 0, filled = 0; filled < count; node++) if (is[node] === 1) below[filled++] = node
    return below
  }

  /** For each node of `below` the share of its exposure that lies outside; by node. */
  #outside(below: Int32Array): Float64Array {
    const times = new Float64Array(below.length), weights = new Float64Array(below.length), outside = new Float64Array(this.#tree.parent.length)
    below.forEach((node, i) => {
      times[i] = this.#tree.times[node]!
      weights[i] = this.#power[node]!
    })
    const every = Math.max(1, below.length / momentsMax), moments = Int32Array.from({ length: Math.ceil(below.length / every) }, (_, i) => Math.floor(i * every))
    const inside = exposuresAt({ times, weights, density: this.#density }, moments)
    for (let i = 0, moment = 0; i < below.length; i++) {
      if (moment + 1 < moments.length && moments[moment + 1]! <= i) moment++
      const all = this.#all[below[moments[moment]!]!]!
      outside[below[i]!] = all > 0 ? Math.max(0, 1 - inside[moment]! / all) : 0
    }
    return outside
  }

  /** Mentions of others that would be missing, from the leaves up. `own` ones never come. */
  #missing(tops: readonly number[], own: ReadonlySet<number>, outside: Float64Array, kappa: number): { readonly mean: number; readonly variance: number } {
    const { order, place, subtree, parent } = this.#tree, kept = this.#kept, variances = this.#variances, others = this.#others
    let mean = 0, variance = 0
    for (const top of tops) {
      for (let at = place[top]! + subtree[top]! - 1; at >= place[top]!; at--) {
        const node = order[at]!, isOwn = own.has(node), anyway = isOwn ? 0 : kappa * outside[node]!
        const count = others[node]! + (isOwn ? 0 : 1), keeps = anyway * count + (1 - anyway) * kept[node]!
        const varies = anyway * count ** 2 + (1 - anyway) * (variances[node]! + kept[node]! ** 2) - keeps ** 2
        others[node] = kept[node] = variances[node] = 0
        if (node === top) {
          mean += count - keeps
          variance += varies
        } else {
          others[parent[node]!]! += count
          kept[parent[node]!]! += keeps
          variances[parent[node]!]! += varies
        }
      }
    }
    return { mean, variance }
  }
}
