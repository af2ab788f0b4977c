// How far from the root a moment lies: the same for every cascade at every time, so that what is drawn stays where it is.
export const timeScaleNames = ['log', 'sqrt'] as const
export type TimeScaleName = (typeof timeScaleNames)[number]

const unitMs = 60_000 // the first minute is about as wide as the step from one minute to three

/** Ms since the root → world units; what is dated before the root lies on it. */
export function timeScale(name: TimeScaleName): (ms: number) => number {
  return name === 'log' ? (ms) => Math.log1p(Math.max(0, ms) / unitMs) : (ms) => Math.sqrt(Math.max(0, ms) / unitMs)
}

const minute = 60_000, hour = 3_600_000, day = 86_400_000
const marks = [minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 4 * day, 7 * day, 14 * day, 28 * day, 90 * day, 365 * day] as const

/** Times since the root that get a ring or line: none nearer to the one before than `apart` (world units), none beyond `reach`. */
export function timeMarks(name: TimeScaleName, { reach, apart }: { readonly reach: number; readonly apart: number }): { readonly ms: number; readonly at: number }[] {
  const far = timeScale(name)
  const chosen: { ms: number; at: number }[] = []
  for (const ms of marks) {
    const at = far(ms)
    if (at <= reach * 1.02 && at - (chosen.at(-1)?.at ?? 0) >= apart) chosen.push({ ms, at })
  }
  return chosen
}
