// The picture: what the wall shows of the engine at one moment, counts of the running second included. Reading it changes no result.
import type { Pin, Silence } from '@groundswell/schemas/action.ts'
import { levelRank, type Level } from '@groundswell/schemas/grade.ts'
import { liveLimits, type AlertRow, type SourceRow, type TopicRow, type Totals, type UsualFigure } from '@groundswell/schemas/live.ts'
import type { Gaps } from './3-measure/gaps.ts'
import type { Sources } from './3-measure/sources.ts'
import { windowLimits, type PlannedWindow } from './3-measure/window-plan.ts'
import { acceleration, accelerationMinutes } from './4-detect/stage.ts'
import type { Volume } from './3-measure/volume.ts'
import type { Silence as Blindness } from './4-detect/silence.ts'
import type { Ceilings } from './ceilings.ts'
import { countdownOf } from './countdowns.ts'
import type { Desk, Taken } from './desk.ts'
import type { Counters } from './tally.ts'
import type { Topic, Watch } from './watch.ts'

const pacesPerDay = 86_400 / windowLimits.paceSeconds

export interface Picture {
  readonly now: number // when it was taken, ms
  readonly clock: number | null // event clock, seconds
  readonly totals: Omit<Totals, 'stored'>
  readonly topics: readonly TopicRow[] // most urgent first, at most topicsMax
  readonly topicsTotal: number
  readonly filling: readonly string[] // topics whose past is not in yet: their windows hold too little
  readonly sources: readonly SourceRow[]
  readonly alerts: readonly AlertRow[] // newest first
  readonly silences: readonly Silence[] // not over at `now`, the next to end first
  readonly pin: Pin | null
}

/** What rows are read against. */
export interface Moment { readonly clock: number; readonly since: number; readonly sources: Sources; readonly gaps: Gaps; readonly holds: (topic: string) => boolean; readonly heldAt: (topic: string) => Level; readonly taken: Taken }

/** The parts of an engine that a wall shows. */
export interface Shown { readonly watch: Watch; readonly volume: Volume; readonly silence: Blindness; readonly desk: Desk; readonly counters: Counters }

/** All of it, as it is at `now` (ms). */
export function takePicture({ watch, volume, silence, desk, counters }: Shown, moment: Moment, now: number): Picture {
  const { counted, duplicates, late, skewed, deadLetters } = counters
  const { clock, since, sources } = moment
  const pin = desk.pin(now)
  return {
    now, clock: clock < 0 ? null : clock,
    totals: { counted, duplicates, late, skewed, deadLetters, perMinute: volume.perMinute(clock), spark: sparkOf(volume.minutes, clock, since) },
    topics: withPinned(rankAgain(watch.topics, moment, liveLimits.topicsMax, watch.ceilings), watch.topics.find(({ rules }) => rules.id === pin?.topic), moment), topicsTotal: watch.topics.length, filling: watch.waiting(),
    sources: sources.rows(clock).map((row, id) => ({ ...row, blindSince: silence.blindSince(id) })),
    alerts: desk.alerts(liveLimits.alertsMax), silences: desk.silences(now), pin,
  }
}

interface Ranked { readonly topic: Topic; readonly level: number; readonly taken: boolean; readonly nearness: number; readonly shown: PlannedWindow; readonly count: number; readonly ruleIndex: number }

/** The `max` most urgent topics: by level, then whether it still waits for somebody's eyes, then nearness of the shown rule to its threshold, then ratio, then mentions a minute, then id. */
export function rankTopics(topics: readonly Topic[], moment: Moment, max: number): TopicRow[] {
  const best: Ranked[] = []
  for (const topic of topics) join(best, seen(topic, moment), moment, max)
  return best.map((ranked) => rowOf(ranked, moment))
}

