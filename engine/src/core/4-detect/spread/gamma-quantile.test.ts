import { expect, test } from 'vitest'
import { gammaQuantile, logGamma } from './gamma-quantile.ts'

// Of scipy.stats.gamma.ppf(chance, shape, scale=mean/shape).
test.each([
  [0.08, 0.025, 1.409376331e-19],
  [0.08, 0.5, 0.002581923966],
  [0.08, 0.975, 20.84090429],
  [0.5, 0.025, 0.001964138234],
  [0.5, 0.5, 0.9098728462],
  [0.5, 0.975, 10.04777237],
  [1, 0.025, 0.05063561597],
  [1, 0.5, 1.386294361],
  [1, 0.975, 7.377758908],
  [4, 0.025, 0.5449326868],
  [4, 0.5, 1.836030374],
  [4, 0.975, 4.383636535],
  [60, 0.025, 1.526210698],
  [60, 0.5, 1.98889993],
  [60, 0.975, 2.536856712],
  [2000, 0.025, 1.91329871],
  [2000, 0.5, 1.999666677],
  [2000, 0.975, 2.088595528],
])('a gamma variable of shape %f and mean 2 lies below a value with chance %f: %f', (shape, chance, value) => {
  expect(gammaQuantile(chance, { mean: 2, variance: 1 / shape }) / value).toBeCloseTo(1, 5)
})

test('a variable that does not vary lies at its mean', () => { expect(gammaQuantile(0.975, { mean: 3, variance: 0 })).toBe(3) })

test.each([[1, 0], [5, Math.log(24)], [0.5, Math.log(Math.PI) / 2]])('the logarithm of gamma(%f) is %f', (x, log) => { expect(logGamma(x)).toBeCloseTo(log, 12) })
