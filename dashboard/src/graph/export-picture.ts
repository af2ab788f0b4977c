// The picture as it is shown, as a file: PNG of its pixels, SVG of its largest nodes. Both say what they are of, and hold the hash of the query.
import type { Camera, Size } from './camera.ts'
import { tokensOf, type Palette } from './colours.ts'
import { xml } from './export-table.ts'
import { nodeStates } from './filters.ts'
import { nodeFlags } from './graph-tree.ts'
import { looks, type Shape } from './overlay.ts'
import { nodeSide, Painter, type Scene } from './painter.ts'
import { withText } from './png-text.ts'

export interface Picture {
  readonly scene: Scene
  readonly camera: Camera
  readonly zoom: number // against the whole picture
  readonly size: Size
  readonly shapes: readonly Shape[]
  readonly palette: Palette
  readonly caption: string
  readonly hash: string
}

export const svgNodesMax = 3_000
const textPixels = 14
const face = "'Noto Sans SC Variable', 'Noto Sans SC', sans-serif"
const captionPixels = 28
const pngRatio = 2

/** In the order of the largest subtrees, the root first; `of`: how many are shown in all. */
export function svgText({ scene, camera, zoom, size, shapes, palette, caption, hash }: Picture): { readonly text: string; readonly nodes: number; readonly of: number } {
  const { tree, layout, view, classOf, colour } = scene
  const nodes = [0]
  for (let i = 0; i < tree.byWeight.length && nodes.length < svgNodesMax; i++) if (view.state[tree.byWeight[i]!] === nodeStates.shown) nodes.push(tree.byWeight[i]!)
  const x = (node: number): string => ((layout.x[node]! - camera.x) * camera.zoomX + size.width / 2).toFixed(1)
  const y = (node: number): string => ((layout.y[node]! - camera.y) * camera.zoomY + size.height / 2).toFixed(1)
  const path = (unknown: boolean): string => nodes.filter((node) => node !== 0 && ((tree.flags[node]! & nodeFlags.unknownEdge) !== 0) === unknown)
    .map((node) => `M${x(node)} ${y(node)}L${x(tree.parent[node]!)} ${y(tree.parent[node]!)}`).join('')
  const radius = nodeSide(nodes.length, zoom) / 2
  const dots = tokensOf(colour).map((token, kind) => `<g fill="${palette[token]}">${nodes.filter((node) => classOf[node] === kind).map((node) => `<circle cx="${x(node)}" cy="${y(node)}" r="${radius}"/>`).join('')}</g>`).join('\n')
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height + captionPixels}" font-family="${face}" font-size="${textPixels}">
<title>${xml(caption)}</title><metadata>query ${hash}</metadata>
<rect width="100%" height="100%" fill="${palette.panel}"/>
<path d="${path(false)}" stroke="${palette.edge}" stroke-opacity="0.35" fill="none"/>
<path d="${path(true)}" stroke="${palette['text-3']}" stroke-opacity="0.35" stroke-dasharray="2 6" fill="none"/>
${dots}
${shapes.map((shape) => shapeText(shape, palette)).join('\n')}
<text x="8" y="${size.height + 19}" fill="${palette['text-2']}">${xml(caption)}</text>
</svg>
`
  return { text, nodes: nodes.length, of: view.counts.shown }
}

function shapeText(shape: Shape, palette: Palette): string {
  const { stroke, fill, width, dash } = looks[shape.look]
  const ink = `stroke="${stroke === null ? 'none' : palette[stroke]}" fill="${fill === null ? 'none' : palette[fill]}" stroke-width="${width}"${dash === null ? '' : ` stroke-dasharray="${dash.join(' ')}"`}`
  if (shape.kind === 'circle') return `<circle cx="${shape.x.toFixed(1)}" cy="${shape.y.toFixed(1)}" r="${shape.r.toFixed(1)}" ${ink}/>`
  if (shape.kind === 'line') return `<line x1="${shape.x1.toFixed(1)}" y1="${shape.y1.toFixed(1)}" x2="${shape.x2.toFixed(1)}" y2="${shape.y2.toFixed(1)}" ${ink}/>`
  return `<text x="${shape.x.toFixed(1)}" y="${shape.y.toFixed(1)}" fill="${fill === null ? 'none' : palette[fill]}" text-anchor="${shape.anchor}" paint-order="stroke" stroke="${palette.panel}" stroke-width="4">${xml(shape.text)}</text>`
}

/** At twice the size of the page; the hash is a text chunk of the file too. */
export async function pngBlob({ scene, camera, zoom, size, shapes, palette, caption, hash }: Picture): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width * pngRatio, (size.height + captionPixels) * pngRatio)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('the browser gives no canvas to draw the picture on')
  const image = new ImageData(size.width * pngRatio, size.height * pngRatio)
  const raster = { pixels: new Uint32Array(image.data.buffer), width: image.width, height: image.height }
  new Painter(palette).paint(raster, scene, { camera: { ...camera, zoomX: camera.zoomX * pngRatio, zoomY: camera.zoomY * pngRatio }, zoom, ratio: pngRatio })
  context.fillStyle = palette.panel
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.putImageData(image, 0, 0)
  context.scale(pngRatio, pngRatio)
  context.font = `${textPixels}px ${face}`
  for (const shape of shapes) draw(context, shape, palette)
  context.fillStyle = palette['text-2']
  context.textAlign = 'start'
  context.fillText(caption, 8, size.height + 19)
  const plain = await canvas.convertToBlob({ type: 'image/png' })
  return new Blob([withText(new Uint8Array(await plain.arrayBuffer()), 'Groundswell-Query', hash)], { type: 'image/png' })
}

function draw(context: OffscreenCanvasRenderingContext2D, shape: Shape, palette: Palette): void {
  const { stroke, fill, width, dash } = looks[shape.look]
  context.setLineDash([...dash ?? []])
  context.lineWidth = shape.kind === 'text' ? 4 : width
  context.strokeStyle = shape.kind === 'text' ? palette.panel : stroke === null ? 'transparent' : palette[stroke]
  context.fillStyle = fill === null ? 'transparent' : palette[fill]
  if (shape.kind === 'text') {
    context.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor
    context.strokeText(shape.text, shape.x, shape.y)
    context.fillText(shape.text, shape.x, shape.y)
    return
  }
  context.beginPath()
  if (shape.kind === 'circle') context.arc(shape.x, shape.y, shape.r, 0, 2 * Math.PI)
  else {
    context.moveTo(shape.x1, shape.y1)
    context.lineTo(shape.x2, shape.y2)
  }
  context.fill()
  context.stroke()
}
