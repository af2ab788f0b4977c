// What the browser of the drawing bench runs: one painter, one size, and how long until its pixels are on the screen.
import { decodeTree, encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { graphTree } from '../../../dashboard/src/graph/graph-tree.ts'
import { cascadeColumns } from '../../../dashboard/test/seeded-cascade.ts'
import { painters, type PainterName } from './painters.ts'

export interface Drawn { readonly firstMs: number; readonly frameMs: readonly number[] }

/** A frame that was asked for now has been painted when the second one from here begins. */
const painted = (): Promise<number> => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) })

/** `frames` pans, each waited for; none more after `patienceMs`. */
async function draw(name: PainterName, size: number, { frames, patienceMs }: { readonly frames: number; readonly patienceMs: number }): Promise<Drawn> {
  document.body.replaceChildren()
  const tree = graphTree(decodeTree(encodeTree(cascadeColumns(size))))
  const place = document.body.appendChild(document.createElement('div'))
  await painted()
  const began = performance.now()
  const pan = painters[name](tree, place)
  const firstMs = await painted() - began
  const frameMs: number[] = []
  for (let frame = 1; frame <= frames && performance.now() - began < patienceMs; frame++) {
    const from = performance.now()
    pan(frame * 7)
    frameMs.push(await painted() - from)
  }
  return { firstMs, frameMs }
}

Object.assign(globalThis, { draw })
