// When a severe alert has the wall to itself (W15): at once, for a minute, at most once in three minutes; the others wait in a queue that the wall shows.
//
//   news ──► queue ──► shown 60 s ──► the view before        a topic has one place: its newer alert takes the place of the older
//              ▲  not before 3 min after the last one began   cleared, taken by somebody, silenced, or no longer told of by the server: leaves at once
import { levelRank } from '@groundswell/schemas/grade.ts'
import { liveLimits, type AlertRow, type Bilingual, type TopicRow } from '@groundswell/schemas/live.ts'

export const takeoverTimes = { shownMs: 60_000, apartMs: 180_000 } as const
/** Severe alerts beyond it do not queue: the list of the server holds no more. */
const queueMax = liveLimits.alertsMax

export interface Takeover {
  readonly shown: { readonly alert: AlertRow; readonly since: number } | null
  readonly beganAt: number // when the newest one began; −∞ before the first
  readonly queue: readonly AlertRow[] // first come first
}
export const noTakeover: Takeover = { shown: null, beganAt: -Infinity, queue: [] }

/** `now` in ms on a clock that never steps back; `alerts` is what has a claim on attention of the list that the server tells, `fresh` what is news in it. The same object where nothing changed. */
export function takeOver(held: Takeover, told: { readonly fresh: readonly AlertRow[]; readonly alerts: readonly AlertRow[]; readonly now: number }): Takeover {
  const open = new Set(told.alerts.filter(({ clearedAt }) => clearedAt === null).map(({ id }) => id))
  const arrived = told.fresh.filter(({ id, grade }) => levelRank(grade) === 3 && open.has(id)).toReversed()
  const shown = stays(held.shown, told.now, open) ? withNewest(held.shown, arrived) : null
  const queue = queued(held.queue, arrived, open).filter(({ topic }) => topic !== shown?.alert.topic)
  const next = queue[0]
  if (shown === null && next !== undefined && told.now - held.beganAt >= takeoverTimes.apartMs) {
    return { shown: { alert: next, since: told.now }, beganAt: told.now, queue: queue.slice(1) }
  }
  const same = shown === held.shown && queue.length === held.queue.length && queue.every((alert, index) => alert === held.queue[index])
  return same ? held : { ...held, shown, queue }
}

const stays = (shown: Takeover['shown'], now: number, open: ReadonlySet<string>): shown is NonNullable<Takeover['shown']> =>
  shown !== null && open.has(shown.alert.id) && now - shown.since < takeoverTimes.shownMs

/** A newer alert of the topic that is shown is told in the same takeover. */
function withNewest(shown: NonNullable<Takeover['shown']>, arrived: readonly AlertRow[]): NonNullable<Takeover['shown']> {
  const newer = arrived.findLast(({ topic }) => topic === shown.alert.topic)
  return newer === undefined ? shown : { ...shown, alert: newer }
}

function queued(waiting: readonly AlertRow[], arrived: readonly AlertRow[], open: ReadonlySet<string>): readonly AlertRow[] {
  const places = new Map(waiting.filter(({ id }) => open.has(id)).map((alert) => [alert.topic, alert]))
  for (const alert of arrived) places.set(alert.topic, alert)
  return [...places.values()].slice(0, queueMax)
}

/** waits: its takeover is to come · taken: somebody has it, or it is silent. */
export interface OtherSevere { readonly topic: string; readonly name: Bilingual; readonly waits: boolean; readonly taken: boolean }

/** Whatever else is severe, each topic once: those that wait, in their order, then by open alert, then by the level of the topic now; what is taken comes last (W16). */
export function otherSevere({ shown, queue }: Takeover, alerts: readonly AlertRow[], told: { readonly topics: readonly TopicRow[]; readonly isMuted: (alert: AlertRow) => boolean }): readonly OtherSevere[] {
  const others = new Map<string, OtherSevere>()
  const open = alerts.filter(({ grade, clearedAt }) => grade === 'severe' && clearedAt === null)
  const claims = new Set(open.filter((alert) => !told.isMuted(alert)).map(({ topic }) => topic))
  const taken = new Set(open.map(({ topic }) => topic).filter((topic) => !claims.has(topic)))
  const add = (topic: string, name: Bilingual, waits: boolean): void => {
    if (topic !== shown?.alert.topic && !others.has(topic)) others.set(topic, { topic, name, waits, taken: taken.has(topic) })
  }
  for (const { topic, name } of queue) add(topic, name, true)
  for (const { topic, name } of open) add(topic, name, false)
  for (const { id, name, level } of told.topics) if (level === 'severe') add(id, name, false)
  return [...others.values()].toSorted((a, b) => Number(a.taken) - Number(b.taken))
}
