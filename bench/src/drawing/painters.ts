// The painters that are compared, each from the same tree: prepared once, then panned frame by frame. Runs in the browser.
import { cluster, hierarchy } from 'd3-hierarchy'
import { DirectedGraph } from 'graphology'
import { Sigma } from 'sigma'
import { fit } from '../../../dashboard/src/graph/camera.ts'
import { classesOf, paletteFrom } from '../../../dashboard/src/graph/colours.ts'
import { noFilters, viewOf } from '../../../dashboard/src/graph/filters.ts'
import type { GraphTree } from '../../../dashboard/src/graph/graph-tree.ts'
import { layoutOf } from '../../../dashboard/src/graph/layout.ts'
import { Painter } from '../../../dashboard/src/graph/painter.ts'

export const canvasSize = { width: 1370, height: 860 } // of a screen of 1920 × 1080
/** Draws what was prepared, moved by `x` pixels. */
export type Pan = (x: number) => void
export type PainterName = 'ours' | 'd3-hierarchy, SVG' | 'd3-hierarchy, canvas' | 'sigma'

/** Lays the tree out and puts the first picture on the page; answers how it is panned. */
export const painters: Readonly<Record<PainterName, (tree: GraphTree, place: HTMLElement) => Pan>> = { 'ours': ours, 'd3-hierarchy, SVG': svg, 'd3-hierarchy, canvas': canvas, sigma }

function ours(tree: GraphTree, place: HTMLElement): Pan {
  const layout = layoutOf(tree, { name: 'time-radial', scale: 'log' })
  const view = viewOf(tree, { filters: noFilters, until: null, focus: null, foldFrom: null, unfolded: new Set<number>() })
  const scene = { tree, layout, view, classOf: classesOf(tree, 'generation'), colour: 'generation' as const }
  const context = contextIn(place)
  const image = context.createImageData(canvasSize.width, canvasSize.height)
  const raster = { pixels: new Uint32Array(image.data.buffer), ...canvasSize }
  const painter = new Painter(paletteFrom(() => '#5188B4'))
  const camera = fit(layout.bounds, canvasSize, true)
  const pan = (x: number): void => {
    painter.paint(raster, scene, { camera: { ...camera, x: camera.x + x / camera.zoomX }, zoom: 1, ratio: 1 })
    context.putImageData(image, 0, 0)
  }
  pan(0)
  return pan
}

interface Node { readonly node: number }
interface Placed { readonly x: Float32Array; readonly y: Float32Array }

/** d3's own layout: a cluster around the root. */
function laidOut({ childStart, children, size }: GraphTree): Placed {
  const root = cluster<Node>().size([2 * Math.PI, canvasSize.height / 2 - 10])(hierarchy<Node>({ node: 0 }, ({ node }) => Array.from(children.subarray(childStart[node], childStart[node + 1]), (child) => ({ node: child }))))
  const placed = { x: new Float32Array(size), y: new Float32Array(size) }
  root.each(({ data, x, y }) => {
    placed.x[data.node] = canvasSize.width / 2 + y * Math.cos(x)
    placed.y[data.node] = canvasSize.height / 2 + y * Math.sin(x)
  })
  return placed
}

function svg(tree: GraphTree, place: HTMLElement): Pan {
  const { x, y } = laidOut(tree)
  const lines = Array.from({ length: tree.size - 1 }, (_, index) => `<path d="M${x[tree.parent[index + 1]!]},${y[tree.parent[index + 1]!]}L${x[index + 1]},${y[index + 1]}"/>`)
  const dots = Array.from(x, (at, node) => `<circle cx="${at}" cy="${y[node]}" r="1.5"/>`)
  place.innerHTML = `<svg width="${canvasSize.width}" height="${canvasSize.height}"><g stroke="#5B6B7A" stroke-opacity="0.3" fill="none">${lines.join('')}<g stroke="none" fill="#5188B4">${dots.join('')}</g></g></svg>`
  const group = place.querySelector('g')!
  return (by) => group.setAttribute('transform', `translate(${by},0)`)
}

function canvas(tree: GraphTree, place: HTMLElement): Pan {
  const { x, y } = laidOut(tree)
  const context = contextIn(place)
  const pan = (by: number): void => {
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, canvasSize.width, canvasSize.height)
    context.setTransform(1, 0, 0, 1, by, 0)
    context.strokeStyle = 'rgb(91 107 122 / 30%)'
    context.beginPath()
    for (let node = 1; node < tree.size; node++) {
      context.moveTo(x[tree.parent[node]!]!, y[tree.parent[node]!]!)
      context.lineTo(x[node]!, y[node]!)
    }
    context.stroke()
    context.fillStyle = '#5188B4'
    context.beginPath()
    for (let node = 0; node < tree.size; node++) {
      context.moveTo(x[node]! + 1.5, y[node]!)
      context.arc(x[node]!, y[node]!, 1.5, 0, 2 * Math.PI)
    }
    context.fill()
  }
  pan(0)
  return pan
}

function sigma(tree: GraphTree, place: HTMLElement): Pan {
  const { x, y } = laidOut(tree)
  const graph = new DirectedGraph()
  for (let node = 0; node < tree.size; node++) graph.addNode(node, { x: x[node], y: y[node], size: 1.5, color: '#5188B4' })
  for (let node = 1; node < tree.size; node++) graph.addEdge(tree.parent[node], node, { size: 0.5, color: '#5B6B7A' })
  place.style.cssText = `width:${canvasSize.width}px;height:${canvasSize.height}px`
  const renderer = new Sigma(graph, place, { renderLabels: false })
  const { x: middle, ...state } = renderer.getCamera().getState()
  return (by) => { renderer.getCamera().setState({ ...state, x: middle + by / canvasSize.width }) }
}

function contextIn(place: HTMLElement): CanvasRenderingContext2D {
  const element = Object.assign(document.createElement('canvas'), canvasSize)
  place.append(element)
  return element.getContext('2d', { alpha: false }) ?? fail()
}
const fail = (): never => { throw new Error('this browser gives no canvas') }
