// Simulated topics with nothing the matter: a day with a night, a week with a weekend, and counts that are rougher than Poisson. Every alarm is a false one.
import { mulberry32 } from '../mulberry32.ts'
import { alarmsIn, firstMinutes } from './outcome.ts'
import { ourAlarms } from './ours.ts'

export const quietDays = 28
const from = Math.floor(Date.parse('2026-01-05T00:00:00Z') / 60_000)
const perMinute = [0.005, 0.05, 0.5, 5] as const
/** Variance of the rate beside the season: independent from five minutes to five, or lasting for hours. */
const roughness = [{ name: 'Poisson', spread: 0, memory: 0 }, { name: 'rough by 5 min', spread: 0.5, memory: 0 }, { name: 'rough by hours', spread: 0.4, memory: 0.97 }] as const

/** Realised alarms a topic-day by level and roughness, after the first day. */
export function quietTable(alarmBudget: string, topics: number): Record<string, Record<string, number>> {
  const rows: Record<string, Record<string, number>> = {}
  for (const kind of roughness) {
    rows[kind.name] = {}
    for (const level of perMinute) {
      let alarms = 0
      for (let n = 0; n < topics; n++) alarms += alarmsIn(ourAlarms({ from, counts: quietCounts(level, kind, 77 * n + 1) }, alarmBudget), null)
      rows[kind.name]![`${level} a minute`] = Math.round((1000 * alarms) / (topics * (quietDays - firstMinutes / 1440))) / 1000
    }
  }
  return rows
}

function quietCounts(level: number, { spread, memory }: (typeof roughness)[number], seed: number): Uint32Array {
  const chance = mulberry32(seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
  const counts = new Uint32Array(quietDays * 1440)
  let state = 0
  for (let i = 0; i < counts.length; i++) {
    if (i % 5 === 0) state = memory * state + Math.sqrt(1 - memory ** 2) * normal()
    const day = Math.floor(i / 1440) % 7
    const season = (1 + 0.8 * Math.sin((2 * Math.PI * ((i % 1440) / 1440 - 0.3)))) * (day >= 5 ? 0.6 : 1.1)
    counts[i] = poisson(level * season * Math.exp(spread * state - spread ** 2 / 2), chance)
  }
  return counts
}

function poisson(mean: number, chance: () => number): number {
  let count = 0
  for (let left = Math.exp(-mean), product = chance(); product > left; product *= chance()) count++
  return count
}
