// What an alarm is worth: whether each burst was told, how soon, and how often nothing was the matter.
import type { Burst } from './burst.ts'
import type { MinuteSeries } from './minutes.ts'
import type { Alarm } from './ours.ts'
import { quantile } from '../results.ts'

/** An alarm that begins within this time behind the last mention of a burst still tells it. */
const behindMinutes = 60
/** Two alarms of the same detector this near are the same. */
const sameMinutes = 10
/** The first day is left out for everybody: some need it to know a mean. */
export const firstMinutes = 1440

export interface Outcome { readonly set: string; readonly detector: string; readonly burst: Burst; readonly delay: number | null } // minutes; null: missed

/**
 * Minutes from the burst's first to the alarm; null: none began, or one rang already and so told nothing. `without`: the alarms of the same
 * detector in the recording as it is: one that begins there too is none of the burst's, however well it lies.
 */
export function delayOf(alarms: readonly Alarm[], { at, shape }: Burst, without: readonly Alarm[]): number | null {
  if (alarms.some(({ begin, end }) => begin < at && end >= at)) return null
  const last = at + shape.minutes + behindMinutes
  const chance = without.filter(({ begin }) => begin >= at && begin <= last)
  const told = alarms.find(({ begin }) => begin >= at && begin <= last && !chance.some((other) => Math.abs(other.begin - begin) <= sameMinutes))
  return told ? told.begin - at : null
}

/** `where`: 1 in minutes in which an alarm counts. */
export function alarmsIn(alarms: readonly Alarm[], where: Uint8Array | null): number {
  return alarms.filter(({ begin }) => begin >= firstMinutes && (where === null || where[begin] === 1)).length
}

/** Topic-weeks, without the first day. */
export function weeksOf({ counts }: MinuteSeries, where: Uint8Array | null): number {
  let minutes = 0
  for (let i = firstMinutes; i < counts.length; i++) if (where === null || where[i] === 1) minutes++
  return minutes / 10_080
}

/** Rows by detector, columns by what `column` says: the share that was told, and the median minutes until then. */
export function table(outcomes: readonly Outcome[], column: (outcome: Outcome) => string): Record<string, Record<string, string>> {
  const rows: Record<string, Record<string, string>> = {}
  for (const [detector, of] of Map.groupBy(outcomes, ({ detector }) => detector)) {
    const cells = [...Map.groupBy(of, column)].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    rows[detector] = Object.fromEntries(cells.map(([name, cell]) => [name, shown(cell)]))
  }
  return rows
}

function shown(cell: readonly Outcome[]): string {
  const delays = cell.flatMap(({ delay }) => delay ?? [])
  const percent = `${Math.round((100 * delays.length) / cell.length)} %`
  return delays.length === 0 ? `${percent} of ${cell.length}` : `${percent} of ${cell.length}, ${quantile(delays, 0.5)} min`
}
