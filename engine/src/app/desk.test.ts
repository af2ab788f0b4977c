// The desk over the embedded store and a core: what is asked for is there or refused by name; what is not stored yet is listed; older alerts know their handling.
import { beforeAll, expect, test } from 'vitest'
import { commandSchema } from '@groundswell/schemas/command.ts'
import type { Action, ActionRow } from '@groundswell/schemas/action.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { preparedBatch } from '../../test/prepared-batch.ts'
import { Engine } from '../core/engine.ts'
import { actionsUpTo } from '../io/clickhouse/alert-reads.ts'
import { rowOfAction } from '../io/clickhouse/action-rows.ts'
import { rowOfAlert } from '../io/clickhouse/spike-rows.ts'
import { testStore } from '../io/clickhouse/store.testing.ts'
import { openDesk } from './desk.ts'
import { upToPosition } from './recall.ts'

const { store } = await testStore()
const t0 = 1_800_000_000
const now = t0 * 1000
const stream = 7
const name = { zh: '断网', en: 'Outage' }
const rules: Rules = { topics: [{ id: 'outage', name, query: 'x', velocity: [{ count: 1, within: '1m' }] }, { id: 'quiet', name, query: 'y', velocity: [] }] }
const engine = new Engine({ rules, rulesSeq: 0, stream })
const published: { subject: string; command: unknown; id: string | undefined }[] = []
const desk = openDesk({
  engine, now: () => now,
  stream: { publish: async (subject, data, id) => { published.push({ subject, command: commandSchema.parse(JSON.parse(new TextDecoder().decode(data))), id }); return { seq: 5, duplicate: false } } },
}, { reader: store, told: (work) => work })
const act = (action: Action, id = 'x') => desk.act({ id, by: 'li', action })
const listed = { topic: null, from: null, to: null, before: null, limit: 100 }
const asked = { alert: null, topic: null, from: null, to: null, limit: 100 }
const iso = (second: number): string => new Date(second * 1000).toISOString().replace('.000Z', 'Z')

/** As stored ones are, oldest first: two episodes of `outage`, the first of two grades, and a source. */
const old = ([['minor', -900, null], ['severe', -890, -700], ['minor', -500, null]] as const).map(([grade, at, cleared]) => (
  { id: `outage/1/1m/${iso(t0 + at)}/spike`, topic: 'outage', name, grade, rule: { count: 1, within: '1m' }, at: iso(t0 + at), count: 1, clearedAt: cleared && iso(t0 + cleared) }))
const source = { id: `source:weibo/${iso(t0 - 600)}/blind`, topic: 'source:weibo', name: { zh: 'weibo', en: 'weibo' }, grade: 'moderate' as const, rule: { count: 0, within: '60s' }, at: iso(t0 - 600), count: 0, clearedAt: iso(t0 - 550) }
const rows: ActionRow[] = [
  { id: 'a', at: now - 800_001, by: 'li', action: { what: 'acknowledge', alert: old[0]!.id } }, { id: 'b', at: now - 700_000, by: 'wang', action: { what: 'note', alert: old[0]!.id, text: '打过电话了' } },
  { id: 'c', at: now - 600_000, by: 'wang', action: { what: 'silence', topic: 'outage', grade: 'minor', until: now + 60_000, reason: 'a drill' } }, { id: 'd', at: now - 600_000, by: 'wang', action: { what: 'unpin' } },
]
let live = ''

beforeAll(async () => {
  await store.insertRows('alerts', '1', [...old, source].map((row) => ({ ...rowOfAlert(row) })))
  for (const token of ['1', '2']) await store.insertRows('actions', token, rows.map((row, i) => rowOfAction({ seq: i + 1, row }, stream))) // written twice, as after a crash
  const step = (seq: number, second: number) => engine.step({ kind: 'batch', batch: preparedBatch([{ id: seq, second, platform: 'weibo', topics: [0] }], { seq, time: now }) })
  step(1, t0)
  step(2, t0 + 5)
  live = engine.desk.alerts(1)[0]!.id
})

test('what is asked for goes onto the stream with its id and who asks', async () => {
  const action: Action = { what: 'acknowledge', alert: live }
  expect(await act(action, 'one')).toMatchObject({ seq: 5 })
  expect(published).toEqual([{ subject: 'commands.act', id: 'act-one', command: { kind: 'act', id: 'one', by: 'li', action } }])
})

test.each<{ readonly what: string; readonly action: () => Action }>([
  { what: 'a note on an alert that only the store has', action: () => ({ what: 'note', alert: old[2]!.id, text: 'x' }) },
  { what: 'a silence of a source', action: () => ({ what: 'silence', topic: 'source:weibo', grade: 'severe', until: now + 1, reason: 'x' }) },
  { what: 'a pin until the last moment that is allowed', action: () => ({ what: 'pin', topic: 'quiet', until: now + 86_400_000 }) },
  { what: 'the end of a pin that there is not', action: () => ({ what: 'unpin' }) },
])('taken: $what', async ({ action }) => expect(await act(action())).toMatchObject({ seq: 5 }))

