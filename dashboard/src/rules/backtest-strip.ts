// The thirty days of a backtest as columns: what was matched, what was told, and which of them hold nothing that could be looked at.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { BacktestDone } from '../live/rules-api.ts'

export interface StripDay { readonly at: number; readonly known: boolean; readonly count: number; readonly height: number; readonly alerts: Readonly<Record<Grade, number>> } // at: ms, begin of the day; height: 0 to 1

const dayMs = 86_400_000

/** As many days as were asked for, the last is the one that `to` is in. A day in which nothing of anybody is stored is not known, which is not calm. */
export function stripDays({ days, to }: Pick<BacktestDone, 'days' | 'to'>, asked: number): StripDay[] {
  const known = new Map(days.map((day) => [day.at, day]))
  const last = days.at(-1)?.at ?? to - dayMs
  const most = Math.max(1, ...days.map(({ count }) => count))
  return Array.from({ length: asked }, (_, index) => {
    const at = last - (asked - 1 - index) * dayMs
    const day = known.get(at) ?? nearby(days, at)
    // Square root: a day of ten thousand must not hide one of a hundred.
    return { at: day?.at ?? at, known: day !== undefined, count: day?.count ?? 0, height: Math.sqrt((day?.count ?? 0) / most), alerts: { severe: day?.severe ?? 0, moderate: day?.moderate ?? 0, minor: day?.minor ?? 0 } }
  })
}

/** Where summer time begins or ends a day is an hour longer or shorter. */
const nearby = (days: BacktestDone['days'], at: number): BacktestDone['days'][number] | undefined => days.find((day) => Math.abs(day.at - at) <= 2 * 3_600_000)

/** What was told in the day that begins at `at`. */
export const toldOn = ({ told }: Pick<BacktestDone, 'told'>, at: number): BacktestDone['told'] => told.filter((one) => one.at >= at && one.at < at + dayMs)
