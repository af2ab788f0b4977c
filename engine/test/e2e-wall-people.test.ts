// What people do reaches the walls: a severe alert has two browsers' walls, one of them a device with its own link; who acknowledges gives both back;
// a pinned topic is at its place on both; and a device whose token is revoked says so, and keeps its last picture, while the other goes on.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser, type OwnBrowser } from '../../dashboard/test/browser.ts'
import { buildWallWhereMissing } from './built-wall.ts'
import { groundswell, tempFolder } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'

const rules = `topics:
  - { id: outage, name: { zh: 网络中断, en: Network outage }, query: outage, velocity: [ { count: 3, within: 10m, grade: severe } ] }
  - { id: price, name: { zh: 涨价争议, en: Price dispute }, query: price, velocity: [ { count: 500, within: 2h, grade: minor } ] }
  - { id: calm, name: { zh: 无人提及, en: Nobody speaks of it }, query: calm, velocity: [ { count: 500, within: 2h, grade: minor } ] }
`
const settings = 'canaryEvery: off\nblindAfter: off\nwalls: [ { id: lobby, distance: 5, lang: en } ]\n'
const chromium = findChromium()

describe.skipIf(chromium === null)('on two walls', () => {
  let engine: RunningEngine
  let device: OwnBrowser
  let desk: OwnBrowser
  let walls: readonly Page[] = []
  const complaints: string[] = []
  const cleanUp: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    buildWallWhereMissing()
    const { folder, remove } = await tempFolder('e2e-wall-people')
    cleanUp.push(remove)
    engine = await startEngine({ folder, rules, settings })
    cleanUp.push(() => engine.end())
    const { code, stdout, stderr } = await groundswell(['tokens', 'add', '--name', 'lobby left', '--role', 'wall', '--wall', 'lobby', '--data', 'data', '--http', new URL(engine.url).port], { cwd: folder })
    expect(code, stderr).toBe(0)
    const { link } = JSON.parse(stdout.trim()) as { link: string }
    ;[device, desk] = await Promise.all([openBrowser(chromium!), openBrowser(chromium!)])
    cleanUp.push(device.close, desk.close)
    walls = await Promise.all([[device, link], [desk, `${engine.url}/?lang=zh`]].map(async ([browser, address]) => {
      const page = await (browser as OwnBrowser).context.newPage()
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.setViewportSize({ width: 1920, height: 1080 })
      await page.goto(address as string)
      await page.waitForSelector('[data-link="live"]')
      return page
    }))
  })
  afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

  const onBoth = (selector: string): Promise<unknown> => Promise.all(walls.map((page) => page.waitForSelector(selector)))
  async function act(action: object): Promise<void> {
    const answer = await fetch(`${engine.url}/api/actions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(action) })
    expect(answer.status, await answer.text()).toBe(202)
  }

  test('the device is its wall: at /wall, in the language of its profile, with the token out of its address', async () => {
    await walls[0]!.waitForFunction(() => document.documentElement.lang === 'en', undefined)
    expect(new URL(walls[0]!.url()).pathname + new URL(walls[0]!.url()).search).toBe('/wall')
    await expect.poll(() => walls[0]!.locator('.wall').evaluate((wall) => (wall as HTMLElement).style.getPropertyValue('--u'))).toBe('0.8vh')
  })

  test('a severe alert has both walls until somebody acknowledges it at a desk', async () => {
    await engine.post(Array.from({ length: 5 }, (_, n) => `{"id":"o${n}","ts":${Date.now()},"platform":"weibo","text":"an outage"}\n`).join(''))
    await onBoth('[data-takeover="outage"]')
    const { alerts } = await engine.get<{ alerts: AlertRow[] }>('/api/alerts?topic=outage')
    const began = performance.now()
    await act({ what: 'acknowledge', alert: alerts[0]!.id })
    await onBoth('[data-topic="outage"] [data-mark="acknowledged"]')
    process.stdout.write(`an acknowledge was on two walls in browsers after ${Math.round(performance.now() - began)} ms\n`)
    for (const page of walls) {
      await expect.poll(() => page.locator('[data-takeover]').count()).toBe(0)
      expect(await page.locator('[data-topic="outage"]').getAttribute('data-level')).toBe('severe')
    }
    await expect.poll(() => walls[1]!.locator('[data-topic="outage"] [data-mark]').allInnerTexts()).toEqual([expect.stringContaining('已确认')])
  })

  test('a pinned topic is behind what is severe on both, whoever is more urgent', async () => {
    await act({ what: 'pin', topic: 'calm', until: Date.now() + 3_600_000 })
    await onBoth('[data-topic]:nth-child(2)[data-topic="calm"] [data-mark="pinned"]')
    await act({ what: 'silence', topic: 'outage', grade: 'severe', until: Date.now() + 3_600_000, reason: 'a drill' })
    await onBoth('[data-topic="outage"] [data-mark="silenced"]')
    await act({ what: 'unpin' })
    await Promise.all(walls.map((page) => page.waitForSelector('[data-mark="pinned"]', { state: 'detached' })))
  })

  test('a device whose token is revoked says so over its last picture; the other wall goes on', async () => {
    const { tokens } = await engine.get<{ tokens: { id: string }[] }>('/api/tokens')
    const answer = await fetch(`${engine.url}/api/tokens/${tokens[0]!.id}`, { method: 'DELETE' })
    expect(answer.status).toBe(200)
    const [wall, other] = walls
    await wall!.waitForSelector('[data-problem="refused"]')
    await wall!.waitForSelector('[data-link="lost"]')
    expect(await wall!.locator('[data-problem="refused"]').innerText()).toContain('Access was taken away')
    expect(await wall!.locator('[data-topic="outage"]').count()).toBe(1)
    await other!.waitForSelector('[data-link="live"]')
    expect(complaints).toEqual([])
  })
})
