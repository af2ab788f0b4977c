import { expect, test } from 'vitest'
import { markAt, placeMarks, type Mark } from './marks.ts'

const mark = (at: number, more: Partial<Mark> = {}): Mark => ({ id: String(at), at, kind: 'action', text: '', ...more })

test('marks that would lie on each other are one, and the weightiest is seen', () => {
  const placed = placeMarks([mark(0), mark(1000), mark(50, { kind: 'alert', grade: 'severe', id: 'severe' }), mark(60, { kind: 'alert', grade: 'minor' })], { from: 0, to: 1000, width: 100 })
  expect(placed.map(({ id, x, more }) => [id, x, more])).toEqual([['severe', 0, 2], ['1000', 100, 0]])
})

test('what lies beyond the span is not drawn', () => {
  expect(placeMarks([mark(-1), mark(5), mark(11)], { from: 0, to: 10, width: 100 }).map(({ at }) => at)).toEqual([5])
})

test('the newest mark is the last that the playhead passed', () => {
  const marks = [mark(30), mark(10), mark(20)]
  expect([5, 10, 25, 99].map((at) => markAt(marks, at)?.at ?? null)).toEqual([null, 10, 20, 30])
})
