// What people do about alerts, from outside: it is on every wall with a frame, mutes webhooks while it is to, is done once, refused where it names
// what is not there, and all of it is there again after the engine was killed – counted from the store, and from a checkpoint.
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow, Frame, Snapshot } from '@groundswell/schemas/live.ts'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectForTest } from '../src/io/nats/test-server.ts'
import { receiver } from '../src/io/notify/test-receiver.ts'
import { tempFolder, waitUntil } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'

const topics = ['outage', 'drill', 'repair', 'later']
const rules = `topics:\n${topics.map((id) => `  - { id: ${id}, name: { zh: ${id}, en: ${id} }, query: ${id}, velocity: [ { count: 3, within: 1m, grade: minor } ] }\n`).join('')}`
const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

let folder = ''
let engine: RunningEngine
let said = 0
const onNats: string[] = [] // topics of alerts
const hook = await receiver()
const cleanUp: (() => Promise<unknown>)[] = []
const settings = (checkpoints: string): string => `checkpointEvery: ${checkpoints}\nwebhooks: [ { url: "${hook.url}", secret: ${secret} } ]\n`
/** Whether the receiver was told of this topic. */
const isHooked = (topic: string): boolean => hook.state.got.some(({ body }) => body.includes(topic))

beforeAll(async () => {
  const made = await tempFolder('e2e-actions')
  folder = made.folder
  cleanUp.push(made.remove, hook.close)
  engine = await startEngine({ folder, rules, settings: settings('off') })
  cleanUp.push(() => engine.end())
  const nats = await connectForTest(engine.nats)
  cleanUp.push(() => nats.close())
  nats.subscribe('alerts.>', { callback: (_, message) => { onNats.push(message.json<{ topic: string }>().topic) } })
  await nats.flush()
})
afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

interface Wall { readonly alerts: readonly AlertRow[]; readonly silences: Snapshot['silences']; readonly pin: Snapshot['pin'] }

/** A wall that is held open. */
function wall() {
  const socket = io(engine.url, { transports: ['websocket'] })
  const state: { shown: Wall | null } = { shown: null }
  const take = (part: Partial<Snapshot> | Frame): void => { state.shown = { ...state.shown, ...part } as Wall }
  socket.on('snapshot', take)
  socket.on('frame', take)
  return { state, alertOf: (topic: string) => state.shown?.alerts.find((alert) => alert.topic === topic), close: () => socket.close() }
}

