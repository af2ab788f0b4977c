// An alarm of the baseline as a room meets it: a recording that is published trips nothing but what is not normal for the topic, and
// `backtest`, the API, NATS, a signed webhook and the alert list tell the same of it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { identifiedBaselineEventSchema, type IdentifiedBaselineEvent } from '@groundswell/schemas/spike.ts'
import type { NatsConnection } from '@nats-io/nats-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createChance } from '../src/drill/chance.ts'
import { connectForTest } from '../src/io/nats/test-server.ts'
import { receiver } from '../src/io/notify/test-receiver.ts'
import { groundswell, tempFolder, waitUntil } from './processes.ts'
import { startEngine, withStore, type RunningEngine } from './running-engine.ts'

const rules = `topics:
  - id: late-payout
    name: { zh: 赔付迟缓, en: Late payout }
    query: 赔付
    velocity: [ { count: 100000, within: 2h, grade: severe } ]
    baseline: { alarmBudget: 1 per 24h }
  - id: measured
    name: { zh: 只测量, en: Measured only }
    query: 赔付
`

/** A day and a half of little talk with its own hours, a burst of 240 within twelve minutes in its night, and six quiet hours. */
function recording(): string {
  const chance = createChance(11)
  const start = Date.parse('2024-05-20T00:00:00Z')
  const lines: string[] = []
  const say = (second: number, text: string): void => { lines.push(JSON.stringify({ id: `m${lines.length}`, ts: start + second * 1000 + chance.below(1000), text })) }
  for (let second = 0; second < 42 * 3600; second++) {
    const isBurst = second >= 36 * 3600 && second < 36 * 3600 + 720
    for (let n = chance.poisson((isBurst ? 1 / 3 : 0.003) + 0.002 * Math.sin((second / 86_400) * 2 * Math.PI)); n > 0; n--) say(second, '赔付怎么还没到')
    if (second % 20 === 0) say(second, '今天天气不错')
  }
  return `${lines.join('\n')}\n`
}

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const heard: { subject: string; body: string }[] = []
const cleanUp: (() => Promise<unknown>)[] = []
const hook = await receiver()
const text = recording()
let folder = ''
let engine: RunningEngine
let nats: NatsConnection
let expected: readonly string[]

beforeAll(async () => {
  const made = await tempFolder('e2e-baseline')
  folder = made.folder
  cleanUp.push(made.remove, hook.close)
  engine = await startEngine({ folder, rules, settings: `room: { zone: America/New_York }\nwebhooks: [ { url: "${hook.url}", secret: ${secret}, grades: [minor, moderate, severe] } ]\n` })
  cleanUp.push(() => engine.end())
  nats = await connectForTest(engine.nats)
  cleanUp.push(() => nats.close())
  for (const subject of ['spikes.>', 'alerts.>']) nats.subscribe(subject, { callback: (_, message) => { heard.push({ subject: message.subject, body: message.string() }) } })
  await nats.flush()
  await writeFile(join(folder, 'recording.ndjson'), text)
  expected = (await groundswell(['backtest', '--rules', 'rules.yml', '--input', 'recording.ndjson'], { cwd: folder })).stdout.trimEnd().split('\n')
  await groundswell(['publish', 'recording.ndjson', '--speed', 'max', '--nats', engine.nats], { cwd: folder })
  await engine.until('every mention is stored', ({ stored }) => stored === text.trimEnd().split('\n').length)
})
afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

const lineOf = ({ id: _ofNats, ...line }: IdentifiedBaselineEvent): string => JSON.stringify(line)
const parsed = (body: string): IdentifiedBaselineEvent => identifiedBaselineEventSchema.parse(JSON.parse(body))

test('the burst is told within minutes by a topic that asks for it, and by nobody else', () => {
  const events = expected.map((line) => JSON.parse(line) as IdentifiedBaselineEvent)
  const [burst] = events.filter(({ state, at }) => state === 'begin' && at >= '2024-05-21T12:00')
  expect(burst).toMatchObject({ kind: 'baseline', topic: 'late-payout', at: expect.stringMatching(/^2024-05-21T12:0[0-4]:59Z$/) })
  expect(burst!.reason.en).toContain('; Tuesdays at 08:00 usually ') // as the clocks of the room show it
  expect(events.every(({ topic }) => topic === 'late-payout')).toBe(true)
  expect(events.at(-1)).toMatchObject({ state: 'end' })
})

test('the API and NATS tell what backtest tells', async () => {
  let spikes: readonly IdentifiedBaselineEvent[] = []
  await waitUntil('every event is stored', async () => (spikes = (await engine.get<{ spikes: IdentifiedBaselineEvent[] }>('/api/spikes?limit=1000')).spikes).length >= expected.length)
  expect(spikes.map(lineOf).toReversed()).toEqual(expected)
  await waitUntil('every event was heard', () => heard.filter(({ subject }) => subject === 'spikes.late-payout').length >= expected.length)
  expect(heard.filter(({ subject }) => subject.startsWith('spikes.')).map(({ body }) => lineOf(parsed(body)))).toEqual(expected)
})

test('alerts.<grade> and the webhook carry a message for each grade, and one when it is over', async () => {
  const of = (state: string): IdentifiedBaselineEvent[] => heard.filter(({ subject }) => subject.startsWith('alerts.')).map(({ body }) => parsed(body)).filter((event) => event.state === state)
  await waitUntil('the all-clear was heard', () => of('end').some(({ at }) => at >= '2024-05-21T12:00'))
  const begun = of('begin').find(({ at }) => at >= '2024-05-21T12:00')!
  expect(of('begin').filter(({ since }) => since === begun.since).map(({ grade }) => grade)).toEqual(['minor', 'moderate'])
  expect(of('end').filter(({ since }) => since === begun.since)).toHaveLength(1)
  expect(heard.find(({ body }) => body === JSON.stringify(begun))?.subject).toBe('spikes.late-payout')
  expect(heard.some(({ subject }) => subject === `alerts.${begun.grade}`)).toBe(true)
  await waitUntil('the webhook has come', () => hook.state.got.some(({ body }) => body.includes(begun.id)))
  const message = JSON.parse(hook.state.got.find(({ body }) => body.includes(begun.id))!.body) as { type: string; data: IdentifiedBaselineEvent }
  expect(message).toMatchObject({ type: 'alert.baseline', data: { id: begun.id, reason: begun.reason, name: { zh: '赔付迟缓', en: 'Late payout' } } })
})

test('the stored alert has the evidence', async () => {
  await engine.stop()
  const rows = await withStore(folder, (store) => store.query<AlertRow>('SELECT id, rule, count, evidence, toString(clearedAt) AS clearedAt FROM alerts FINAL ORDER BY at DESC LIMIT 1'))
  const event = heard.map(({ body }) => parsed(body)).find(({ id }) => id === rows[0]!.id)!
  expect(rows[0]).toMatchObject({ rule: { count: Math.floor(event.high), within: event.within }, evidence: { reason: event.reason, usual: event.usual, falseAlarms: event.falseAlarms }, clearedAt: expect.stringMatching(/^2024/) })
})