const until = now + 1000
test('an alert whose handling is forgotten is not begun anew: it is refused, and says why', async () => {
  const error = await act({ what: 'note', alert: old[0]!.id, text: 'x' }).then(() => expect.unreachable('it is taken'), (refusal: unknown) => refusal as { readonly status: number; readonly body: { readonly error: string; readonly detail: string; readonly hint: string } })
  expect([error.status, error.body.error]).toEqual([404, 'closed-alert'])
  expect(error.body.detail).toMatch(/comes too late for alert "outage.*2000 others/)
})

test.each<{ readonly action: Action; readonly status: number; readonly says: RegExp }>([
  { action: { what: 'resolve', alert: 'outage/9' }, status: 404, says: /no alert "outage\/9".*\/api\/alerts/ },
  { action: { what: 'silence', topic: 'nothing', grade: 'minor', until, reason: 'x' }, status: 404, says: /no topic "nothing".*source:<platform>/ },
  { action: { what: 'silence', topic: 'source:nowhere', grade: 'minor', until, reason: 'x' }, status: 404, says: /no topic "source:nowhere"/ },
  { action: { what: 'unsilence', topic: 'gone' }, status: 404, says: /no topic "gone"/ },
  { action: { what: 'pin', topic: 'source:weibo', until }, status: 404, says: /no topic "source:weibo"/ },
  { action: { what: 'silence', topic: 'quiet', grade: 'minor', until: now, reason: 'x' }, status: 400, says: /until=1800000000000 \(2027-01-15T08:00:00.000Z\) is over.*ahead/ },
  { action: { what: 'pin', topic: 'quiet', until: now + 86_400_001 }, status: 400, says: /too far ahead.*at most 24 hours/ },
  { action: { what: 'silence', topic: 'quiet', grade: 'minor', until: 1e300, reason: 'x' }, status: 400, says: /no date.*too far ahead.*at most 720 hours/ },
])('refused with $status: $action', async ({ action, status, says }) => {
  const before = published.length
  const error = await act(action).then(() => expect.unreachable('it is taken'), (refusal: unknown) => refusal as { readonly status: number; readonly body: { readonly detail: string; readonly hint: string } })
  expect([error.status, `${error.body.detail}. ${error.body.hint}`]).toEqual([status, expect.stringMatching(says)])
  expect(published.length).toBe(before)
})

test('alerts of the store and of the core are one list, newest first, in pages, with when they ended and how far people are', async () => {
  const all = await desk.alerts(listed)
  expect(all?.map(({ id }) => id)).toEqual([live, old[2]!.id, source.id, old[1]!.id, old[0]!.id])
  expect(all?.map(({ clearedAt }) => clearedAt)).toEqual([null, null, iso(t0 - 550), iso(t0 - 700), iso(t0 - 700)])
  expect(all?.map(({ handling }) => handling)).toEqual([undefined, undefined, undefined, undefined, { state: 'acknowledged', by: 'li', at: now - 800_001, assignee: null, notes: 1 }])
  expect(all?.[2]?.source).toBe('weibo')
  const pages = []
  for (let before: string | null = null, page = await desk.alerts({ ...listed, limit: 2 }); page && page.length > 0; before = page.at(-1)!.id, page = await desk.alerts({ ...listed, limit: 2, before })) pages.push(page)
  expect(pages).toEqual([all?.slice(0, 2), all?.slice(2, 4), all?.slice(4)])
  expect(await desk.alerts({ ...listed, before: 'nobody' })).toBeNull()
  expect(await desk.alerts({ ...listed, topic: 'source:weibo' })).toEqual([all?.[2]])
  expect(await desk.alerts({ ...listed, from: (t0 - 600) * 1000, to: t0 * 1000 })).toEqual(all?.slice(1, 3))
})

test('the log lists what the core has before the store has it, each action once', async () => {
  expect((await desk.actions(asked)).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a'])
  const command = { kind: 'act', id: 'e', by: 'zhao', action: { what: 'work', alert: live } } as const
  const effects = engine.step({ kind: 'command', seq: 3, now, command })
  expect(effects).toEqual([{ kind: 'action', seq: 3, row: { id: 'e', at: now, by: 'zhao', action: command.action } }])
  engine.step({ kind: 'command', seq: 4, now: now + 1, command: { ...command, id: 'd' } }) // as of a replay: it is stored already
  expect((await desk.actions(asked)).map(({ id }) => id)).toEqual(['d', 'e', 'c', 'b', 'a'])
  expect((await desk.actions({ ...asked, limit: 2 })).map(({ id }) => id)).toEqual(['d', 'e'])
  expect(await desk.actions({ ...asked, alert: old[0]!.id })).toEqual([rows[1], rows[0]])
  expect((await desk.actions({ ...asked, topic: 'outage' })).map(({ id }) => id)).toEqual(['d', 'e', 'c', 'b', 'a'])
  expect((await desk.actions({ ...asked, from: now - 700_000, to: now })).map(({ id }) => id)).toEqual(['c', 'b'])
  expect((await desk.alerts({ ...listed, limit: 1 }))?.[0]?.handling).toMatchObject({ state: 'working', assignee: 'zhao' })
})

test('a start folds what is stored up to its position, in the order in which it was done', async () => {
  const upTo = (position: number, max = 10) => actionsUpTo(store, { where: upToPosition, params: { stream, position }, max })
  expect(await upTo(9)).toEqual(rows)
  expect(await upTo(2)).toEqual(rows.slice(0, 2))
  expect(await upTo(9, 2)).toEqual(rows.slice(2))
  const other = new Engine({ rules, rulesSeq: 0, stream })
  other.desk.recall(await upTo(9))
  expect([other.picture(now).silences.map(({ topic, by }) => `${topic} ${by}`), other.picture(now + 60_000).silences, other.desk.handlingOf(old[0]!.id)?.notes]).toEqual([['outage wang'], [], 1])
})
