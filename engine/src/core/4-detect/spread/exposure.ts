// How strongly the mentions before it called for a mention: what each draws, times how often a repost comes that long after (a self-exciting intensity, Hawkes 1971; of cascades: Zhao et al. 2015).
//
// The generation interval is flat within a bin of delays, so the sum over all earlier mentions is one sliding window a bin over running sums, and the
// strongest of them one sliding maximum: exact in O(mentions × bins), however far back they lie.
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { binEnds, delayBins, type GenerationInterval } from './generation-interval.ts'

/** Times of the first `seen` nodes, ascending: the root is put before whoever has an earlier clock. */
export function ascendingTimes({ at }: CascadeTree, seen: number): Float64Array {
  const times = at.slice(0, seen)
  if (seen > 1) times[0] = Math.min(times[0]!, times[1]!)
  return times
}

/** Reposts per ms in each bin, of one repost in all. */
export function densities({ cumulative }: GenerationInterval): Float64Array {
  return cumulative.map((until, bin) => (bin === 0 ? until / binEnds[0]! : (until - cumulative[bin - 1]!) / (binEnds[bin]! - binEnds[bin - 1]!)))
}

export interface Calling { readonly times: Float64Array; readonly weights: Float64Array; readonly density: Float64Array } // times ascend; a weight each

/** For each mention the sum over those before it in the array. */
export function exposures({ times, weights, density }: Calling): Float64Array {
  const size = times.length, sums = new Float64Array(size), running = new Float64Array(size + 1)
  for (let i = 0; i < size; i++) running[i + 1] = running[i]! + weights[i]!
  for (let bin = 0; bin < delayBins; bin++) {
    const from = bin === 0 ? 0 : binEnds[bin - 1]!, until = bin === delayBins - 1 ? Infinity : binEnds[bin]!
    for (let i = 0, oldest = 0, newest = 0; i < size; i++) { // delays in [from, until): the mentions oldest … newest − 1
      while (times[i]! - times[oldest]! >= until) oldest++
      while (newest < i && times[i]! - times[newest]! >= from) newest++
      if (newest > oldest) sums[i]! += density[bin]! * (running[newest]! - running[oldest]!)
    }
  }
  return sums
}

/** The same for some mentions alone, by ascending place in the array: O(places × bins × log mentions). */
export function exposuresAt({ times, weights, density }: Calling, places: Int32Array): Float64Array {
  const sums = new Float64Array(places.length), running = new Float64Array(times.length + 1)
  for (let i = 0; i < times.length; i++) running[i + 1] = running[i]! + weights[i]!
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!
    for (let bin = 0, newest = place; bin < delayBins && newest > 0; bin++) {
      const oldest = bin === delayBins - 1 ? 0 : firstWithin(times, place, newest, binEnds[bin]!)
      sums[i]! += density[bin]! * (running[newest]! - running[oldest]!)
      newest = oldest
    }
  }
  return sums
}

/** The first of the mentions before `end` that is less than `delay` before the one at `place`; `end` where none is. */
function firstWithin(times: Float64Array, place: number, end: number, delay: number): number {
  let low = 0, high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[place]! - times[middle]! < delay) high = middle
    else low = middle + 1
  }
  return low
}

/** For each mention the one before it that called most, the later of equals, and how strongly; −1 and 0 for the first. */
export function strongest({ times, weights, density }: Calling): { readonly node: Int32Array; readonly call: Float64Array } {
  const size = times.length, node = new Int32Array(size).fill(-1), call = new Float64Array(size), queue = new Int32Array(size)
  for (let bin = 0; bin < delayBins; bin++) {
    const from = bin === 0 ? 0 : binEnds[bin - 1]!, until = bin === delayBins - 1 ? Infinity : binEnds[bin]!
    for (let i = 0, newest = 0, head = 0, tail = 0; i < size; i++) { // the queue holds the window's candidates, falling in weight
      for (; newest < i && times[i]! - times[newest]! >= from; newest++) {
        while (tail > head && weights[queue[tail - 1]!]! <= weights[newest]!) tail--
        queue[tail++] = newest
      }
      while (head < tail && times[i]! - times[queue[head]!]! >= until) head++
      const best = queue[head]!, strength = head < tail ? density[bin]! * weights[best]! : 0
      if (strength > call[i]! || (strength > 0 && strength === call[i]! && best > node[i]!)) {
        node[i] = best
        call[i] = strength
      }
    }
  }
  return { node, call }
}
