// The recorded cascades that the forecast of final sizes is learnt from and scored on, and how they are parted into folds.
import type { CascadeTree } from '@groundswell/engine/src/core/3-measure/cascades/cascade-tree.ts'
import { countUntil, horizonSeconds, type SeenCascade } from '@groundswell/engine/src/core/4-detect/spread/size-features.ts'
import { timesOf } from '@groundswell/engine/src/core/4-detect/spread/size-forecast.ts'
import { mulberry32 } from '../mulberry32.ts'
import { recordedTrees, type RecordingName } from '../spread/recorded-trees.ts'

export interface WholeCascade {
  readonly tree: CascadeTree
  readonly times: Float64Array // all of it
  readonly final: number // mentions within seven days
}

/** In the order of root ids. Null where the recording is not beside this repository. */
export function recordedCascades(name: RecordingName): WholeCascade[] | null {
  const trees = recordedTrees(name, 1)
  return trees && trees.sort((a, b) => (a.root < b.root ? -1 : 1)).map(wholeCascade)
}

export function wholeCascade(tree: CascadeTree): WholeCascade {
  const times = timesOf(tree, tree.size)
  return { tree, times, final: countUntil(times, horizonSeconds) }
}

export function seenAt({ tree, times }: WholeCascade, ageSeconds: number): SeenCascade {
  return { times, ageSeconds, rootAtSeconds: tree.at[0]! / 1000, platform: tree.platforms[tree.platform[0]!]! }
}

export const sizeAt = ({ times }: WholeCascade, ageSeconds: number): number => countUntil(times, ageSeconds)

/** A fold for each of `count`: shuffled by the seed, then dealt out in turn; as many folds as there are: each on its own. */
export function foldsOf(count: number, folds: number, seed: number): Int32Array {
  const chance = mulberry32(seed), order = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1)), moved = order[i]!
    order[i] = order[j]!
    order[j] = moved
  }
  const fold = new Int32Array(count)
  order.forEach((which, place) => { fold[which] = place % folds })
  return fold
}
