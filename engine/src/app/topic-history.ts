// A topic's past for its page: read from the store, computed again in pieces between which the engine goes on, one at a time.
import { setImmediate } from 'node:timers/promises'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { historyLimits, type ToldAlarm, type TopicHistory } from '@groundswell/schemas/topic-history.ts'
import { gapLimits } from '../core/3-measure/gaps.ts'
import { budgetPerDay, defaultAlarmBudget } from '../core/4-detect/surge.ts'
import { heardHoursOfAll, minutesOf, oldestOf, type HeardHour, type TimeSpan } from '../io/clickhouse/history-reads.ts'
import { spikesOf } from '../io/clickhouse/reads.ts'
import { HistoryBusy, type HistoryAsked } from '../io/http/baseline.ts'
import type { NormalNow } from '../core/normal-now.ts'
import { highOf } from '../core/4-detect/velocity-detector.ts'
import { lowOf, normalHistory, type StoredPast } from '../normal-history.ts'
import type { Store } from '../ports.ts'
import { Heard } from './heard.ts'

const daySeconds = 86_400
/** What is normal is learnt from so long before the first point, and minutes are looked at from so long before. */
const warmUp = { learnSeconds: 28 * daySeconds, lookSeconds: 7 * daySeconds } as const
const waitingMax = 8

type Reader = Pick<Store, 'query' | 'queryChunks'>
type History = Pick<TopicHistory, 'budget' | 'points' | 'alarms' | 'alarmsCut'>
type Known = StoredPast['known']
/** With what the engine has of the topic now; absent or null: only what is stored is known. */
type Asked = HistoryAsked & { readonly live?: NormalNow | null }

/** Answers questions in turn. Rejects with HistoryBusy where too many wait. */
export function topicHistories(store: Reader): (asked: Asked) => Promise<History> {
  const heard = new Heard(store)
  let turn: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return (asked) => {
    if (waiting >= waitingMax) return Promise.reject(new HistoryBusy())
    waiting++
    const mine = turn.then(() => historyOf(store, heard, asked)).finally(() => { waiting-- })
    turn = mine.catch(() => undefined) // whoever asked is told; the next one has its turn
    return mine
  }
}

async function historyOf(store: Reader, heard: Heard, { rules, from, to, stepSeconds, clock, live = null }: Asked): Promise<History> {
  const budget = budgetOf(rules, live)
  if (clock === null) return { budget, points: [], alarms: [], alarmsCut: false }
  const learnFrom = Math.max(0, Math.floor((from - warmUp.learnSeconds) / 3600) * 3600)
  const lookFrom = Math.max(0, from - warmUp.lookSeconds)
  const span = { from: learnFrom, to: Math.min(to, clock + 1) }
  const oldest = await oldestOf(store, rules.id)
  const minutes = await minutesOf(store, rules.id, span)
  // A topic that is new was sought in nothing older; the engine knows since when it watches, and so that it was silent before its first mention.
  const since = Math.min(oldest ?? Infinity, live?.knownFrom ?? Infinity)
  const known = since === Infinity ? [] : await knownSpans(store, heard, { from: Math.max(learnFrom, since), to: span.to, clock })
  const events = await spikesOf(store, { topic: rules.id, fromSecond: lookFrom, toSecond: to - 1, limit: historyLimits.alarmsMax })
  const alarms = events.filter(isToldAlarm).filter(({ at }) => Date.parse(at) >= from * 1000)
  const course = normalHistory({ rules, from, to, stepSeconds, learnFrom, lookFrom, clock, ...(live && { budgetPerDay: live.budgetPerDay }) }, { minutes, known, tripped: trippedSpans(events, span.to) })
  for (;;) {
    const { done, value } = course.next()
    if (done) return { budget, points: withNow(value, live), alarms, alarmsCut: events.length === historyLimits.alarmsMax && Date.parse(events.at(-1)!.at) >= from * 1000 }
    await setImmediate()
  }
}

/** The page of a topic shows what its counts told; what its cascades told is a matter of theirs. */
const isToldAlarm = (event: SpikeEvent): event is ToldAlarm => event.kind === 'spike' || event.kind === 'clear' || event.kind === 'baseline'

/** Where all that happened is stored: a stretch of over two hours in which nothing of anybody is, is none of these. */
async function knownSpans(store: Reader, topics: Heard, { clock, ...span }: TimeSpan & { readonly clock: number }): Promise<Known> {
  if (span.from >= span.to) return []
  const heard = joined(await topics.within(span), span, clock)
  const silent: TimeSpan[] = []
  let at = span.from
  for (const [from, to] of [...heard, [span.to, span.to] as const]) {
    if (from - at > gapLimits.calmSecondsMax) silent.push({ from: at, to: from })
    at = to
  }
  if (silent.length === 0) return heard
  const others: HeardHour[] = heard.map(([first, to]) => ({ first, last: to - 1 }))
  for (const stretch of silent) others.push(...await heardHoursOfAll(store, stretch))
  return joined(others.sort((a, b) => a.first - b.first), span, clock)
}

/** What is no further apart than calm can be is one span; the newest reaches to the clock, if that is near. */
export function joined(hours: readonly HeardHour[], span: TimeSpan, clock: number): Known {
  const spans: [number, number][] = []
  for (const { first, last } of hours) {
    const before = spans.at(-1)
    if (before && first - before[1] <= gapLimits.calmSecondsMax) before[1] = Math.max(before[1], last + 1)
    else spans.push([first, last + 1])
  }
  const newest = spans.at(-1)
  if (newest && span.to > clock && clock - newest[1] <= gapLimits.calmSecondsMax) newest[1] = Math.max(newest[1], clock + 1)
  return spans
}

/** While any fixed threshold was tripped, as far as the events tell. */
export function trippedSpans(events: readonly SpikeEvent[], to: number): Known {
  const spans: [number, number][] = []
  const open = new Map<string, number>()
  for (const event of events.toReversed()) {
    if (event.kind !== 'spike' && event.kind !== 'clear') continue
    const rule = `${event.rule.count}/${event.rule.within}`
    const second = Date.parse(event.at) / 1000
    if (event.kind === 'spike') open.set(rule, second)
    else {
      spans.push([open.get(rule) ?? second, second])
      open.delete(rule)
    }
  }
  return [...spans, ...[...open.values()].map((from): [number, number] => [from, to])]
}

/**
 * The step under way says what the engine says that alarms and shows itself on the wall. It can know more than is stored: silence before the
 * first mention, blind sources, the platforms.
 */
export function withNow(points: TopicHistory['points'], live: NormalNow | null): TopicHistory['points'] {
  const newest = points.at(-1)
  const step = live?.step
  if (!newest || !step || newest.at !== step.at || newest.count === null) return points
  const { usual, dispersion, stage } = step
  return [...points.slice(0, -1), { ...newest, usual, low: lowOf(usual, dispersion), high: highOf(usual, dispersion), stage }]
}

function budgetOf({ baseline }: TopicRules, live: NormalNow | null): TopicHistory['budget'] {
  if (!baseline) return null
  const text = baseline.alarmBudget ?? defaultAlarmBudget
  const perDay = budgetPerDay(text) ?? 0
  return { text, perDay, ownPerDay: live?.budgetPerDay ?? perDay }
}
