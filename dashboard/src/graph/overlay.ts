// What lies above the pixels: rings or lanes of time, hubs with their numbers, folded leaves, the path to the root. As shapes, which the page, a
// PNG and an SVG draw alike.
import { toScreen, type Camera, type Size } from './camera.ts'
import type { Token } from './colours.ts'
import { nodeStates } from './filters.ts'
import { nodeFlags, pathToRoot, type GraphTree } from './graph-tree.ts'
import { Labels, type Anchor, type Fixed, type Wish } from './labels.ts'
import { laneHeight } from './layout.ts'
import type { Scene } from './painter.ts'
import { timeMarks } from './time-scale.ts'

export type Look = 'guide' | 'guideText' | 'hub' | 'hubText' | 'folded' | 'foldedText' | 'path' | 'pathUnknown' | 'likely' | 'likelyChosen' | 'chosen' | 'hovered'
export type Shape =
  | { readonly kind: 'circle'; readonly look: Look; readonly x: number; readonly y: number; readonly r: number; readonly node?: number }
  | { readonly kind: 'line'; readonly look: Look; readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }
  | { readonly kind: 'text'; readonly look: Look; readonly x: number; readonly y: number; readonly text: string; readonly anchor: Anchor }

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
  readonly labels?: Labels // of the frames before; without them the picture stands alone
  readonly em: number // pixels of the type: labels need room, marks grow with it
  readonly text: { readonly since: (ms: number) => string; readonly count: (count: number) => string; readonly generation: (generation: number) => string }
}

/** Estimates of whom mentions repeat that name no parent. */
export interface LikelyEdges {
  readonly nodes: readonly number[] // the most probable first
  parentOf(node: number): { readonly parent: number; readonly probability: number } | null
}

const emUsual = 15
const shapesMax = { hubs: 24, folded: 60, likely: 400 } as const
export const labelEm = 0.9 // of the page's type
const baselineEm = 0.3 // from the middle of words down to their baseline

/** From back to front. */
export function overlayOf(scene: Scene, pointed: Pointed): Shape[] {
  const [ground, large] = [guides(scene, pointed), hubs(scene, pointed)]
  return [...ground.shapes, ...likelyEdges(scene, pointed), ...path(scene, pointed), ...large.shapes, ...labelled(ground.words, large, pointed), ...marks(scene, pointed)]
}

/** Words with the look that they get. */
interface Worded<Words> { readonly look: Look; readonly words: Words }

/** Each with as many of its words as have room, the largest first. */
function labelled(guideWords: readonly Fixed[], { shapes, wishes }: { readonly shapes: readonly Shape[]; readonly wishes: readonly Worded<Wish>[] }, { size, em, labels = new Labels() }: Pointed): Shape[] {
  const discs = shapes.filter((shape) => shape.kind === 'circle')
  const lookOf = new Map(wishes.map(({ look, words }) => [words.key, look]))
  return labels.place(wishes.map(({ words }) => words), guideWords, { ...size, em: labelEm * em, discs })
    .map(({ key, text, x, y, anchor }): Shape => ({ kind: 'text', look: lookOf.get(key) ?? 'guideText', x, y: y + baselineEm * em, text, anchor }))
}

const guideEm = 1.8 // between two rings
const guideTextEm = 2.6 // room for the words of a line

function guides({ layout, tree }: Scene, { camera, size, text, em }: Pointed): { readonly shapes: readonly Shape[]; readonly words: readonly Fixed[] } {
  const shapes: Shape[] = [], words: Fixed[] = []
  const say = (said: string, { x, baseline, anchor }: { readonly x: number; readonly baseline: number; readonly anchor: Anchor }): void => { words.push({ key: `guide ${words.length}`, text: said, x, y: baseline - baselineEm * em, anchor }) }
  const centre = toScreen(camera, size, { x: 0, y: 0 })
  const ring = (r: number, said: string): void => {
    shapes.push({ kind: 'circle', look: 'guide', ...centre, r })
    say(said, { x: centre.x, baseline: centre.y - r - 3, anchor: 'middle' })
  }
  if (layout.name === 'wedge') {
    let last = 0
    for (const [generation, at] of layout.rings.entries()) {
      const r = at * camera.zoomX
      if (generation === 0 || r - last < guideEm * em) continue
      last = r
      ring(r, text.generation(generation))
    }
    return { shapes, words }
  }
  const marks = timeMarks(layout.scale, { reach: layout.bounds.right, apart: (3.7 * em) / camera.zoomX })
  if (layout.name === 'time-radial') {
    for (const { ms, at } of marks) ring(at * camera.zoomX, text.since(ms))
    return { shapes, words }
  }
  for (const { ms, at } of marks) {
    const { x } = toScreen(camera, size, { x: at, y: 0 })
    if (x < 0 || x > size.width - guideTextEm * em) continue
    shapes.push({ kind: 'line', look: 'guide', x1: x, x2: x, y1: 0, y2: size.height })
    say(text.since(ms), { x: x + 3, baseline: size.height - 6, anchor: 'start' })
  }
  for (let generation = 0; generation < Math.min(60, tree.generations + 1); generation++) {
    const { y } = toScreen(camera, size, { x: 0, y: generation * laneHeight })
    if (laneHeight * camera.zoomY >= 0.9 * em || generation % 5 === 0) say(text.generation(generation), { x: 4, baseline: y + baselineEm * em, anchor: 'start' })
  }
  return { shapes, words }
}

/** Large subtrees as rings, and leaves that are folded as dashed discs; both with their number, the largest first. */
function hubs({ tree, layout, view }: Scene, { camera, size, text, em, subtree: then }: Pointed): { readonly shapes: readonly Shape[]; readonly wishes: readonly Worded<Wish>[] } {
  const shapes: Shape[] = []
  const wishes: (Worded<Wish> & { readonly count: number })[] = []
  const unit = em / emUsual
  const subtree = then?.length === tree.size ? then : tree.subtree
  const place = (node: number): { x: number; y: number } | null => {
    const at = toScreen(camera, size, { x: layout.x[node]!, y: layout.y[node]! })
    return at.x < 0 || at.y < 0 || at.x > size.width || at.y > size.height ? null : at
  }
  for (const node of view.foldedHubs.slice(0, shapesMax.folded)) {
    const at = place(node)
    if (at === null) continue
    const r = unit * Math.min(26, 5 + Math.sqrt(view.foldedUnder[node]! / 12))
    shapes.push({ kind: 'circle', look: 'folded', ...at, r, node })
    wishes.push({ look: 'foldedText', count: view.foldedUnder[node]!, words: { key: `folded ${node}`, ...at, r, text: `+${text.count(view.foldedUnder[node]!)}` } })
  }
  let ringed = 0
  for (const node of hubsOf(tree)) {
    const at = view.state[node] === nodeStates.shown && view.foldedUnder[node] === 0 ? place(node) : null
    if (at === null || subtree[node]! < 2) continue
    const r = unit * Math.min(14, 3 + 22 * Math.sqrt(subtree[node]! / tree.size))
    shapes.push({ kind: 'circle', look: 'hub', ...at, r, node })
    // By what it becomes in the end, and with room for it: while a cascade plays, no label makes way for another that grows.
    wishes.push({ look: 'hubText', count: tree.subtree[node]!, words: { key: `hub ${node}`, ...at, r, text: text.count(subtree[node]!), widest: text.count(tree.subtree[node]!) } })
    if (++ringed >= shapesMax.hubs) break
  }
  return { shapes, wishes: wishes.toSorted((a, b) => b.count - a.count) }
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
