// Which node lies under a point: a grid over the world, its cells filled once a layout.
import type { Layout } from './layout.ts'

const cellsPerSide = 256

export class HitGrid {
  readonly #layout: Layout
  readonly #start = new Int32Array(cellsPerSide * cellsPerSide + 1)
  readonly #nodes: Int32Array
  readonly #cell: { readonly width: number; readonly height: number }

  constructor(layout: Layout) {
    this.#layout = layout
    const { x, y, bounds } = layout
    this.#cell = { width: (bounds.right - bounds.left) / cellsPerSide, height: (bounds.bottom - bounds.top) / cellsPerSide }
    const cellOf = new Int32Array(x.length)
    for (let node = 0; node < x.length; node++) {
      const cell = this.#row(y[node]!) * cellsPerSide + this.#column(x[node]!)
      cellOf[node] = cell
      this.#start[cell + 1]!++
    }
    for (let cell = 0; cell < cellsPerSide * cellsPerSide; cell++) this.#start[cell + 1]! += this.#start[cell]!
    const next = this.#start.slice()
    this.#nodes = new Int32Array(x.length)
    for (let node = 0; node < x.length; node++) this.#nodes[next[cellOf[node]!]!++] = node
  }

  /** The nearest node that `may` be hit within the reach (world units a side: an ellipse); −1 where there is none. */
  nearest(point: { readonly x: number; readonly y: number }, reach: { readonly x: number; readonly y: number }, may: (node: number) => boolean): number {
    const { x, y } = this.#layout
    let found = -1, least = 1
    for (let row = this.#row(point.y - reach.y); row <= this.#row(point.y + reach.y); row++) {
      const from = this.#start[row * cellsPerSide + this.#column(point.x - reach.x)]!
      const to = this.#start[row * cellsPerSide + this.#column(point.x + reach.x) + 1]!
      for (let at = from; at < to; at++) {
        const node = this.#nodes[at]!
        const distance = ((x[node]! - point.x) / reach.x) ** 2 + ((y[node]! - point.y) / reach.y) ** 2
        if (distance > least || !may(node)) continue
        found = node
        least = distance
      }
    }
    return found
  }

  readonly #column = (x: number): number => within((x - this.#layout.bounds.left) / this.#cell.width)
  readonly #row = (y: number): number => within((y - this.#layout.bounds.top) / this.#cell.height)
}

const within = (cell: number): number => Math.min(cellsPerSide - 1, Math.max(0, Math.floor(cell)))