/** The same, for who asks again and again: looked at closely are topics that may be among them. */
export function rankAgain(topics: readonly Topic[], moment: Moment, max: number, ceilings: Ceilings<Topic>): TopicRow[] {
  if (moment.clock < 0) return rankTopics(topics, moment, max) // nothing is counted yet, and what a fill brought may be
  const best: Ranked[] = []
  const look = (topic: Topic): void => {
    const ranked = seen(topic, moment)
    ceilings.note(ranked)
    join(best, ranked, moment, max)
  }
  for (const topic of ceilings.begin(topics)) look(topic)
  for (const topic of topics) {
    if (ceilings.wasShown(topic) || (best.length >= max && !ceilings.mayPass(topic, levelRank(levelOf(topic, moment)), best.at(-1)!))) continue
    look(topic)
  }
  ceilings.end(best)
  return best.map((ranked) => rowOf(ranked, moment))
}

function join(best: Ranked[], ranked: Ranked, moment: Moment, max: number): void {
  if (best.length >= max && byUrgency(ranked, best.at(-1)!, moment) >= 0) return
  if (best.length >= max) best.pop()
  best.splice(placeOf(ranked, best, moment), 0, ranked)
}

/** A pinned topic is told however calm it is: where there are too many, in the place of the least urgent. */
function withPinned(rows: readonly TopicRow[], pinned: Topic | undefined, moment: Moment): readonly TopicRow[] {
  if (pinned === undefined || rows.some(({ id }) => id === pinned.rules.id)) return rows
  return [...rows.slice(0, liveLimits.topicsMax - 1), rowOf(seen(pinned, moment), moment)]
}

/** The topic seen through the rule that is to be watched next; through the last hour where it has no rule. */
function seen(topic: Topic, moment: Moment): Ranked {
  const { clock, taken: isTaken } = moment
  const { wheels, thresholds } = topic
  const named = levelOf(topic, moment)
  const [level, taken] = [levelRank(named), isTaken(topic.rules.id, named)]
  const countOf = (window: PlannedWindow): number => (clock < 0 ? 0 : wheels.count(window, clock))
  const counts = thresholds.rules.map((rule) => countOf(rule.window))
  const ruleIndex = nextRule(thresholds, counts)
  const rule = thresholds.rules[ruleIndex]
  if (!rule) return { topic, level, taken, nearness: 0, shown: wheels.plan.shown, count: countOf(wheels.plan.shown), ruleIndex }
  return { topic, level, taken, nearness: counts[ruleIndex]! / rule.count, shown: rule.window, count: counts[ruleIndex]!, ruleIndex }
}

/** Of the rules that have not tripped, the nearest to its threshold. Where all have tripped, the one of highest grade, then of largest count. −1: no rule. */
function nextRule(thresholds: Topic['thresholds'], counts: readonly number[]): number {
  const { rules } = thresholds
  let next = -1
  for (let i = 0; i < rules.length; i++) {
    if (!thresholds.isTripped(i) && (next < 0 || counts[i]! / rules[i]!.count > counts[next]! / rules[next]!.count)) next = i
  }
  if (next >= 0) return next
  for (let i = 0; i < rules.length; i++) {
    const by = next < 0 ? 1 : levelRank(rules[i]!.grade) - levelRank(rules[next]!.grade) || rules[i]!.count - rules[next]!.count
    if (by > 0) next = i
  }
  return next
}

function byUrgency(a: Ranked, b: Ranked, moment: Moment): number {
  if (a.level !== b.level) return b.level - a.level
  if (a.taken !== b.taken) return a.taken ? 1 : -1
  if (a.nearness !== b.nearness) return b.nearness - a.nearness
  if (a.count > 0 || b.count > 0) {
    const ratios = (ratioOf(b, moment) ?? -1) - (ratioOf(a, moment) ?? -1)
    if (ratios !== 0) return ratios
    const perMinute = perMinuteOf(b, moment) - perMinuteOf(a, moment)
    if (perMinute !== 0) return perMinute
  }
  return a.topic.rules.id < b.topic.rules.id ? -1 : 1
}

