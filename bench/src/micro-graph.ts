// What the graph of a cascade takes in Node, by its size: from bytes to positions, a frame, a hit; and d3-hierarchy's layouts of the same trees beside it.
import { decodeTree, encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { cluster, hierarchy, tree as tidy } from 'd3-hierarchy'
import { fit } from '../../dashboard/src/graph/camera.ts'
import { classesOf, paletteFrom } from '../../dashboard/src/graph/colours.ts'
import { noFilters, viewOf } from '../../dashboard/src/graph/filters.ts'
import { graphTree, type GraphTree } from '../../dashboard/src/graph/graph-tree.ts'
import { HitGrid } from '../../dashboard/src/graph/hit-grid.ts'
import { layoutNames, layoutOf } from '../../dashboard/src/graph/layout.ts'
import { Painter } from '../../dashboard/src/graph/painter.ts'
import { cascadeColumns } from '../../dashboard/test/seeded-cascade.ts'
import { quantile } from './results.ts'

const sizes = [10_000, 50_000, 100_000, 200_000] as const
const rounds = 15
const canvas = { width: 1370, height: 860 } // of a screen of 1920 × 1080

export interface Times { readonly median: number; readonly p95: number } // ms

/** `npm run bench -- graph`. */
export function measureGraph(): Record<string, Record<string, Times>> {
  return Object.fromEntries(sizes.map((size) => [`${size} nodes`, measure(size)]))
}

function measure(size: number): Record<string, Times> {
  const bytes = encodeTree(cascadeColumns(size))
  const columns = decodeTree(bytes)
  const tree = graphTree(columns)
  const shown = { filters: noFilters, until: null, focus: null, foldFrom: null, unfolded: new Set<number>() }
  const layout = layoutOf(tree, { name: 'time-radial', scale: 'log' })
  const grid = new HitGrid(layout)
  const scene = { tree, layout, view: viewOf(tree, shown), classOf: classesOf(tree, 'generation'), colour: 'generation' as const }
  const raster = { pixels: new Uint32Array(canvas.width * canvas.height), ...canvas }
  const painter = new Painter(paletteFrom(() => '#5188B4'))
  const camera = fit(layout.bounds, canvas, true)
  const middle = { x: layout.bounds.right / 2, y: 0 }
  return {
    decode: timed(() => decodeTree(bytes)), derive: timed(() => graphTree(columns)),
    ...Object.fromEntries(layoutNames.map((name) => [name, timed(() => layoutOf(tree, { name, scale: 'log' }))])),
    'd3-hierarchy, tree': timed(() => tidy<D3Node>().size([2 * Math.PI, 1])(hierarchyOf(tree))), 'd3-hierarchy, cluster': timed(() => cluster<D3Node>().size([2 * Math.PI, 1])(hierarchyOf(tree))),
    filter: timed(() => viewOf(tree, { ...shown, filters: { ...noFilters, platforms: ['douyin'], sign: [-1] } })), seek: timed(() => viewOf(tree, { ...shown, until: tree.at[size >> 1]! })), fold: timed(() => viewOf(tree, { ...shown, foldFrom: 12 })),
    frame: timed(() => painter.paint(raster, scene, { camera, zoom: 1, ratio: 1 })), grid: timed(() => new HitGrid(layout)), hit: timed(() => grid.nearest(middle, { x: 9 / camera.zoomX, y: 9 / camera.zoomY }, () => true)),
  }
}

interface D3Node { readonly node: number }

/** From the same arrays; building the objects that d3 lays out is part of its way. */
function hierarchyOf({ childStart, children }: GraphTree) {
  return hierarchy<D3Node>({ node: 0 }, ({ node }) => Array.from(children.subarray(childStart[node], childStart[node + 1]), (child) => ({ node: child })))
}

function timed(work: () => unknown): Times {
  work() // compiled
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return { median: round(quantile(times, 0.5)), p95: round(quantile(times, 0.95)) }
}

const round = (ms: number): number => Number(ms.toFixed(2))
