// The alarms of a topic as spans on the time axis: begin and end of one event belong together, by what said them.
import type { ToldAlarm } from '@groundswell/schemas/topic-history.ts'

export interface AlarmSpan {
  readonly id: string
  readonly number: number // 1 is the newest: the mark on the chart and the line of the list
  readonly begin: ToldAlarm | null // null: it began before the span that is shown
  readonly end: ToldAlarm | null // null: it has not ended, as far as was asked
  readonly said: ToldAlarm // what is told of it: its begin where that is known
  readonly from: number // seconds, within the range
  readonly to: number
  readonly lane: 0 | 1 // 0: the baseline, 1: fixed thresholds
}

/** `alarms` in any order; newest first comes out. */
export function alarmSpans(alarms: readonly ToldAlarm[], range: { readonly from: number; readonly to: number }): AlarmSpan[] {
  const open = new Map<string, ToldAlarm>()
  const pairs: { begin: ToldAlarm | null; end: ToldAlarm | null }[] = []
  for (const alarm of alarms.toSorted((a, b) => secondOf(a) - secondOf(b))) {
    const key = keyOf(alarm)
    if (begins(alarm)) {
      open.set(key, alarm)
      continue
    }
    pairs.push({ begin: open.get(key) ?? null, end: alarm })
    open.delete(key)
  }
  for (const begin of open.values()) pairs.push({ begin, end: null })
  const within = (second: number): number => Math.min(range.to, Math.max(range.from, second))
  return pairs.map(({ begin, end }) => {
    const said = begin ?? end!
    return {
      id: said.id, begin, end, said, lane: said.kind === 'baseline' ? 0 as const : 1 as const,
      from: begin === null ? range.from : within(secondOf(begin)), to: end === null ? range.to : within(secondOf(end)),
    }
  }).sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1)).map((span, index) => ({ ...span, number: index + 1 }))
}

const begins = (alarm: ToldAlarm): boolean => (alarm.kind === 'baseline' ? alarm.state === 'begin' : alarm.kind === 'spike')
const keyOf = (alarm: ToldAlarm): string => (alarm.kind === 'baseline' ? `baseline/${alarm.platform ?? ''}` : `${alarm.rule.count}/${alarm.rule.within}`)
export const secondOf = ({ at }: { readonly at: string }): number => Date.parse(at) / 1000
