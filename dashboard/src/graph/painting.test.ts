import type { CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { duration } from '../i18n/numbers.ts'
import { textWidth } from '../i18n/text-width.ts'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { fit, pan, toScreen, toWorld, zoomAt } from './camera.ts'
import { classesOf, paletteFrom, pixelOf } from './colours.ts'
import { noFilters, standingOf, viewAt, viewOf } from './filters.ts'
import { graphTree } from './graph-tree.ts'
import { countBy, growthLine, growthOf, growthTicks, volumeOf } from './growth.ts'
import { layoutOf } from './layout.ts'
import { overlayOf } from './overlay.ts'
import { Painter, nodeSide } from './painter.ts'
import { timeMarks, timeScale, timeScaleNames } from './time-scale.ts'

const size = { width: 320, height: 200 }
const palette = paletteFrom((name) => ` #${(name.length * 0x0f0f0f % 0xffffff).toString(16).padStart(6, '0')}`)
const sceneOf = (nodes: number) => {
  const tree = graphTree(cascadeColumns(nodes))
  const view = viewOf(tree, { filters: noFilters, until: null, focus: null, foldFrom: null, unfolded: new Set<number>() })
  return { tree, layout: layoutOf(tree, { name: 'time-radial', scale: 'log' }), view, classOf: classesOf(tree, 'generation'), colour: 'generation' as const }
}

describe('the camera', () => {
  const point = fc.record({ x: fc.double({ min: 0, max: 320, noNaN: true }), y: fc.double({ min: 0, max: 200, noNaN: true }) })
  const whole = fit({ left: -3, right: 5, top: -2, bottom: 2 }, size, true)
  test('shows the whole picture', () => {
    for (const corner of [{ x: -3, y: -2 }, { x: 5, y: 2 }]) {
      const { x, y } = toScreen(whole, size, corner)
      expect([x >= 0, x <= 320, y >= 0, y <= 200]).toEqual([true, true, true, true])
    }
  })
  test('what is under the hand stays under it, in panning and zooming', () => {
    fc.assert(fc.property(point, point, fc.double({ min: 0.2, max: 8, noNaN: true }), (from, to, by) => {
      const under = toWorld(whole, size, from)
      const dragged = toScreen(pan(whole, to.x - from.x, to.y - from.y), size, under)
      expect([dragged.x, dragged.y]).toEqual([expect.closeTo(to.x, 6), expect.closeTo(to.y, 6)])
      const zoomed = toScreen(zoomAt(whole, by, { point: from, size, whole }), size, under)
      expect([zoomed.x, zoomed.y]).toEqual([expect.closeTo(from.x, 6), expect.closeTo(from.y, 6)])
    }))
  })
  test('does not zoom beyond its range', () => {
    let [near, far] = [whole, whole]
    for (let times = 0; times < 100; times++) {
      near = zoomAt(near, 3, { point: { x: 0, y: 0 }, size, whole })
      far = zoomAt(far, 0.3, { point: { x: 0, y: 0 }, size, whole })
    }
    expect([near.zoomX / whole.zoomX, far.zoomX / whole.zoomX]).toEqual([expect.closeTo(400, 6), expect.closeTo(0.4, 6)])
  })
})

describe('the painter', () => {
  const raster = { pixels: new Uint32Array(320 * 200), width: 320, height: 200 }
  test('leaves no node out of the whole picture, paints the same twice, and nothing beside the canvas', () => {
    const scene = sceneOf(3_000)
    const frame = { camera: fit(scene.layout.bounds, size, true), zoom: 1, ratio: 1 }
    const painter = new Painter(palette)
    const painted = painter.paint(raster, scene, frame)
    expect(painted.nodes).toBe(3_000)
    expect(painted.edges).toMatchObject({ drawn: 2_999, of: 2_999 })
    const first = raster.pixels.slice()
    painter.paint(raster, scene, frame)
    expect(raster.pixels).toEqual(first)
    expect(new Set(first).size).toBeGreaterThan(3)
    painter.paint(raster, scene, { ...frame, camera: pan(frame.camera, 5_000, 0) })
    expect(new Set(raster.pixels)).toEqual(new Set([pixelOf(palette.panel)]))
  })
  test('an edge whose parent is not known is a stub, never a line to the root', () => {
    const scene = sceneOf(2)
    const bent = (flags: number) => ({ ...scene, tree: { ...scene.tree, flags: Uint8Array.of(0, flags), at: Float64Array.of(0, 3_600_000) }, layout: { ...scene.layout, x: Float32Array.of(0, 4), y: Float32Array.of(0, 0) } })
    const frame = { camera: { x: 2, y: 0, zoomX: 70, zoomY: 70 }, zoom: 1, ratio: 1 }
    const lengths = [0, 4].map((flags) => new Painter(palette).paint(raster, bent(flags), frame).edges.pixels)
    expect(lengths).toEqual([281, 15])
  })
  test('nodes are small where they are many and grow with the zoom', () => {
    expect([nodeSide(200_000, 1), nodeSide(5_000, 1), nodeSide(100, 1), nodeSide(200_000, 40), nodeSide(100, 1_000)]).toEqual([1, 2, 5, 6, 9])
  })
})

test('the overlay says what is large, where it came from, and no more than fits', () => {
  const scene = sceneOf(5_000)
  const folded = { ...scene, view: viewOf(scene.tree, { filters: noFilters, until: null, focus: null, foldFrom: 30, unfolded: new Set<number>() }) }
  const deep = scene.tree.byLevel.at(-1)!
  const text = { since: String, count: String, generation: String }
  const shapes = overlayOf(folded, { camera: fit(scene.layout.bounds, size, true), size, chosen: deep, hovered: 7, em: 15, text })
  const count = (look: string): number => shapes.filter((shape) => shape.look === look).length
  expect(count('path') + count('pathUnknown')).toBe(scene.tree.generation[deep])
  expect([count('chosen'), count('hovered')]).toEqual([1, 1])
  expect(count('hub')).toBeLessThanOrEqual(24)
  expect(count('folded')).toBe(Math.min(60, folded.view.foldedHubs.length))
  expect(shapes.filter(({ kind }) => kind === 'text').length).toBeLessThan(90)
})

test('in a dense fan no label of the overlay lies on another, or on a ring, and the largest hub has its number', () => {
  const { tree, ...scene } = sceneOf(5_000)
  const size = { width: 1100, height: 700 }
  for (const name of ['wedge', 'time-radial', 'depth-time'] as const) for (const zoom of [1, 2, 3, 5]) {
    const laid = layoutOf(tree, { name, scale: 'sqrt' })
    const whole = fit(laid.bounds, size, name !== 'depth-time')
    const shapes = overlayOf({ ...scene, tree, layout: laid }, { camera: { ...whole, zoomX: whole.zoomX * zoom, zoomY: whole.zoomY * zoom }, size, chosen: null, hovered: null, em: 15, text: { since: (ms) => `${duration(ms, 'en')} later`, count: (value) => value.toLocaleString('en'), generation: (depth) => `generation ${depth}` } })
    const boxes = shapes.flatMap((shape) => {
      if (shape.kind !== 'text') return []
      const wide = textWidth(shape.text) * 13.5
      const left = shape.anchor === 'start' ? shape.x : shape.anchor === 'end' ? shape.x - wide : shape.x - wide / 2
      return [{ left, right: left + wide, top: shape.y - 10, bottom: shape.y + 1, text: shape.text, look: shape.look }]
    })
    for (const [index, a] of boxes.entries()) expect(boxes.slice(index + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom), `${name} × ${zoom}: ${a.text}`).toEqual([])
    const rings = shapes.filter((shape) => shape.kind === 'circle').filter(({ look }) => look === 'hub')
    const onRings = boxes.filter(({ look }) => look === 'hubText').filter(({ left, right, top, bottom }) => rings.some(({ x, y, r }) => left < x + r && x - r < right && top < y + r && y - r < bottom))
    expect(onRings.length, 'only the first number may lie on a ring').toBeLessThanOrEqual(1)
    const numbers = boxes.filter(({ look }) => look === 'hubText').map(({ text }) => Number(text.replace(',', '')))
    if (zoom === 1) expect(numbers.length).toBeGreaterThan(5)
    if (zoom === 1) expect(numbers[0]).toBe(tree.subtree[tree.byWeight[0]!])
  }
})

test('a cascade that plays is painted over the frame before: the same nodes and edges, and when it stops the same pixels', () => {
  const { tree, layout, classOf } = sceneOf(3_000)
  const asked = { filters: noFilters, focus: null, foldFrom: null, unfolded: new Set<number>() }
  const standing = standingOf(tree, asked)
  const sceneAt = (held: number) => ({ tree, layout, classOf, colour: 'generation' as const, view: viewAt(tree, standing, { ...asked, until: tree.at[held]! }) })
  const raster = () => ({ pixels: new Uint32Array(size.width * size.height), ...size })
  const look = { camera: fit(layout.bounds, size, true), zoom: 1, ratio: 1 }
  const playing = raster(), painter = new Painter(palette)
  for (let held = 1_000; held < 2_600; held += 37) {
    const grown = painter.paint(playing, sceneAt(held), { ...look, grows: true })
    const whole = new Painter(palette).paint(raster(), sceneAt(held), look)
    expect([grown.nodes, grown.edges.of]).toEqual([whole.nodes, whole.edges.of])
  }
  const stopped = new Painter(palette), still = raster()
  stopped.paint(still, sceneAt(2_590), look)
  painter.paint(playing, sceneAt(2_590), look)
  expect(playing.pixels).toEqual(still.pixels)
  // Backwards there is nothing to paint over.
  painter.paint(playing, sceneAt(2_600), { ...look, grows: true })
  painter.paint(playing, sceneAt(400), { ...look, grows: true })
  const early = raster()
  new Painter(palette).paint(early, sceneAt(400), look)
  expect(playing.pixels).toEqual(early.pixels)
})

describe('time', () => {
  test.each(timeScaleNames)('%s: later is farther, the root and what is dated before it lie in the middle', (name) => {
    const far = timeScale(name)
    expect([far(-5), far(0)]).toEqual([0, 0])
    for (let ms = 1_000; ms < 1e10; ms *= 2) expect(far(2 * ms)).toBeGreaterThan(far(ms))
    const marks = timeMarks(name, { reach: far(3 * 86_400_000), apart: 0.5 })
    expect(marks.length).toBeGreaterThan(2)
    for (let i = 1; i < marks.length; i++) expect(marks[i]!.at - marks[i - 1]!.at).toBeGreaterThanOrEqual(0.5)
  })
  test('growth is exact at each of its points and ends with the whole cascade', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_500 }), (nodes) => {
      const columns = cascadeColumns(nodes)
      const growth = growthOf(columns)
      const { ms, count } = growth
      for (const by of [-1, 0, 60_000, 3_600_000, ms.at(-1)!, 1e12]) expect(countBy(growth, by)).toBe(by < 0 ? 0 : columns.at.filter((at) => at - columns.at[0]! <= by).length)
      expect(ms.length).toBe(Math.min(400, nodes))
      expect(count.at(-1)).toBe(nodes)
      for (let i = 0; i < ms.length; i += 37) expect(columns.at.filter((at) => at - columns.at[0]! <= ms[i]!).length).toBe(count[i])
    }), { numRuns: 20 })
    const two = growthOf({ root: 'x', size: 2, at: Float64Array.of(1000, 1050) } as CascadeColumns)
    expect(growthLine(two, { ms: 100, count: 2 }, { width: 100, height: 10 })).toBe('M0 5H50V0H100')
    expect(growthLine(two, { ms: 100, count: 2, until: 70 }, { width: 100, height: 10 })).toBe('M0 5H50V0H70')
    expect(growthLine(two, { ms: 100, count: 2, until: 20 }, { width: 100, height: 10 })).toBe('M0 5H20')
  })
  test('marks of time since the root are round and told apart', () => {
    expect(growthTicks(5_400_000, 6)).toEqual([0, 900_000, 1_800_000, 2_700_000, 3_600_000, 4_500_000, 5_400_000])
    expect([growthTicks(30_000, 6), growthTicks(1, 6)]).toEqual([[0], [0]])
    fc.assert(fc.property(fc.integer({ min: 60_000, max: 5e10 }), (full) => {
      const marks = growthTicks(full, 8)
      expect(marks.length).toBeLessThanOrEqual(9)
      expect(marks.length).toBeGreaterThan(1)
      expect(new Set(marks.map((ms) => duration(ms, 'en'))).size).toBe(marks.length)
    }))
  })
  test('bars hold every mention that passes', () => {
    const { at } = cascadeColumns(777)
    const { counts } = volumeOf(at, 60, (node) => node % 2 === 0)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(389)
  })
})
