// Linear models for skewed data: ridge regression with weighted rows by iterated least squares, with an absolute loss or one of the relative error that stops counting what is far off.
import { clip } from '@groundswell/engine/src/core/4-detect/spread/size-features.ts'

/** Rows of equal length, one behind the other. */
export interface Rows { readonly width: number; readonly x: Float64Array; readonly y: Float64Array; readonly weights: Float64Array }

export interface RidgeOptions {
  readonly ridge: number // on standardised columns
  /** `typical`: six steps of the absolute loss, then the cost of a relative error e = |exp(fitted − y) − 1| is 1 − exp(−(e/h)²/2), with h twice the median error (a redescending M-estimator; Hampel et al. 1986). */
  readonly loss: 'absolute' | 'typical'
}

const width = { medians: 2, least: 0.04, most: 0.7 } as const
const steps = { absolute: 12, typical: 20, redescendFrom: 6, widthUntil: 12 } as const
const residualMin = 0.04

/** Where it begins, then a coefficient each column. */
export function fitRidge({ width: columns, x, y, weights }: Rows, { ridge, loss }: RidgeOptions): number[] {
  const count = y.length, d = columns + 1
  const { means, deviations } = momentsOf({ width: columns, x, y, weights })
  const z = new Float64Array(count * d)
  for (let i = 0; i < count; i++) {
    z[i * d] = 1
    for (let k = 0; k < columns; k++) z[i * d + k + 1] = (x[i * columns + k]! - means[k]!) / deviations[k]!
  }
  let b: Float64Array = new Float64Array(d)
  b[0] = quantileOf(y.slice().sort(), 0.5)
  let h = 0
  const rowWeights = new Float64Array(count)
  for (let step = 0; step < steps[loss]; step++) {
    const residuals = residualsOf({ z, y, b })
    const redescends = loss === 'typical' && step >= steps.redescendFrom
    if (redescends && step <= steps.widthUntil) h = clip(width.medians * quantileOf(residuals.map((r) => Math.abs(Math.exp(clip(r, -4, 4)) - 1)).sort(), 0.5), width.least, width.most)
    for (let i = 0; i < count; i++) {
      const r = residuals[i]!
      rowWeights[i] = (weights[i]! * (redescends ? Math.exp(clip(r, -3, 1.5)) * Math.exp(-(((Math.exp(clip(r, -4, 4)) - 1) / h) ** 2) / 2) + 0.05 : 1)) / Math.max(Math.abs(r), residualMin)
    }
    b = leastSquares({ z, y, rowWeights, d }, ridge)
  }
  const slopes = means.map((_, k) => b[k + 1]! / deviations[k]!)
  return [b[0]! - slopes.reduce((sum, slope, k) => sum + slope * means[k]!, 0), ...slopes]
}

function momentsOf({ width: columns, x, weights }: Rows): { means: number[]; deviations: number[] } {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = (of: (i: number) => number): number => weights.reduce((sum, weight, i) => sum + (of(i) * weight) / total, 0)
  const means = Array.from({ length: columns }, (_, k) => mean((i) => x[i * columns + k]!))
  return { means, deviations: means.map((middle, k) => Math.sqrt(mean((i) => (x[i * columns + k]! - middle) ** 2)) + 1e-9) }
}

function residualsOf({ z, y, b }: { readonly z: Float64Array; readonly y: Float64Array; readonly b: Float64Array }): Float64Array {
  const d = b.length
  return y.map((actual, i) => {
    let fitted = 0
    for (let k = 0; k < d; k++) fitted += z[i * d + k]! * b[k]!
    return fitted - actual
  })
}

function leastSquares({ z, y, rowWeights, d }: { readonly z: Float64Array; readonly y: Float64Array; readonly rowWeights: Float64Array; readonly d: number }, ridge: number): Float64Array {
  const normal = new Float64Array(d * d), right = new Float64Array(d)
  for (let i = 0; i < y.length; i++) {
    for (let p = 0; p < d; p++) {
      const weighted = rowWeights[i]! * z[i * d + p]!
      right[p]! += weighted * y[i]!
      for (let k = 0; k <= p; k++) normal[p * d + k]! += weighted * z[i * d + k]!
    }
  }
  for (let p = 0; p < d; p++) {
    for (let k = p + 1; k < d; k++) normal[p * d + k] = normal[k * d + p]!
    if (p > 0) normal[p * d + p]! += ridge
  }
  return solved(normal, right)
}

/** Of a positive definite matrix: Gaussian elimination needs no pivoting there. Both are overwritten. */
function solved(matrix: Float64Array, right: Float64Array): Float64Array {
  const d = right.length
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) {
      const factor = matrix[j * d + i]! / matrix[i * d + i]!
      for (let k = i; k < d; k++) matrix[j * d + k]! -= factor * matrix[i * d + k]!
      right[j]! -= factor * right[i]!
    }
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let j = i + 1; j < d; j++) right[i]! -= matrix[i * d + j]! * right[j]!
    right[i]! /= matrix[i * d + i]!
  }
  return right
}

/** Of ascending values, by (n + 1) · share; NaN of none. */
export function quantileOf(ascending: ArrayLike<number>, share: number): number {
  const last = ascending.length - 1
  if (last < 0) return Number.NaN
  const place = clip(share * (last + 2) - 1, 0, last), i = Math.floor(place)
  return ascending[i]! + (ascending[Math.min(i + 1, last)]! - ascending[i]!) * (place - i)
}

export const medianOf = (values: Iterable<number>): number => quantileOf(Float64Array.from(values).sort(), 0.5)
