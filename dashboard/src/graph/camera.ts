// What part of the world is on the canvas: pixels = (world − centre) × zoom + middle. Plain values; every change makes a new camera.
import type { Bounds } from './layout.ts'

export interface Camera { readonly x: number; readonly y: number; readonly zoomX: number; readonly zoomY: number } // world point in the middle, pixels a world unit
export interface Size { readonly width: number; readonly height: number } // pixels

const margin = 0.94
/** In either direction from the whole picture. */
const zoomRange = { least: 0.4, most: 400 } as const

/** The whole picture; where `even` both axes have one scale (circles stay round). */
export function fit({ left, right, top, bottom }: Bounds, { width, height }: Size, even: boolean): Camera {
  const zoomX = (width * margin) / Math.max(1e-6, right - left), zoomY = (height * margin) / Math.max(1e-6, bottom - top)
  const least = Math.min(zoomX, zoomY)
  return { x: (left + right) / 2, y: (top + bottom) / 2, zoomX: even ? least : zoomX, zoomY: even ? least : zoomY }
}

export const toScreen = (camera: Camera, size: Size, { x, y }: { readonly x: number; readonly y: number }): { x: number; y: number } =>
  ({ x: (x - camera.x) * camera.zoomX + size.width / 2, y: (y - camera.y) * camera.zoomY + size.height / 2 })
export const toWorld = (camera: Camera, size: Size, { x, y }: { readonly x: number; readonly y: number }): { x: number; y: number } =>
  ({ x: (x - size.width / 2) / camera.zoomX + camera.x, y: (y - size.height / 2) / camera.zoomY + camera.y })

/** By pixels: what is under the hand stays under it. */
export const pan = (camera: Camera, dx: number, dy: number): Camera => ({ ...camera, x: camera.x - dx / camera.zoomX, y: camera.y - dy / camera.zoomY })

/** Around a point of the screen, which keeps its place; `whole` is the camera that shows all, from which the limits are counted. */
export function zoomAt(camera: Camera, by: number, { point, size, whole }: { readonly point: { readonly x: number; readonly y: number }; readonly size: Size; readonly whole: Camera }): Camera {
  const now = camera.zoomX / whole.zoomX
  const factor = Math.min(zoomRange.most, Math.max(zoomRange.least, now * by)) / now
  const held = toWorld(camera, size, point)
  const zoomed = { ...camera, zoomX: camera.zoomX * factor, zoomY: camera.zoomY * factor }
  const moved = toWorld(zoomed, size, point)
  return { ...zoomed, x: zoomed.x + held.x - moved.x, y: zoomed.y + held.y - moved.y }
}
