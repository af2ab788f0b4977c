// Holds what an engine left behind, after whatever was done to it, against an undisturbed engine that reads the same stream in one go.
import type { TopicRow } from '@groundswell/schemas/live.ts'
import type { Stats } from '@groundswell/schemas/stats.ts'
import type { ClickhouseStore } from '../../src/io/clickhouse/store.ts'
import { withStore } from '../running-engine.ts'
import { naiveFates } from '../simulation/naive-fates.ts'
import { fold, type Expected } from '../simulation/undisturbed.ts'
import type { History } from './history.ts'
import { same, type Check } from './same.ts'

/** What was seen from outside before the engine stopped. */
export interface Seen {
  readonly folder: string
  readonly rules: string
  readonly seenMax: number
  readonly cooldownSeconds: number
  readonly acknowledged: ReadonlySet<string>
  readonly sent: ReadonlySet<string>
  readonly stats: Stats
  readonly topics: { readonly clock: string | null; readonly rows: readonly TopicRow[] }
  readonly webhooks: ReadonlySet<string> // ids
}

export async function compare(seen: Seen, history: History): Promise<readonly Check[]> {
  const options = { rules: seen.rules, stream: history.created, seenMax: seen.seenMax, cooldownSeconds: seen.cooldownSeconds }
  const expected = fold(history.messages, options)
  const fates = naiveFates(history.messages, seen.seenMax)
  const stored = await withStore(seen.folder, read)
  const events = expected.effects.flatMap(({ effect }) => (effect.kind === 'event' ? [effect.event] : []))
  const alerts = expected.effects.flatMap(({ effect }) => (effect.kind === 'alert' ? [effect] : []))
  const lastRows = new Map(alerts.map(({ row }) => [row.id, row]))
  return [
    same('acknowledged ids are stored', [...seen.acknowledged], stored.ids.filter((id) => seen.acknowledged.has(id))),
    same('ids stored were sent, each once', [...new Set(stored.ids)].filter((id) => seen.sent.has(id)), stored.ids),
    same('mentions with their fates', [...fates.mentions].filter(([, fate]) => fate !== 3).map(([place, fate]) => `${place} ${fate}`), stored.mentions),
    same('dead letters', [...fates.letters], stored.letters),
    same('topic minutes of a recount', stored.recounted, stored.minutes),
    same('spikes and clears in the store', events.map((event) => canonical(event)), stored.spikes.map(canonical)),
    same('alerts in the store', [...lastRows.values()].map((row) => canonical({ ...row })), stored.alerts.map(canonical)),
    same('spikes announced', unique(events.map(({ id }) => id)), unique(history.announced.filter(({ subject }) => subject.startsWith('spikes.')).map(({ id }) => id))),
    same('alerts announced', unique(alerts.map(({ event }) => event.id)), unique(history.announced.filter(({ subject }) => subject.startsWith('alerts.')).map(({ id }) => id))),
    same('alerts at the webhook', unique(alerts.map(({ event }) => event.id)), [...seen.webhooks]),
    same('counters of the engine', counters(expected, stored.ids.length), counters({ engine: { counters: seen.stats } }, seen.stats.stored)),
    windows(seen, history, options),
  ]
}

const unique = (all: readonly string[]): string[] => [...new Set(all)]

function counters({ engine }: { readonly engine: { readonly counters: Pick<Stats, 'counted' | 'late' | 'skewed' | 'deadLetters'> } }, stored: number): string[] {
  const { counted, late, skewed, deadLetters } = engine.counters
  return [`counted ${counted}`, `late ${late}`, `skewed ${skewed}`, `dead letters ${deadLetters}`, `stored ${stored}`]
}

/** The wall's own figures at the second of the event clock at which they were asked for: nothing was published any more. */
function windows({ topics }: Seen, history: History, options: Parameters<typeof fold>[1]): Check {
  const what = 'windows of every topic'
  const second = topics.clock === null ? -1 : Date.parse(topics.clock) / 1000
  const until = history.messages.findIndex(({ subject, time }) => subject === 'ticks' && Math.floor(time / 1000) >= second)
  const { engine }: Pick<Expected, 'engine'> = fold(history.messages.slice(0, until + 1), options)
  if (engine.clock !== second) return { what, expected: 0, found: 0, wrong: [`the wall's clock was at ${topics.clock}, an undisturbed engine's at ${engine.clock}`] }
  const shown = (row: TopicRow): string => canonical({ id: row.id, level: row.level, count: row.count, window: row.window, perMinute: row.perMinute, filling: row.filling })
  return same(what, engine.topics(100).map(shown), topics.rows.map(shown))
}

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner))
}

interface Stored { readonly ids: string[]; readonly mentions: string[]; readonly letters: string[]; readonly minutes: string[]; readonly recounted: string[]; readonly spikes: unknown[]; readonly alerts: unknown[] }

const iso = (column: string): string => `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%SZ')`

async function read(store: ClickhouseStore): Promise<Stored> {
  const texts = async (sql: string): Promise<string[]> => (await store.query<{ text: string }>(sql, {}, 'patient')).map(({ text }) => text)
  const rule = '(toUInt64(rule.count), rule.within)::Tuple(count UInt32, within String) AS rule'
  return {
    ids: await texts('SELECT id AS text FROM mentions'),
    mentions: await texts('SELECT concat(toString(seq), \':\', toString(line), \' \', toString(fate)) AS text FROM mentions'),
    letters: await texts('SELECT concat(toString(seq), \':\', toString(line)) AS text FROM dead_letters'),
    minutes: await texts('SELECT concat(topic, \' \', toString(minute), \' \', platform, \' \', toString(sign), \' \', toString(sum(mentions))) AS text FROM topic_minutes GROUP BY topic, minute, platform, sign'),
    recounted: await texts(`SELECT concat(topic, ' ', toString(toDateTime(toStartOfMinute(ts), 'UTC')), ' ', platform, ' ', toString(toInt8(multiIf(sentiment > toFloat32(0.05), 1, sentiment < -toFloat32(0.05), -1, 0)) AS sign), ' ', toString(count())) AS text
      FROM mentions ARRAY JOIN topics AS topic WHERE fate = 0 GROUP BY topic, toDateTime(toStartOfMinute(ts), 'UTC'), platform, sign`),
    spikes: await store.query(`SELECT id, kind, topic, ${rule}, grade, ${iso('at')} AS at, toUInt32(count) AS count FROM spikes FINAL`),
    alerts: await store.query(`SELECT id, topic, (name.zh, name.en)::Tuple(zh String, en String) AS name, grade, ${rule}, ${iso('at')} AS at, toUInt32(count) AS count, ${iso('clearedAt')} AS clearedAt FROM alerts FINAL`),
  }
}
