// Holds a world that has come to rest against the undisturbed engine over the same stream history; answers the first difference.
import { deadLetterColumns, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { Engine } from '../../src/core/engine.ts'
import { rowOfAction } from '../../src/io/clickhouse/action-rows.ts'
import { rowOfAlert, rowOfSpike } from '../../src/io/clickhouse/spike-rows.ts'
import type { Origin } from './beginning.ts'
import { expectedOf, type OfStream } from './expected.ts'
import { readColumns } from './native-columns.ts'
import { alertKey, type SimOutbox } from './sim-outbox.ts'
import type { SimStore, StoredInsert } from './sim-store.ts'
import type { SimStream } from './sim-stream.ts'
import type { Expected, HistoryOptions } from './undisturbed.ts'

export interface Rested {
  readonly stream: SimStream
  readonly store: SimStore
  readonly outbox: SimOutbox
  readonly engine: Engine
  readonly acknowledged: readonly { readonly stream: number; readonly seq: number; readonly text: string }[]
  readonly origins: ReadonlyMap<number, Origin>
  readonly options: Omit<HistoryOptions, 'stream'>
}

export function difference(rested: Rested): string | null {
  const streams = expectedOf(rested)
  for (const of of streams) {
    for (const check of checks) {
      const found = check(of, rested)
      if (found !== null) return of.isPast ? `of the stream that was deleted at ${of.history.length}, whose position is ${of.upTo}: ${found}` : found
    }
  }
  return outgoing(rested, streams) ?? state(rested, streams.at(-1)!.expected)
}

type Check = (of: OfStream, rested: Rested) => string | null

const checks: readonly Check[] = [acknowledged, mentions, letters, tokens, spikesAndAlerts, positions, forgotten]

/** What a publisher was told is in the stream is in its history as it was sent. */
function acknowledged({ created, history }: OfStream, { acknowledged: told }: Rested): string | null {
  const lost = told.find(({ stream, seq, text }) => stream === created && new TextDecoder().decode(history[seq - 1]?.data) !== text)
  return lost ? `message ${lost.seq} was acknowledged and is not in the stream` : null
}

function mentions({ inserts, fates: { mentions: fates }, upTo }: OfStream): string | null {
  const wanted = new Map([...fates].filter(([key, fate]) => fate !== 3 && Number(key.split(':', 1)[0]) <= upTo))
  const stored = new Set<string>()
  for (const { bytes } of inserts('mentions')) {
    const { seq, line, fate } = readColumns(mentionColumns, bytes, new Set(['seq', 'line', 'fate']))
    for (const [row, itsFate] of fate!.entries()) {
      const key = `${seq![row]}:${line![row]}`
      if (itsFate !== fates.get(key)) return `mention ${key} has fate ${itsFate}, not ${fates.get(key)}`
      if (itsFate === 3) continue
      if (stored.has(key)) return `mention ${key} is stored twice`
      stored.add(key)
    }
  }
  const missing = [...wanted.keys()].find((key) => !stored.has(key))
  return missing === undefined ? null : `mention ${missing} is not stored (${stored.size} of ${wanted.size} are)`
}

function letters({ inserts, fates: { letters: wanted }, upTo }: OfStream): string | null {
  const stored = inserts('dead_letters').filter(({ last }) => last <= upTo).flatMap(({ bytes }) => {
    const { seq, line } = readColumns(deadLetterColumns, bytes, new Set(['seq', 'line']))
    return seq!.map((one, row) => `${one}:${line![row]}`)
  })
  return compare('dead letters', stored, [...wanted].filter((key) => Number(key.split(':', 1)[0]) <= upTo))
}

/** Every insert is one of the undisturbed engine's, byte for byte. */
function tokens({ inserts, expected, upTo }: OfStream): string | null {
  for (const table of ['mentions', 'dead_letters', 'spikes', 'alerts', 'actions', 'rules', 'canaries']) {
    for (const { token, bytes, last } of inserts(table)) {
      if (last > upTo) continue
      const own = expected.inserts.get(token)
      if (!own) return `${table}: no undisturbed engine writes an insert ${token}`
      if (!own.equals(bytes)) return `${table}: the insert ${token} holds other rows than an undisturbed engine's:\n  ${brief(bytes)}\n  ${brief(own)}`
    }
  }
  return null
}

function spikesAndAlerts({ inserts, expected, upTo, created }: OfStream): string | null {
  const rowsOf = (table: 'event' | 'alert' | 'action' | 'rules'): string[] => expected.effects.flatMap(({ effect, last }) => {
    if (effect.kind !== table || last > upTo) return []
    return [JSON.stringify(effect.kind === 'event' ? rowOfSpike(effect.event) : effect.kind === 'alert' ? rowOfAlert(effect.row) : effect.kind === 'action' ? rowOfAction(effect, created) : [effect.seq, effect.text])]
  })
  const stored = (table: string): string[] => inserts(table).filter(({ last }) => last <= upTo).flatMap(({ rows }) => rows)
    .map((row) => JSON.stringify(table === 'rules' ? [row['seq'], row['text']] : row))
  return compare('spikes', stored('spikes'), rowsOf('event')) ?? compare('alerts', stored('alerts'), rowsOf('alert')) ?? compare('actions', stored('actions'), rowsOf('action')) ?? compare('rules', stored('rules'), rowsOf('rules'))
}

/** When a position was stored, everything up to it was: each row of every table, each announcement, each alert. */
function positions({ inserts, expected, created, upTo }: OfStream, { stream, store, outbox }: Rested): string | null {
  const done: { readonly last: number; readonly version: number; readonly what: string }[] = []
  const came = new Map<string, StoredInsert>()
  for (const table of store.tables.keys()) for (const insert of inserts(table)) if (!came.has(insert.token)) came.set(insert.token, insert)
  for (const token of expected.inserts.keys()) done.push({ last: Number(token.slice(token.lastIndexOf('-') + 1)), version: came.get(token)?.version ?? Infinity, what: `insert ${token}` })
  const announced = new Map(stream.announced.toReversed().map(({ id, version }) => [id, version]))
  const given = new Map(outbox.given.toReversed().map(({ key, version }) => [key, version]))
  for (const { effect, last } of expected.effects) {
    if (effect.kind === 'event') done.push({ last, version: announced.get(effect.event.id) ?? Infinity, what: `announcement ${effect.event.id}` })
    if (effect.kind === 'alert') done.push({ last, version: given.get(alertKey(effect)) ?? Infinity, what: `alert ${effect.event.id}` })
  }
  for (const { version, rows } of inserts('positions')) {
    const last = rows[0]!['last'] as number
    if (rows[0]!['stream'] !== created) return `a position of stream ${String(rows[0]!['stream'])} is stored under another's token`
    const ahead = done.find((one) => one.last <= Math.min(last, upTo) && one.version > version)
    if (ahead) return `position ${last} was stored before ${ahead.what}`
  }
  return null
}

/** A request to forget is carried out behind all rows that it is about, and before the position moves beyond it. */
function forgotten({ inserts, history, created, upTo }: OfStream, { store }: Rested): string | null {
  for (const { seq, subject } of history) {
    if (subject !== subjects.command('forget') || seq > upTo) continue
    const at = store.forgotten.get(`${created}:${seq}`)
    if (at === undefined) return `what message ${seq} asks to forget is not forgotten`
    const behind = inserts('mentions').find(({ last, version }) => last <= seq && version > at.last)
    if (behind) return `rows of ${behind.token} came after they were forgotten`
    const ahead = inserts('positions').find(({ last, version }) => last >= seq && version < at.first)
    if (ahead) return `the position ${ahead.last} was stored before message ${seq} was forgotten`
  }
  return null
}

/** What leaves the process goes out at least once and under the same id. */
function outgoing({ stream, outbox }: Rested, streams: readonly OfStream[]): string | null {
  const of = (kind: 'event' | 'alert', isDue: boolean): Set<string> => new Set(streams.flatMap(({ expected, upTo }) => expected.effects.flatMap(({ effect, last }) => {
    if (effect.kind !== kind || (isDue && last > upTo)) return []
    return [effect.kind === 'event' ? effect.event.id : effect.kind === 'alert' ? alertKey(effect) : '']
  })))
  const differ = (what: string, is: ReadonlySet<string>, kind: 'event' | 'alert'): string | null => {
    const missing = [...of(kind, true)].find((one) => !is.has(one))
    const known = of(kind, false)
    const foreign = [...is].find((one) => !known.has(one))
    if (missing !== undefined) return `${what}: ${missing} belongs there and is not`
    return foreign === undefined ? null : `${what}: ${foreign} is there and does not belong there`
  }
  return differ('announcements', new Set(stream.announced.map(({ id }) => id)), 'event') ?? differ('alerts in the outbox', new Set(outbox.given.map(({ key }) => key)), 'alert')
}

function state({ engine }: Rested, expected: Expected): string | null {
  const own = expected.engine
  const now = 1000 * ((own.clock ?? 0) + 1)
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['position', engine.position, own.position], ['counters', engine.counters, own.counters], ['rules', engine.rulesSeq, own.rulesSeq],
    ['ids seen', engine.seenIds, own.seenIds], ['picture', engine.picture(now), own.picture(now)],
  ]
  for (const [what, is, wanted] of pairs) {
    const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)]
    if (a !== b) return `the ${what} of the engine differs:\n  ${around(a, b)}\n  ${around(b, a)}`
  }
  return null
}

function compare(what: string, is: readonly string[], wanted: readonly string[]): string | null {
  const [a, b] = [is.toSorted(), wanted.toSorted()]
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => a[i] !== b[i])
  return at === undefined ? null : `${what}: ${a.length} are there, ${b.length} belong there; the first that differs: ${a[at] ?? 'none'} for ${b[at] ?? 'none'}`
}

const brief = (bytes: Buffer): string => bytes.toString('latin1').replaceAll(/[^ -~]+/g, ' ').slice(0, 400)

function around(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return text.slice(Math.max(0, at - 120), at + 120)
}
