// The end of an alert whose topic was counted anew by another query and is normal by it, in words that say so.
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { AlertRow, AlertSpread, Bilingual } from '@groundswell/schemas/live.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { baselineWindows, type AlarmEvent } from '@groundswell/schemas/spike.ts'
import { significant } from '../4-detect/identify.ts'
import { isoSecond } from '../4-detect/iso-second.ts'
import { countedIn, usuallyIs } from '../4-detect/reason.ts'
import { defaultAlarmBudget } from '../4-detect/surge.ts'

/** What the topic holds by the new query at a second, in windows that end with it. */
export interface FoundAnew {
  readonly at: number // second
  readonly countOf: (seconds: number) => number
  readonly normalOf: (seconds: number) => { readonly usual: number; readonly high: number } | null // null: not known
}

/** The newest row of the alert; null: it is no longer listed. `isAlarm`: what ends is the topic's own alarm, whatever told the newest row. */
export interface EndedAnew { readonly row: AlertRow | null; readonly isAlarm: boolean }

const unlisted = { grade: 'minor', rule: { count: 0, within: '1h' } } as const

/** The end of a threshold that was found by counting anew. What else ends meanwhile says why by itself. */
export function whyAnew(event: AlarmEvent): AlarmEvent {
  if (event.kind !== 'clear') return event
  const { id, ...rest } = event
  return { ...rest, reason: inWords(event.count, event.rule.within), id }
}

/** The end of what nothing in force would end any more, of the kind that it is. */
export function endAnew(rules: TopicRules, { row, isAlarm }: EndedAnew, found: FoundAnew): AlarmEvent {
  if (isAlarm || row?.evidence) return alarmEnd(rules, row, found)
  if (row?.spread) return spreadEnd(row, row.spread, found)
  const { grade, rule } = row ?? unlisted
  const at = isoSecond(found.at)
  const count = found.countOf(secondsOf(rule.within))
  return { kind: 'clear', topic: rules.id, rule, grade, at, count, reason: inWords(count, rule.within), id: `${rules.id}/${rule.count}/${rule.within}/${at}/clear` }
}

function alarmEnd({ id: topic, baseline }: TopicRules, row: AlertRow | null, found: FoundAnew): AlarmEvent {
  const within = baselineWindows.find((window) => row?.evidence !== undefined && window === row.rule.within) ?? unlisted.rule.within
  const normal = found.normalOf(secondsOf(within))
  const [usual, high] = [significant(normal?.usual ?? 0), significant(normal?.high ?? 0)]
  const alarmBudget = baseline?.alarmBudget ?? defaultAlarmBudget
  const at = isoSecond(found.at)
  const count = found.countOf(secondsOf(within))
  const [words, than] = [inWords(count, within), usuallyIs(usual, high)]
  const reason = normal === null ? words : { zh: `${words.zh}；${than.zh}`, en: `${words.en}; ${than.en}` }
  return {
    kind: 'baseline', topic, state: 'end', rule: { alarmBudget }, grade: row?.grade ?? unlisted.grade, at, since: row?.evidence ? row.at : at, count, within, usual, high,
    falseAlarms: Number.parseInt(alarmBudget, 10), reason, id: `${topic}/baseline/${at}/end`,
  }
}

function spreadEnd({ topic, grade, rule: { within } }: AlertRow, { root, measure, threshold, value, size }: AlertSpread, found: FoundAnew): AlarmEvent {
  const at = isoSecond(found.at)
  const reason = { zh: '查询已修改，现行规则不再监测这条传播链', en: 'the query was changed, and no rule in force watches this cascade any more' }
  const id = `${topic}/spread/${measure}/${threshold}/${within}/${encodeURIComponent(root)}/${at}/end`
  return { kind: 'spread', topic, state: 'end', rule: { [measure]: threshold, within }, grade, at, root, value, size, reason, id }
}

function inWords(count: number, within: string): Bilingual {
  const { zh, en } = countedIn(count, within)
  return { zh: `按修改后的查询重新统计：${zh}`, en: `counted anew by the changed query: ${en}` }
}

const secondsOf = (within: string): number => durationSeconds(within) ?? 3600
