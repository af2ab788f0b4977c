// Seeded crises: a topic that is spoken of a little all day, and then, once, much: mentions that bring mentions (a self-exciting
// process of clusters), on a day that has a night.
import { chanceOf } from './chance.ts'
import type { Series } from './series.ts'

const daySeconds = 86_400
const mentionsMax = 60_000

export function seededCrises(count: number): Series[] {
  return Array.from({ length: count }, (_, n) => crisis(`crisis-${n}`))
}

function crisis(name: string): Series {
  const chance = chanceOf(name)
  const exponential = (mean: number): number => -Math.log(1 - chance()) * mean
  const start = 1_700_000_000
  const perDay = 20 * 50 ** chance() // 20 … 1,000 mentions a day when nothing is the matter
  const seconds: number[] = []
  for (let at = exponential(daySeconds / (2 * perDay)); at < 3 * daySeconds; at += exponential(daySeconds / (2 * perDay))) {
    if (chance() < (1 + Math.cos((2 * Math.PI * (at - 0.6 * daySeconds)) / daySeconds)) / 2) seconds.push(at)
  }
  // The crisis: immigrants that fade over hours, each the root of a cluster.
  const offspring = 0.3 + 0.6 * chance()
  const memory = 300 * 12 ** chance() // seconds after which a mention brings another, on average
  const fade = 1800 * 8 ** chance()
  const rise = 600 * 12 ** chance()
  const roots = 20 * 100 ** chance()
  const begin = (1 + chance()) * daySeconds
  const queue = Array.from({ length: Math.round(roots) }, () => begin + exponential(rise) + exponential(fade))
  while (queue.length > 0 && seconds.length < mentionsMax) {
    const at = queue.pop()!
    seconds.push(at)
    for (let mean = offspring, left = Math.exp(-mean) / 1, product = chance(); product > left; product *= chance()) queue.push(at + exponential(memory))
  }
  return { set: 'seeded', name, seconds: Float64Array.from(seconds, (at) => start + Math.floor(at)).sort() }
}
