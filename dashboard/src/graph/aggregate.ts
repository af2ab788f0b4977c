// A cascade as its hubs: the mentions that carried most of it, each with what came through it. What is under a hub and under no other is its own, so
// that the hubs' own always add up to the cascade.
import type { GraphTree } from './graph-tree.ts'

export interface Hub {
  readonly node: number
  readonly above: number // place among the hubs of the nearest one on the way to the root; −1: the root itself
  readonly below: number // mentions of its subtree, itself included
  readonly own: number // of them under no other hub
}

const lookedAtMax = 400
const shareMin = 1 / 200
const countMin = 3
/** A mention that hands on more than this part of its subtree to one child carried nothing itself: the child did. */
const passesOn = 0.8

/** The root first, then the largest subtrees, at most `max` in all. */
export function hubsOf(tree: GraphTree, max: number): readonly Hub[] {
  const { byWeight, subtree, parent, size } = tree
  const nodes = [0]
  for (let i = 0; i < Math.min(byWeight.length, lookedAtMax) && nodes.length < max; i++) {
    const node = byWeight[i]!
    if (subtree[node]! < Math.max(countMin, size * shareMin)) break
    if (largestChild(tree, node) <= passesOn * subtree[node]!) nodes.push(node)
  }
  const places = new Map(nodes.map((node, place) => [node, place]))
  const above = nodes.map((node) => {
    let at = parent[node]!
    while (at > 0 && !places.has(at)) at = parent[at]!
    return node === 0 ? -1 : places.get(Math.max(0, at))!
  })
  const own = nodes.map((node) => subtree[node]!)
  for (const [place, hub] of above.entries()) if (hub >= 0) own[hub]! -= subtree[nodes[place]!]!
  return nodes.map((node, place) => ({ node, above: above[place]!, below: subtree[node]!, own: own[place]! }))
}

function largestChild({ childStart, children, subtree }: GraphTree, node: number): number {
  let most = 0
  for (let at = childStart[node]!; at < childStart[node + 1]!; at++) most = Math.max(most, subtree[children[at]!]!)
  return most
}
