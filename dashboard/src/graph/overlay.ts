// What lies above the pixels: rings or lanes of time, hubs with their numbers, folded leaves, the path to the root. As shapes, which the page, a
// PNG and an SVG draw alike.
import { toScreen, type Camera, type Size } from './camera.ts'
import type { Token } from './colours.ts'
import { nodeStates } from './filters.ts'
import { nodeFlags, pathToRoot, type GraphTree } from './graph-tree.ts'
import { laneHeight } from './layout.ts'
import type { Scene } from './painter.ts'
import { timeMarks } from './time-scale.ts'

export type Look = 'guide' | 'guideText' | 'hub' | 'hubText' | 'folded' | 'foldedText' | 'path' | 'pathUnknown' | 'likely' | 'likelyChosen' | 'chosen' | 'hovered'
export type Shape =
  | { readonly kind: 'circle'; readonly look: Look; readonly x: number; readonly y: number; readonly r: number; readonly node?: number }
  | { readonly kind: 'line'; readonly look: Look; readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }
  | { readonly kind: 'text'; readonly look: Look; readonly x: number; readonly y: number; readonly text: string; readonly anchor: 'start' | 'middle' }

export const looks: Readonly<Record<Look, { readonly stroke: Token | null; readonly fill: Token | null; readonly width: number; readonly dash: readonly number[] | null; readonly halo: boolean }>> = {
  guide: { stroke: 'edge', fill: null, width: 1, dash: null, halo: false }, guideText: { stroke: null, fill: 'text-2', width: 0, dash: null, halo: true },
  hub: { stroke: 'text-1', fill: null, width: 1.4, dash: null, halo: false }, hubText: { stroke: null, fill: 'text-1', width: 0, dash: null, halo: true },
  folded: { stroke: 'text-2', fill: 'raised', width: 1.4, dash: [3, 3], halo: false }, foldedText: { stroke: null, fill: 'text-2', width: 0, dash: null, halo: true },
  path: { stroke: 'information', fill: null, width: 2, dash: null, halo: false }, pathUnknown: { stroke: 'information', fill: null, width: 2, dash: [2, 5], halo: false },
  likely: { stroke: 'text-3', fill: null, width: 1, dash: [7, 5], halo: false }, likelyChosen: { stroke: 'information', fill: null, width: 2, dash: [7, 5], halo: false },
  chosen: { stroke: 'information', fill: null, width: 2.4, dash: null, halo: false }, hovered: { stroke: 'text-1', fill: null, width: 1.6, dash: null, halo: false },
}

export interface Pointed {
  readonly camera: Camera
  readonly size: Size // pixels of the page
  readonly chosen: number | null
  readonly hovered: number | null
  readonly subtree?: Int32Array | null // as of the playhead; else the tree's
  readonly likely?: LikelyEdges | null // drawn apart from what was observed; null: not shown
  readonly em: number // pixels of the type: labels need room, marks grow with it
  readonly text: { readonly since: (ms: number) => string; readonly count: (count: number) => string; readonly generation: (generation: number) => string }
}

/** Estimates of whom mentions repeat that name no parent. */
export interface LikelyEdges {
  readonly nodes: readonly number[] // the most probable first
  parentOf(node: number): { readonly parent: number; readonly probability: number } | null
}

const emUsual = 15
const shapesMax = { hubs: 24, labels: 10, folded: 60, likely: 400 } as const

/** From back to front. */
export function overlayOf(scene: Scene, pointed: Pointed): Shape[] {
  return [...guides(scene, pointed), ...likelyEdges(scene, pointed), ...path(scene, pointed), ...hubs(scene, pointed), ...marks(scene, pointed)]
}

const guideEm = 1.8 // between two rings
const guideTextEm = 2.6 // room for the words of a line

function guides({ layout, tree }: Scene, { camera, size, text, em }: Pointed): Shape[] {
  const centre = toScreen(camera, size, { x: 0, y: 0 })
  if (layout.name === 'wedge') {
    let last = 0
    return Array.from(layout.rings).flatMap((ring, generation): Shape[] => {
      const r = ring * camera.zoomX
      if (generation === 0 || r - last < guideEm * em) return []
      last = r
      return [{ kind: 'circle', look: 'guide', ...centre, r }, { kind: 'text', look: 'guideText', x: centre.x, y: centre.y - r - 3, text: text.generation(generation), anchor: 'middle' }]
    })
  }
  const marks = timeMarks(layout.scale, { reach: layout.bounds.right, apart: (3.7 * em) / camera.zoomX })
  if (layout.name === 'time-radial') return marks.flatMap(({ ms, at }): Shape[] => {
    const r = at * camera.zoomX
    return [{ kind: 'circle', look: 'guide', ...centre, r }, { kind: 'text', look: 'guideText', x: centre.x, y: centre.y - r - 3, text: text.since(ms), anchor: 'middle' }]
  })
  const lanes = Array.from({ length: Math.min(60, tree.generations + 1) }, (_, generation) => generation).flatMap((generation): Shape[] => {
    const y = toScreen(camera, size, { x: 0, y: generation * laneHeight }).y
    return laneHeight * camera.zoomY < 0.9 * em && generation % 5 !== 0 ? [] : [{ kind: 'text', look: 'guideText', x: 4, y: y + 0.3 * em, text: text.generation(generation), anchor: 'start' }]
  })
  return [...marks.flatMap(({ ms, at }): Shape[] => {
    const { x } = toScreen(camera, size, { x: at, y: 0 })
    if (x < 0 || x > size.width - guideTextEm * em) return []
    return [{ kind: 'line', look: 'guide', x1: x, x2: x, y1: 0, y2: size.height }, { kind: 'text', look: 'guideText', x: x + 3, y: size.height - 6, text: text.since(ms), anchor: 'start' }]
  }), ...lanes]
}