function placeOf(ranked: Ranked, best: readonly Ranked[], moment: Moment): number {
  let low = 0
  let high = best.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (byUrgency(best[middle]!, ranked, moment) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** The worst of its tripped rules and open alarms, and of an alert that is held while it is counted anew. */
function levelOf({ rules, thresholds, adaptive }: Topic, { heldAt }: Moment): Level {
  return worse(worse(thresholds.level(), adaptive.level), heldAt(rules.id))
}
const worse = (one: Level, other: Level): Level => (levelRank(other) > levelRank(one) ? other : one)

/** What the last ten minutes hold when nothing is the matter, at this hour of the week. */
function usualOf({ wheels, adaptive, waitingSeq }: Topic, { clock, gaps }: Moment): UsualFigure | null {
  if (clock < 0 || waitingSeq >= 0) return null
  adaptive.catchUp(wheels, clock, gaps)
  return adaptive.usual(clock)
}

/** Mentions of the last ten minutes over what they usually hold; nothing can be said as a multiple of silence: of less than a mention a day. */
function ratioOf({ topic }: Ranked, moment: Moment): number | null {
  const usual = usualOf(topic, moment)
  return usual === null || usual.count * pacesPerDay < 1 ? null : topic.wheels.count(topic.wheels.plan.pace, moment.clock) / usual.count
}

/** Mentions a minute, per minute, over the last closed minutes; null where they are not all known. */
function accelerationOf({ wheels }: Topic, clock: number, knownFrom: number): number | null {
  const first = Math.floor(clock / 60) - accelerationMinutes
  if (clock < 0 || knownFrom < 0 || knownFrom > first * 60) return null
  const minutes = Array.from({ length: accelerationMinutes }, () => 0)
  wheels.minutes.copyLast(first + accelerationMinutes - 1, minutes)
  return acceleration(minutes)
}

const perMinuteOf = ({ topic }: Ranked, { clock }: Moment): number => (clock < 0 ? 0 : topic.wheels.count(topic.wheels.plan.perMinute, clock))

function rowOf(ranked: Ranked, moment: Moment): TopicRow {
  const { topic, shown, count, ruleIndex } = ranked
  const { wheels, thresholds, rules } = topic
  const filling = topic.waitingSeq >= 0
  const splits = moment.clock >= 0 && !filling && wheels.knowsHour(moment.clock)
  const knownFrom = wheels.knownFrom < 0 ? moment.since : wheels.knownFrom
  return {
    id: rules.id, name: rules.name, level: levelOf(topic, moment), ...(ranked.taken ? { taken: true } : {}), count,
    window: shown.text, threshold: thresholds.rules[ruleIndex]?.count ?? null,
    perMinute: perMinuteOf(ranked, moment), ratio: ratioOf(ranked, moment), filling,
    usual: usualOf(topic, moment), stage: filling ? null : topic.adaptive.stage, acceleration: filling ? null : accelerationOf(topic, moment.clock, knownFrom), countdown: countdownOf(topic, ruleIndex, moment),
    newestAt: wheels.newestAt < 0 ? null : wheels.newestAt,
    platforms: splits ? platformsOf(topic, moment) : [],
    negativeShare: splits ? wheels.negativeShare(moment.clock) : null,
    spark: sparkOf(wheels.minutes, moment.clock, knownFrom),
  }
}

/** The four platforms with the most mentions of the last hour. */
function platformsOf(topic: Topic, { clock, sources }: Moment): [string, number][] {
  const counts: [string, number][] = []
  for (let id = 0; id < sources.size; id++) {
    const count = topic.wheels.platformCount(id, clock)
    if (count > 0) counts.push([sources.nameOf(id), count])
  }
  return counts.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 4)
}

/** Mentions a minute, the running minute last; −1 for minutes before anything was known. */
function sparkOf(minutes: { copyLast(head: number, out: number[]): void }, clock: number, knownFrom: number): number[] {
  const spark = Array.from({ length: liveLimits.sparkMinutes }, () => -1)
  if (clock < 0) return spark
  const head = Math.floor(clock / 60)
  minutes.copyLast(head, spark)
  const unknown = Math.min(spark.length, Math.max(0, Math.floor(knownFrom / 60) - (head - spark.length + 1)))
  return spark.fill(-1, 0, unknown)
}
