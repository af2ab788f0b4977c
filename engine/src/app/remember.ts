// Reads what the store holds of thresholds and alerts at the position of a stream, and nothing that came behind it: what was written but not
// finished before a crash is read from the stream again.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { alertLimits } from '../core/5-respond/alerts.ts'
import { withSource } from '../core/5-respond/silence-alert.ts'
import type { Remembered, RememberedEvent } from '../core/remembered.ts'
import { alertOfRow, spikeColumns, spikeOfRow, type SpikeRow } from '../io/clickhouse/spike-rows.ts'
import type { Store } from '../ports.ts'

export const rememberLimits = { episodeAlerts: 3 } as const

export interface RememberOptions {
  readonly stream: number
  readonly clock: number // newest second of a counted mention at the position
  readonly topics: readonly string[] // of the rules in force
}

type StoredEvent = SpikeRow & { readonly second: number; readonly sinceSecond: number }

const iso = (column: string): string => `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%SZ')`
// Inserts are written one after another and each ends with its row of positions: what is older than that row was finished with it.
// What closed before the clock is finished too, even where a later write has taken its row's place. Another stream is another engine.
const finished = `insertedAt >= fromUnixTimestamp64Milli({stream:Int64}) AND (insertedAt <= fromUnixTimestamp64Milli({written:Int64}) OR at < toDateTime({clock:UInt32}, 'UTC'))`
const event = `${spikeColumns}, second, sinceSecond`
const spikes = `(SELECT *, toUnixTimestamp(at) AS second, toUnixTimestamp(since) AS sinceSecond FROM spikes WHERE ${finished})`
const alert = `id, topic, name, grade, rule, evidence, spread, ${iso('at')} AS at, count, if(clearedAt IS NULL OR insertedAt > fromUnixTimestamp64Milli({written:Int64}), NULL, ${iso('assumeNotNull(clearedAt)')}) AS clearedAt`
const alerts = `(SELECT * FROM alerts WHERE ${finished} ORDER BY cleared DESC LIMIT 1 BY id)`

export async function rememberedAt(store: Pick<Store, 'query'>, { stream, clock, topics }: RememberOptions): Promise<Remembered> {
  const [position] = await store.query<{ written: number }>('SELECT toUnixTimestamp64Milli(argMax(insertedAt, last)) AS written FROM positions WHERE stream = {stream:UInt64}', { stream })
  // Thousands of ids do not fit the address of a query: what is of no topic in force is left out here.
  const inForce = new Set(topics)
  const params = { stream, clock, written: position?.written ?? 0 }
  // The window by which an alarm of the baseline is told is another one each time: it is no rule of its own.
  const last = await store.query<StoredEvent>(`SELECT ${event} FROM (SELECT * FROM ${spikes} ORDER BY second DESC
    LIMIT 1 BY topic, kind, state, platform, if(kind = 'baseline', 0, rule.count), if(kind = 'baseline', '', rule.within))`, params)
  const newest = await store.query<AlertRow>(`SELECT ${alert} FROM (SELECT * FROM ${alerts} ORDER BY at DESC, id LIMIT ${alertLimits.rowsMax})`, params)
  const ofTopics = await store.query<AlertRow>(`SELECT ${alert} FROM (SELECT * FROM ${alerts} ORDER BY at DESC, id LIMIT ${rememberLimits.episodeAlerts} BY topic)`, params)
  const isInForce = ({ topic }: { readonly topic: string }): boolean => inForce.has(topic)
  return { events: last.filter(isInForce).map(remembered), alerts: byId([...newest, ...ofTopics.filter(isInForce)].map(alertOfRow)).map(withSource) }
}

function remembered({ second, sinceSecond, ...row }: StoredEvent): RememberedEvent {
  const event = spikeOfRow(row)
  return event.kind === 'baseline' ? { event, second, since: sinceSecond } : { event, second }
}
const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] => [...new Map(rows.map((row) => [row.id, row])).values()]
