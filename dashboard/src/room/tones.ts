// What the wall sounds like (W35): severe is two tones three times over, moderate one tone, minor nothing.
import { levelRank, type Grade } from '@groundswell/schemas/grade.ts'

export interface Tone { readonly at: number; readonly hertz: number; readonly seconds: number } // at: seconds from the beginning

const pair = [{ at: 0, hertz: 880, seconds: 0.22 }, { at: 0.26, hertz: 660, seconds: 0.3 }] as const
const everySeconds = 0.9

export const tonesOf: Readonly<Record<Grade, readonly Tone[]>> = {
  severe: [0, 1, 2].flatMap((time) => pair.map((tone) => ({ ...tone, at: tone.at + time * everySeconds }))),
  moderate: [{ at: 0, hertz: 660, seconds: 0.35 }],
  minor: [],
}

/** Of alerts that arrive together only the gravest is heard. Those that are over already are not. Null where nothing is to be heard. */
export function heardOf(fresh: readonly { readonly grade: Grade; readonly clearedAt: string | null }[]): Grade | null {
  const grave = fresh.filter(({ grade, clearedAt }) => clearedAt === null && tonesOf[grade].length > 0).toSorted((a, b) => levelRank(b.grade) - levelRank(a.grade))
  return grave[0]?.grade ?? null
}

/** From the first tone to the end of the last. */
export const lastsSeconds = (tones: readonly Tone[]): number => Math.max(0, ...tones.map(({ at, seconds }) => at + seconds))
