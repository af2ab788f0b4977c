// The desk for the API: checks that what an action names is there, puts it on the stream, and answers from the core what the store does not have yet.
import { said, type Said } from '@groundswell/schemas/problem.ts'
import { actionLimits, type Action, type ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { Engine } from '../core/engine.ts'
import { alertLimits } from '../core/5-respond/alerts.ts'
import { actionsOf, alertsOf, handlingsOf, storedAlert } from '../io/clickhouse/alert-reads.ts'
import { topicOf } from '../io/clickhouse/action-rows.ts'
import type { ActionDesk, ActionsAsked } from '../io/http/actions.ts'
import type { AlertDesk, AlertsAsked } from '../io/http/alerts.ts'
import { refusal } from '../io/http/answer.ts'
import type { InputStream } from '../ports.ts'
import type { ScreenReads } from './screen-reads.ts'

export interface DeskHouse { readonly engine: Pick<Engine, 'desk'>; readonly stream: Pick<InputStream, 'publish'>; readonly now: () => number }

export function openDesk({ engine: { desk }, stream, now }: DeskHouse, { reader, told }: ScreenReads): ActionDesk & AlertDesk {
  /** What was done about an alert that the core has forgotten is in the store alone: an action would begin from nothing, and bring it back as new. */
  async function checkAlert(id: string): Promise<void> {
    if (desk.alerts(alertLimits.rowsMax).some((row) => row.id === id) || desk.handlingOf(id) !== null) return
    const alert = JSON.stringify(id)
    if (await told(storedAlert(reader, id)) === null) throw refusal(404, 'unknown-alert', { detail: said('no-alert', { alert }), hint: said('alerts-listed') })
    if ((await told(handlingsOf(reader, [id]))).has(id)) throw refusal(404, 'closed-alert', { detail: said('alert-closed', { alert, count: actionLimits.handledMax }), hint: said('alert-closed-hint') })
  }
  async function check(action: Action): Promise<void> {
    if ('alert' in action) return checkAlert(action.alert)
    if (action.what === 'unpin') return
    const isThere = action.what === 'pin' ? desk.isWatched(action.topic) : desk.hasTopic(action.topic) || (action.what === 'unsilence' && desk.silences(now()).some(({ topic }) => topic === action.topic))
    if (!isThere) throw refusal(404, 'unknown-topic', { detail: said('no-topic', { topic: JSON.stringify(action.topic) }), hint: said(action.what === 'pin' ? 'topics-listed' : 'topics-or-source') })
    if ('until' in action) checkEnd(action.until, { now: now(), most: action.what === 'pin' ? actionLimits.pinMsMax : actionLimits.silenceMsMax })
    if (action.what === 'silence') checkRoom(action.topic)
  }
  function checkRoom(topic: string): void {
    const silences = desk.silences(now())
    if (silences.length < actionLimits.silencesMax || silences.some((silence) => silence.topic === topic)) return
    throw refusal(409, 'too-many-silences', { detail: said('silences-full', { count: silences.length }), hint: said('end-a-silence', { example: '{"what":"unsilence","topic":…}' }) })
  }
  return {
    act: async ({ id, by, action }) => {
      await check(action)
      return stream.publish(subjects.command('act'), new TextEncoder().encode(JSON.stringify({ kind: 'act', id, by, action })), `act-${id}`)
    },
    actions: async (asked) => {
      const newest = desk.actions // before the store is asked: meanwhile more may be stored
      const recent = newest.filter((row) => isAsked(row, asked))
      const known = new Set(newest.map(({ id }) => id))
      const stored = await told(actionsOf(reader, { ...asked, limit: asked.limit + newest.length }))
      return [...recent, ...stored.filter(({ id }) => !known.has(id))].slice(0, asked.limit)
    },
    alerts: async (asked) => {
      const live = desk.alerts(alertLimits.rowsMax)
      const at = asked.before === null ? null : live.find(({ id }) => id === asked.before)?.at ?? await told(storedAlert(reader, asked.before))
      if (asked.before !== null && at === null) return null
      const before = asked.before !== null && at !== null ? { at, id: asked.before } : null
      const stored = await told(alertsOf(reader, { topic: asked.topic, fromSecond: Math.ceil((asked.from ?? 0) / 1000), toSecond: Math.ceil((asked.to ?? furthestMs) / 1000), before, limit: asked.limit }))
      // What the core shows is newer than what is stored.
      const rows = new Map([...stored, ...live.filter((row) => isListed(row, asked, before))].map((row) => [row.id, row]))
      const page = [...rows.values()].sort((a, b) => (isBehind(a, b) ? 1 : -1)).slice(0, asked.limit)
      const untold = page.filter(({ id }) => desk.handlingOf(id) === null).map(({ id }) => id)
      const handled = await told(handlingsOf(reader, untold))
      return page.map((row): AlertRow => {
        const handling = desk.handlingOf(row.id) ?? handled.get(row.id)
        return handling ? { ...row, handling } : row
      })
    },
  }
}

const furthestMs = 4_294_967_295_000

/** The order of the list: by time, then by id, newest first. */
const isBehind = (row: { readonly at: string; readonly id: string }, other: { readonly at: string; readonly id: string }): boolean => row.at < other.at || (row.at === other.at && row.id < other.id)

function isListed(row: AlertRow, { topic, from, to }: AlertsAsked, before: { readonly at: string; readonly id: string } | null): boolean {
  const at = Date.parse(row.at)
  return (topic === null || row.topic === topic) && (from === null || at >= from) && (to === null || at < to) && (before === null || isBehind(row, before))
}

function isAsked({ at, action }: ActionRow, { alert, topic, from, to }: ActionsAsked): boolean {
  if (alert !== null && !('alert' in action && action.alert === alert)) return false
  return (topic === null || topicOf(action) === topic) && (from === null || at >= from) && (to === null || at < to)
}

function checkEnd(until: number, { now, most }: { readonly now: number; readonly most: number }): void {
  const end = { until, at: iso(until) }
  if (until <= now) throw refusal(400, 'wrong-body', { detail: said('until-over', { ...end, now: iso(now) }), hint: said('until-ahead') })
  if (until > now + most) throw refusal(400, 'wrong-body', { detail: said('until-far', end), hint: said('until-most', { hours: most / 3_600_000, last: iso(now + most) }) })
}

const iso = (ms: number): Said | string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : said('no-date'))
