import { expect, test } from 'vitest'
import { closeOf, readingOf, startSecond } from './readings.testing.ts'
import { budgetPerDay, Surge } from './surge.ts'

const hour = 60
const day = 24 * hour

interface Story { readonly usual: number | ((minute: number) => number); readonly counts: readonly number[]; readonly budget?: number | null; readonly missing?: readonly [number, number] }

/** What is told of counts by the minute, looked at as the engine does: where mentions came, and every minute while an alarm is open. */
function told({ usual, counts, budget = 1, missing = [-1, -1] }: Story): string[] {
  const surge = new Surge(budget)
  const lines: string[] = []
  counts.forEach((count, n) => {
    const isMissing = n >= missing[0] && n <= missing[1]
    if (count === 0 && !surge.open && !isMissing) return
    const change = surge.take(closeOf(n), isMissing ? null : readingOf(counts, n, typeof usual === 'number' ? usual : usual(n)))
    if (change) lines.push(`${change.state}${change.moved ? ' moved' : ''} at ${n} since ${Math.floor((change.since - startSecond) / 60)} ${change.grade} by ${change.reading.clocks[change.reading.clock]!.seconds / 60}m`)
  })
  return lines
}

/** A flat day of `usual` a minute (under one: every so many minutes), then the parts: [minutes, mentions a minute]. */
function after(usual: number, ...parts: readonly (readonly [number, number])[]): number[] {
  const evenly = (minutes: number, rate: number): number[] => Array.from({ length: minutes }, (_, i) => Math.floor((i + 1) * rate + 1e-9) - Math.floor(i * rate + 1e-9))
  return [evenly(day, usual), ...parts.map(([minutes, rate]) => evenly(minutes, rate))].flat()
}

test('a flash on a quiet topic is told within its first minutes, once, though it fills the longer windows for a day', () => {
  const lines = told({ usual: 0.02, counts: after(0.02, [10, 6], [3 * day, 0.02]) })
  expect(lines).toEqual([expect.stringMatching(/^begin at 144[1-3] since 1440 minor/), expect.stringMatching(/^end at 14(6|7)\d since 1440/)])
})

test('two mentions of a topic that nobody speaks of are rare and do not matter', () => {
  expect(told({ usual: 0.0005, counts: after(0.0005, [1, 2], [hour, 0], [1, 5], [day, 0]) })).toEqual([])
})

test('what is told is outside the band of its window at the beginning, and inside that of its window at the end', () => {
  const surge = new Surge(6)
  const counts = after(0.2, [10, 6], [hour, 0.2], [400, 0.6], [day, 0.2])
  const changes = counts.flatMap((count, n) => (count === 0 && !surge.open ? [] : surge.take(closeOf(n), readingOf(counts, n, 0.2)) ?? []))
  expect(changes.map(({ state, moved, reading }) => [state, moved, reading.count > reading.high])).toEqual(changes.map(({ state }) => [state, false, state === 'begin']))
  expect(changes.length).toBeGreaterThanOrEqual(2)
  // Rare by what all clocks say together, and within the band of each: nothing that could be told.
  const lax = readingOf(counts, 100, 0.2)
  expect(new Surge(6).take(closeOf(100), { ...lax, falsePerDay: 1, clocks: lax.clocks.map((clock) => ({ ...clock, count: Math.floor(clock.usual) + 20, high: clock.usual + 30, falsePerDay: 2 })) })).toBeNull()
})

test('what is rare and hardly more than usual does not matter', () => {
  expect(told({ usual: 400, counts: after(400, [2 * hour, 560], [hour, 400]) })).toEqual([])
})

test('a quiet minute, a quiet ten minutes and a wave that comes back are one event', () => {
  const waves = [[30, 60], [1, 0], [30, 60], [10, 1], [20, 40], [12, 1], [20, 20]] as const
  const lines = told({ usual: 1, counts: after(1, ...waves, [day, 1]) })
  expect(lines).toEqual([expect.stringMatching(/^begin at 144[01] since 1440/), expect.stringMatching(/^end at 16[0-2]\d since 1440 moderate/)])
})

