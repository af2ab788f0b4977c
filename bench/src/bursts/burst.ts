// Seeded bursts: how many mentions come when, and where they are put into a recording.
import type { MinuteSeries } from './minutes.ts'

/** A flash is there at once and fades, a ramp grows to its peak and falls, a slow burn swells and goes. */
export const shapes = [
  { name: 'flash 10m', kind: 'flash', minutes: 10 }, { name: 'flash 30m', kind: 'flash', minutes: 30 },
  { name: 'ramp 1h', kind: 'ramp', minutes: 60 }, { name: 'ramp 3h', kind: 'ramp', minutes: 180 },
  { name: 'slow 8h', kind: 'slow', minutes: 480 }, { name: 'slow 24h', kind: 'slow', minutes: 1440 },
] as const
export type Shape = (typeof shapes)[number]

/** even: each mention for itself; rough: they come in gusts, as people do. */
export const noises = ['even', 'rough'] as const

export interface Kind { readonly shape: Shape; readonly noise: (typeof noises)[number]; readonly size: Size }
/** Mentions in all, or a multiple of the topic's usual daily peak that the burst's busiest ten minutes hold. */
export type Size = { readonly mentions: number } | { readonly times: number }
export interface Burst extends Kind { readonly at: number; readonly mentions: number; readonly hour: number } // index of its first minute

const profile = (shape: Shape, minute: number): number => {
  const share = (minute + 0.5) / shape.minutes
  if (shape.kind === 'flash') return Math.exp(-4 * share)
  if (shape.kind === 'ramp') return share < 2 / 3 ? share * 1.5 : 3 * (1 - share)
  return Math.sin(Math.PI * share)
}

function busiestTen(shape: Shape): number {
  let all = 0, most = 0
  const of = Array.from({ length: shape.minutes }, (_, minute) => profile(shape, minute))
  for (const weight of of) all += weight
  for (let i = 0; i < of.length; i++) most = Math.max(most, of.slice(i, i + 10).reduce((sum, weight) => sum + weight, 0))
  return most / all
}

/** Puts the mentions of a burst into the counts. */
function put(counts: Uint32Array, { shape, noise, at, mentions }: Burst, chance: () => number): void {
  const sums = new Float64Array(shape.minutes)
  let sum = 0
  for (let minute = 0; minute < shape.minutes; minute++) {
    sum += profile(shape, minute) * (noise === 'rough' ? -Math.log(1 - chance()) : 1)
    sums[minute] = sum
  }
  for (let left = mentions; left > 0; left--) {
    const drawn = chance() * sum
    let low = 0, high = shape.minutes - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < drawn) low = middle + 1
      else high = middle
    }
    counts[at + low]!++
  }
}

const warmMinutes = 3 * 1440
const apartMinutes = 4 * 1440

export interface Injecting { readonly calm: Uint8Array; readonly peak: number; readonly chance: () => number; readonly next: () => Kind }

/** The recording with bursts four to six days apart, each beginning in a calm minute and over calm ones, at any hour of the day. */
export function inject(series: MinuteSeries, { calm, peak, chance, next }: Injecting): { readonly counts: Uint32Array; readonly bursts: readonly Burst[] } {
  const counts = series.counts.slice()
  const bursts: Burst[] = []
  for (let at = warmMinutes + Math.floor(chance() * 1440); ; at += apartMinutes + Math.floor(chance() * 2 * 1440)) {
    const kind = next()
    while (at < counts.length && !(calm[at] === 1 && calm[Math.min(counts.length - 1, at + kind.shape.minutes)] === 1)) at += 60
    if (at + kind.shape.minutes + 120 >= counts.length) return { counts, bursts }
    const mentions = 'mentions' in kind.size ? kind.size.mentions : Math.max(10, Math.round((kind.size.times * peak) / busiestTen(kind.shape)))
    const burst = { ...kind, at, mentions, hour: Math.floor((series.from + at) / 60) % 24 }
    put(counts, burst, chance)
    bursts.push(burst)
    at += kind.shape.minutes
  }
}
