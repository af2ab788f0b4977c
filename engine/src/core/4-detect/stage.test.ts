import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StateReader, StateUnreadable, StateWriter } from '../state.ts'
import { closeOf, readingOf } from './readings.testing.ts'
import { acceleration, accelerationMinutes, StageTracker, type StageLook } from './stage.ts'

const hour = 60

interface Told { readonly usual: number | null; readonly counts: readonly number[]; readonly threshold?: number }

function looksOf({ usual, counts, threshold = Infinity }: Told): { readonly second: number; readonly look: StageLook }[] {
  let tripped = false
  return counts.map((_, n) => {
    const last = counts.slice(Math.max(0, n - accelerationMinutes + 1), n + 1)
    const tenMinutes = last.slice(-10).reduce((sum, count) => sum + count, 0)
    tripped = tripped ? tenMinutes >= 0.8 * threshold : tenMinutes >= threshold
    const minutes = [...Array.from({ length: accelerationMinutes - last.length }, () => 0), ...last]
    return { second: closeOf(n), look: { minutes, reading: usual === null ? null : readingOf(counts, n, usual), tripped } }
  })
}

/** The stages one after the other, each with the minute in which it was first said. Looked at as the engine does. */
function course(told: Told): string[] {
  const tracker = new StageTracker()
  const said: string[] = []
  looksOf(told).forEach(({ second, look }, n) => {
    if (told.counts[n] === 0 && tracker.settled && !look.tripped) return
    const stage = tracker.take(second, look)
    if (said.at(-1)?.split(' ')[0] !== String(stage)) said.push(`${stage} ${n}`)
  })
  return said
}
const stagesOf = (told: Told): string[] => course(told).map((line) => line.split(' ')[0]!)

/** Counts around a rate, seeded. */
function noisy(minutes: number, rate: (minute: number) => number, seed: number): number[] {
  let state = seed
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) / 0x8000_0000
  return Array.from({ length: minutes }, (_, n) => {
    let count = 0
    for (let left = Math.exp(-rate(n)), chance = random(); chance > left; chance *= random()) count++
    return count
  })
}

const crisis = (n: number): number => 1 + (n < 3 * hour ? 0 : n < 4 * hour ? (n - 3 * hour) / 10 : n < 5 * hour ? 6 + (n - 4 * hour) * 0.9 : 60 * Math.exp(-(n - 5 * hour) / 40))

test.each([1, 2, 3, 4, 5, 6, 7, 8])('a whole crisis is latent, ferments, breaks out, subsides and is latent again (seed %i)', (seed) => {
  expect(stagesOf({ usual: 1, counts: noisy(12 * hour, crisis, seed) })).toEqual(['latent', 'fermenting', 'outbreak', 'subsiding', 'latent'])
})

test('the stages of a crisis come in time', () => {
  const at = Object.fromEntries(course({ usual: 1, counts: noisy(12 * hour, crisis, 1) }).map((line) => line.split(' ')).map(([stage, n]) => [stage, Number(n)]))
  expect(at['fermenting']).toBeLessThan(4 * hour)
  expect(at['outbreak']).toBeLessThan(4 * hour + 30)
  expect(at['subsiding']).toBeGreaterThan(5 * hour)
  expect(at['subsiding']).toBeLessThan(5 * hour + 45)
  expect(at['latent']).toBeLessThan(9 * hour)
})

test('a flash breaks out at once, whatever the hour that is full of it says afterwards', () => {
  expect(course({ usual: 0.1, counts: [...noisy(2 * hour, () => 0.1, 3), ...Array.from({ length: 10 }, () => 40), ...noisy(6 * hour, () => 0.1, 4)] }))
    .toEqual([expect.stringMatching(/^latent/), expect.stringMatching(/^outbreak 12[0-2]$/), expect.stringMatching(/^subsiding 13\d$/), expect.stringMatching(/^latent 15\d$/)])
})

test('a second wave breaks out again, and ripples on the way down do not', () => {
  const waves = (n: number): number => 1 + 60 * Math.exp(-(((n - 200) / 25) ** 2)) + 50 * Math.exp(-(((n - 290) / 25) ** 2))
  expect(stagesOf({ usual: 1, counts: noisy(10 * hour, waves, 5) })).toEqual(['latent', 'fermenting', 'outbreak', 'subsiding', 'outbreak', 'subsiding', 'latent'])
  const ripples = (n: number): number => crisis(n) * (n > 5 * hour ? 1 + 0.25 * Math.sin(n / 4) : 1)
  expect(stagesOf({ usual: 1, counts: noisy(12 * hour, ripples, 6) })).toEqual(['latent', 'fermenting', 'outbreak', 'subsiding', 'latent'])
})

