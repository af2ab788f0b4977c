// What closed seconds brought, in the order in which it is told: by second; within one thresholds and baselines by topic, then what cascades told.
import type { Bilingual } from '@groundswell/schemas/live.ts'
import { alarmState, type AlarmEvent, type SpikeEvent } from '@groundswell/schemas/spike.ts'
import { eventOf, type Words } from './4-detect/identify.ts'
import type { Alerts } from './5-respond/alerts.ts'
import type { Effect } from './input.ts'
import type { SpreadFound } from './spread.ts'
import type { TopicCrossing, TopicSurge } from './watch.ts'

interface Found { readonly event: SpikeEvent; readonly at: number; readonly name: Bilingual; readonly rises: boolean }

/** Events as effects, each with the alerts that go out because of it. Both lists are in the order of their seconds. */
export function tellFound(watched: readonly (TopicCrossing | TopicSurge)[], spread: readonly SpreadFound[], { alerts, words, effects }: { readonly alerts: Alerts; readonly words: Words; readonly effects: Effect[] }): void {
  let next = 0
  for (const change of watched) {
    while (next < spread.length && spread[next]!.at < change.at) tell({ ...spread[next++]!, rises: false })
    tell({ event: eventOf(change.topic.rules, change, words), at: change.at, name: change.topic.rules.name, rises: change.kind === 'baseline' && change.rises })
  }
  while (next < spread.length) tell({ ...spread[next++]!, rises: false })

  function tell({ event, ...found }: Found): void {
    effects.push({ kind: 'event', event })
    if (isAlarm(event)) for (const alert of alerts.take({ event, ...found })) effects.push({ kind: 'alert', ...alert })
  }
}

const isAlarm = (event: SpikeEvent): event is AlarmEvent => alarmState(event) !== null
