// Whether the picture is alive, from outside: a canary reaches the wall and the metrics and is nobody's mention; a source that stops is
// blind on the wall, on NATS, in a webhook and in the store, and seen when it speaks again.
import type { Frame, Snapshot } from '@groundswell/schemas/live.ts'
import { silenceEventSchema, type SilenceEvent } from '@groundswell/schemas/spike.ts'
import { io } from 'socket.io-client'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectForTest } from '../src/io/nats/test-server.ts'
import { receiver } from '../src/io/notify/test-receiver.ts'
import { tempFolder, waitUntil } from './processes.ts'
import { heldIn, startEngine, withStore, type RunningEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 3, within: 5s, grade: minor } ] }\n'
const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

let folder = ''
let engine: RunningEngine
let said = 0
const alerts: { subject: string; body: unknown }[] = []
const onMentions: string[] = []
const onCanary: string[] = []
const hook = await receiver()
const cleanUp: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  const made = await tempFolder('e2e-silence')
  folder = made.folder
  cleanUp.push(made.remove, hook.close)
  engine = await startEngine({ folder, rules, settings: `canaryEvery: 1s\nblindAfter: 5s\nwebhooks: [ { url: "${hook.url}", secret: ${secret} } ]\n` })
  cleanUp.push(() => engine.end())
  const nats = await connectForTest(engine.nats)
  cleanUp.push(() => nats.close())
  nats.subscribe('alerts.>', { callback: (_, message) => { alerts.push({ subject: message.subject, body: message.json() }) } })
  nats.subscribe('mentions.>', { callback: (_, message) => { onMentions.push(message.string()) } })
  nats.subscribe('commands.canary', { callback: (_, message) => { onCanary.push(message.string()) } })
  await nats.flush()
})
afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

/** These speak three times a second until what is answered is called. */
function talking(...platforms: readonly string[]): () => Promise<void> {
  const hushed = new AbortController()
  const talk = async (): Promise<void> => {
    for (; !hushed.signal.aborted; await pause(300)) for (const platform of platforms) await say(platform)
  }
  const over = talk()
  return () => { hushed.abort(); return over }
}
let hush: () => Promise<void>
let firstBlind = '' // id of the event

async function say(platform: string): Promise<void> {
  await engine.post(`{"id":"${platform}:${++said}","ts":${Date.now()},"platform":"${platform}","text":"断网了"}\n`)
}

const metric = async (name: string): Promise<number> => Number(new RegExp(`^${name.replace('{', '\\{')} (\\S+)$`, 'm').exec(await (await fetch(`${engine.url}/metrics`)).text())?.[1])

/** A wall that is held open: what it has been told of canaries, sources, alerts and problems. */
function wall() {
  const socket = io(engine.url, { transports: ['websocket'] })
  const state: { snapshot: Snapshot | null; figures: number[] } = { snapshot: null, figures: [] }
  const take = (part: Partial<Snapshot> & Partial<Frame>): void => {
    if (part.canary) state.figures.push(part.canary.latencyMs)
    state.snapshot = { ...state.snapshot, ...part, sources: [...new Map([...(state.snapshot?.sources ?? []), ...(part.sources ?? [])].map((row) => [row.platform, row])).values()] } as Snapshot
  }
  socket.on('snapshot', take)
  socket.on('frame', take)
  return { state, close: () => socket.close() }
}

test('a canary reaches a wall and the metrics, with somebody watching and without; it is nobody\'s mention', async () => {
  await waitUntil('one came through unwatched', async () => (await metric('groundswell_canary_seconds')) > 0)
  const { state, close } = wall()
  await waitUntil('three came through to a wall', () => state.figures.length >= 3)
  close()
  for (const ms of state.figures) expect(ms).toBeGreaterThan(0)
  for (const stage of ['shown', 'stored']) await waitUntil(`three were ${stage}`, async () => await metric(`groundswell_canary_stage_seconds_count{stage="${stage}"}`) >= 3)
  expect(await engine.stats()).toMatchObject({ stored: 0, counted: 0, duplicates: 0, late: 0, skewed: 0, deadLetters: 0 })
  expect([state.snapshot?.sources, onMentions]).toEqual([[], []])
  await waitUntil('three were heard on NATS', () => onCanary.length >= 3)
})

