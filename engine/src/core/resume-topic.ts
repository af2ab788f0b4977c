// Puts one topic into the state in which stored events left it: its thresholds, and its alarms that began and did not end.
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { alarmState, baselineWindows, type SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { Thresholds } from './4-detect/thresholds.ts'
import type { Resumed } from './5-respond/alerts.ts'
import type { Adaptive } from './adaptive.ts'
import type { RememberedEvent } from './remembered.ts'

interface Resumable { readonly rules: TopicRules; readonly thresholds: Thresholds; readonly adaptive: Adaptive }

/** What is normal on a platform is not stored and begins anew, and so do cascades: an alarm of one is over with the restart. */
export function resumeTopic({ rules, thresholds, adaptive }: Resumable, events: readonly RememberedEvent[]): Omit<Resumed, 'isAnew'> {
  let begun: RememberedEvent | null = null
  let lastSpikeAt = -1
  let lastClear: Resumed['lastClear'] = null
  for (const stored of inOrder(events, thresholds)) {
    const { event, second } = stored
    if (event.kind === 'ignition' || event.kind === 'coordination') continue
    const begins = alarmState(event) === 'begin'
    if (event.kind === 'baseline') begun = event.platform !== undefined ? begun : begins ? stored : null
    else if (event.kind !== 'spread') thresholds.resume(event.rule, begins)
    if (begins) lastSpikeAt = second
    else lastClear = { event, at: second, name: rules.name }
  }
  if (begun?.event.kind === 'baseline') {
    const { event: { grade, within }, second, since = second } = begun
    adaptive.resume({ since, at: second, grade, clock: Math.max(0, baselineWindows.indexOf(within)) })
  }
  return { topic: rules.id, tripped: thresholds.trippedCount + adaptive.open, lastSpikeAt, lastClear }
}

function inOrder(events: readonly RememberedEvent[], thresholds: Thresholds): readonly RememberedEvent[] {
  const placeOf = (event: SpikeEvent): number => (event.kind === 'spike' || event.kind === 'clear' ? thresholds.placeOf(event.rule) : Infinity)
  const isOver = (event: SpikeEvent): boolean => alarmState(event) === 'end'
  return events.map((stored) => ({ stored, place: placeOf(stored.event) }))
    .sort((a, b) => a.stored.second - b.stored.second || (a.place === b.place ? 0 : a.place - b.place) || Number(isOver(b.stored.event)) - Number(isOver(a.stored.event)))
    .map(({ stored }) => stored)
}
