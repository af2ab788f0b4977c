// The wall as it was shown, with the real engine: an alert comes while a wall watches; what was kept before and behind it is what that wall was sent.
import type { Frame, Snapshot } from '@groundswell/schemas/live.ts'
import type { WallAt, WallPictures, WallTimes } from '@groundswell/schemas/replay.ts'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tempFolder, waitUntil } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'

const rules = `topics:
  - id: network-outage
    name: { zh: 网络中断, en: Network outage }
    query: '断网'
    velocity: [ { count: 50, within: 10m, grade: severe } ]
`
let engine: RunningEngine
let socket: Socket
/** What the wall held after every message, by sequence: lists that a frame names whole are replaced, rows by id. */
const held = new Map<string, Snapshot>()
const cleanUp: (() => Promise<unknown>)[] = []
const keyOf = ({ epoch, seq }: { readonly epoch: string; readonly seq: number }): string => `${epoch} ${seq}`

function applied(before: Snapshot, frame: Frame): Snapshot {
  const { topics: rows = [], order, sources: heard = [], mode, ...rest } = frame
  const topics = new Map([...before.topics, ...rows].map((row) => [row.id, row])), sources = new Map([...before.sources, ...heard].map((row) => [row.platform, row]))
  return { ...before, ...rest, room: { ...before.room, mode: mode ?? before.room.mode }, topics: (order ?? before.topics.map(({ id }) => id)).map((id) => topics.get(id)!), sources: [...sources.values()] }
}

beforeAll(async () => {
  const { folder, remove } = await tempFolder('e2e-replay')
  cleanUp.push(remove)
  engine = await startEngine({ folder, rules })
  cleanUp.push(() => engine.end())
  socket = io(engine.url, { transports: ['websocket'] })
  cleanUp.push(async () => socket.disconnect())
  let newest: Snapshot | null = null
  const hold = (snapshot: Snapshot): void => { newest = snapshot; held.set(keyOf(snapshot), snapshot) }
  socket.on('snapshot', hold)
  socket.on('frame', (frame: Frame) => { if (newest !== null) hold(applied(newest, frame)) })
  await waitUntil('the wall has its first picture', () => held.size > 0)
})
afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

const now = (): number => Date.now() + 1
const times = (): Promise<WallTimes> => engine.get(`/api/replay/wall/times?from=${now() - 600_000}&to=${now()}`)
const wallAt = (at: number): Promise<WallAt> => engine.get(`/api/replay/wall?at=${at}`)
/** Of a list without an order, such as sources, the order is nobody's promise. */
const asHeld = (one: Snapshot | null): unknown => one && JSON.parse(JSON.stringify({ ...one, serverNow: 0, clock: 0, sources: one.sources.toSorted((a, b) => a.platform.localeCompare(b.platform)) }))

test('an alert is in the picture behind it and not in the one before, and both are what a wall was sent', async () => {
  await waitUntil('a first picture is kept', async () => (await times()).kept > 0)
  const calm = (await times()).last!
  const lines = Array.from({ length: 80 }, (_, index) => JSON.stringify({ id: `weibo:${index}`, ts: Date.now(), platform: 'weibo', author: `u${index}`, text: '断网了', kind: 'post' })).join('\n')
  expect((await engine.post(`${lines}\n`)).status).toBe(202)
  const told = await waitUntil('the alert is among the pictures', async () => { const all = await times(); return all.news.some(({ news }) => news.some(({ what }) => what === 'alert')) && all })
  const { at, news } = told.news.find((one) => one.news.some(({ what }) => what === 'alert'))!
  expect(news).toMatchObject([{ what: 'alert', topic: 'network-outage', grade: 'severe', name: { zh: '网络中断', en: 'Network outage' } }])
  expect(at).toBeGreaterThan(calm)
  const behind = await wallAt(at), before = await wallAt(at - 1)
  expect(await engine.get(`/api/replay/wall/shown?alert=${encodeURIComponent(behind.snapshot!.alerts[0]!.id)}`)).toEqual({ alert: behind.snapshot!.alerts[0]!.id, at })
  expect(behind).toMatchObject({ at, previous: before.at, gap: null })
  expect(before.next).toBe(at)
  expect([before.snapshot!.alerts, behind.snapshot!.alerts.map(({ topic, grade }) => [topic, grade])]).toEqual([[], [['network-outage', 'severe']]])
  const sent = await waitUntil('the wall was sent that picture', () => held.get(keyOf(behind.snapshot!)) ?? false)
  expect(asHeld(behind.snapshot)).toEqual(asHeld(sent))
  const sentBefore = held.get(keyOf(before.snapshot!))
  if (sentBefore !== undefined) expect(asHeld(before.snapshot)).toEqual(asHeld(sentBefore))
  const { pictures } = await engine.get<WallPictures>(`/api/replay/wall/pictures?from=${at}&to=${at + 1}&step=1000`)
  expect(pictures.map((one) => one.at)).toEqual([before.at, at])
  expect(pictures[1]!.snapshot).toEqual(behind.snapshot)
})

test('what people do is kept at once, and told with who did it', async () => {
  const [alert] = (await wallAt(now())).snapshot!.alerts
  const answer = await fetch(`${engine.url}/api/actions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ what: 'acknowledge', alert: alert!.id }) })
  expect(answer.status).toBe(202)
  const { news } = await waitUntil('it is among the pictures', async () => { const all = await times(); return all.news.flatMap((one) => one.news).some(({ what }) => what === 'handled') && all })
  const [handled] = news.filter((one) => one.news.some(({ what }) => what === 'handled'))
  expect(handled!.news).toMatchObject([{ what: 'handled', alert: alert!.id, state: 'acknowledged', by: 'operator' }])
  expect((await wallAt(handled!.at)).snapshot!.alerts[0]!.handling).toMatchObject({ state: 'acknowledged' })
})

test('a moment before the first picture has none, and wrong questions are refused by name', async () => {
  const { first } = await times()
  expect(await wallAt(first! - 60_000)).toMatchObject({ at: null, snapshot: null, next: first })
  for (const [path, says] of [['wall', /at/], ['wall?at=noon', /at="noon"/], ['wall/times?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', /is not before/], ['wall/pictures?from=1000000000000&to=1000000001000&step=1', /a step is/]] as const) {
    const refused = await fetch(`${engine.url}/api/replay/${path}`)
    expect([refused.status, ((await refused.json()) as { detail: string }).detail], path).toEqual([400, expect.stringMatching(says)])
  }
})
