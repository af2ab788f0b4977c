import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StateReader, StateUnreadable, StateWriter } from '../state.ts'
import { Onset } from './onset.ts'
import { closeOf, readingOf } from './readings.testing.ts'
import { Surge, type SurgeChange } from './surge.ts'
import type { ClockReading, Reading } from './velocity-detector.ts'

interface Look { readonly second: number; readonly reading: Reading | null }
interface Ended { readonly at: number; readonly loudAt: number; readonly lasted: number; readonly peaks: readonly number[] }
interface Said { readonly state: 'begin' | 'end'; readonly at: number; readonly since: number; readonly clock: number; readonly grade: string; readonly moved: boolean }

const usual = 0.4 // all through: that the baseline follows is not told here
const stretch = fc.record({ minutes: fc.constantFrom(1, 3, 10, 40, 200, 1500), rate: fc.constantFrom(0, 0.1, 0.4, 0.4, 0.4, 1, 3, 9, 40), isMissing: fc.constantFrom(false, false, false, false, false, true) })
const story = fc.tuple(fc.array(stretch, { minLength: 2, maxLength: 9 }), fc.integer({ min: 1, max: 1 << 30 }))

/** Minutes as they are told: each stretch with noise of its own. Of a long one only every tenth is looked at: to work all out again is quadratic. */
function looksOf([stretches, seed]: readonly [readonly { readonly minutes: number; readonly rate: number; readonly isMissing: boolean }[], number]): Look[] {
  let state = seed
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) / 0x8000_0000
  const counts: number[] = []
  const looked: { readonly n: number; readonly isMissing: boolean }[] = []
  for (const { minutes, rate, isMissing } of stretches) for (let i = 0; i < minutes; i++) {
    const n = counts.push(Math.floor(2 * rate * random() + random())) - 1
    if (minutes <= 200 || i % 10 === 0) looked.push({ n, isMissing })
  }
  return looked.map(({ n, isMissing }) => ({ second: closeOf(n), reading: isMissing ? null : readingOf(counts, n, usual) }))
}

/** The same from the rules alone: at each look everything is worked out again from all looks since the last change. */
function naive(looks: readonly Look[], budget: number): Said[] {
  const said: Said[] = []
  let begin = -1, from = 0
  let before: Ended | null = null
  for (let n = 0; n < looks.length; n++) {
    if (looks[n]!.reading === null) continue
    if (begin < 0) {
      const clock = standsOut(looks, { from, to: n }, budget, before)
      if (clock === null) continue
      begin = n
      said.push({ state: 'begin', at: looks[n]!.second, since: sinceOf(looks, { from, to: n }, before), clock, grade: gradeOf(looks.slice(n, n + 1), budget, before), moved: false })
      continue
    }
    const { since, clock } = said.at(-1)!
    const event = looks.slice(begin, n + 1)
    const { loudAt, calm, calmest } = calmOf(event, { since, clock })
    const lasted = loudAt - since + 1
    const stays = steady(event, since)
    const isCalm = calm >= Math.min(14_400, Math.max(600, lasted / 4))
    if (!isCalm && !stays) continue
    const firstClocks = event[0]!.reading!.clocks
    said.push({ state: 'end', at: looks[n]!.second, since, clock: isCalm ? calmest : clock, grade: gradeOf(event, budget, before), moved: !isCalm })
    before = { at: looks[n]!.second, loudAt, lasted: Math.max(1800, Math.min(72_000, lasted)), peaks: firstClocks.map((_, i) => peakOf(event, i)) }
    begin = -1
    from = n + 1
  }
  return said
}

const excess = ({ count, usual: normal }: ClockReading): number => count - normal
const peakOf = (event: readonly Look[], clock: number): number => Math.max(0, ...event.flatMap(({ reading }) => (reading ? [excess(reading.clocks[clock]!)] : [])))
const isBehind = (second: number, clock: ClockReading, before: Ended | null): boolean => before === null || second - clock.seconds >= before.at

function standsOut(looks: readonly Look[], { from, to }: { readonly from: number; readonly to: number }, budget: number, before: Ended | null): number | null {
  let loudAt = before?.loudAt ?? 0
  let chosen: number | null = null
  for (const { second, reading } of looks.slice(from, to + 1)) {
    chosen = null
    if (reading === null || reading.falsePerDay > budget) continue
    const isClean = isBehind(second, reading.clocks.at(-1)!, before)
    const heardAt = loudAt
    reading.clocks.forEach((clock, i) => {
      if (clock.count <= clock.high || excess(clock) < 8 || clock.count < 1.5 * clock.usual || (!isClean && (clock.falsePerDay > budget || !isBehind(second, clock, before)))) return
      const peak = before ? 1.5 * before.peaks[i]! * 0.5 ** (Math.max(0, second - loudAt - before.lasted) / (before.lasted / 4)) : 0
      if (excess(clock) <= peak) loudAt = second - heardAt <= before!.lasted ? second : heardAt
      else if (chosen === null || clock.falsePerDay < reading.clocks[chosen]!.falsePerDay) chosen = i
    })
  }
  return chosen
}