test('a source that stops is blind wherever it must be known, and seen when it speaks again', async () => {
  const { state, close } = wall()
  const source = (platform: string) => state.snapshot?.sources.find((row) => row.platform === platform)
  hush = talking('weibo', 'news')
  const first = new Map<string, number>()
  // Who did not speak for as long as blindAfter is never blind; a second after it was first heard of, or as much later as a machine stands still, that time begins.
  await waitUntil('both have spoken for long enough', () => ['weibo', 'news'].every((platform) => {
    const { newestAt = 0, cadenceMs = null } = source(platform) ?? {}
    if (newestAt > 0 && !first.has(platform)) first.set(platform, newestAt)
    return cadenceMs !== null && newestAt - (first.get(platform) ?? newestAt) >= 9000
  }))
  await hush()
  hush = talking('news')
  await waitUntil('weibo is blind', () => source('weibo')?.blindSince !== null && source('weibo') !== undefined)
  const told = (platform: string) => alerts.filter(({ body }) => (body as SilenceEvent).kind === 'blind' && (body as SilenceEvent).source === platform)
  await waitUntil('the alert was heard', () => told('weibo').length > 0)
  const blind = told('weibo').at(-1)!
  const event = silenceEventSchema.parse(blind.body)
  expect([blind.subject, event]).toEqual(['alerts.moderate', { kind: 'blind', source: 'weibo', grade: 'moderate', at: event.at, silentSeconds: event.silentSeconds, cadenceSeconds: event.cadenceSeconds, id: `source:weibo/${event.at}/blind` }])
  expect(event.silentSeconds).toBeGreaterThanOrEqual(5)
  // A machine that stood still for five seconds has made each of them blind once more; what is told and what is counted is the same all the same.
  await waitUntil('it is the only one', async () => source('news')?.blindSince === null && await metric('groundswell_sources_blind') === 1)
  await waitUntil('each was counted once', async () => await metric('groundswell_source_changes_total{to="blind"}') === told('weibo').length + told('news').length)
  await waitUntil('the wall has the problem and the alert', () => state.snapshot?.problems.some(({ kind }) => kind === 'source-blind') && state.snapshot.alerts.some(({ source: of, clearedAt }) => of === 'weibo' && clearedAt === null))
  await waitUntil('the webhook has it', () => hook.state.got.some(({ body }) => (JSON.parse(body) as { type: string }).type === 'alert.blind'))
  await waitUntil('each is in the log once', () => engine.log.filter((line) => /nothing has come from weibo .*Look at its collector/.test(line)).length === told('weibo').length)

  await hush()
  hush = talking('weibo', 'news')
  await waitUntil('weibo is seen', () => source('weibo')?.blindSince === null)
  await waitUntil('the row says when', () => state.snapshot?.alerts.some(({ source: of, clearedAt }) => of === 'weibo' && clearedAt !== null))
  await waitUntil('it was heard', () => alerts.some(({ body }) => (body as SilenceEvent).kind === 'seen'))
  firstBlind = event.id
  close()
})

test('after a restart the wall still has the alert; each mention and no canary is stored as one', async () => {
  await hush()
  await engine.stop()
  await withStore(folder, async (store) => {
    expect(await heldIn(store)).toEqual({ rows: said, ids: said })
    const [canaries] = await store.query<{ rows: number; ids: number; placed: number }>('SELECT count() AS rows, count(DISTINCT id) AS ids, countIf(sentAt <= appliedAt AND seq > 0) AS placed FROM canaries')
    expect(canaries!.rows).toBeGreaterThanOrEqual(6)
    expect([canaries!.ids, canaries!.placed]).toEqual([canaries!.rows, canaries!.rows])
    expect(await store.query('SELECT topic, grade, clearedAt IS NULL AS open FROM alerts FINAL WHERE id = {id:String}', { id: firstBlind })).toEqual([{ topic: 'source:weibo', grade: 'moderate', open: 0 }])
  })
  engine = await startEngine({ folder, natsPort: 0 })
  const { state, close } = wall()
  await waitUntil('the wall has a picture', () => state.snapshot)
  expect(state.snapshot?.alerts.filter(({ id }) => id === firstBlind)).toMatchObject([{ topic: 'source:weibo', source: 'weibo', clearedAt: expect.any(String) }])
  close()
  await engine.stop()
})
