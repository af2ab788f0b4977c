// Puts one topic into the state in which stored events left it: its thresholds, and its alarms that began and did not end.
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { baselineWindows, type SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { Thresholds } from './4-detect/thresholds.ts'
import type { Resumed } from './5-respond/alerts.ts'
import type { Adaptive } from './adaptive.ts'
import type { RememberedEvent } from './remembered.ts'

interface Resumable { readonly rules: TopicRules; readonly thresholds: Thresholds; readonly adaptive: Adaptive }

/** What is normal on a platform is not stored and begins anew: an alarm of one is over with the restart. */
export function resumeTopic({ rules, thresholds, adaptive }: Resumable, events: readonly RememberedEvent[]): Resumed {
  let begun: RememberedEvent | null = null
  let lastSpikeAt = -1
  let lastClear: Resumed['lastClear'] = null
  for (const stored of inOrder(events, thresholds)) {
    const { event, second } = stored
    const begins = event.kind === 'baseline' ? event.state === 'begin' : event.kind === 'spike'
    if (event.kind !== 'baseline') thresholds.resume(event.rule, begins)
    else if (event.platform === undefined) begun = begins ? stored : null
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
  const placeOf = (event: SpikeEvent): number => (event.kind === 'baseline' ? Infinity : thresholds.placeOf(event.rule))
  const isOver = (event: SpikeEvent): boolean => (event.kind === 'baseline' ? event.state === 'end' : event.kind === 'clear')
  return events.map((stored) => ({ stored, place: placeOf(stored.event) }))
    .sort((a, b) => a.stored.second - b.stored.second || (a.place === b.place ? 0 : a.place - b.place) || Number(isOver(b.stored.event)) - Number(isOver(a.stored.event)))
    .map(({ stored }) => stored)
}
