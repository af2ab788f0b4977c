// Where the nodes of a cascade lie, in a world of its own that no camera changes. Pure and deterministic: one tree, one picture.
//
//   time-radial   angle by what a node is, radius by when it came: nothing that comes later moves it (default)
//   wedge         rings are generations, a subtree has the wedge that its leaves fill
//   depth-time    x is when it came, y its generation: swimming lanes
import type { GraphTree } from './graph-tree.ts'
import { timeRadial, type Places } from './time-radial.ts'
import { timeScale, type TimeScaleName } from './time-scale.ts'

export const layoutNames = ['time-radial', 'wedge', 'depth-time'] as const
export type LayoutName = (typeof layoutNames)[number]
export interface LayoutQuestion { readonly name: LayoutName; readonly scale: TimeScaleName }

/** Positions in world units; y grows downwards. */
export interface Layout extends LayoutQuestion {
  readonly x: Float32Array<ArrayBuffer>
  readonly y: Float32Array<ArrayBuffer>
  readonly bounds: Bounds
  readonly rings: Float32Array<ArrayBuffer> // of wedge: outer radius by generation; else empty
}
export interface Bounds { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

export function layoutOf(tree: GraphTree, { name, scale }: LayoutQuestion): Layout {
  const x = new Float32Array(tree.size), y = new Float32Array(tree.size)
  const rings = name === 'wedge' ? ringsOf(tree) : new Float32Array(0)
  const reach = name === 'time-radial' ? timeRadial(tree, scale, { x, y }) : name === 'depth-time' ? depthTime(tree, scale, { x, y }) : wedgeRadial(tree, rings, { x, y })
  const bounds = name === 'depth-time' ? { left: 0, right: reach, top: -0.6, bottom: tree.generations * laneHeight + 0.6 } : { left: -reach, right: reach, top: -reach, bottom: reach }
  return { name, scale, x, y, bounds, rings }
}

const ringLeast = 0.2 // of the widest ring

/** A generation's ring is as wide as the root of what it holds, so that the crowd has room and the few that are deep do not take it. */
function ringsOf({ generation, generations }: GraphTree): Float32Array<ArrayBuffer> {
  const counts = new Int32Array(generations + 1)
  for (const depth of generation) counts[depth]!++
  const most = counts.reduce((peak, count, depth) => (depth > 0 ? Math.max(peak, count) : peak), 1)
  const rings = new Float32Array(generations + 1)
  for (let depth = 1; depth <= generations; depth++) rings[depth] = rings[depth - 1]! + Math.max(ringLeast, Math.sqrt(counts[depth]! / most))
  return rings
}

/** Angle and wedge in proportion to leaves, clockwise as children came; within the ring of its generation a node lies where its key says. Answers the outermost radius. */
function wedgeRadial(tree: GraphTree, rings: Float32Array, { x, y }: Places): number {
  const { byLevel, childStart, children, leaves, generation, key } = tree
  const from = new Float64Array(tree.size) // where the wedge of a node begins, in leaves
  const turn = (2 * Math.PI) / leaves[0]!
  for (const node of byLevel) {
    let begin = from[node]!
    const angle = (begin + leaves[node]! / 2) * turn - Math.PI / 2
    const depth = generation[node]!
    const inner = depth === 0 ? 0 : rings[depth - 1]!
    const radius = depth === 0 ? 0 : inner + (rings[depth]! - inner) * (0.25 + 0.75 * (key[node]! / 4_294_967_296))
    x[node] = radius * Math.cos(angle)
    y[node] = radius * Math.sin(angle)
    for (let at = childStart[node]!; at < childStart[node + 1]!; at++) {
      const child = children[at]!
      from[child] = begin
      begin += leaves[child]!
    }
  }
  return Math.max(1, rings[tree.generations]!)
}

export const laneHeight = 1
const laneFilled = 0.8

/** Within its lane a node lies where its key says: it stays there whatever comes. Answers the rightmost x. */
function depthTime({ at, generation, key, size }: GraphTree, scale: TimeScaleName, { x, y }: Places): number {
  const far = timeScale(scale)
  let reach = far(60_000)
  for (let i = 0; i < size; i++) {
    const right = far(at[i]! - at[0]!)
    if (right > reach) reach = right
    x[i] = right
    y[i] = generation[i]! * laneHeight + (i === 0 ? 0 : (key[i]! / 4_294_967_296 - 0.5) * laneFilled)
  }
  return reach
}
