// What is seen of a young cascade as the few numbers that its final size is forecast from: how large it is, how fresh its last mentions are, and what hour it is about to be.

/** Final is what is there seven days after the root. */
export const horizonSeconds = 7 * 86_400

/** Times in seconds since the root, ascending; those before the root are 0, the root's own 0 is among them. What is later than the age is not looked at. */
export interface SeenCascade {
  readonly times: ArrayLike<number>
  readonly ageSeconds: number
  readonly rootAtSeconds: number // event time of the root, s since 1970
  readonly platform: string // of the root
}

/**
 * size        log of the mentions
 * bend        its squared distance from 55 mentions
 * mass        log(1 + 1000 / mentions): how far a cascade still is from the thousands; above the cap of its age more mentions change nothing
 * freshShare  log of the share that came in the last quarter of its age
 * tenNewest   log of the part of its age in which the ten newest came
 * threeHours, eightHours   log of the platform's usual activity in the hours ahead against the last one, by the hour of the day in UTC (after TiDeH, Kobayashi & Lambiotte, ICWSM 2016)
 */
export const featureNames = ['size', 'bend', 'mass', 'freshShare', 'tenNewest', 'threeHours', 'eightHours'] as const
export type FeatureName = (typeof featureNames)[number]

/** Mentions above which `mass` stays as it is: `mentions` at ten minutes, growing with the age to the power of `exponent`. */
export interface MassCap { readonly mentions: number; readonly exponent: number }

/** Mean activity of a platform by hour of the day in UTC; 1 is the mean of the day. */
export type Activity = readonly number[]
const always: Activity = Array.from({ length: 24 }, () => 1)

/** How many times are at most `age`. */
export function countUntil(times: ArrayLike<number>, age: number): number {
  let low = 0, high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! <= age) low = middle + 1
    else high = middle
  }
  return low
}

/** In the order of `featureNames`. At least one mention is seen. */
export function featuresOf({ times, ageSeconds, rootAtSeconds }: SeenCascade, activity: Activity = always, cap: MassCap | null = null): Float64Array {
  const n = countUntil(times, ageSeconds), age = ageWithin(ageSeconds), size = Math.log(n)
  const fresh = n - countUntil(times, 0.75 * age)
  const tenth = n >= 10 ? times[n - 10]! : 0
  const held = cap === null ? n : Math.min(n, cap.mentions * (age / 600) ** cap.exponent)
  const now = rootAtSeconds + age, lastHour = Math.log(meanActivity(activity, now - Math.min(age, 3600), now))
  const ahead = (hours: number): number => clip(Math.log(meanActivity(activity, now, now + hours * 3600)) - lastHour, -2, 2)
  return Float64Array.of(clip(size, 0, 9.7), (clip(size, 0, 7) - 4) ** 2, Math.log(1 + 1000 / held), Math.log((fresh + 0.5) / (n + 0.5)), Math.log(Math.max(0, age - tenth) / age + 0.02), ahead(3), ahead(8))
}

/** A forecast is made from a minute on, and after seven days there is nothing to tell. */
export const ageWithin = (ageSeconds: number): number => clip(ageSeconds, 60, horizonSeconds)

export function clip(value: number, least: number, most: number): number { return value < least ? least : value > most ? most : value }

const steps = 16

/** Mean over a stretch of time, in s since 1970; straight between the middles of hours. */
function meanActivity(activity: Activity, from: number, to: number): number {
  let sum = 0
  for (let step = 0; step < steps; step++) {
    const hours = ((from + ((to - from) * (step + 0.5)) / steps) / 3600 - 0.5) % 24
    const place = hours < 0 ? hours + 24 : hours, hour = Math.floor(place), share = place - hour
    sum += activity[hour % 24]! * (1 - share) + activity[(hour + 1) % 24]! * share
  }
  return sum / steps
}
