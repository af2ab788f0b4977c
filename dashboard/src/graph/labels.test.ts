import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textWidth } from '../i18n/text-width.ts'
import { Labels, type Fixed, type Label, type Wish } from './labels.ts'

const room = { width: 400, height: 300, em: 20 }
const words = fc.constantFrom('7', '1,204', '88,120', '+3,021', '微博 1,204', 'Weibo 88,120')
const at = { x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 300 }) }
const wishes = fc.array(fc.record({ ...at, r: fc.integer({ min: 1, max: 30 }), text: words }), { maxLength: 40 }).map((all) => all.map((one, index): Wish => ({ ...one, key: String(index) })))
const guides = fc.array(fc.record({ ...at, text: words, anchor: fc.constantFrom('start', 'middle') }), { maxLength: 6 }).map((all) => all.map((one, index): Fixed => ({ ...one, key: `g${index}` })))

/** Where the words are seen, by what they are: without the gap that the module keeps. */
function seen({ x, y, anchor, text }: Label): { left: number; right: number; top: number; bottom: number } {
  const wide = textWidth(text) * room.em
  const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2
  return { left, right: left + wide, top: y - room.em / 2, bottom: y + room.em / 2 }
}
const overlap = (one: Label, two: Label): boolean => { const [a, b] = [seen(one), seen(two)]; return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom }
const drawn = (all: readonly Wish[], fixed: readonly Fixed[] = [], labels = new Labels()): readonly Label[] => labels.place(all, fixed, { ...room, discs: all })

test('no two labels overlap, all are seen whole, and the most important one is always drawn', () => {
  fc.assert(fc.property(wishes, guides, (all, fixed) => {
    const labels = drawn(all, fixed)
    for (const [index, label] of labels.entries()) {
      const { left, right, top, bottom } = seen(label)
      expect([left >= 0, right <= room.width, top >= 0, bottom <= room.height], label.text).toEqual([true, true, true, true])
      expect(labels.slice(index + 1).filter((other) => overlap(label, other))).toEqual([])
      if (index > 0 && !label.key.startsWith('g')) expect(all.filter(({ x, y, r }) => left < x + r && x - r < right && top < y + r && y - r < bottom), 'discs under words').toEqual([])
    }
    expect(new Set(labels.map(({ key }) => key)).size).toBe(labels.length)
    if (all.length > 0) expect(labels[0]).toMatchObject({ key: '0', text: all[0]!.text })
  }))
})

test('a frame drawn again is the same, and one that has moved keeps the side of every label that still fits there', () => {
  fc.assert(fc.property(wishes, fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }), (all, dx, dy) => {
    const labels = new Labels()
    const first = drawn(all, [], labels)
    expect(drawn(all, [], labels)).toEqual(first)
    const moved = all.map((one) => ({ ...one, x: one.x + dx, y: one.y + dy }))
    const second = drawn(moved, [], labels)
    // In the middle of the screen nothing is pushed out: there all labels move with what they name.
    const all0 = [...first, ...second].every((label) => { const { left, right, top, bottom } = seen(label); return left > 45 && right < room.width - 45 && top > 45 && bottom < room.height - 45 })
    if (all0 && first.length === all.length) expect(second.map(({ key, x, y }) => [key, x.toFixed(3), y.toFixed(3)])).toEqual(first.map(({ key, x, y }) => [key, (x + dx).toFixed(3), (y + dy).toFixed(3)]))
  }))
})

test('a label keeps the side that it had when its first choice is free again', () => {
  const [hub, wall] = [{ key: 'hub', x: 200, y: 150, r: 10, text: '1,204' }, { key: 'wall', x: 210, y: 150, r: 2, text: '88,120' }]
  const labels = new Labels()
  const side = (all: readonly Wish[]): string | undefined => drawn(all, [], labels).find(({ key }) => key === 'hub')?.anchor
  expect([side([hub]), side([wall, hub]), side([hub])]).toEqual(['start', 'end', 'end'])
})

test('a number that grows keeps its place, for the room of the largest is kept', () => {
  const at = (text: string): readonly Label[] => drawn([{ key: 'a', x: 20, y: 150, r: 5, text, widest: '88,120' }, { key: 'b', x: 95, y: 150, r: 5, text: '7' }])
  const places = (text: string): unknown => at(text).map(({ x, y, anchor }) => ({ x, y, anchor }))
  expect(places('1')).toEqual(places('88,120'))
})

test('words of a ring yield to the most important label, and no other', () => {
  const hub = { key: 'hub', x: 200, y: 150, r: 10, text: '1,204' }
  const ring = { key: 'ring', text: '1h', x: 230, y: 150, anchor: 'middle' as const }
  expect(drawn([hub], [ring]).map(({ key }) => key)).toEqual(['hub'])
  expect(drawn([{ ...hub, key: 'first', x: 60, y: 40 }, hub], [ring]).map(({ key, anchor }) => [key, anchor])).toEqual([['first', 'start'], ['ring', 'middle'], ['hub', 'end']])
})
