// The thread that works on whole cascades for the API: a tree in, or the bytes of one, and what is asked of it out.
import { encodeTree, decodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { edgeRows, inferredEdges, studyCascade } from './cascade-study.ts'
import type { CascadeTree } from './core/3-measure/cascades/cascade-tree.ts'
import { reproductionOf } from './core/4-detect/spread/reproduction.ts'
import type { CascadeAnswers, CascadeTask, TreeSource } from './io/cascade-thread/cascade-thread.ts'

export function workOn(task: CascadeTask): CascadeAnswers[CascadeTask['kind']] {
  switch (task.kind) {
    case 'study': return studyCascade(treeOf(task.of), task.now)
    case 'reproduction': return task.of.map((tree) => reproductionOf(tree, task.now))
    case 'bytes': return encodeTree(task.of)
    case 'edges': {
      const tree = treeOf(task.of)
      return { size: tree.size, edges: edgeRows(tree, { from: Math.min(task.from, tree.size), to: Math.min(task.to, tree.size) }) }
    }
    case 'inferred': return inferredEdges(treeOf(task.of))
    case 'times': {
      const { size, at } = treeOf(task.of)
      return { size, at: Array.from(at.subarray(task.from, task.to)) }
    }
    default: return task satisfies never
  }
}

/** Of stored ones the hashes of the ids stay in the store: nothing here asks for them. */
function treeOf(source: TreeSource): CascadeTree {
  if (!(source instanceof Uint8Array)) return source
  const tree = decodeTree(source)
  return { ...tree, idLow: new Uint32Array(tree.size), idHigh: new Uint32Array(tree.size) }
}
