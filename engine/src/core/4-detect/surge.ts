// The alarm of one series: it begins where a reading is rarer than the budget and matters in mentions, tells one event once, and ends
// when the short clocks are back inside their bands for as long as the event makes one wait, or when its level has moved for good.
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import type { Reading } from './velocity-detector.ts'

/** The alarm began or ended: at which second, and since when (or until then: since when) the counts were not normal. */
export interface SurgeChange {
  readonly state: 'begin' | 'end'
  readonly at: number // second
  readonly since: number // second: best estimate of when the counts left normal; that of the begin, also at the end
  readonly reading: Reading // of the clock by which it is told
  readonly grade: Grade // at the end: the worst that it was
  readonly moved: boolean // an end: the counts are not back, what is normal has moved to where they are
}

export const defaultAlarmBudget = '1 per 24h'

/** Alarms a day that `2 per 8h` allows: 6; null where the text is no budget. */
export function budgetPerDay(text: string = defaultAlarmBudget): number | null {
  const [alarms, within] = text.split(' per ')
  const seconds = durationSeconds(within ?? '')
  if (seconds === null || !/^\d+$/.test(alarms!)) return null
  return (Number(alarms) * 86_400) / seconds
}

export class Surge implements Stateful {
  budgetPerDay: number | null // null: measured, never an alarm
  #since = -1

  constructor(budget: number | null) { this.budgetPerDay = budget }

  get open(): boolean { return this.#since >= 0 }
  /** Second from which the counts are not normal; −1: no alarm is open. */
  get since(): number { return this.#since }

  /** A look at the second that closed; null: nothing can be said. Seconds ascend; while it is open every minute is looked at. */
  take(second: number, reading: Reading | null): SurgeChange | null {
    if (reading === null || this.budgetPerDay === null) return null
    if (!this.open && reading.falsePerDay <= this.budgetPerDay && reading.count - reading.usual >= 8 && reading.count >= 2 * reading.usual) {
      this.#since = second
      return { state: 'begin', at: second, since: second, reading, grade: 'minor', moved: false }
    }
    if (!this.open || reading.clocks.some(({ seconds, count, high }) => seconds <= 900 && count > high)) return null
    const since = this.#since
    this.#since = -1
    return { state: 'end', at: second, since, reading, grade: 'minor', moved: false }
  }

  save(out: StateWriter): void { out.number(this.#since) }
  load(from: StateReader): void { this.#since = from.whole(-1) }
}
