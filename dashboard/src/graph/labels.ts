// Words beside what they name, the most important first: none lies on another or on a disc, the first is always there, and from frame to frame each keeps
// its side as long as it fits.
import { textWidth } from '../i18n/text-width.ts'

export interface Disc { readonly x: number; readonly y: number; readonly r: number } // pixels
/** `key`: the same from frame to frame. `widest`: what the text may become while it is shown, so that room is kept for it. */
export interface Wish extends Disc { readonly key: string; readonly text: string; readonly widest?: string }
/** Words that have one place: they are there, or not. */
export interface Fixed { readonly key: string; readonly text: string; readonly x: number; readonly y: number; readonly anchor: Anchor }
export type Anchor = 'start' | 'middle' | 'end'
/** y: the middle of the words. */
export interface Label { readonly key: string; readonly text: string; readonly x: number; readonly y: number; readonly anchor: Anchor }
/** `em`: pixels of the type. `discs`: what words keep off; the first of them, where it can. */
export interface LabelRoom { readonly width: number; readonly height: number; readonly em: number; readonly discs: readonly Disc[] }

export interface Box { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }
const touchPixels = 1e-6 // what lies side by side does not cross, however its places are rounded
const crosses = (a: Box, b: Box): boolean => a.left + touchPixels < b.right && b.left + touchPixels < a.right && a.top + touchPixels < b.bottom && b.top + touchPixels < a.bottom
const gapEm = 0.25
const halfLineEm = 0.62
/** The sides of a disc in the order in which they are tried: anchor, and how far up or down, in halves of what leaves the disc. */
const sides = [['start', 0], ['end', 0], ['start', -1], ['end', -1], ['start', 1], ['end', 1], ['middle', -1], ['middle', 1]] as const

export class Labels {
  #sides: ReadonlyMap<string, number> = new Map() // of the frame before: what is drawn of it, no more

  /** `wishes` and `fixed`: the most important first; what is fixed yields to the first wish alone. No more labels than both together. */
  place(wishes: readonly Wish[], fixed: readonly Fixed[], room: LabelRoom): readonly Label[] {
    const labels: Label[] = [], words: Box[] = [], chosen = new Map<string, number>()
    const off = room.discs.map(({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r }))
    const free = (box: Box): boolean => within(box, room) && !words.some((other) => crosses(other, box))
    const put = (wish: Wish): void => {
      const before = this.#sides.get(wish.key)
      const places = [...before === undefined ? [] : [before], ...sides.keys()].map((side) => ({ side, ...beside(wish, side, room.em) })).filter(({ box }) => free(box))
      const place = places.find(({ box }) => !off.some((disc) => crosses(disc, box))) ?? (words.length === 0 ? places[0] ?? pushedIn(wish, room) : undefined)
      if (place === undefined) return
      labels.push(place.label)
      words.push(place.box)
      chosen.set(wish.key, place.side)
    }
    for (const wish of wishes.slice(0, 1)) put(wish)
    for (const one of fixed) {
      const box = boxOf(one, textWidth(one.text), room.em)
      if (!free(box)) continue
      labels.push(one)
      words.push(box)
    }
    for (const wish of wishes.slice(1)) put(wish)
    this.#sides = chosen
    return labels
  }
}

/** What the words take, with the gap that keeps others away. `wide`: em. */
export function boxOf({ x, y, anchor }: Omit<Label, 'text' | 'key'>, wide: number, em: number): Box {
  const left = x - (anchor === 'start' ? gapEm : anchor === 'end' ? wide + gapEm : wide / 2 + gapEm) * em
  return { left, right: left + (wide + 2 * gapEm) * em, top: y - halfLineEm * em, bottom: y + halfLineEm * em }
}

function beside({ key, text, widest = text, x, y, r }: Wish, side: number, em: number): { readonly label: Label; readonly box: Box } {
  const [anchor, rise] = sides[side]!
  const label = anchor === 'middle' ? { key, text, x, y: y + rise * (r + halfLineEm * em), anchor } : { key, text, x: x + (anchor === 'start' ? 1 : -1) * (r + gapEm * em), y: y + rise * 0.9 * em, anchor }
  return { label, box: boxOf(label, Math.max(textWidth(text), textWidth(widest)), em) }
}

/** On its right, moved as far as it takes to be seen whole. */
function pushedIn(wish: Wish, { width, height, em }: LabelRoom): { readonly side: number; readonly label: Label; readonly box: Box } {
  const { label, box } = beside(wish, 0, em)
  const right = Math.max(-box.left, Math.min(0, width - box.right)), down = Math.max(-box.top, Math.min(0, height - box.bottom))
  const pushed = { ...label, x: label.x + right, y: label.y + down }
  return { side: 0, label: pushed, box: { left: box.left + right, right: box.right + right, top: box.top + down, bottom: box.bottom + down } }
}

const within = ({ left, right, top, bottom }: Box, { width, height }: LabelRoom): boolean => left >= 0 && right <= width && top >= 0 && bottom <= height
