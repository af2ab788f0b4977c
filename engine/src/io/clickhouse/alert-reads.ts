// Alerts and what was done about them, as the API and a start read them back.
import type { ActionRow, Handling } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Store } from '../../ports.ts'
import { handle, isAboutAlert } from '../../core/5-respond/handle.ts'
import { withSource } from '../../core/5-respond/silence-alert.ts'
import { readStoredAlerts } from '../../core/5-respond/stored-alerts.ts'
import { actionColumns, actionOfRow, type StoredAction } from './action-rows.ts'
import { alertOfRow } from './spike-rows.ts'

type Reader = Pick<Store, 'query'>

/** Of one alert so many actions are folded: the newest. */
const foldedMax = 1000
/** Alerts that came behind the oldest of a page, by which it is told when an episode ended. */
const laterMax = 2000

const iso = (column: string): string => `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%SZ')`
const alertColumns = `id, topic, name, grade, rule, evidence, spread, ${iso('at')} AS atIso, count, if(clearedAt IS NULL, NULL, ${iso('assumeNotNull(clearedAt)')}) AS clearedIso`
type StoredAlert = Omit<AlertRow, 'at' | 'clearedAt'> & { readonly atIso: string; readonly clearedIso: string | null }
const alertOf = ({ atIso, clearedIso, ...row }: StoredAlert): AlertRow => withSource(alertOfRow({ ...row, at: atIso, clearedAt: clearedIso }))

export interface AlertsWhere {
  readonly topic: string | null
  readonly fromSecond: number // event time
  readonly toSecond: number // exclusive
  readonly before: { readonly at: string; readonly id: string } | null // only those that are listed behind it
  readonly limit: number
}

/** By time and id, newest first. An alert below the last of its episode ended with it. */
export async function alertsOf(store: Reader, { topic, fromSecond, toSecond, before, limit }: AlertsWhere): Promise<AlertRow[]> {
  const params = { topic: topic ?? '', from: fromSecond, to: toSecond, beforeId: before?.id ?? '', beforeAt: before ? Date.parse(before.at) / 1000 : 0, limit }
  const page = (await store.query<StoredAlert>(
    `SELECT ${alertColumns} FROM alerts FINAL WHERE ({topic:String} = '' OR topic = {topic:String}) AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
       AND ({beforeId:String} = '' OR (at, id) < (toDateTime({beforeAt:UInt32}, 'UTC'), {beforeId:String})) ORDER BY at DESC, id DESC LIMIT {limit:UInt32}`, params)).map(alertOf)
  const open = page.filter(({ clearedAt }) => clearedAt === null)
  if (open.length === 0) return page
  const later = await store.query<StoredAlert>(
    `SELECT ${alertColumns} FROM alerts FINAL WHERE topic IN {topics:Array(String)} AND at >= toDateTime({since:UInt32}, 'UTC') ORDER BY at, id LIMIT ${laterMax}`,
    { topics: [...new Set(open.map((row) => row.topic))], since: Date.parse(open.at(-1)!.at) / 1000 })
  const read = new Map(readStoredAlerts(later.map(alertOf)).rows.map((row) => [row.id, row]))
  return page.map((row) => read.get(row.id) ?? row)
}

/** When it was raised, ISO; null: no such alert is stored. */
export async function storedAlert(store: Reader, id: string): Promise<string | null> {
  const [row] = await store.query<{ atIso: string }>(`SELECT ${iso('at')} AS atIso FROM alerts WHERE id = {id:String} LIMIT 1`, { id })
  return row?.atIso ?? null
}

/** How far people are with these alerts, as far as anybody touched them. */
export async function handlingsOf(store: Reader, alerts: readonly string[]): Promise<Map<string, Handling>> {
  const handled = new Map<string, Handling>()
  if (alerts.length === 0) return handled
  const rows = await store.query<StoredAction>(
    `SELECT ${actionColumns} FROM (SELECT * FROM actions FINAL WHERE alert IN {alerts:Array(String)} ORDER BY actions.at DESC, stream DESC, seq DESC LIMIT ${foldedMax} BY alert) ORDER BY atMs, stream, seq`, { alerts })
  for (const { at, by, action } of rows.flatMap((row) => actionOfRow(row) ?? [])) if (isAboutAlert(action)) handled.set(action.alert, handle(handled.get(action.alert) ?? null, { by, at, action }))
  return handled
}

export interface ActionsWhere { readonly alert: string | null; readonly topic: string | null; readonly from: number | null; readonly to: number | null; readonly limit: number } // ms; `to` is exclusive

/** Newest first. */
export async function actionsOf(store: Reader, { alert, topic, from, to, limit }: ActionsWhere): Promise<ActionRow[]> {
  const rows = await store.query<StoredAction>(
    `SELECT ${actionColumns} FROM (SELECT * FROM actions FINAL WHERE ({alert:String} = '' OR alert = {alert:String}) AND ({topic:String} = '' OR topic = {topic:String})
       AND actions.at >= fromUnixTimestamp64Milli({from:Int64}) AND actions.at < fromUnixTimestamp64Milli({to:Int64})) ORDER BY atMs DESC, stream DESC, seq DESC LIMIT {limit:UInt32}`,
    { alert: alert ?? '', topic: topic ?? '', from: from ?? 0, to: to ?? furthestMs, limit })
  return rows.flatMap((row) => actionOfRow(row) ?? [])
}

const furthestMs = 9_000_000_000_000 // DateTime64 ends in 2299

/** The newest that were done up to a position, in the order in which they were done. */
export async function actionsUpTo(store: Reader, { where, params, max }: { readonly where: string; readonly params: Readonly<Record<string, unknown>>; readonly max: number }): Promise<ActionRow[]> {
  const rows = await store.query<StoredAction>(`SELECT ${actionColumns} FROM (SELECT * FROM actions FINAL WHERE ${where}) ORDER BY atMs DESC, stream DESC, seq DESC LIMIT ${max}`, params)
  return rows.toReversed().flatMap((row) => actionOfRow(row) ?? [])
}
