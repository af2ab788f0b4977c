// The nodes of the table in the order that was asked for: those that are shown or folded, for a table has room for all.
import { nodeStates, type View } from './filters.ts'
import { nodesEnd, type GraphTree } from './graph-tree.ts'

export const tableOrders = ['subtree', 'time', 'followers'] as const
export type TableOrder = (typeof tableOrders)[number]

const most = nodesEnd * 2 - 3 // a value of −1 and a node fit into 53 bits together

/** All nodes of the tree. subtree and followers: most first; time: oldest first, the root before all. Equal ones by time. `subtree`: as of the playhead. */
export function wholeOrder(tree: GraphTree, order: TableOrder, subtree: Int32Array = tree.subtree): Int32Array {
  if (order === 'time') return Int32Array.from({ length: tree.size }, (_, node) => node)
  const by = order === 'subtree' ? subtree : tree.followers
  // Sorted as numbers, which takes no comparison; followers beyond a hundred million are told apart no further.
  const packed = new Float64Array(tree.size)
  for (let node = 0; node < tree.size; node++) packed[node] = (most - Math.min(by[node]!, most)) * nodesEnd + node
  return Int32Array.from(packed.sort(), (one) => one % nodesEnd)
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
