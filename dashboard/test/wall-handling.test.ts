// What people do at a desk, and what a wall may see, as the wall shows it in a real browser: acknowledged, silenced, pinned, its profile, its right.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Handling, Pin, Silence } from '@groundswell/schemas/action.ts'
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import { buildWall } from './build-wall.ts'
import { findChromium, openBrowser, type OwnBrowser } from './browser.ts'
import { asDrawn, clippedText, overflow, smallText } from './on-page.ts'
import { alertRow, snapshot } from './seeded.ts'
import { WallServer } from './wall-server.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: what people do is not tested on the wall. Install one.')

const folder = mkdtempSync(join(tmpdir(), 'groundswell-handling-'))
const shots = process.env['GROUNDSWELL_SHOTS'] ?? join(folder, 'shots')
const dist = join(folder, 'dist')
const sizes = [[1920, 1080], [3840, 2160], [5760, 3240], [6656, 1792]] as const
const both = ['zh', 'en'] as const

describe.skipIf(executable === null)('the wall and the people', () => {
  let browser: OwnBrowser
  let server: WallServer
  let page: Page
  let url: URL
  const complaints: string[] = []

  beforeAll(async () => {
    await buildWall(dist)
    server = new WallServer(dist, snapshot())
    url = await server.listen()
    browser = await openBrowser(executable ?? expect.unreachable())
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    await page?.close()
    page = await browser.context.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    server.api = () => null
    server.refusal = null
  })

  async function open(shot: Snapshot, size: readonly [number, number] = [1920, 1080], query = '?lang=zh'): Promise<void> {
    server.heartbeat(false)
    server.begin(shot)
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto(url.href + query)
    await page.waitForSelector('[data-link="live"]')
    await page.evaluate(async () => { await document.fonts.ready })
    server.heartbeat(true)
  }
  const picture = (name: string): Promise<Buffer> => page.screenshot({ path: join(shots, `${name}.png`) })
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()
  const marks = (selector: string): Promise<string[]> => page.locator(`${selector} [data-mark]`).allInnerTexts()
  const calm = (shot: Snapshot): Snapshot => ({ ...shot, alerts: [] })
  const now = snapshot().serverNow
  const severe = (index: number, changes: Partial<AlertRow> = {}): AlertRow => ({ ...alertRow(index, now + 175_000 + index * 480_000), id: `new-${index}`, grade: 'severe', clearedAt: null, ...changes })
  const by = (state: Handling['state'], who = '王'): { readonly handling: Handling } => ({ handling: { state, by: who, at: now, assignee: null, notes: 0 } })
  const silence = (topic: string, changes: Partial<Silence> = {}): Silence => ({ topic, grade: 'severe', since: now, until: now + 3_600_000, by: '李', reason: '计划割接', ...changes })
  const pinOf = (topic: string, changes: Partial<Pin> = {}): Pin => ({ topic, by: '李', since: now, until: now + 7_200_000, ...changes })
  const tell = (...alerts: AlertRow[]): void => server.change({ alerts: [...alerts, ...server.snapshot.alerts] })
  const acknowledge = (id: string, state: Handling['state'] = 'acknowledged'): void => server.change({ alerts: server.snapshot.alerts.map((alert) => (alert.id === id ? { ...alert, ...by(state) } : alert)) })
  const takeover = (): Promise<string | null> => page.evaluate(() => document.querySelector('[data-takeover]')?.getAttribute('data-takeover') ?? null)
  async function fits(size: readonly [number, number] = [1920, 1080]): Promise<void> {
    expect(await overflow(page)).toEqual([])
    expect(await clippedText(page)).toEqual([])
    expect(await smallText(page, 0.0356 * size[1])).toEqual([])
    const drawn = await asDrawn(page)
    expect([drawn.lowContrast, drawn.transforms]).toEqual([[], []])
  }

  test('W17: who acknowledges ends a takeover on every wall within a second; strip, row and total say who has it, the grade stays', async () => {
    await open(calm(snapshot()))
    tell(severe(0))
    await page.waitForSelector('[data-takeover="network-outage"]')
    const waiting = (): Promise<string> => text('[data-big="open"]')
    await page.evaluate(() => {
      const heard: number[] = []
      ;(window as unknown as { heard: number[] }).heard = heard
      new MutationObserver(() => { if (document.querySelector('[data-takeover]') === null && heard.length === 0) heard.push(performance.timeOrigin + performance.now()) }).observe(document.body, { childList: true, subtree: true })
    })
    const told = performance.timeOrigin + performance.now()
    acknowledge('new-0')
    await page.waitForSelector('[data-topic="network-outage"]')
    const [ended = Infinity] = await page.evaluate(() => (window as unknown as { heard: number[] }).heard)
    expect(ended - told).toBeLessThan(1_000)
    expect(await takeover()).toBeNull()
    expect(await marks('[data-topic="network-outage"]')).toEqual(['王 已确认'])
    expect(await marks('[data-alert="new-0"]')).toEqual(['王 已确认'])
    expect(await page.locator('[data-topic="network-outage"]').getAttribute('data-level')).toBe('severe')
    expect(await page.locator('[data-flash="true"]').count()).toBe(0)
    expect((await waiting()).replaceAll(/\s+/g, ' ').trim()).toBe('0 0 0')
    acknowledge('new-0', 'working')
    await expect.poll(() => marks('[data-topic="network-outage"]')).toEqual(['王 处理中'])
    acknowledge('new-0', 'new') // opened anew: it is news again, three minutes after the takeover before
    await expect.poll(() => page.locator('[data-severe="network-outage"][data-waits="true"]').count()).toBe(1)
    expect((await waiting()).replaceAll(/\s+/g, ' ').trim()).toBe('1 0 0')
    expect(await text('[data-tile="totals"]')).toContain('未确认')
  })

  test('what is acknowledged or silent while it waits leaves the queue; a higher grade breaks through a silence', async () => {
    await open(calm(snapshot()))
    tell(severe(2), severe(1), severe(0))
    await page.waitForSelector('[data-takeover="network-outage"]')
    const waits = (): Promise<(string | null)[]> => page.locator('[data-waits="true"]').evaluateAll((all) => all.map((one) => one.getAttribute('data-severe')))
    expect(await waits()).toEqual(['late-payout', 'price-dispute'])
    acknowledge('new-1')
    await expect.poll(waits).toEqual(['price-dispute'])
    expect(await page.locator('[data-severe="late-payout"]').getAttribute('data-taken')).toBe('true')
    server.change({ silences: [silence('price-dispute', { grade: 'moderate' })] })
    server.change({ silences: [silence('price-dispute', { grade: 'moderate' }), silence('network-outage')] })
    await expect.poll(takeover).toBeNull()
    expect(await waits()).toEqual(['price-dispute'])
    expect(await page.locator('[data-severe="network-outage"]').count()).toBe(0) // between two takeovers only what is to come is named
  })

  test('a topic that is silent takes nothing over, neither sounds nor flashes, and says until when; when that is over it is news', async () => {
    await page.clock.install()
    const end = now + 60_000
    await open({ ...calm(snapshot()), silences: [silence('network-outage', { until: end })] })
    tell(severe(0))
    await expect.poll(async () => (await marks('[data-alert="new-0"]')).join()).toBe('静默至 14:33')
    await page.clock.runFor(2_000)
    expect([await takeover(), await page.locator('[data-flash="true"]').count(), await page.locator('[data-waits="true"]').count()]).toEqual([null, 0, 0])
    expect(await marks('[data-topic="network-outage"]')).toEqual(['静默至 14:33'])
    expect(await page.locator('[data-topic="network-outage"]').getAttribute('data-level')).toBe('severe')
    server.change({ silences: [] })
    await expect.poll(async () => { await page.clock.runFor(300); return takeover() }).toBe('network-outage')
  })

  test('a pinned topic is first behind what is severe, in both views, says by whom and until when, and leaves at its time', async () => {
    await page.clock.install()
    const first = (): Promise<(string | null)[]> => page.locator('.body [data-topic]').evaluateAll((rows) => rows.slice(0, 2).map((row) => row.getAttribute('data-topic')))
    await open(calm(snapshot()))
    expect(await first()).toEqual(['network-outage', 'late-payout'])
    server.change({ pin: pinOf('roaming') })
    await expect.poll(async () => { await page.clock.runFor(100); return first() }).toEqual(['network-outage', 'roaming'])
    expect(await marks('[data-topic="roaming"]')).toEqual(['李 置顶至 16:32'])
    await page.clock.fastForward(91_000)
    await page.waitForSelector('[data-panel="platforms"]')
    expect(await first()).toEqual(['network-outage', 'roaming'])
    await page.waitForSelector('[data-link="live"]')
    await fits()
    server.change({ pin: pinOf('roaming', { until: server.snapshot.serverNow - 1 }) })
    await expect.poll(async () => { await page.clock.runFor(100); return page.locator('.body [data-topic="roaming"]').count() }).toBe(0)
  })

  const people: Snapshot = {
    ...snapshot(), pin: pinOf('roaming'), silences: [silence('late-payout'), silence('network-outage', { until: now + 40 * 3_600_000 })],
    alerts: [severe(0, by('working', '值班甲乙丙丁')), ...snapshot().alerts.slice(1).map((alert, index) => (index === 0 ? { ...alert, ...by('acknowledged') } : alert))],
  }
  test.each(sizes.flatMap((size) => both.map((lang) => ({ size, lang, name: `handled-${lang}-${size.join('x')}` }))))('W2–W6: $name is legible and whole', async ({ size, lang, name }) => {
    await open(lang === 'en' ? { ...people, room: { ...people.room, mode: 'demo' } } : people, size, `?lang=${lang}`)
    expect(await page.locator('[data-topic="network-outage"] [data-mark]').count()).toBe(2)
    expect(await page.locator('[data-topic="roaming"] [data-mark="pinned"]').count()).toBe(1)
    await fits(size)
    await picture(name)
  })

  const hall = { id: 'hall', name: { zh: '大厅', en: 'Hall' }, diagonalInches: 55, columns: 2, rows: 2, resolution: { width: 3840, height: 2160 }, distanceM: 5, sound: false, rotates: false, day: { from: 0, to: 24 }, lang: 'en' }
  test('W1, W36: the wall that the token belongs to says distance and language, once the engine tells; what the address says stands above it', async () => {
    const unit = (): Promise<string> => page.locator('main').evaluate((main) => main.style.getPropertyValue('--u'))
    const answer = Promise.withResolvers<{ name: string; role: string; wall: typeof hall; walls: (typeof hall)[] }>()
    server.api = ({ pathname }) => (pathname === '/api/me' ? { status: 200, body: answer.promise } : null)
    await open(snapshot(), [1920, 1080], 'wall')
    await page.waitForSelector('[data-topic="network-outage"]') // the first picture waits for nobody
    expect([await unit(), await text('[data-tile="alerts"] h2')]).toEqual(['0.99vh', '预警'])
    answer.resolve({ name: '大厅左', role: 'wall', wall: hall, walls: [hall] })
    await expect.poll(unit).toBe('0.8vh')
    expect(await text('[data-tile="alerts"] h2')).toBe('Alerts')
    await fits([1920, 880])
    const told = page.waitForResponse('**/api/me')
    await page.goto(`${url.href}wall?lang=zh&distance=7`)
    await page.waitForSelector('[data-link="live"]')
    await (await told).finished()
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)) }))
    expect([await unit(), await text('[data-tile="alerts"] h2')]).toEqual(['0.99vh', '预警'])
    server.api = ({ pathname }) => (pathname === '/api/me' ? { status: 200, body: { name: 'operator', role: 'operator', wall: null, walls: [hall] } } : null)
    await page.goto(`${url.href}?wall=hall`)
    await expect.poll(unit).toBe('0.8vh')
  })

  test('W39: a screen whose access is taken away keeps its last picture, marked with its time, says what to do, and is back when it may', async () => {
    const me = (status: number) => ({ pathname }: URL) => (pathname === '/api/me' ? { status, body: status === 200 ? { name: 'x', role: 'wall', wall: { ...hall, distanceM: 7, lang: null }, walls: [] } : { error: 'token-revoked', detail: '', hint: '' } } : null)
    for (const lang of both) {
      server.api = me(200)
      await open(snapshot(), [1920, 1080], `wall?lang=${lang}`)
      server.refusal = 'the token of this device is not valid any more'
      server.api = me(401)
      server.expel()
      await page.waitForSelector('[data-problem="refused"]', { timeout: 20_000 })
      await page.waitForSelector('[data-link="lost"]')
      expect(await text('[data-problem="refused"]')).toContain(lang === 'zh' ? '访问已撤销' : 'Access was taken away')
      expect(await text('[data-link="lost"]')).toMatch(/14:3\d:\d\d/)
      expect(await page.locator('[data-topic="network-outage"]').count()).toBe(1)
      expect(await page.locator('input, form').count()).toBe(0)
      await fits()
      await picture(`refused-${lang}`)
      server.refusal = null
      server.api = me(200)
      await page.waitForSelector('[data-link="live"]', { timeout: 20_000 })
      await page.waitForSelector('[data-problem="refused"]', { state: 'detached', timeout: 20_000 })
    }
  })

  test.each(sizes.map((size) => ({ size, name: `no-right-${size.join('x')}` })))('W39: $name says in both languages what to do, with the time, and asks for nothing', async ({ size, name }) => {
    server.refusal = 'the request shows no valid token'
    server.api = ({ pathname }) => (pathname === '/api/me' ? { status: 401, body: { error: 'token-needed', detail: '', hint: '' } } : null)
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto(`${url.href}wall`)
    await page.waitForSelector('[data-tile="no-right"]', { timeout: 20_000 })
    await page.evaluate(async () => { await document.fonts.ready })
    const said = await text('[data-tile="no-right"]')
    for (const words of ['此屏幕无访问权限', 'This screen has no access', 'groundswell tokens add']) expect(said).toContain(words)
    expect(await text('[data-clock]')).toMatch(/^\d\d:\d\d:\d\d \d\d-\d\d/)
    expect(await page.locator('input, form, a').count()).toBe(0)
    await fits(size)
    await picture(name)
    server.begin(snapshot())
    server.refusal = null
    await page.waitForSelector('[data-topic="network-outage"]', { timeout: 20_000 })
  })

  test('who is at the screen is shown the way to the desk for ten seconds, by mouse or key; a device on a wall is not; every row is a link', async () => {
    await page.clock.install()
    await open(snapshot())
    const desk = page.locator('[data-desk]')
    expect(await desk.count()).toBe(0)
    await page.mouse.move(300, 300)
    await page.mouse.move(320, 300)
    await desk.waitFor()
    expect(await desk.getAttribute('href')).toBe('#/alerts')
    await fits()
    await page.clock.runFor(10_500)
    await desk.waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await desk.waitFor()
    const reached: (string | null)[] = []
    for (let times = 0; times < 12; times++) {
      reached.push(await page.evaluate(() => document.activeElement?.getAttribute('href') ?? null))
      await page.keyboard.press('Tab')
    }
    for (const { id } of snapshot().topics) expect(reached).toContain(`#/topics/${id}`)
    server.api = ({ pathname }) => (pathname === '/api/me' ? { status: 200, body: { name: 'x', role: 'wall', wall: null, walls: [] } } : null)
    const told = page.waitForResponse('**/api/me')
    await page.reload()
    await (await told).finished()
    await page.waitForSelector('[data-topic="network-outage"]')
    await page.keyboard.press('Tab')
    await page.clock.runFor(300)
    expect(await desk.count()).toBe(0)
  })

  test('the page complained of nothing', () => expect(complaints).toEqual([]))
})
