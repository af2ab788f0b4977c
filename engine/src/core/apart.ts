// What an alarm is about is set apart from learning, until so much of it has passed that it is believed to be the new normal.
import { baselineLimits } from './3-measure/baseline.ts'

const { sliceSeconds } = baselineLimits

/** Slices that an alarm is about: from the first of them on nothing is learnt, until so many have closed. */
export interface Apart { readonly from: number; readonly believed: number }

export const nothingApart: Apart = { from: 0, believed: 0 }
export const apartMax = (23 * 3600) / sliceSeconds // the wheel of minutes still has them
const apartMin = (2 * 3600) / sliceSeconds // the worst of a crisis is decided in its first two hours: of a young topic they are not its normal

/** `since`: second; `learnt`: slices, before it. */
export function apartFrom(since: number, learnt: number): Apart {
  const from = Math.floor(since / sliceSeconds)
  return { from, believed: from + Math.min(apartMax, Math.max(apartMin, Math.floor(learnt / 4))) }
}
