// Paints a cascade on one canvas: ground, edges within a budget of pixels, nodes. Buffers are kept from frame to frame.
import type { Camera } from './camera.ts'
import { pixelOf, tokensOf, type ColourName, type Palette } from './colours.ts'
import type { View } from './filters.ts'
import type { GraphTree } from './graph-tree.ts'
import type { Layout } from './layout.ts'
import { drawEdges, project, splat, type EdgesDrawn, type Raster } from './raster.ts'

export interface Scene {
  readonly tree: GraphTree
  readonly layout: Layout
  readonly view: View
  readonly classOf: Uint8Array
  readonly colour: ColourName
}
export interface Painted { readonly edges: EdgesDrawn; readonly nodes: number; readonly ms: number }

const edgePixelsMax = 800_000 // about 5 ms; the nodes are never left out

/** What a frame is: pure over the raster. `ratio`: device pixels a pixel of the page; `zoom`: against the whole picture. */
export class Painter {
  readonly #palette: Palette
  #at = { x: new Float32Array(0), y: new Float32Array(0) }

  constructor(palette: Palette) { this.#palette = palette }

  paint(raster: Raster, { tree, layout, view, classOf, colour }: Scene, { camera, zoom, ratio }: { readonly camera: Camera; readonly zoom: number; readonly ratio: number }): Omit<Painted, 'ms'> {
    if (this.#at.x.length !== tree.size) this.#at = { x: new Float32Array(tree.size), y: new Float32Array(tree.size) }
    const palette = this.#palette
    raster.pixels.fill(pixelOf(palette.panel))
    project(layout, camera, raster, this.#at)
    const edges = drawEdges(raster, this.#at, { tree, state: view.state, pixelsMax: edgePixelsMax * ratio, ink: inkFor(view.counts.shown, zoom, palette) })
    const nodes = splat(raster, this.#at, {
      state: view.state, classOf, colours: Uint32Array.from(tokensOf(colour), (token) => pixelOf(palette[token])), dim: pixelOf(palette.grid), side: Math.round(nodeSide(view.counts.shown, zoom) * ratio),
    })
    return { edges, nodes }
  }
}

/** Side of a node in pixels of the page: small where there are many, larger with the zoom. */
export function nodeSide(shown: number, zoom: number): number {
  const least = shown > 20_000 ? 1 : shown > 4_000 ? 2 : shown > 600 ? 3 : 5
  return Math.min(9, Math.max(least, Math.round(least * Math.sqrt(zoom))))
}

/** Where edges are many they are faint, so that their density can be read. */
function inkFor(shown: number, zoom: number, palette: Palette): { colour: number; unknown: number; hubs: number; leaves: number } {
  const near = Math.sqrt(zoom)
  const opacity = (scale: number): number => Math.round(256 * Math.min(0.5, Math.max(0.05, (scale * near) / Math.max(1, shown))))
  return { colour: pixelOf(palette.edge), unknown: pixelOf(palette['text-3']), hubs: opacity(9_000), leaves: opacity(1_500) }
}
