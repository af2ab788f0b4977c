import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Baseline } from './baseline.ts'
import { learnPast, type KnownPast, type OwnPast } from './learn-past.ts'

/** Keeps what it is taught, in the order of time: slices, and hours of which only the sum is known. */
class Taught {
  readonly sliceSeconds = 300
  readonly slices = new Map<number, number>()
  readonly hours = new Map<number, number>()
  newest = -1
  learn(slice: number, count: number | null): void {
    expect(slice).toBeGreaterThan(this.newest)
    this.slices.set((this.newest = slice), count!)
  }
  warmUp(hours: readonly (readonly [number, number])[], to: number): void {
    for (let hour = hours[0]![0]; hour < to; hour++) {
      expect(hour * 12).toBeGreaterThan(this.newest)
      this.hours.set(hour, hours.find(([at]) => at === hour)?.[1] ?? 0)
      this.newest = hour * 12 + 11
    }
  }
}

const hour = 480_000
const clock = hour * 3600 + 3599
const week = hour - 167 // first whole hour of which minutes are told

/** The fill ended with second `clock`, and the topic has counted nothing of its own yet. */
const silent: OwnPast = { clock, live: (hour + 1) * 12, liveAfter: (slice) => slice, end: (hour + 1) * 12 - 2, keptFrom: Infinity, countOf: () => 0 }

function taught(past: KnownPast, own: Partial<OwnPast> = {}): Taught {
  const baseline = new Taught()
  learnPast(baseline as unknown as Baseline, past, { ...silent, ...own })
  return baseline
}

test('hours are learnt up to the seven days of which minutes are told, slices behind them', () => {
  const { hours, slices } = taught({ hours: [[week - 2, 30], [week, 4]], minutes: [[week * 60, 3], [week * 60 + 4, 1], [week * 60 + 5, 2]], known: [[(week - 3) * 3600, clock]] })
  expect([...hours]).toEqual([[week - 3, 0], [week - 2, 30], [week - 1, 0]])
  expect([...slices].filter(([, count]) => count > 0)).toEqual([[week * 12, 4], [week * 12 + 1, 2]])
  expect([slices.size, Math.max(...slices.keys())]).toEqual([168 * 12 - 2, (hour + 1) * 12 - 3])
})

test('a topic of which nothing was said has learnt that it is silent, as far as anything is known', () => {
  const { hours, slices } = taught({ hours: [], minutes: [], known: [[(hour - 2) * 3600, clock]] })
  expect([hours.size, slices.size, Math.max(...slices.values())]).toEqual([0, 34, 0])
})

test('what is not known leaves a gap, also an hour or a slice that is known in part', () => {
  const known = [[(week - 5) * 3600 - 9, (week - 4) * 3600 + 100], [(week - 1) * 3600 - 100, week * 3600 - 1], [hour * 3600 + 1, hour * 3600 + 900]] as const
  const { hours, slices } = taught({ hours: [[week - 5, 3], [week - 1, 4], [hour, 2]], minutes: [[hour * 60, 1], [hour * 60 + 7, 1]], known })
  expect([[...hours], [...slices]]).toEqual([[[week - 5, 3], [week - 1, 4]], [[hour * 12 + 1, 1], [hour * 12 + 2, 0]]])
})

test('an old fill has no known stretches: its minutes are learnt from the first on', () => {
  expect(taught({ hours: [], minutes: [[hour * 60 + 2, 1], [hour * 60 + 11, 4]], known: null }).slices.get(hour * 12 + 2)).toBe(4)
})

test('where nothing is known of before, only what the topic counts itself is learnt', () => {
  const { hours, slices } = taught({ hours: [], minutes: [], known: [] }, { live: (hour + 1) * 12 - 4, countOf: (slice) => slice - hour * 12 })
  expect([hours.size, [...slices]]).toEqual([0, [[hour * 12 + 8, 8], [hour * 12 + 9, 9]]])
})

