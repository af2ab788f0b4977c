import fc from 'fast-check'
import { expect, test } from 'vitest'
import { advance, atSpeed, byKey, pause, play, playheadOf, seek, shiftSpeed, spanned, speeds, toMark, type Playhead, type Span } from './playhead.ts'

const second = fc.integer({ min: 0, max: 20_000 })
const span = fc.tuple(second, second).map(([a, b]): Span => [Math.min(a, b) * 1000, Math.max(a, b) * 1000])
/** Disjoint stretches in order. */
const quiet = fc.uniqueArray(second, { maxLength: 12 }).map((ends): Span[] => {
  const sorted = ends.toSorted((a, b) => a - b)
  return sorted.flatMap((end, index) => (index % 2 === 1 ? [[sorted[index - 1]! * 1000, end * 1000] as const] : []))
})
const head = fc.record({ span, place: fc.double({ min: 0, max: 1, noNaN: true }), speed: fc.constantFrom(...speeds), skipsQuiet: fc.boolean() })
  .map(({ span: [from, to], place, speed, skipsQuiet }): Playhead => ({ from, to, at: Math.round((from + place * (to - from)) / 1000) * 1000, speed, playing: true, skipsQuiet }))
const elapsed = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 })

/** A ms of the span at a time: a quiet one takes nothing, any other one takes its share. */
function naively(one: Playhead, ms: number, stretches: readonly Span[]): number {
  let at = one.at, left = ms * one.speed / 1000 // everything stands on whole seconds
  while (at < one.to) {
    const isQuiet = one.skipsQuiet && stretches.some(([from, to]) => from <= at && at < to)
    if (!isQuiet && left <= 0) return at
    if (!isQuiet) left -= 1
    at += 1000
  }
  return one.to
}

test('what is played is the time that passed times the speed, quiet stretches left out, and never beyond the end', () => {
  fc.assert(fc.property(head, fc.integer({ min: 0, max: 20 }), quiet, (one, seconds, stretches) => {
    const after = advance(one, seconds * 1000, stretches)
    expect(after.at).toBe(naively(one, seconds * 1000, stretches))
    expect(after.playing).toBe(after.at < one.to)
  }))
})

test('many short frames play exactly as much as one long one', () => {
  fc.assert(fc.property(head, elapsed, quiet, (one, frames, stretches) => {
    const all = advance(one, frames.reduce((sum, ms) => sum + ms, 0), stretches)
    // A frame that takes no time may still stand before a quiet stretch that the next one leaves.
    const parts = frames.reduce((held, ms) => advance(held, ms, stretches), one)
    expect(advance(parts, 0, stretches).at).toBe(advance(all, 0, stretches).at)
  }))
})

test('whatever the hand does, the place stays within the span and the speed is one of those offered', () => {
  const hand = fc.array(fc.oneof(
    fc.record({ kind: fc.constant('seek' as const), at: fc.integer({ min: -1e8, max: 1e8 }) }),
    fc.record({ kind: fc.constant('play' as const), ms: fc.integer({ min: -5, max: 1e6 }) }),
    fc.record({ kind: fc.constant('key' as const), key: fc.constantFrom('ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 'x') }),
    fc.record({ kind: fc.constant('speed' as const), speed: fc.double() }),
    fc.record({ kind: fc.constant('span' as const), span }),
    fc.record({ kind: fc.constant('mark' as const), marks: fc.array(fc.integer({ min: 0, max: 2e7 })), by: fc.constantFrom(1 as const, -1 as const) }),
  ), { maxLength: 20 })
  fc.assert(fc.property(span, hand, quiet, (first, moves, stretches) => {
    let one = playheadOf(first)
    for (const move of moves) {
      if (move.kind === 'seek') one = seek(one, move.at)
      if (move.kind === 'play') one = advance(play(one), move.ms, stretches)
      if (move.kind === 'key') one = byKey(one, move.key) ?? one
      if (move.kind === 'speed') one = shiftSpeed(atSpeed(one, move.speed), 1)
      if (move.kind === 'span') one = spanned(one, move.span)
      if (move.kind === 'mark') one = toMark(one, move.marks, move.by)
      expect(one.at >= one.from && one.at <= one.to).toBe(true)
      expect(speeds).toContain(one.speed)
    }
  }))
})

test('a mark is the nearest one in that direction, and without one it is the end', () => {
  fc.assert(fc.property(head, fc.array(fc.integer({ min: -1000, max: 2.1e7 })), (one, marks) => {
    const inside = marks.filter((at) => at > one.at && at < one.to)
    expect(toMark(one, marks, 1).at).toBe(Math.min(one.to, ...inside))
    const before = marks.filter((at) => at < one.at && at > one.from)
    expect(toMark(one, marks, -1).at).toBe(Math.max(one.from, ...before))
  }))
})

test('it begins paused at the end, plays anew from there, and stops where it is paused', () => {
  const one = playheadOf([1000, 61_000])
  expect(one).toMatchObject({ at: 61_000, playing: false, speed: 60 })
  expect(advance(one, 1000, [])).toBe(one)
  expect(advance(play(one), 500, [])).toMatchObject({ at: 31_000, playing: true })
  expect(pause(advance(play(one), 500, []))).toMatchObject({ at: 31_000, playing: false })
})

test('at the end it plays anew from the time that is chosen, where there is one', () => {
  const one = playheadOf([1000, 61_000])
  expect(play(one, 20_000).at).toBe(20_000)
  expect(play(one, -5).at).toBe(1000) // chosen before the span begins
  expect(play(one, 61_000).at).toBe(1000)
  expect(play(seek(one, 5000), 20_000).at).toBe(5000) // only from the end
})

test('who stood at the end of a span that grew stands at its new end, and any other place stays', () => {
  expect(spanned(playheadOf([0, 1000]), [0, 5000]).at).toBe(5000)
  expect(spanned(playheadOf([0, 1000], { at: 400 }), [0, 5000]).at).toBe(400)
})
