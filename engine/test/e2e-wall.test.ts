// The whole path as a room uses it: a recording is published by the CLI, a spike is on the wall in a real browser, on NATS, in a signed
// webhook and in the API, and `backtest` on the same file tells the same events.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identifiedEventSchema, type IdentifiedEvent, type ThresholdEvent } from '@groundswell/schemas/spike.ts'
import type { NatsConnection } from '@nats-io/nats-core'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser } from '../../dashboard/test/browser.ts'
import { createChance } from '../src/drill/chance.ts'
import { connectForTest } from '../src/io/nats/test-server.ts'
import { receiver } from '../src/io/notify/test-receiver.ts'
import { buildWallWhereMissing, isWrong } from './built-wall.ts'
import { groundswell, tempFolder, waitUntil, type Finished } from './processes.ts'
import { heldIn, startEngine, withStore, type RunningEngine } from './running-engine.ts'

const rules = `topics:
  - id: network-outage
    name: { zh: 网络中断, en: Network outage }
    query: '("断网" OR "网络中断" OR outage) NOT 演练'
    velocity:
      - { count: 900, within: 10m, grade: severe }
      - { count: 120, within: 1m, grade: moderate }
  - id: price-dispute
    name: { zh: 涨价争议, en: Price dispute }
    query: '涨价 OR "price increase"'
    velocity: [ { count: 60, within: 2m, grade: minor } ]
  - id: quiet
    name: { zh: 无人提及, en: Nobody speaks of it }
    query: 'platform:weibo 停电'
    velocity: [ { count: 5, within: 1h, grade: minor } ]
`
const talk = {
  outage: ['断网了，什么都打不开', '全城網絡中斷？', 'Is there an outage? Nothing loads', 'network OUTAGE since noon'],
  price: ['又涨价了', 'another price increase, really'],
  other: ['今天天气不错', 'machine learning is fun', '演练：断网应急', ''],
}

/** 25 minutes on two platforms: talk of this and that, a price bump that passes, and an outage that grows to the end; a third are reposts. */
function recording(seed: number): string {
  const chance = createChance(seed)
  const lines: string[] = []
  const start = Date.parse('2024-05-20T12:00:00Z')
  const say = (second: number, what: keyof typeof talk): void => {
    const platform = chance.unit() < 0.6 ? 'weibo' : 'twitter'
    const parent = chance.unit() < 0.33 && lines.length > 10 ? (JSON.parse(lines[chance.below(lines.length)]!) as { id: string }).id : undefined
    const text = talk[what][chance.below(talk[what].length)]!
    lines.push(JSON.stringify({
      id: `${platform}:${lines.length}`, ts: start + second * 1000 + chance.below(1000), platform, author: `u${chance.below(400)}`, text, lang: /[a-z]/.test(text) ? 'en' : 'zh',
      ...(parent === undefined ? { kind: 'post' } : { kind: 'repost', parent, root: parent }),
    }))
  }
  for (let second = 0; second < 1500; second++) {
    for (let n = chance.poisson(1.2); n > 0; n--) say(second, 'other')
    for (let n = chance.poisson(second > 300 && second < 480 ? 0.9 : 0.02); n > 0; n--) say(second, 'price')
    for (let n = chance.poisson(second < 900 ? 0.05 : 0.5 + (second - 900) / 100); n > 0; n--) say(second, 'outage')
  }
  return `${lines.join('\n')}\n`
}

