// The nodes of the table in the order that was asked for: those that are shown or folded, for a table has room for all.
import { nodeStates, type View } from './filters.ts'
import type { GraphTree } from './graph-tree.ts'

export const tableOrders = ['subtree', 'time', 'followers'] as const
export type TableOrder = (typeof tableOrders)[number]

/** All nodes of the tree. subtree and followers: most first; time: oldest first, the root before all. Equal ones by time. */
export function wholeOrder(tree: GraphTree, order: TableOrder): Int32Array {
  const nodes = Int32Array.from({ length: tree.size }, (_, node) => node)
  if (order === 'time') return nodes
  const by = order === 'subtree' ? tree.subtree : tree.followers
  return nodes.sort((a, b) => by[b]! - by[a]! || a - b)
}

/** Those of the order that are in the view. */
export function tableNodes(order: Int32Array, { state }: View): Int32Array {
  const nodes = new Int32Array(order.length)
  let count = 0
  for (let i = 0; i < order.length; i++) {
    const how = state[order[i]!]
    if (how === nodeStates.shown || how === nodeStates.folded) nodes[count++] = order[i]!
  }
  return nodes.subarray(0, count)
}
