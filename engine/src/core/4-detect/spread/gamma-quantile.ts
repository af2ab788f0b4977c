// Below which value a gamma variable lies with a given chance: by the incomplete gamma function (series, or continued fraction above the mean: Numerical Recipes 6.2) and bisection of its logarithm.

/** Of a gamma variable with this mean and relative variance (1/shape); accurate to 1e-6 of the value. A variance of 0 gives the mean. */
export function gammaQuantile(chance: number, { mean, variance }: { readonly mean: number; readonly variance: number }): number {
  if (variance < 1e-12) return mean
  const shape = 1 / variance
  let low = -600, high = Math.log(shape) + 12
  for (let step = 0; step < 60 && high - low > 1e-7; step++) {
    const middle = (low + high) / 2
    if (gammaUntil(shape, Math.exp(middle)) < chance) low = middle
    else high = middle
  }
  return mean * Math.exp((low + high) / 2) * variance
}

/** Regularised lower incomplete gamma function P(shape, x). */
function gammaUntil(shape: number, x: number): number {
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape))
  if (x < shape + 1) {
    let term = 1 / shape, sum = term
    for (let n = 1; n < 10_000 && term > sum * 1e-12; n++) sum += term *= x / (shape + n)
    return Math.min(1, sum * scale)
  }
  let b = x + 1 - shape, c = 1e300, d = 1 / b, h = d
  for (let n = 1; n < 10_000; n++) {
    const a = n * (shape - n)
    b += 2
    d = 1 / (a * d + b)
    c = b + a / c
    h *= c * d
    if (Math.abs(c * d - 1) < 1e-12) break
  }
  return 1 - scale * h
}

/** Lanczos, 1964, with g = 7; to 1e-13 for positive values. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum = 0.9999999999998099
  lanczos.forEach((factor, i) => { sum += factor / (x + i) })
  const t = x + 6.5
  return 0.9189385332046727 + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}
const lanczos = [676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7]
