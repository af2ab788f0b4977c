// The alarms of a topic as spans on the time axis: begin and end of one event belong together, by what said them.
import type { ToldAlarm } from '@groundswell/schemas/topic-history.ts'

export interface AlarmSpan {
  readonly id: string
  readonly number: number // 1 is the newest: the mark on the chart and the line of the list
  readonly begin: ToldAlarm | null // null: it began before the span that is shown
  readonly end: ToldAlarm | null // null: it has not ended, as far as was asked
  readonly said: ToldAlarm // what is told of it: its begin where that is known, the gravest where it was told again
  readonly from: number // seconds, within the range
  readonly to: number
  readonly lane: 0 | 1 // 0: the baseline, 1: fixed thresholds
}

/** `alarms` in any order; newest first comes out. */
export function alarmSpans(alarms: readonly ToldAlarm[], range: { readonly from: number; readonly to: number }): AlarmSpan[] {
  const open = new Map<string, Begun>()
  const pairs: (Begun & { end: ToldAlarm | null } | { begin: null; said: ToldAlarm; end: ToldAlarm })[] = []
  for (const alarm of alarms.toSorted((a, b) => secondOf(a) - secondOf(b))) {
    const key = keyOf(alarm)
    if (begins(alarm)) {
      const before = open.get(key)
      open.set(key, { begin: before && isSame(before.begin, alarm) ? before.begin : alarm, said: alarm })
      continue
    }
    pairs.push({ ...(open.get(key) ?? { begin: null, said: alarm }), end: alarm })
    open.delete(key)
  }
  for (const begun of open.values()) pairs.push({ ...begun, end: null })
  const within = (second: number): number => Math.min(range.to, Math.max(range.from, second))
  return pairs.map(({ begin, said, end }) => ({
    id: said.id, begin, end, said, lane: said.kind === 'baseline' ? 0 as const : 1 as const,
    from: begin === null ? range.from : within(secondOf(begin)), to: end === null ? range.to : within(secondOf(end)),
  })).sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1)).map((span, index) => ({ ...span, number: index + 1 }))
}

interface Begun { readonly begin: ToldAlarm; readonly said: ToldAlarm }

/** An alarm whose grade rises is told again, as a begin since the same second. */
const isSame = (a: ToldAlarm, b: ToldAlarm): boolean => a.kind === 'baseline' && b.kind === 'baseline' && a.since === b.since
const begins = (alarm: ToldAlarm): boolean => (alarm.kind === 'baseline' ? alarm.state === 'begin' : alarm.kind === 'spike')
const keyOf = (alarm: ToldAlarm): string => (alarm.kind === 'baseline' ? `baseline/${alarm.platform ?? ''}` : `${alarm.rule.count}/${alarm.rule.within}`)
export const secondOf = ({ at }: { readonly at: string }): number => Date.parse(at) / 1000
