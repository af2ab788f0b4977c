// What was told of a topic as spans on the time axis: begin and end of one event belong together, by what said them; what is told once is a moment.
import type { AlarmEvent, IdentifiedCoordinationEvent, IdentifiedIgnitionEvent, SpikeEvent } from '@groundswell/schemas/spike.ts'

/** By what it was told. */
export type ToldKind = 'baseline' | 'threshold' | 'spread' | 'ignition' | 'coordination'
export const lanes = ['baseline', 'threshold', 'spread'] as const // on the chart: the last holds all that cascades told

export interface AlarmSpan {
  readonly id: string
  readonly number: number // 1 is the newest: the mark on the chart and the line of the list
  readonly kind: ToldKind
  readonly begin: SpikeEvent | null // null: it began before the span that is shown
  readonly end: SpikeEvent | null // null: it has not ended, as far as was asked; a moment is its own begin and end; what was told anew ended there
  readonly said: SpikeEvent // what is told of it: its begin where that is known, the gravest where it was told again
  readonly from: number // seconds, within the range
  readonly to: number
  readonly lane: 0 | 1 | 2 // of `lanes`
}

/** `alarms` in any order; newest first comes out. */
export function alarmSpans(alarms: readonly SpikeEvent[], range: { readonly from: number; readonly to: number }): AlarmSpan[] {
  const open = new Map<string, Begun>()
  const pairs: (Begun & { end: SpikeEvent | null } | { begin: null; said: SpikeEvent; end: SpikeEvent })[] = []
  for (const alarm of alarms.toSorted((a, b) => secondOf(a) - secondOf(b))) {
    if (isMoment(alarm)) {
      pairs.push({ begin: alarm, said: alarm, end: alarm })
      continue
    }
    const key = keyOf(alarm)
    if (begins(alarm)) {
      const before = open.get(key)
      const goesOn = before !== undefined && isSame(before.begin, alarm)
      if (before !== undefined && !goesOn) pairs.push({ ...before, end: alarm }) // told anew without an end, as after a rule was changed: both stand
      open.set(key, { begin: goesOn ? before.begin : alarm, said: alarm })
      continue
    }
    pairs.push({ ...(open.get(key) ?? { begin: null, said: alarm }), end: alarm })
    open.delete(key)
  }
  for (const begun of open.values()) pairs.push({ ...begun, end: null })
  const within = (second: number): number => Math.min(range.to, Math.max(range.from, second))
  return pairs.map(({ begin, said, end }) => ({
    id: said.id, kind: kindOf(said), begin, end, said, lane: laneOf(kindOf(said)),
    from: begin === null ? range.from : within(secondOf(begin)), to: end === null ? range.to : within(secondOf(end)),
  })).sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1)).map((span, index) => ({ ...span, number: index + 1 }))
}

interface Begun { readonly begin: SpikeEvent; readonly said: SpikeEvent }

/** An alarm whose grade rises is told again, as a begin since the same second. */
const isSame = (a: SpikeEvent, b: SpikeEvent): boolean => a.kind === 'baseline' && b.kind === 'baseline' && a.since === b.since
const begins = (alarm: SpikeEvent): boolean => ('state' in alarm ? alarm.state === 'begin' : alarm.kind === 'spike')
const isMoment = (alarm: SpikeEvent): alarm is IdentifiedIgnitionEvent | IdentifiedCoordinationEvent => alarm.kind === 'ignition' || alarm.kind === 'coordination'
const kindOf = ({ kind }: SpikeEvent): ToldKind => (kind === 'spike' || kind === 'clear' ? 'threshold' : kind)
const laneOf = (kind: ToldKind): 0 | 1 | 2 => (kind === 'baseline' ? 0 : kind === 'threshold' ? 1 : 2)

/** Alarms are of one event where the same rule said them of the same platform or cascade. */
function keyOf(alarm: AlarmEvent): string {
  if (alarm.kind === 'baseline') return `baseline/${alarm.platform ?? ''}`
  if (alarm.kind === 'spread') return `spread/${alarm.root}/${Object.entries(alarm.rule).map(([name, value]) => `${name}=${value}`).sort().join()}`
  return `${alarm.rule.count}/${alarm.rule.within}`
}
export const secondOf = ({ at }: { readonly at: string }): number => Date.parse(at) / 1000