test('every mention of a known stretch is learnt once, none before its place, and nothing of what is not known', () => {
  const minute = fc.tuple(fc.integer({ min: -200 * 60, max: 59 }), fc.integer({ min: 1, max: 9 }))
  const cuts = fc.uniqueArray(fc.integer({ min: -200 * 12, max: 10 }), { minLength: 2, maxLength: 6 })
  fc.assert(fc.property(fc.uniqueArray(minute, { maxLength: 60, selector: ([at]) => at }), cuts, (counted, ends) => {
    const sorted = ends.toSorted((a, b) => a - b)
    const known: [number, number][] = []
    for (let i = 0; i + 1 < sorted.length; i += 2) known.push([hour * 3600 + sorted[i]! * 300, hour * 3600 + sorted[i + 1]! * 300 - 1])
    const isKnown = (second: number): boolean => known.some(([from, to]) => second >= from && second <= to)
    const all = counted.map(([at, count]) => [hour * 60 + at, count] as const).filter(([at]) => isKnown(at * 60)).toSorted((a, b) => a[0] - b[0])
    const sum = (of: (minute: number) => boolean): number => all.reduce((total, [minute, count]) => total + (of(minute) ? count : 0), 0)
    const hours = [...new Set(all.map(([at]) => Math.floor(at / 60)))].map((at) => [at, sum((minute) => Math.floor(minute / 60) === at)] as const)
    const told = taught({ hours: hours.length > 0 ? hours : [[week - 1000, 1]], minutes: all.filter(([at]) => at >= week * 60 - 60), known })
    for (const [at, count] of told.hours) expect(count).toBe(sum((minute) => Math.floor(minute / 60) === at))
    for (const [slice, count] of told.slices) expect(count).toBe(sum((minute) => Math.floor(minute / 5) === slice))
    const slices = new Set([...told.slices.keys(), ...[...told.hours.keys()].flatMap((at) => Array.from({ length: 12 }, (_, i) => at * 12 + i))])
    for (const slice of slices) expect([isKnown(slice * 300), isKnown(slice * 300 + 299)]).toEqual([true, true])
    for (let slice = (week - 30) * 12; slice < silent.end; slice++) {
      const isWhole = slice >= week * 12 ? isKnown(slice * 300) : isKnown(Math.floor(slice / 12) * 3600) && known.some(([from, to]) => from <= Math.floor(slice / 12) * 3600 && to >= Math.floor(slice / 12) * 3600 + 3599)
      expect(slices.has(slice)).toBe(isWhole)
    }
  }), { numRuns: 40 })
})

/** Five weeks with a rhythm of the day, in slices that scatter: Poisson by turns on three times and a third of the usual. */
function fiveWeeks(level: number, seed: number): number[] {
  const random = lehmer(seed)
  return Array.from({ length: 840 * 12 }, (_, slice) => {
    const usual = level * (1 + 0.8 * Math.sin((2 * Math.PI * slice) / 288)) * (random() < 0.25 ? 3 : 1 / 3)
    let count = 0
    for (let product = random(); product > Math.exp(-usual); product *= random()) count++
    return count
  })
}

const lehmer = (seed: number) => { let state = seed; return (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 }

test.each([0.1, 1, 10, 60])('four weeks by the hour and one by slices teach what slices alone do: %d a slice', (level) => {
  for (const seed of [11, 12, 13]) {
    const counts = fiveWeeks(level, seed)
    const first = (hour + 1 - 840) * 12
    const bySlices = new Baseline()
    counts.forEach((count, i) => bySlices.learn(first + i, count))
    const past = {
      hours: Array.from({ length: 840 }, (_, i) => [hour + 1 - 840 + i, counts.slice(12 * i, 12 * i + 12).reduce((sum, count) => sum + count, 0)] as const),
      minutes: counts.map((count, i) => [(first + i) * 5, count] as const).filter(([at]) => at >= week * 60), known: [[first * 300, clock]] as const,
    }
    const byHours = new Baseline()
    learnPast(byHours, past, { ...silent, end: silent.live })
    expect(byHours.newest).toBe(bySlices.newest)
    const ratios = Array.from({ length: 168 }, (_, i) => clock + (i + 1) * 3600).map((second) => byHours.expected(second, 3600) / bySlices.expected(second, 3600)).toSorted((a, b) => a - b)
    expect(Math.abs(Math.log(ratios[84]!)), 'the middle one of the hours of a week is within 6 %').toBeLessThan(Math.log(1.06))
    for (const ratio of [ratios[0]!, ratios.at(-1)!]) expect(Math.abs(Math.log(ratio)), 'every one is within a half').toBeLessThan(Math.log(1.5))
    for (const seconds of [300, 3600]) expect(Math.abs(Math.log(byHours.dispersion(seconds) / bySlices.dispersion(seconds))), 'scatter is within a half').toBeLessThan(Math.log(1.5))
  }
})