test('an event that goes on by day and sleeps at night is told on the first day only, unless it is greater than before; days later it is another', () => {
  const days = (peaks: readonly number[]) => after(1, ...peaks.flatMap((peak) => [[14 * hour, peak], [10 * hour, 1]] as const))
  expect(told({ usual: 1, counts: days([30, 25, 20, 10]) }).filter((line) => line.startsWith('begin'))).toHaveLength(1)
  expect(told({ usual: 1, counts: days([30, 25, 60, 10]) }).filter((line) => line.startsWith('begin'))).toHaveLength(2)
  expect(told({ usual: 1, counts: days([30, 1, 1, 15]) }).filter((line) => line.startsWith('begin'))).toHaveLength(2)
})

test('a smaller event hours after a flash is an event of its own', () => {
  const lines = told({ usual: 1, counts: after(1, [10, 60], [5 * hour, 1], [10, 30], [day, 1]) })
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['begin', 'end', 'begin', 'end'])
})

test('a slow burn that no short clock sees is told by a long one, from when it began, and lasts as long as it burns', () => {
  const lines = told({ usual: 0.01, counts: after(0.01, [20 * hour, 0.04], [2 * day, 0.01]) })
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/ by (120|1440)m$/)
  const [begin, end] = lines.map((line) => /at (\d+) since (\d+)/.exec(line)!.slice(1).map(Number))
  expect(begin![1]).toBeGreaterThan(day - hour)
  expect(begin![1]).toBeLessThan(day + 2 * hour)
  expect(end![0]).toBeGreaterThan(day + 19 * hour)
  expect(end![0]).toBeLessThan(day + 32 * hour)
})

test('a level that is the same a day later has moved for good: that is said, and it is not told again', () => {
  const lines = told({ usual: 1, counts: after(1, [6 * day, 8]) })
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^end moved at /)
})

test('a level that the baseline has followed has moved; one that fell back meanwhile has not', () => {
  const following = (n: number): number => (n < 2 * day + 4 * hour ? 1 : 8)
  expect(told({ usual: following, counts: after(1, [40 * hour, 8]) })[1]).toMatch(/^end moved at /)
  expect(told({ usual: following, counts: after(1, [28 * hour, 8], [12 * hour, 1]) })[1]).toMatch(/^end at /)
})

test('missing data neither ends an alarm nor counts as calm', () => {
  const counts = after(1, [30, 60], [day, 1])
  const end = (lines: readonly string[]) => Number(/^end at (\d+)/.exec(lines[1]!)![1])
  const [seen, blind] = [told({ usual: 1, counts }), told({ usual: 1, counts, missing: [1470, 1800] })]
  expect([seen.length, blind.length]).toEqual([2, 2])
  expect(end(seen)).toBeLessThan(1550)
  expect(end(blind)).toBeGreaterThan(1800)
  expect(told({ usual: 1, counts, missing: [1400, 4000] })).toEqual([])
})

test('without a budget nothing is told; a budget of nothing allows nothing', () => {
  for (const budget of [null, 0]) expect(told({ usual: 1, budget, counts: after(1, [30, 60]) })).toEqual([])
})

test('what is told is of the clock that stands out among those whose window the last event left', () => {
  const lines = told({ usual: 1, counts: after(1, [10, 200], [2 * hour, 1], [10, 150], [day, 1]) })
  expect(lines).toHaveLength(4)
  expect(lines[2]).toMatch(/ by (1|5)m$/)
})

test.each([
  ['2 per 8h', 6], ['1 per 24h', 1], ['1 per 7d', 1 / 7], ['0 per 1h', 0], ['10 per 1m', 14_400],
  ['1 per 8d', null], ['1 per 0h', null], ['per 8h', null], ['two per 8h', null], ['', null], ['1 per', null],
] as const)('the budget "%s" is %s a day', (text, perDay) => { expect(budgetPerDay(text)).toBe(perDay) })

test('where the rules say nothing the budget is one a day', () => { expect(budgetPerDay()).toBe(1) })
