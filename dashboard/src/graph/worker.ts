// The thread beside the page: decodes a cascade, derives its tree and lays it out, so that the page stays free.
import { CascadeUnreadable } from '@groundswell/schemas/varints.ts'
import { decodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { asOf } from './as-of.ts'
import { heldAt } from './filters.ts'
import type { Asked, Told } from './graph-protocol.ts'
import { growthOf } from './growth.ts'
import { graphTree, type GraphTree } from './graph-tree.ts'
import { layoutOf } from './layout.ts'

let tree: GraphTree | null = null
const tell = (told: Told, handOver: Transferable[] = []): void => { postMessage(told, { transfer: handOver }) }

function answer(asked: Asked): void {
  const start = performance.now()
  if (asked.kind === 'growth') return tell({ kind: 'growth', call: asked.call, growth: growthOf(decodeTree(new Uint8Array(asked.bytes))) })
  if (asked.kind === 'read') tree = graphTree(decodeTree(new Uint8Array(asked.bytes)))
  if (tree === null) throw new CascadeUnreadable('no cascade was read before its layout was asked')
  if (asked.kind === 'as-of') {
    const then = asOf(tree, heldAt(tree, asked.until), asked.until ?? tree.at[tree.size - 1]!)
    return tell({ kind: 'as-of', call: asked.call, asOf: then }, [then.subtree.buffer])
  }
  const layout = layoutOf(tree, asked.layout)
  const ms = performance.now() - start
  const positions = [layout.x.buffer, layout.y.buffer]
  // The tree is copied by postMessage: the worker keeps its own for the next layout.
  if (asked.kind === 'read') tell({ kind: 'read', call: asked.call, tree, layout, ms }, positions)
  else tell({ kind: 'layout', call: asked.call, layout, ms }, positions)
}

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  try {
    answer(data)
  } catch (error) {
    if (!(error instanceof CascadeUnreadable)) throw error
    tell({ kind: 'failed', call: data.call, detail: error.message })
  }
})