test('a day of what is normal is latent, whatever the topic holds', () => {
  for (const usual of [0.01, 0.3, 1, 4, 20, 300]) expect(stagesOf({ usual, counts: noisy(24 * hour, () => usual, 7) }), `${usual} a minute`).toEqual(['latent'])
})

test.each([
  { bound: 'between the bounds of latent and fermenting', usual: 20, level: 22.5, from: 'latent' },
  { bound: 'between the bounds of latent and fermenting, from above', usual: 20, level: 23, from: 'fermenting' },
  { bound: 'about the bound of outbreak, from above', usual: 20, level: 36, from: 'outbreak' },
])('noise $bound changes nothing more', ({ usual, level, from }) => {
  const lead = from === 'latent' ? [] : from === 'fermenting' ? Array.from({ length: 12 }, () => 26) : Array.from({ length: 20 }, () => 44)
  const counts = [...Array.from({ length: 2 * hour }, () => usual), ...lead, ...Array.from({ length: 6 * hour }, (_, n) => Math.round(level + (n % 5 === 0 ? -1.5 : 0.4)))]
  const said = stagesOf({ usual, counts })
  expect(said.at(-1)).toBe(from)
  expect(said.length).toBeLessThanOrEqual(3)
})

test('where no baseline is known a threshold that trips is an outbreak, and all else is unknown', () => {
  const counts = noisy(12 * hour, crisis, 8)
  expect(stagesOf({ usual: null, counts })).toEqual(['null'])
  expect(stagesOf({ usual: null, counts, threshold: 200 })).toEqual(['null', 'outbreak', 'subsiding', 'latent'])
})

test('a threshold that trips on what is normal here makes no stage', () => {
  expect(stagesOf({ usual: 20, counts: Array.from({ length: 6 * hour }, () => 20), threshold: 150 })).toEqual(['latent'])
})

test('missing data keeps the stage', () => {
  const counts = noisy(12 * hour, crisis, 1)
  const tracker = new StageTracker()
  looksOf({ usual: 1, counts }).forEach(({ second, look }, n) => {
    const stage = tracker.take(second, n < 5 * hour ? look : { ...look, reading: null })
    if (n >= 5 * hour) expect(stage).toBe('outbreak')
  })
})

test('the acceleration is the slope of the counts: mentions a minute, per minute', () => {
  fc.assert(fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 2, max: 30 }), (slope, level, length) => {
    expect(acceleration(Array.from({ length }, (_, i) => level + slope * i))).toBeCloseTo(slope, 9)
  }))
  expect([acceleration([]), acceleration([7])]).toEqual([0, 0])
})

const story = fc.tuple(fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 90 }), rate: fc.constantFrom(0, 0.5, 1, 3, 9, 30) }), { minLength: 2, maxLength: 8 }), fc.integer({ min: 1, max: 1 << 30 }), fc.constantFrom(null, 1))
const storyLooks = ([parts, seed, usual]: readonly [readonly { readonly minutes: number; readonly rate: number }[], number, number | null]) =>
  looksOf({ usual, counts: parts.flatMap(({ minutes, rate }, i) => noisy(minutes, () => rate, seed + i)), threshold: 60 })

test('a saved one answers ever after as the one that was saved, and what is cut short is refused', () => {
  fc.assert(fc.property(story, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
    const looks = storyLooks(of)
    const cut = Math.floor(share * looks.length)
    const tracker = new StageTracker()
    for (const { second, look } of looks.slice(0, cut)) tracker.take(second, look)
    const out = new StateWriter()
    tracker.save(out)
    const loaded = new StageTracker()
    loaded.load(new StateReader(out.written))
    for (const { second, look } of looks.slice(cut)) expect(loaded.take(second, look)).toBe(tracker.take(second, look))
    expect(() => new StageTracker().load(new StateReader(out.written.subarray(0, -8)))).toThrow(StateUnreadable)
  }))
})

test('whatever comes, a stage lasts: up no sooner than a minute, down three, latent ten, and an outbreak subsides before it is latent', () => {
  const least: Readonly<Record<string, number>> = { fermenting: 1, outbreak: 1, subsiding: 3, latent: 10 }
  fc.assert(fc.property(story, (of) => {
    const tracker = new StageTracker()
    let [before, changedAt] = [null as string | null, -Infinity]
    storyLooks(of).forEach(({ second, look }, n) => {
      const stage = tracker.take(second, look)
      if (stage === before) return
      if (before !== null) {
        expect(n - changedAt).toBeGreaterThanOrEqual(least[stage!]!)
        expect(`${before} → ${stage}`).not.toBe('outbreak → latent')
      }
      before = stage
      changedAt = n
    })
  }), { numRuns: 200 })
})
