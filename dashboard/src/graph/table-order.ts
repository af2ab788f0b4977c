// The nodes of the table in the order that was asked for: those that are shown or folded, for a table has room for all.
import { nodeStates, type View } from './filters.ts'
import type { GraphTree } from './graph-tree.ts'

export const tableOrders = ['subtree', 'time', 'followers'] as const
export type TableOrder = (typeof tableOrders)[number]

/** subtree and followers: most first; time: oldest first, the root before all. Equal ones by time. */
export function tableNodes(tree: GraphTree, { state }: View, order: TableOrder): Int32Array {
  const nodes: number[] = []
  for (let node = 0; node < tree.size; node++) if (state[node] === nodeStates.shown || state[node] === nodeStates.folded) nodes.push(node)
  const listed = Int32Array.from(nodes)
  if (order === 'time') return listed
  const by = order === 'subtree' ? tree.subtree : tree.followers
  return listed.sort((a, b) => by[b]! - by[a]! || a - b)
}
