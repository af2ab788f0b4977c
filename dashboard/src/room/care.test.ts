import { expect, test } from 'vitest'
import { careAt, isNight, orbit, orbitPx } from './care.ts'
import { roomTime } from './room-time.ts'

test('the picture wanders one pixel a minute, never farther than four, and comes everywhere on its way', () => {
  const places = Array.from({ length: 64 }, (_, minute) => orbit(minute))
  for (const [minute, { x, y }] of places.entries()) {
    const next = orbit(minute + 1)
    expect(Math.abs(next.x - x) + Math.abs(next.y - y)).toBe(1)
    expect(Math.max(Math.abs(x), Math.abs(y))).toBe(orbitPx)
  }
  expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(32)
})

test('over a day of the room the columns change sides every six hours and are on each side for half of it', () => {
  const at = roomTime('Asia/Shanghai')
  const midnight = Date.parse('2025-11-20T16:00:00Z')
  const sides = Array.from({ length: 24 }, (_, hour) => careAt(midnight + hour * 3_600_000, at(midnight + hour * 3_600_000), { from: 7, to: 22 }))
  expect(sides.map(({ mirrored }) => (mirrored ? 'm' : '.')).join('')).toBe('......mmmmmm......mmmmmm')
  expect(sides.map(({ night }) => (night ? 'n' : '.')).join('')).toBe('nnnnnnn...............nn')
})

test.each([[6, { from: 7, to: 22 }, true], [7, { from: 7, to: 22 }, false], [22, { from: 7, to: 22 }, true], [23, { from: 19, to: 5 }, false], [4, { from: 19, to: 5 }, false], [5, { from: 19, to: 5 }, true], [12, { from: 0, to: 24 }, false]])(
  'at %d with a day of %j it is night: %s', (hour, day, night) => expect(isNight(hour, day)).toBe(night))
