// What thresholds and the baseline found as the message that leaves the process, with an id that is the same in every replay.
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { baselineWindows, type IdentifiedBaselineEvent, type IdentifiedEvent, type SpikeEvent } from '@groundswell/schemas/spike.ts'
import { isoSecond } from './iso-second.ts'
import { reasonOf, type HourOfWeek } from './reason.ts'
import { defaultAlarmBudget, type SurgeChange } from './surge.ts'
import type { Crossing } from './thresholds.ts'

/** Keys stand in the order of the contract; the id is `<topic>/<count>/<within>/<at>/<kind>`. */
export function identify(topic: string, { kind, rule, at, count }: Crossing): IdentifiedEvent {
  const iso = isoSecond(at)
  return {
    kind, topic, rule: { count: rule.count, within: rule.within }, grade: rule.grade, at: iso, count,
    id: `${topic}/${rule.count}/${rule.within}/${iso}/${kind}`,
  }
}

/** What is said is said in names that the room knows: those of platforms, and the hours that its clocks show. */
export interface Words { readonly platform: (id: number) => string; readonly hourOfWeek: HourOfWeek | null } // null: hours are UTC's

export function eventOf(rules: TopicRules, change: Crossing | PlatformSurge, { platform, hourOfWeek }: Words): SpikeEvent {
  if (change.kind !== 'baseline') return identify(rules.id, change)
  return identifySurge(rules, change, { platform: change.platform === null ? null : platform(change.platform), hourOfWeek })
}

interface PlatformSurge extends SurgeChange { readonly kind: 'baseline'; readonly platform: number | null }

/** `platform`: where the topic as a whole is normal and it is not. The id is `<topic>/baseline/[<platform>/]<at>/<state>`. */
export function identifySurge({ id: topic, baseline }: TopicRules, change: SurgeChange, { platform, hourOfWeek }: { readonly platform: string | null; readonly hourOfWeek: HourOfWeek | null }): IdentifiedBaselineEvent {
  const { state, at, since, grade, reading } = change
  const alarmBudget = baseline?.alarmBudget ?? defaultAlarmBudget
  const span = alarmBudget.slice(alarmBudget.indexOf(' per ') + ' per '.length)
  const within = baselineWindows[reading.clock]!
  const falseAlarms = significant((reading.falsePerDay * (durationSeconds(span) ?? 86_400)) / 86_400)
  const [usual, high] = [significant(reading.usual), significant(reading.high)]
  const iso = isoSecond(at)
  return {
    kind: 'baseline', topic, state, rule: { alarmBudget }, grade, at: iso, since: isoSecond(since), count: reading.count, within, usual, high, falseAlarms,
    ...(platform === null ? {} : { platform }),
    reason: reasonOf({ state, moved: change.moved, at, count: reading.count, within, usual, high, falseAlarms, span, platform, hourOfWeek }),
    id: `${topic}/baseline/${platform === null ? '' : `${platform}/`}${iso}/${state}`,
  }
}

/** Three figures are said of an estimate: more would be noise, and another digit in a replay on another processor. */
export const significant = (value: number): number => Number(value.toPrecision(3))
