// Which wall a screen is and what it may, in a real browser: its profile, its right, and the way to the desk.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { asDrawn, clippedText, overflow, smallText } from './on-page.ts'
import { snapshot } from './seeded.ts'
import { WallSite } from './wall-site.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the right of a wall is not tested. Install one.')

/** Screens of one shape have one picture, larger or smaller: all of them are drawn for who wants to see them. */
const sizes = ([[1920, 1080], [6656, 1792], [3840, 2160], [5760, 3240]] as const).slice(0, process.env['GROUNDSWELL_SHOTS'] === undefined ? 2 : 4)
const both = ['zh', 'en'] as const

describe.skipIf(executable === null)('the wall and its right', () => {
  const site = new WallSite('right')
  const { server, complaints } = site
  let page: Page

  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  afterAll(() => site.end())
  beforeEach(async () => {
    page = await site.newPage()
  })

  const open: WallSite['open'] = (...given) => site.open(...given)
  const picture = (name: string): Promise<void> => site.picture(name)
  const text = (selector: string): Promise<string> => site.text(selector)

  async function fits(size: readonly [number, number] = [1920, 1080]): Promise<void> {
    expect(await overflow(page)).toEqual([])
    expect(await clippedText(page)).toEqual([])
    expect(await smallText(page, 0.0356 * size[1])).toEqual([])
    const drawn = await asDrawn(page)
    expect([drawn.lowContrast, drawn.transforms]).toEqual([[], []])
  }

  const hall = { id: 'hall', name: { zh: '大厅', en: 'Hall' }, diagonalInches: 55, columns: 2, rows: 2, resolution: { width: 3840, height: 2160 }, distanceM: 5, sound: false, rotates: false, day: { from: 0, to: 24 }, lang: 'en' }
  test('W1, W36: the wall that the token belongs to says distance and language, once the engine tells; what the address says stands above it', async () => {
    const unit = (): Promise<string> => page.locator('main').evaluate((main) => main.style.getPropertyValue('--u'))
    const answer = Promise.withResolvers<{ name: string; role: string; wall: typeof hall; walls: (typeof hall)[] }>()
    server.api = ({ pathname }) => (pathname === '/api/me' ? { status: 200, body: answer.promise } : null)
    await open(snapshot(), [1920, 1080], 'wall')
    await page.waitForSelector('[data-topic="network-outage"]') // the first picture waits for nobody
    await expect.poll(async () => [await unit(), await text('[data-tile="alerts"] h2')]).toEqual(['0.99vh', '预警'])
    answer.resolve({ name: '大厅左', role: 'wall', wall: hall, walls: [hall] })
    await expect.poll(unit).toBe('0.8vh')
    await expect.poll(() => text('[data-tile="alerts"] h2')).toBe('Alerts')
    await fits([1920, 880])
    const told = page.waitForResponse('**/api/me')
    await page.goto(`${site.url.href}wall?lang=zh&distance=7`)
    await page.waitForSelector('[data-link="live"]')
    await (await told).finished()
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)) }))
    await expect.poll(async () => [await unit(), await text('[data-tile="alerts"] h2')]).toEqual(['0.99vh', '预警'])
    server.api = ({ pathname }) => (pathname === '/api/me' ? { status: 200, body: { name: 'operator', role: 'operator', wall: null, walls: [hall] } } : null)
    await page.goto(`${site.url.href}?wall=hall`)
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
      await page.waitForSelector('[data-problem="refused"]')
      await page.waitForSelector('[data-link="lost"]')
      await expect.poll(() => text('[data-problem="refused"]')).toContain(lang === 'zh' ? '访问已撤销' : 'Access was taken away')
      await expect.poll(() => text('[data-link="lost"]')).toMatch(/14:3\d:\d\d/)
      await expect.poll(() => page.locator('[data-topic="network-outage"]').count()).toBe(1)
      await expect.poll(() => page.locator('input, form').count()).toBe(0)
      await fits()
      expect(await accessibilityProblems(page)).toEqual([])
      await picture(`refused-${lang}`)
      server.refusal = null
      server.api = me(200)
      await page.waitForSelector('[data-link="live"]')
      await page.waitForSelector('[data-problem="refused"]', { state: 'detached' })
    }
  })

  test.each(sizes.map((size) => ({ size, name: `no-right-${size.join('x')}` })))('W39: $name says in both languages what to do, with the time, and asks for nothing', async ({ size, name }) => {
    server.refusal = 'the request shows no valid token'
    server.api = ({ pathname }) => (pathname === '/api/me' ? { status: 401, body: { error: 'token-needed', detail: '', hint: '' } } : null)
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto(`${site.url.href}wall`)
    await page.waitForSelector('[data-tile="no-right"]')
    await page.evaluate(async () => { await document.fonts.ready })
    const said = await text('[data-tile="no-right"]')
    for (const words of ['此屏幕无访问权限', 'This screen has no access', 'groundswell tokens add']) expect(said).toContain(words)
    await expect.poll(() => text('[data-clock]')).toMatch(/^\d\d:\d\d:\d\d \d\d-\d\d/)
    await expect.poll(() => page.locator('input, form, a').count()).toBe(0)
    await fits(size)
    if (size[0] === 1920) expect(await accessibilityProblems(page)).toEqual([])
    await picture(name)
    server.begin(snapshot())
    server.refusal = null
    await page.waitForSelector('[data-topic="network-outage"]')
  })

  test('who is at the screen is shown the way to the desk for ten seconds, by mouse or key; a device on a wall is not; every row is a link', async () => {
    await page.clock.install()
    await open(snapshot())
    const desk = page.locator('[data-desk]')
    await expect.poll(() => desk.count()).toBe(0)
    await page.mouse.move(300, 300)
    await page.mouse.move(320, 300)
    await page.waitForSelector('[data-desk][href="#/alerts"]') // at once: it goes again by itself
    await fits()
    expect(await accessibilityProblems(page)).toEqual([])
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
    await expect.poll(() => desk.count()).toBe(0)
  })

  test.each(both)('an address that names no page keeps the wall, says so, and leads on, in %s', async (lang) => {
    await open(snapshot(), [1920, 1080], `?lang=${lang}#/topics/a%20b`)
    const said = page.locator('[data-problem="stray"]')
    await expect.poll(() => said.innerText()).toContain(lang === 'zh' ? '没有“#/topics/a b”这一页' : 'There is no page "#/topics/a b"')
    await page.waitForSelector('[data-topic="network-outage"]')
    await fits()
    if (lang === 'zh') expect(await accessibilityProblems(page)).toEqual([])
    await picture(`wall-stray-${lang}`)
    await expect.poll(() => said.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))).toEqual(['#/', '#/topics'])
    await said.locator('a').first().focus()
    await page.keyboard.press('Enter')
    await said.waitFor({ state: 'detached' })
  })

  test('W22: a server that falls silent is told within 5 s, by the clock of the page', async () => {
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 3_600_000) // no machine is too slow for it
    const passes = (selector: string): Promise<void> => expect.poll(async () => { await page.clock.runFor(20); return page.locator(selector).count() }, { message: selector }).toBe(1)
    server.heartbeat(false)
    server.begin(snapshot())
    await page.goto(`${site.url.href}?lang=zh`)
    await passes('[data-link="live"]')
    server.change({ totals: { ...server.snapshot.totals, perMinute: 4_444 } }) // the last that it hears
    await passes('[data-big="perMinute"]:has-text("4,444")')
    await page.clock.runFor(5_000)
    expect(await page.locator('[data-link="lost"]').count()).toBe(1)
  })

  test('the page complained of nothing', () => expect(complaints).toEqual([]))
})
