import { expect, test } from 'vitest'
import { treeOf } from '@groundswell/engine/src/core/3-measure/cascades/trees.testing.ts'
import { wholeCascade } from './cascades.ts'
import { bestConstant, infectiousness, learnSeismic, seismic } from './rivals.ts'

const cascade = (times: readonly number[], followers: number) => wholeCascade(treeOf(times.map((at, i) => ({ parent: i === 0 ? -1 : 0, at: at * 1000, followers }))))
const kernel = (s: number): number => (s < 0 ? 0 : 6.265725e-4 * (s <= 300 ? 1 : (s / 300) ** -1.2314843))

test('infectiousness is that of the paper, summed second by second', () => {
  const times = Array.from({ length: 80 }, (_, i) => 4000 * (i / 80) ** 1.5), age = 3600, width = 1800
  const seen = times.filter((time) => time <= age)
  const weight = (s: number): number => Math.max(0, 1 - (age - s) / width)
  const came = seen.reduce((sum, time) => sum + weight(time), 0)
  let due = 0, unexposed = 0
  for (const time of seen) {
    for (let s = age - width + 0.5; s < age; s++) due += 50 * kernel(s - time) * weight(s)
    let until = 0
    for (let s = 0.5; s < age - time; s++) until += kernel(s)
    unexposed += 50 * (1 - until)
  }
  const found = infectiousness(cascade(times, 50), age)
  expect(found.seen).toBe(seen.length)
  expect(found.p / (came / due)).toBeCloseTo(1, 2)
  expect(found.unexposed / unexposed).toBeCloseTo(1, 2)
})

test('the final size adds all that those still draw who have not seen it; at or above criticality there is none', () => {
  expect(seismic({ p: 0.005, unexposed: 1000, seen: 100 }, { degree: 100, factor: 1 })).toBeCloseTo(110)
  expect(seismic({ p: 0.01, unexposed: 1000, seen: 100 }, { degree: 100, factor: 1 })).toBe(Infinity)
})

test('learnt constants are those with the least median error', () => {
  const states = Array.from({ length: 30 }, (_, i) => ({ p: 0.002 + i * 1e-4, unexposed: 1000 + 100 * i, seen: 50 + i }))
  expect(learnSeismic(states, states.map((state) => seismic(state, { degree: 50, factor: 0.6 })), true)).toEqual({ degree: 50, factor: 0.6 })
})

test('the best constant leaves as many finals as it can within the least error', () => {
  expect(bestConstant([100, 110, 120, 5000, 90_000])).toMatchObject({ size: 110 })
})
