// The past that a fill brings, as the watch takes it: nothing from ahead of the clock. Of a topic whose alert was held for it, it says what goes on.
import type { Command } from '@groundswell/schemas/command.ts'
import type { PastSlices } from './3-measure/topic-wheels.ts'
import { highOf } from './4-detect/velocity-detector.ts'
import type { Alerts } from './5-respond/alerts.ts'
import { endAnew, type FoundAnew } from './5-respond/counted-anew.ts'
import type { Effect } from './input.ts'
import type { Topic, Watch } from './watch.ts'

type Fill = Extract<Command, { kind: 'fill' }>

/** The newest second that it speaks of; −1: it is empty. */
export function newestOfFill({ topics }: Fill): number {
  return Math.max(-1, ...topics.map((topic) => Math.max(topic.seconds.at(-1)?.[0] ?? -1, (topic.minutes.at(-1)?.[0] ?? -1) * 60)))
}

export function takeFill({ topics, rules: rulesSeq, known }: Fill, { watch, alerts, clock }: { readonly watch: Watch; readonly alerts: Alerts; readonly clock: number }, effects: Effect[]): void {
  for (const { id, seconds, minutes, hours = [] } of topics) {
    const past: PastSlices = { seconds: seconds.filter(([second]) => second <= clock), minutes: minutes.filter(([minute]) => minute * 60 <= clock), hours, known: known ?? null }
    const filled = watch.fill(id, past, { rulesSeq, clock })
    if (filled) goOn(filled, { alerts, clock: Math.max(0, clock) }, effects)
  }
}

/**
 * An alarm that was told goes on where looking back by the new query found one, and nothing more is told of it than a higher grade. Where it found none
 * the alarm ends here. Thresholds that are tripped end by themselves, or not; so where nothing is, the alert is over as soon as all have looked.
 */
function goOn({ rules, wheels, adaptive }: Topic, { alerts, clock }: { readonly alerts: Alerts; readonly clock: number }, effects: Effect[]): void {
  const waited = alerts.awaiting(rules.id)
  if (waited === null) return
  const { held: { told }, isOn, row } = waited
  const goesOn = told !== null && adaptive.goOn(told)
  const minute = Math.floor(clock / 60)
  const found: FoundAnew = {
    at: clock,
    countOf: (seconds) => (seconds <= wheels.seconds.retained ? wheels.seconds.sumBetween(clock - seconds + 1, clock) : wheels.minutes.sumBetween(minute - Math.ceil(seconds / 60) + 1, minute)),
    normalOf: (seconds) => {
      if (!adaptive.baseline.known) return null
      const usual = adaptive.baseline.expected(clock, seconds)
      return { usual, high: highOf(usual, adaptive.baseline.dispersion(seconds, usual)) }
    },
  }
  const event = goesOn || (told === null && isOn) ? null : endAnew(rules, { row, isAlarm: told !== null }, found)
  if (event) effects.push({ kind: 'event', event })
  alerts.countedAnew(rules.id, { until: 60 * minute + 59, goesOn, end: event && { event, at: clock, name: rules.name } })
}
