// Pixels of the graph: nodes and edges written straight into the words of an ImageData, which is what makes 200,000 of them pannable without a GPU.
import type { Camera } from './camera.ts'
import { nodeFlags, type GraphTree } from './graph-tree.ts'
import { nodeStates } from './filters.ts'

/** A pixel is 0xAABBGGRR, as a Uint32 over ImageData reads on little-endian machines. */
export interface Raster { readonly pixels: Uint32Array; readonly width: number; readonly height: number }
export interface Projected { readonly x: Float32Array; readonly y: Float32Array } // pixels, by node

/** `into` is as long as the tree. */
export function project({ x, y }: { readonly x: Float32Array; readonly y: Float32Array }, camera: Camera, { width, height }: Raster, into: Projected): void {
  const { zoomX, zoomY } = camera
  const left = width / 2 - camera.x * zoomX, top = height / 2 - camera.y * zoomY
  for (let i = 0; i < x.length; i++) {
    into.x[i] = x[i]! * zoomX + left
    into.y[i] = y[i]! * zoomY + top
  }
}

/** Nodes in the order of time, later ones above. `classOf` chooses the colour among `colours`; what is outside of the focus takes `dim`. Answers how many lie on the canvas. `from`, `to`: of these nodes alone. */
export function splat({ pixels, width, height }: Raster, at: Projected, { state, classOf, colours, dim, side, from: first = 0, to: last = state.length }: { readonly state: Uint8Array; readonly classOf: Uint8Array; readonly colours: Uint32Array; readonly dim: number; readonly side: number; readonly from?: number; readonly to?: number }): number {
  const rows = disc(side)
  let drawn = 0
  for (let i = first; i < last; i++) {
    const how = state[i]!
    if (how !== nodeStates.shown && how !== nodeStates.outside) continue
    const left = Math.round(at.x[i]! - side / 2), top = Math.round(at.y[i]! - side / 2)
    if (!(left >= 0 && top >= 0 && left + side <= width && top + side <= height)) continue
    const colour = how === nodeStates.shown ? colours[classOf[i]!]! : dim
    if (how === nodeStates.shown) drawn++
    if (side === 1) {
      pixels[top * width + left] = colour
      continue
    }
    for (let row = 0; row < side; row++) {
      const inset = rows[row]!, from = (top + row) * width + left
      pixels.fill(colour, from + inset, from + side - inset)
    }
  }
  return drawn
}

/** How far the rows of a disc lie in from its box. */
function disc(side: number): Uint8Array {
  return Uint8Array.from({ length: side }, (_, row) => {
    const up = Math.abs(row + 0.5 - side / 2)
    return side < 3 ? 0 : Math.round(side / 2 - Math.sqrt(Math.max(0, (side / 2) ** 2 - up ** 2)))
  })
}

export interface EdgeInk { readonly colour: number; readonly unknown: number; readonly hubs: number; readonly leaves: number } // colours; opacities 0 … 256
export interface EdgesDrawn { readonly drawn: number; readonly of: number; readonly pixels: number }

const stubPixels = 14

/** Which edges, and behind which that are drawn already; without a range all, those of large subtrees first. */
export interface EdgesAsked { readonly tree: GraphTree; readonly state: Uint8Array; readonly ink: EdgeInk; readonly pixelsMax: number; readonly grown?: { readonly from: number; readonly to: number; readonly before: EdgesDrawn } }

/** Edges until `pixelsMax` are written. An edge whose parent is not known is a dotted stub towards the root, never a line to it. */
export function drawEdges(raster: Raster, at: Projected, { tree, state, ink, pixelsMax, grown }: EdgesAsked): EdgesDrawn {
  const { byWeight, parent, subtree, flags } = tree
  let { drawn, of, pixels } = grown?.before ?? { drawn: 0, of: 0, pixels: 0 }
  const last = grown === undefined ? byWeight.length : grown.to
  for (let i = grown?.from ?? 0; i < last; i++) {
    const node = grown === undefined ? byWeight[i]! : i
    if (node === 0 || state[node] !== nodeStates.shown) continue
    of++
    if (pixels >= pixelsMax) continue
    const x = at.x[node]!, y = at.y[node]!
    let upX = at.x[parent[node]!]!, upY = at.y[parent[node]!]!
    const isUnknown = (flags[node]! & nodeFlags.unknownEdge) !== 0
    if (isUnknown) {
      const length = Math.hypot(upX - x, upY - y), share = length > stubPixels ? stubPixels / length : 1
      upX = x + (upX - x) * share
      upY = y + (upY - y) * share
    }
    // What hangs on a leaf's edge to the root is told by its place: it is the faintest.
    const below = subtree[node]!
    const opacity = below > 1 ? Math.round(ink.hubs * Math.min(1, 0.3 + Math.log2(below) / 12)) : parent[node] === 0 ? ink.leaves >> 2 : ink.leaves
    const written = line(raster, { x, y, upX, upY }, { colour: isUnknown ? ink.unknown : ink.colour, opacity: isUnknown ? Math.max(opacity, 110) : opacity, dotted: isUnknown })
    pixels += written
    if (written > 0) drawn++
  }
  return { drawn, of, pixels }
}

interface Segment { x: number; y: number; upX: number; upY: number }

/** Blends a line of one pixel's width; what lies off the canvas is cut away first (Liang, Barsky 1984). Answers the pixels that were written. */
function line({ pixels, width, height }: Raster, { x, y, upX, upY }: Segment, { colour, opacity, dotted }: { readonly colour: number; readonly opacity: number; readonly dotted: boolean }): number {
  const dx = upX - x, dy = upY - y
  let enter = 0, leave = 1
  const wide = width - 1, high = height - 1
  for (let side = 0; side < 4; side++) {
    const run = side === 0 ? -dx : side === 1 ? dx : side === 2 ? -dy : dy
    const room = side === 0 ? x : side === 1 ? wide - x : side === 2 ? y : high - y
    if (run === 0 && room < 0) return 0
    if (run === 0) continue
    const ratio = room / run
    if (run < 0) enter = Math.max(enter, ratio)
    else leave = Math.min(leave, ratio)
  }
  if (!(enter <= leave)) return 0
  const length = Math.max(Math.abs(dx), Math.abs(dy)), steps = Math.floor(length * (leave - enter))
  const stepX = length === 0 ? 0 : dx / length, stepY = length === 0 ? 0 : dy / length
  const red = colour & 255, green = (colour >>> 8) & 255, blue = (colour >>> 16) & 255
  let atX = x + dx * enter, atY = y + dy * enter
  for (let step = 0; step <= steps; step++, atX += stepX, atY += stepY) {
    if (dotted && (step & 3) > 1) continue
    const place = Math.round(atY) * width + Math.round(atX)
    const was = pixels[place]!
    const r = was & 255, g = (was >>> 8) & 255, b = (was >>> 16) & 255
    pixels[place] = 0xff000000 | (b + (((blue - b) * opacity) >> 8)) << 16 | (g + (((green - g) * opacity) >> 8)) << 8 | (r + (((red - r) * opacity) >> 8))
  }
  return steps + 1
}