/** Large subtrees as rings, and leaves that are folded as dashed discs; both with their number, where it has room. */
function hubs({ tree, layout, view }: Scene, { camera, size, text, em, subtree: then }: Pointed): Shape[] {
  const shapes: Shape[] = []
  const unit = em / emUsual
  const subtree = then?.length === tree.size ? then : tree.subtree
  const taken: { x: number; y: number }[] = []
  const place = (node: number): { x: number; y: number } | null => {
    const at = toScreen(camera, size, { x: layout.x[node]!, y: layout.y[node]! })
    return at.x < 0 || at.y < 0 || at.x > size.width || at.y > size.height ? null : at
  }
  const label = (look: Look, at: { x: number; y: number }, said: { readonly r: number; readonly text: string }): void => {
    if (taken.some((other) => Math.abs(other.x - at.x) < 5 * em && Math.abs(other.y - at.y) < 1.3 * em)) return
    taken.push(at)
    shapes.push({ kind: 'text', look, x: at.x + said.r + 3, y: at.y + 0.3 * em, text: said.text, anchor: 'start' })
  }
  for (const node of view.foldedHubs.slice(0, shapesMax.folded)) {
    const at = place(node)
    if (at === null) continue
    const r = unit * Math.min(26, 5 + Math.sqrt(view.foldedUnder[node]! / 12))
    shapes.push({ kind: 'circle', look: 'folded', ...at, r, node })
    label('foldedText', at, { r, text: `+${text.count(view.foldedUnder[node]!)}` })
  }
  let ringed = 0
  for (const node of hubsOf(tree)) {
    const at = view.state[node] === nodeStates.shown && view.foldedUnder[node] === 0 ? place(node) : null
    if (at === null || subtree[node]! < 2) continue
    const r = unit * Math.min(14, 3 + 22 * Math.sqrt(subtree[node]! / tree.size))
    shapes.push({ kind: 'circle', look: 'hub', ...at, r, node })
    if (ringed < shapesMax.labels) label('hubText', at, { r, text: text.count(subtree[node]!) })
    if (++ringed >= shapesMax.hubs) break
  }
  return shapes
}

/** Nodes with at least one in 500 of the cascade, and five nodes, below them. */
function* hubsOf({ byWeight, subtree, size }: GraphTree): Generator<number> {
  for (const node of byWeight) {
    if (subtree[node]! < Math.max(5, size / 500)) return
    yield node
  }
}

/** The most probable of those whose ends are both shown, and that of the node that is chosen. */
function likelyEdges({ layout, view, tree }: Scene, { camera, size, chosen, likely }: Pointed): Shape[] {
  if (!likely) return []
  const shapes: Shape[] = []
  const at = (node: number): { x: number; y: number } => toScreen(camera, size, { x: layout.x[node]!, y: layout.y[node]! })
  const draw = (node: number, look: 'likely' | 'likelyChosen'): void => {
    const above = node < tree.size ? likely.parentOf(node) : null
    if (above === null || above.parent >= tree.size || view.state[node] !== nodeStates.shown || view.state[above.parent] !== nodeStates.shown) return
    const [from, to] = [at(node), at(above.parent)]
    shapes.push({ kind: 'line', look, x1: from.x, y1: from.y, x2: to.x, y2: to.y })
  }
  for (const node of likely.nodes) {
    if (shapes.length >= shapesMax.likely) break
    if (node !== chosen) draw(node, 'likely')
  }
  if (chosen !== null) draw(chosen, 'likelyChosen')
  return shapes
}

function path({ tree, layout }: Scene, { camera, size, chosen }: Pointed): Shape[] {
  if (chosen === null) return []
  const at = (node: number): { x: number; y: number } => toScreen(camera, size, { x: layout.x[node]!, y: layout.y[node]! })
  return pathToRoot(tree, chosen).slice(0, -1).map((node): Shape => {
    const [from, to] = [at(node), at(tree.parent[node]!)]
    return { kind: 'line', look: (tree.flags[node]! & nodeFlags.unknownEdge) !== 0 ? 'pathUnknown' : 'path', x1: from.x, y1: from.y, x2: to.x, y2: to.y }
  })
}

function marks({ layout }: Scene, { camera, size, chosen, hovered, em }: Pointed): Shape[] {
  return ([['hovered', hovered, 7], ['chosen', chosen, 9]] as const).flatMap(([look, node, r]): Shape[] =>
    node === null ? [] : [{ kind: 'circle', look, ...toScreen(camera, size, { x: layout.x[node]!, y: layout.y[node]! }), r: (r * em) / emUsual, node }])
}
