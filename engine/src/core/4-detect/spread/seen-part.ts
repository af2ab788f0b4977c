// The part of a cascade that had come by a moment: its first nodes, whose parents are among them.
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { isoSecond } from '../iso-second.ts'

/** How many nodes had come by `now` (ms): they are the nodes 0 … n − 1. The root always counts, for without it there is no tree. */
export function seenSize({ at, size }: CascadeTree, now: number): number {
  let low = 1, high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle]! <= now) low = middle + 1
    else high = middle
  }
  return low
}

/** The parent of `node` among the first `seen` nodes; a parent that is later by its own time is stood in for by the root. −1 for the root. */
export function seenParent({ parent }: CascadeTree, node: number, seen: number): number {
  const above = parent[node]!
  return above < seen ? above : 0
}

/** Whether nothing hangs below anything but the root, as where a platform gives every repost to the root: from ten mentions on that is no chance. */
export function chainHidden(tree: CascadeTree, seen: number): boolean {
  if (seen <= flatFrom) return false
  for (let node = 1; node < seen; node++) if (seenParent(tree, node, seen) !== 0) return false
  return true
}
const flatFrom = 10

/** `2015-06-15T16:12:44.012Z`. */
export function isoMs(ms: number): string {
  const second = Math.floor(ms / 1000)
  return isoSecond(second).replace('Z', `.${String(Math.floor(ms - second * 1000)).padStart(3, '0')}Z`)
}
