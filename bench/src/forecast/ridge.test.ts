import { expect, test } from 'vitest'
import { mulberry32 } from '../mulberry32.ts'
import { fitRidge, medianOf, quantileOf } from './ridge.ts'

const chance = mulberry32(3)
const points = Array.from({ length: 400 }, () => [chance() * 4, chance() * 100 - 50] as const)
const rowsOf = (y: (x: readonly [number, number], i: number) => number) => ({ width: 2, x: Float64Array.from(points.flat()), y: Float64Array.from(points, y), weights: new Float64Array(points.length).fill(1) })
const close = (found: readonly number[], expected: readonly number[], by: number) => { found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(by)) }

test.each(['absolute', 'typical'] as const)('a straight line is found whatever the scale of its columns, with the %s loss', (loss) => {
  close(fitRidge(rowsOf(([a, b]) => 1.5 + 0.4 * a - 0.02 * b), { ridge: 1e-6, loss }), [1.5, 0.4, -0.02], 1e-4)
})

test('an absolute loss is not drawn by one in five that is far off; a redescending one hardly by two in five', () => {
  const line = (share: number) => rowsOf(([a, b], i) => 1 + 0.3 * a + 0.01 * b + (i % 5 < share ? 3 : 0))
  close(fitRidge(line(1), { ridge: 1e-6, loss: 'absolute' }), [1, 0.3, 0.01], 0.02)
  close(fitRidge(line(2), { ridge: 1e-6, loss: 'typical' }), [1, 0.3, 0.01], 0.03)
})

test('a ridge pulls slopes to nothing, not the level', () => {
  const [level, a, b] = fitRidge(rowsOf(([x]) => 2 + x - 2), { ridge: 1e9, loss: 'absolute' })
  expect(Math.abs(a!) + Math.abs(b!)).toBeLessThan(1e-4)
  expect(level).toBeCloseTo(medianOf(points.map(([x]) => x)), 1)
})

test('quantiles lie between the values by (n + 1) · share', () => {
  expect([0.01, 0.25, 0.5, 0.6, 0.99].map((share) => quantileOf([1, 2, 4, 8], share))).toEqual([1, 1.25, 3, 4, 8])
  expect(quantileOf([], 0.5)).toBeNaN()
})