async function act(action: object, id?: string): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const answer = await fetch(`${engine.url}/api/actions${id === undefined ? '' : `?id=${id}`}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(action) })
  return { status: answer.status, body: await answer.json() as Record<string, unknown> }
}

const raise = (topic: string) => engine.post(Array.from({ length: 4 }, () => `{"id":"${++said}","ts":${Date.now()},"platform":"weibo","text":"${topic}"}\n`).join(''))
const actions = async (query: string): Promise<ActionRow[]> => (await engine.get<{ actions: ActionRow[] }>(`/api/actions?${query}`)).actions
const inAnHour = (): number => Date.now() + 3_600_000

test('an alert that is acknowledged over HTTP is acknowledged on two walls', async () => {
  const walls = [wall(), wall()]
  await raise('outage')
  const alert = await waitUntil('both walls show the alert', () => walls.every(({ alertOf }) => alertOf('outage')) && walls[0]!.alertOf('outage'))
  const began = performance.now()
  const { status, body } = await act({ what: 'acknowledge', alert: alert.id })
  expect([status, Object.keys(body)]).toEqual([202, ['id', 'seq']])
  await waitUntil('both walls show that it is acknowledged', () => walls.every(({ alertOf }) => alertOf('outage')?.handling?.state === 'acknowledged'))
  process.stdout.write(`an acknowledge was on two walls after ${Math.round(performance.now() - began)} ms\n`)
  expect(walls[1]!.alertOf('outage')?.handling).toEqual({ state: 'acknowledged', by: 'operator', at: expect.any(Number) as number, assignee: null, notes: 0 })
  for (const { close } of walls) close()
})

test('what is sent twice with the same id is done once; the log and the list of alerts say so', async () => {
  const alert = (await engine.get<{ alerts: AlertRow[] }>('/api/alerts?topic=outage')).alerts[0]!
  const note = { what: 'note', alert: alert.id, text: '打过电话了' }
  const [first, again] = [await act(note, 'note-1'), await act(note, 'note-1')]
  expect([first.status, again]).toEqual([202, first])
  await act({ what: 'assign', alert: alert.id, to: '李' }, 'assign-1')
  await waitUntil('the list knows the assignee', async () => (await engine.get<{ alerts: AlertRow[] }>('/api/alerts?topic=outage')).alerts[0]?.handling?.assignee === '李')
  expect((await engine.get<{ alerts: AlertRow[] }>('/api/alerts')).alerts[0]?.handling?.notes).toBe(1)
  expect((await actions(`alert=${encodeURIComponent(alert.id)}`)).map(({ by, action }) => `${by} ${action.what}`)).toEqual(['operator assign', 'operator note', 'operator acknowledge'])
})

test.each<{ readonly why: string; readonly action: object; readonly id?: string; readonly status: number; readonly says: RegExp }>([
  { why: 'an alert that is not there', action: { what: 'resolve', alert: 'outage/1' }, status: 404, says: /no alert \\"outage\/1\\".*\/api\/alerts/ },
  { why: 'a topic that is not there', action: { what: 'pin', topic: 'nothing', until: inAnHour() }, status: 404, says: /no topic \\"nothing\\".*\/api\/topics/ },
  { why: 'an end that has passed', action: { what: 'silence', topic: 'drill', grade: 'minor', until: 1, reason: 'x' }, status: 400, says: /until=1 \(1970-01-01T00:00:00.001Z\) is over/ },
  { why: 'an end too far ahead', action: { what: 'pin', topic: 'drill', until: Date.now() + 90_000_000 }, status: 400, says: /at most 24 hours/ },
  { why: 'a silence without a reason', action: { what: 'silence', topic: 'drill', grade: 'minor', until: inAnHour() }, status: 400, says: /reason=null/ },
  { why: 'no action', action: { what: 'forget', alert: 'x' }, status: 400, says: /what=\\"forget\\"/ },
  { why: 'an id with blanks', action: { what: 'unpin' }, id: 'a%20b', status: 400, says: /an id is 1 to 64/ },
])('$why is refused in words', async ({ action, id, status, says }) => {
  const { status: answered, body } = await act(action, id)
  expect([answered, JSON.stringify(body)]).toEqual([status, expect.stringMatching(says)])
})

test('a silenced topic is told on NATS and in no webhook; when the silence is over it is told in both', async () => {
  const view = wall()
  await act({ what: 'silence', topic: 'drill', grade: 'severe', until: inAnHour(), reason: 'a drill' })
  await act({ what: 'silence', topic: 'later', grade: 'severe', until: Date.now() + 2000, reason: 'short' })
  await waitUntil('the wall shows the silence', () => view.state.shown?.silences.some(({ topic }) => topic === 'drill'))
  await raise('drill')
  await waitUntil('NATS tells the drill', () => onNats.includes('drill'))
  await raise('repair')
  await waitUntil('the webhook tells the repair', () => isHooked('repair'))
  expect(isHooked('drill')).toBe(false) // the receiver gets its alerts in their order
  await waitUntil('the short silence is over', () => view.state.shown?.silences.every(({ topic }) => topic !== 'later'))
  await raise('later')
  await waitUntil('the webhook tells what is no longer silenced', () => isHooked('later'))
  view.close()
}, 300_000)

test.each(['counted from the store', 'from a checkpoint'])('killed and started again, %s, the engine knows all that people did', async (how) => {
  if (how === 'counted from the store') {
    expect((await act({ what: 'pin', topic: 'repair', until: inAnHour() }, 'pin-1')).status).toBe(202)
    await waitUntil('the log has the pin', async () => (await actions('topic=repair')).some(({ id }) => id === 'pin-1'))
    await writeFile(join(folder, 'groundswell.yml'), settings('1s'))
  }
  await engine.kill()
  engine = await startEngine({ folder })
  expect(engine.log.some((line) => line.includes('goes on from a checkpoint'))).toBe(how === 'from a checkpoint')
  const view = wall()
  const shown = await waitUntil('the wall shows what it showed', () => view.state.shown?.pin && view.state.shown.silences.length > 0 && view.alertOf('outage')?.handling && view.state.shown)
  expect(shown).toMatchObject({ pin: { topic: 'repair', by: 'operator' }, silences: [{ topic: 'drill', grade: 'severe', reason: 'a drill' }] })
  expect(view.alertOf('outage')?.handling).toMatchObject({ state: 'acknowledged', assignee: '李', notes: 1 })
  expect((await act({ what: 'note', alert: view.alertOf('outage')!.id, text: 'again' }, 'note-1')).status).toBe(202)
  await act({ what: 'unpin' }, `unpin-${how.length}`)
  await waitUntil('the pin is gone', () => view.state.shown?.pin === null)
  expect(view.alertOf('outage')?.handling?.notes).toBe(1)
  await act({ what: 'pin', topic: 'repair', until: inAnHour() }, `pin-${how.length}`)
  await waitUntil('the pin is back', () => view.state.shown?.pin !== null)
  view.close()
})