function sinceOf(looks: readonly Look[], { from, to }: { readonly from: number; readonly to: number }, before: Ended | null): number {
  const onset = new Onset()
  if (from > 0) onset.forget(looks[from - 1]!.second)
  for (const { second, reading } of looks.slice(from, to + 1)) {
    if (reading) onset.add(second, reading.clocks[0]!)
    else onset.skip(second)
  }
  const { second, reading } = looks[to]!
  const fresh = reading!.clocks.filter((clock) => isBehind(second, clock, before))
  const holdingMost = fresh.filter((clock) => fresh.every((other) => excess(clock) >= 0.9 * excess(other)))
  return Math.min(second, Math.max(onset.since, second - Math.min(...holdingMost.map(({ seconds }) => seconds)) + 1))
}

function calmOf(event: readonly Look[], { since, clock }: { readonly since: number; readonly clock: number }): { readonly loudAt: number; readonly calm: number; readonly calmest: number } {
  const told = event[0]!.reading!.clocks[clock]!
  const rate = excess(told) / Math.min(told.seconds, event[0]!.second - since + 1)
  let loudAt = event[0]!.second
  let calm = 0
  let calmest = clock
  event.forEach(({ second, reading }, i) => {
    if (i === 0 || reading === null) return
    const longest = Math.min(7200, Math.max(900, (loudAt - since + 1) / 4))
    const judges = reading.clocks.filter(({ seconds }) => seconds >= 300 && seconds <= longest)
    const last = judges.at(-1)!
    const inside = judges.filter(({ count, high, usual: normal }) => count <= Math.max(high, normal + 2))
    calmest = reading.clocks.indexOf(inside.at(-1) ?? last)
    const isOutside = inside.length < judges.length || excess(last) > Math.max(2, (rate * last.seconds) / 3)
    const isFar = judges.some((one) => excess(one) > Math.max(2 * (one.high - one.usual), 4))
    const passed = Math.min(900, second - event[i - 1]!.second)
    calm = isFar ? 0 : isOutside ? Math.max(0, calm - 4 * passed) : calm + passed
    if (isOutside) loudAt = second
  })
  return { loudAt, calm, calmest }
}

/** Whether the last day holds as much as the day before it did, a day after the beginning at the earliest. */
function steady(event: readonly Look[], since: number): boolean {
  let mark: { readonly second: number; readonly count: number } | null = null
  for (const { second, reading } of event.slice(1)) {
    if (reading === null || second - (mark?.second ?? since) < 86_400) continue
    const { count } = reading.clocks.at(-1)!
    if (mark && second === event.at(-1)!.second && count <= 1.5 * mark.count && 1.5 * count >= mark.count) return true
    mark = { second, count }
  }
  return false
}

function gradeOf(event: readonly Look[], budget: number, before: Ended | null): string {
  const isModerate = event.some(({ reading }) => reading?.clocks.some((clock) =>
    isBehind(event[0]!.second, clock, before) && clock.falsePerDay * 1000 <= budget && excess(clock) >= 100 && clock.count >= 4 * clock.usual))
  return isModerate ? 'moderate' : 'minor'
}

const inShort = ({ state, at, since, reading, grade, moved }: SurgeChange): Said => ({ state, at, since, clock: reading.clock, grade, moved })

test('it says what a naive recomputation over all looks says', () => {
  let changes = 0
  fc.assert(fc.property(story, fc.constantFrom(1, 6, 0.2), (of, budget) => {
    const looks = looksOf(of)
    const surge = new Surge(budget)
    const said = looks.flatMap(({ second, reading }) => surge.take(second, reading) ?? [])
    changes += said.length
    expect(said.map(inShort)).toEqual(naive(looks, budget))
  }), { numRuns: 50 })
  expect(changes).toBeGreaterThan(25)
})

test('a saved one answers ever after as the one that was saved, and what is cut short is refused', () => {
  fc.assert(fc.property(story, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
    const looks = looksOf(of)
    const cut = Math.floor(share * looks.length)
    const surge = new Surge(1)
    for (const { second, reading } of looks.slice(0, cut)) surge.take(second, reading)
    const out = new StateWriter()
    surge.save(out)
    const loaded = new Surge(1)
    loaded.load(new StateReader(out.written))
    expect([loaded.open, loaded.since, loaded.grade]).toEqual([surge.open, surge.since, surge.grade])
    for (const { second, reading } of looks.slice(cut)) expect(loaded.take(second, reading)).toEqual(surge.take(second, reading))
    const short = new Surge(1)
    expect(() => short.load(new StateReader(out.written.subarray(0, -8)))).toThrow(StateUnreadable)
  }), { numRuns: 60 })
})

test('begins and ends take turns, and no alarm is since a second after it began', () => {
  fc.assert(fc.property(story, (of) => {
    const surge = new Surge(6)
    let isOpen = false
    for (const { second, reading } of looksOf(of)) {
      const change = surge.take(second, reading)
      if (change) {
        expect(change.state).toBe(isOpen ? 'end' : 'begin')
        expect(change.since).toBeLessThanOrEqual(change.at)
        isOpen = !isOpen
      }
      expect(surge.open).toBe(isOpen)
    }
  }), { numRuns: 60 })
})
