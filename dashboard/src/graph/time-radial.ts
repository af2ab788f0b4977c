// The layout that never moves what was seen: radius by the time since the root, angle by the node's parent and by what the node itself is.
//
//         wedge of a node: ± spread around its parent's angle, narrower with every generation,
//   ──●── wider for accounts that many follow. Children lie in it by their keys, which nothing
//     ╲●  that comes later changes; wedges of siblings may cross, but each stays a jet of its own.
import type { GraphTree } from './graph-tree.ts'
import { timeScale, type TimeScaleName } from './time-scale.ts'

const firstSpread = 0.5 // radians to either side, of the children of a mention under the root, at a million followers
const narrower = 0.8 // with every generation
const spreadMin = 0.02

/** World units; y grows downwards. */
export interface Places { readonly x: Float32Array; readonly y: Float32Array }

/** Answers the outermost radius. A mention whose parent changes takes its subtree along; no other moves. */
export function timeRadial(tree: GraphTree, scale: TimeScaleName, { x, y }: Places): number {
  const { size, byLevel, parent, generation, followers, key, at } = tree
  const far = timeScale(scale)
  const angle = new Float64Array(size)
  const spreads = Float64Array.from({ length: Math.min(32, tree.generations + 1) }, (_, depth) => Math.max(spreadMin, firstSpread * narrower ** Math.max(0, depth - 1)))
  let reach = far(60_000)
  for (let i = 1; i < size; i++) {
    const node = byLevel[i]!, above = parent[node]!
    const share = key[node]! / 4_294_967_296 // 0 … 1
    if (above === 0) angle[node] = share * 2 * Math.PI
    else {
      const crowd = (3 + Math.log10(1 + Math.max(0, followers[above]!))) / 9 // 1/3 … 1 at a million
      const side = 2 * share - 1
      // Denser in the middle: the wedge reads as a jet with its hub's angle, not as a fan with edges.
      angle[node] = angle[above]! + side * Math.abs(side) * spreads[Math.min(generation[above]!, spreads.length - 1)]! * crowd
    }
    const radius = far(at[node]! - at[0]!)
    if (radius > reach) reach = radius
    x[node] = radius * Math.cos(angle[node]!)
    y[node] = radius * Math.sin(angle[node]!)
  }
  return reach
}
