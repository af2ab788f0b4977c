// Paints a cascade on one canvas: ground, edges within a budget of pixels, nodes. Buffers are kept from frame to frame; while a cascade plays, what has
// come since is painted over the frame before.
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
/** Edges are as faint as all that is shown asks for: with a quarter more all is painted anew. */
const growthMax = 1.25

/** `ratio`: device pixels a pixel of the page; `zoom`: against the whole picture. `grows`: newer edges may lie on older nodes, as long as it plays. */
export interface Look { readonly camera: Camera; readonly zoom: number; readonly ratio: number; readonly grows?: boolean }
interface Frame { readonly pixels: ArrayBufferLike; readonly scene: Scene; readonly look: Look; readonly shown: number; readonly told: Omit<Painted, 'ms'> } // shown: when all was painted anew

/** What a frame is: pure over the raster, unless it grows. */
export class Painter {
  readonly #palette: Palette
  #at = { x: new Float32Array(0), y: new Float32Array(0) }

  #last: Frame | null = null

  constructor(palette: Palette) { this.#palette = palette }

  paint(raster: Raster, scene: Scene, look: Look): Omit<Painted, 'ms'> {
    const { tree, layout, view, classOf, colour } = scene, { camera, zoom, ratio } = look
    const before = this.#last !== null && look.grows === true && continues(this.#last, { raster, scene, look }) ? this.#last : null
    if (this.#at.x.length !== tree.size) this.#at = { x: new Float32Array(tree.size), y: new Float32Array(tree.size) }
    const palette = this.#palette
    const from = before?.scene.view.held ?? 0, shown = before?.shown ?? view.counts.shown
    if (before === null) {
      raster.pixels.fill(pixelOf(palette.panel))
      project(layout, camera, raster, this.#at)
    }
    const edges = drawEdges(raster, this.#at, {
      tree, state: view.state, pixelsMax: edgePixelsMax * ratio, ink: inkFor(shown, zoom, palette), ...(before === null ? {} : { grown: { from, to: view.held, before: before.told.edges } }),
    })
    const nodes = (before?.told.nodes ?? 0) + splat(raster, this.#at, {
      state: view.state, classOf, colours: Uint32Array.from(tokensOf(colour), (token) => pixelOf(palette[token])), dim: pixelOf(palette.grid), side: Math.round(nodeSide(shown, zoom) * ratio), from, to: before === null ? tree.size : view.held,
    })
    const told = { edges, nodes }
    this.#last = { pixels: raster.pixels.buffer, scene, look, shown, told }
    return told
  }
}

/** Whether the frame before is a part of this one: only nodes have come, and not too many. */
function continues({ pixels, scene: was, look: wasLook, shown }: Frame, { raster, scene, look }: { readonly raster: Raster; readonly scene: Scene; readonly look: Look }): boolean {
  const { camera, zoom, ratio } = look
  return pixels === raster.pixels.buffer && was.tree === scene.tree && was.layout === scene.layout && was.classOf === scene.classOf && was.colour === scene.colour
    && was.view.standing === scene.view.standing && scene.view.counts.folded === 0 && was.view.counts.folded === 0 && was.view.held <= scene.view.held && scene.view.counts.shown <= shown * growthMax
    && wasLook.zoom === zoom && wasLook.ratio === ratio && wasLook.camera.x === camera.x && wasLook.camera.y === camera.y && wasLook.camera.zoomX === camera.zoomX && wasLook.camera.zoomY === camera.zoomY
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