/** Where it is between noon and one: at night, by the clocks of its room, a wall is dimmer, and the colours below are those of the day. */
function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours()
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}` // their signs are those of POSIX, the other way round
}

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const plain = ({ kind, topic, rule, grade, at, count }: ThresholdEvent): string => JSON.stringify({ kind, topic, rule, grade, at, count })
const text = recording(7)
const mentions = text.trimEnd().split('\n').length

let folder = ''
let engine: RunningEngine
let nats: NatsConnection
let published: Finished
let expected: readonly string[]
const heard: { subject: string; body: string }[] = []
const hook = await receiver()
const cleanUp: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  buildWallWhereMissing()
  const made = await tempFolder('e2e-wall')
  folder = made.folder
  cleanUp.push(made.remove, hook.close)
  engine = await startEngine({ folder, rules, settings: `webhooks: [ { url: "${hook.url}", secret: ${secret}, grades: [severe] } ]\nroom: { zone: ${zoneAtNoon()} }\n` })
  cleanUp.push(() => engine.end())
  nats = await connectForTest(engine.nats)
  cleanUp.push(() => nats.close())
  for (const subject of ['spikes.>', 'alerts.>']) nats.subscribe(subject, { callback: (_, message) => { heard.push({ subject: message.subject, body: message.string() }) } })
  await nats.flush()
  await writeFile(join(folder, 'recording.ndjson'), text)
  const told = await groundswell(['backtest', '--rules', 'rules.yml', '--input', 'recording.ndjson'], { cwd: folder })
  expected = told.stdout.trimEnd().split('\n')
  published = await groundswell(['publish', 'recording.ndjson', '--speed', 'max', '--nats', engine.nats], { cwd: folder })
  await engine.until('every mention is stored', ({ stored }) => stored === mentions)
})
afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

test('publish says how many it sent, and ends with 0', () => {
  expect([published.code, JSON.parse(published.stdout)]).toMatchObject([0, { published: mentions, refused: 0 }])
})

test('the recording trips all three grades and lets one go again', () => {
  const kinds = expected.map((line) => JSON.parse(line) as ThresholdEvent).map(({ kind, topic, grade }) => `${kind} ${topic} ${grade}`)
  for (const one of ['spike price-dispute minor', 'clear price-dispute minor', 'spike network-outage moderate', 'spike network-outage severe']) expect(kinds).toContain(one)
  expect(kinds.filter((kind) => kind.endsWith('severe'))).toHaveLength(1)
})

test('backtest, /api/spikes and spikes.<topic> on NATS tell the same events, all of them', async () => {
  let spikes: readonly IdentifiedEvent[] = []
  await waitUntil('every spike is stored', async () => (spikes = (await engine.get<{ spikes: IdentifiedEvent[] }>('/api/spikes?limit=1000')).spikes).length >= expected.length)
  expect(spikes.map(plain).sort()).toEqual([...expected].sort())
  expect(spikes.map(({ at }) => at)).toEqual(spikes.map(({ at }) => at).toSorted().toReversed())
  await waitUntil('every spike was heard', () => heard.filter(({ subject }) => subject.startsWith('spikes.')).length >= expected.length)
  const onNats = heard.filter(({ subject }) => subject.startsWith('spikes.')).map(({ subject, body }) => ({ subject, event: identifiedEventSchema.parse(JSON.parse(body)) }))
  expect(onNats.map(({ event }) => plain(event))).toEqual(expected)
  for (const { subject, event } of onNats) {
    expect(subject).toBe(`spikes.${event.topic}`)
    expect(event.id).toBe(`${event.topic}/${event.rule.count}/${event.rule.within}/${event.at}/${event.kind}`)
  }
})

test('alerts.<grade> carries one message for each grade that an episode reaches', async () => {
  await waitUntil('the severe alert was heard', () => heard.some(({ subject }) => subject === 'alerts.severe'))
  const alerts = heard.filter(({ subject }) => subject.startsWith('alerts.')).map(({ subject, body }) => ({ subject, event: identifiedEventSchema.parse(JSON.parse(body)) }))
  expect(alerts.filter(({ event }) => event.kind === 'spike').map(({ subject, event }) => `${subject} ${event.topic}`).sort())
    .toEqual(['alerts.minor price-dispute', 'alerts.moderate network-outage', 'alerts.severe network-outage'])
  for (const { event } of alerts) expect(heard.filter(({ subject }) => subject === `spikes.${event.topic}`).map(({ body }) => JSON.parse(body) as unknown)).toContainEqual(event)
})

test('the receiver gets one message of the severe alert, signed', async () => {
  await waitUntil('the webhook has come', () => hook.state.got.length > 0)
  const [message] = hook.state.got
  const verified = new Webhook(secret).verify(message!.body, message!.headers) as { type: string; data: IdentifiedEvent }
  const severe = JSON.parse(heard.find(({ subject }) => subject === 'alerts.severe')!.body) as IdentifiedEvent
  expect(verified).toMatchObject({ type: 'alert.spike', timestamp: severe.at, data: { ...severe, name: { zh: '网络中断', en: 'Network outage' }, mode: 'replay' } })
  expect(message!.id).toBe(severe.id)
  expect(() => new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`).verify(message!.body, message!.headers)).toThrow()
})

