// How much is said when: the outage's life from ignition to recovery, and the day's rhythm under everything else. Pure arithmetic.

/** Minutes from the start of the drill to the first report of the outage. */
export const ignitionMinute = 20
/** It comes back that long after it broke. */
export const episodeMinutes = 8 * 60
/** Minutes after ignition at which the phases begin. */
export const phases = { hubs: 9, trending: 28, official: 58, recovery: 80 } as const

const peakPerMinute = 1_980
const regionalShare = 0.08
const halfLifeMinutes = 20

/** Outage mentions a minute, so many minutes after the start of the drill: regional, then trending, then it halves every 20 min. */
export function outagePerMinute(minute: number): number {
  const age = outageAge(minute)
  if (age < 0) return 0
  const grown = regionalShare * logistic((age - 10) / 2) + (1 - regionalShare) * logistic((age - 36) / 5.5)
  const left = age < phases.recovery ? 1 : 0.5 ** ((age - phases.recovery) / halfLifeMinutes)
  return peakPerMinute * grown * left
}

/** Minutes since the outage (or its return) broke; negative before the first. */
export function outageAge(minute: number): number {
  const age = minute - ignitionMinute
  return age < 0 ? age : age % episodeMinutes
}

/** How awake people are: 0.36 at four in the morning, 1 at four in the afternoon, in the time of Shanghai. */
export function rhythm(ms: number): number {
  const hour = (ms / 3_600_000 + 8) % 24
  return 0.68 + 0.32 * Math.cos(((hour - 16) / 24) * 2 * Math.PI)
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x))
