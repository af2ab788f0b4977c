// Seeded chance: the same seed gives the same drill on every machine (sfc32, Chris Doty-Humphrey, PractRand).

export interface Chance {
  /** Uniform in [0, 1). */
  unit(): number
  /** Whole number in [0, below). */
  below(below: number): number
  /** How many events of a Poisson process of this mean happen. */
  poisson(mean: number): number
}

export function createChance(seed: number): Chance {
  let a = seed | 0, b = 0x9e3779b9 | 0, c = 0x243f6a88 | 0, counter = 1
  const unit = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 16; i++) unit() // mixes the seed into all of the state
  const below = (limit: number) => Math.floor(unit() * limit)
  return { unit, below, poisson: (mean) => poisson(unit, mean) }
}

/** Knuth's product up to a mean of 30; above that the normal approximation, whose error no drill can show. */
function poisson(unit: () => number, mean: number): number {
  if (mean <= 0) return 0
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal))
  }
  const floor = Math.exp(-mean)
  let count = 0
  for (let product = unit(); product > floor; product *= unit()) count++
  return count
}