const chromium = findChromium()
if (chromium === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the spike is not looked at on the wall. Install one.')

describe.skipIf(chromium === null)('on the wall', () => {
  test('the severe topic is first, by shape, numeral and filled area; the alert strip names it; nothing else is filled', async () => {
    const browser = await openBrowser(chromium ?? expect.unreachable())
    const shot = join(folder, 'wall.png')
    try {
      const page = await browser.context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.setViewportSize({ width: 1920, height: 1080 })
      await page.goto(`${engine.url}/?lang=zh`)
      const row = page.locator('[data-topic="network-outage"][data-level="severe"]')
      await row.waitFor()
      await page.evaluate(async () => { await document.fonts.ready })
      const filled = async (): Promise<(number | string)[]> => {
        const png = await page.screenshot(process.env['GROUNDSWELL_SHOTS'] === undefined ? { path: shot } : { path: join(process.env['GROUNDSWELL_SHOTS'], 'e2e-wall.png') })
        const shares = await Promise.all(['network-outage', 'price-dispute', 'quiet'].map((topic) => page.evaluate(shareOfColour, { data: png.toString('base64'), topic, colour: [0xff, 0x4a, 0x66] as const })))
        return shares.map((share) => (share > 0.5 ? 'filled' : share))
      }
      const why = `look at ${shot}`
      await expect.poll(filled, { message: why }).toEqual(['filled', 0, 0]) // once nothing moves any more
      expect(await page.locator('[data-topic]').evaluateAll((rows) => rows.map((each) => each.getAttribute('data-topic'))), why).toEqual(['network-outage', expect.any(String), expect.any(String)])
      expect(await row.locator('[data-glyph="severe"] b').textContent(), why).toBe('3')
      expect(await row.locator('[data-name]').textContent(), why).toBe('网络中断')
      const { now } = (await engine.get<{ topics: { id: string; now: { count: number } }[] }>('/api/topics')).topics[0]!
      expect((await row.locator('[data-count]').textContent())!.replaceAll(/\D/g, ''), why).toBe(String(now.count))
      expect(await page.locator('[data-alert] [data-alert-name]').allTextContents(), why).toContain('网络中断')
      expect(await page.locator('[data-alert]').first().locator('[data-glyph="severe"]').count(), why).toBe(1)
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })
})

describe.skipIf(chromium === null)('on the page of a topic', () => {
  test('it opens from the wall; the counts are those of the store, the thresholds that tripped are marked with their reason', async () => {
    const browser = await openBrowser(chromium ?? expect.unreachable())
    try {
      const page = await browser.context.newPage()
      const complaints: string[] = []
      const asked: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (line) => { if (isWrong(line)) complaints.push(line.text()) })
      page.on('request', (request) => { asked.push(request.url()) })
      await page.setViewportSize({ width: 1366, height: 768 })
      await page.goto(`${engine.url}/?lang=en`)
      await page.locator('[data-topic="network-outage"]').click()
      await page.locator('[data-span="2h"]').click()
      await page.locator('[data-screen="topic"][data-state="ready"]').waitFor()
      expect(await page.locator('h1').textContent()).toBe('Network outage')
      await page.waitForFunction(() => document.querySelectorAll('[data-reason]').length === 2)
      expect(await page.locator('[data-reason]').allTextContents()).toEqual([expect.stringMatching(/^90\d in 10 min, the threshold is 900$/), expect.stringMatching(/^12\d in 1 min, the threshold is 120$/)])
      await expect.poll(() => page.locator('[data-mark]').count()).toBeGreaterThan(0)
      const { points } = await engine.get<{ points: { at: number; count: number | null }[] }>('/api/topics/network-outage/baseline?step=1m&span=2h')
      const { points: series } = await engine.get<{ points: { at: string; count: number }[] }>('/api/topics/network-outage/series?window=1m')
      expect(points.filter(({ count }) => count !== null && count > 0).map(({ at, count }) => [at, count])).toEqual(series.map(({ at, count }) => [Date.parse(at) / 1000, count]))
      expect(asked.filter((url) => !url.startsWith(engine.url))).toEqual([])
      expect(complaints).toEqual([])
      if (process.env['GROUNDSWELL_SHOTS'] !== undefined) await page.screenshot({ path: join(process.env['GROUNDSWELL_SHOTS'], 'e2e-topic.png') })
    } finally {
      await browser.close()
    }
  })
})

test('it ends with 0, leaves nobody, has said the alert once, and every mention is stored once', async () => {
  await nats.close()
  await engine.stop()
  expect(hook.state.got).toHaveLength(1)
  expect(await withStore(folder, (store) => heldIn(store))).toEqual({ rows: mentions, ids: mentions })
})

/** Runs on the page: which share of a topic's row in the screenshot has exactly this colour. */
async function shareOfColour({ data, topic, colour }: { readonly data: string; readonly topic: string; readonly colour: readonly [number, number, number] }): Promise<number> {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))], { type: 'image/png' }))
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!
  context.drawImage(image, 0, 0)
  const box = document.querySelector(`[data-topic="${topic}"]`)!.getBoundingClientRect()
  const { data: pixels } = context.getImageData(box.x, box.y, box.width, box.height)
  let same = 0
  for (let at = 0; at < pixels.length; at += 4) if (colour.every((value, channel) => pixels[at + channel] === value)) same++
  return same / (pixels.length / 4)
}
