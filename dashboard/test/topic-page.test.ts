// The page of a topic in a real browser, opened from the wall, against a server that answers as the engine does.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TopicHistoryAnswer } from '@groundswell/schemas/topic-history.ts'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Span } from '../src/room/address.ts'
import { findChromium, openBrowser, type OwnBrowser } from './browser.ts'
import { asDrawn, clippedText, nodeCount, overflow } from './on-page.ts'
import { snapshot } from './seeded.ts'
import { thresholdsOf, toldByCascades, topicHistory } from './seeded-history.ts'
import { WallServer } from './wall-server.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the page of a topic is not tested in a browser. Install one.')

describe.skipIf(executable === null)('the page of a topic', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-page-'))
  const shots = process.env['GROUNDSWELL_SHOTS'] ?? join(folder, 'shots')
  const clock = snapshot().clock!
  const foreign: string[] = []
  const complaints: string[] = []
  const asked: string[] = []
  let browser: OwnBrowser
  let server: WallServer
  let page: Page
  let url: URL
  let told: (query: URLSearchParams) => unknown[] = () => []
  let history: (span: Span) => { readonly status: number; readonly body: unknown } = () => ({ status: 500, body: {} })

  beforeAll(async () => {
    const dist = join(folder, 'dist')
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error', build: { outDir: dist } })
    server = new WallServer(dist, snapshot())
    server.api = ({ pathname, search, searchParams }) => {
      if (!pathname.startsWith('/api/')) return null
      asked.push(pathname + search)
      if (pathname === '/api/topics/network-outage/countdown') return { status: 200, body: { thresholds: thresholdsOf(clock) } }
      if (pathname === '/api/spikes') return { status: 200, body: { spikes: told(searchParams), limit: 1000 } }
      return pathname === '/api/topics/network-outage/baseline' ? history(searchParams.get('span') as Span) : { status: 404, body: { error: 'unknown-topic', detail: `no topic at ${pathname}`, hint: '' } }
    }
    url = await server.listen()
    browser = await openBrowser(executable ?? expect.unreachable())
    page = await browser.context.newPage()
    page.on('request', (request) => { if (!request.url().startsWith(url.origin) && !request.url().startsWith('data:')) foreign.push(request.url()) })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (line) => { if (line.type() === 'error' && !/Failed to load resource/.test(line.text())) complaints.push(line.text()) })
  }, 60_000)
  beforeEach(() => {
    told = () => []
    history = (span) => ({ status: 200, body: topicHistory(span, clock) })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(address: string, { size = [1920, 1080], lang = 'zh', waitFor = 'ready' }: { size?: readonly [number, number]; lang?: string; waitFor?: string } = {}): Promise<void> {
    server.heartbeat(false)
    server.begin(snapshot())
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto('about:blank')
    await page.goto(`${url.href}?lang=${lang}${address}`)
    await page.waitForSelector('[data-link="live"]')
    await page.evaluate(async () => { await document.fonts.ready })
    server.heartbeat(true)
    if (address !== '') await page.waitForSelector(`[data-screen="topic"][data-state="${waitFor}"]`)
  }
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()
  const picture = (name: string): Promise<Buffer> => page.screenshot({ path: join(shots, `${name}.png`) })
  const outage = '#/topics/network-outage'

  test('opens from a row of the wall, by mouse and by keyboard, and leads back', async () => {
    await open('')
    await page.locator('[data-topic="network-outage"]').click({ position: { x: 700, y: 20 } }) // anywhere on the row
    await page.waitForSelector('[data-screen="topic"][data-state="ready"]')
    expect(page.url()).toContain(outage)
    await page.locator('[data-back]').click()
    await page.waitForSelector('[data-screen="wall"]')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('网络中断')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-screen="topic"][data-state="ready"]')
    expect(await text('h1')).toBe('网络中断')
  })

  test.each(([[1920, 1080], [1366, 768], [3840, 2160]] as const).flatMap((size) => (['zh', 'en'] as const).map((lang) => ({ size, lang, name: `topic-${lang}-${size.join('x')}` }))))(
    '$name is whole, legible and in one language', async ({ size, lang, name }) => {
      await open(outage, { size, lang })
      await expect.poll(() => page.locator('[data-threshold]').count()).toBe(4)
      expect(await overflow(page)).toEqual([])
      expect(await clippedText(page)).toEqual([])
      const drawn = await asDrawn(page)
      expect(drawn.lowContrast).toEqual([])
      expect(drawn.face).toContain('Noto Sans SC Variable')
      const said = (await text('main')).replaceAll(/English|中文/g, '')
      if (lang === 'en') expect(said).not.toMatch(/[一-鿿]/)
      else expect(said).not.toMatch(/\b(?:ago|Severe|Alarms|usual|budget)\b/)
      await picture(name)
    })

  test('shows band, gap, budget and the alarms with their reasons, and asks once for all of it', async () => {
    asked.length = 0
    await open(outage)
    expect(await page.locator('[data-band="some"]').count()).toBe(1)
    expect(await page.locator('[data-gaps="some"]').count()).toBe(1)
    expect(await page.locator('[data-budget]').count()).toBe(1)
    expect(await page.locator('[data-lanes] [data-mark]').evaluateAll((marks) => marks.map((mark) => `${mark.getAttribute('data-mark')} ${mark.getAttribute('data-kind')}`))).toEqual(['1 baseline', '3 baseline', '2 threshold'])
    expect(await page.locator('[data-reason]').allInnerTexts()).toEqual([
      '微博 · 5 分钟内 412 条；周五 14 时通常 38 条，99% 不超过 97 条；这样的误报每 8 小时约 0.1 次', '10 分钟内 503 次，达到阈值 500', '5 分钟内 412 条；周五 07 时通常 38 条，99% 不超过 97 条；这样的误报每 8 小时约 0.1 次',
    ])
    expect(await page.locator('[data-threshold]').allInnerTexts()).toEqual([expect.stringMatching(/93%\s+到 20,000 约 14:55（14:42–15:28），概率 72%/), expect.stringMatching(/概率 18%/), expect.stringMatching(/已触发/), expect.stringMatching(/<1%/)])
    const { from, to } = topicHistory('24h', clock)
    await expect.poll(() => asked.toSorted()).toEqual([`/api/spikes?topic=network-outage&from=${from}&to=${to}&limit=1000`, '/api/topics/network-outage/baseline?step=5m&span=24h', '/api/topics/network-outage/countdown'])
  })

  test.each(['zh', 'en'] as const)('lists what cascades told among the alarms, in the order of time, and leads to them, in %s', async (lang) => {
    told = (query) => toldByCascades(query.get('from') ?? expect.unreachable())
    await open(outage, { lang })
    await expect.poll(() => page.locator('[data-alarm]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-alarm')))).toEqual(['baseline', 'threshold', 'baseline', 'ignition', 'spread', 'coordination'])
    expect((await page.locator('[data-alarm="spread"]').innerText()).replaceAll(/\s+/g, ' ')).toMatch(lang === 'zh' ? /传播 · .*一小时内 1200 条.*查看级联.*历时 2时/ : /spread · .*1200 within an hour.*See the cascade.*2h/)
    expect(await page.locator('[data-cascade]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(['#/cascades/weibo%3A1%2Fa', '#/cascades/weibo%3A1%2Fa'])
    expect(await page.locator('[data-kind="spread"], [data-kind="ignition"], [data-kind="coordination"]').count()).toBe(3)
    expect(await page.locator('[data-list]').getAttribute('href')).toBe('#/cascades')
    expect([...await overflow(page), ...await clippedText(page)]).toEqual([])
    await picture(`topic-cascades-${lang}`)
  })

  test('the cursor reads exact numbers, by mouse and by keyboard, in the time of the room', async () => {
    await open(outage)
    const { points } = topicHistory('24h', clock)
    const plot = page.locator('[data-plot]')
    const box = (await plot.boundingBox())!
    const at = 200
    await page.mouse.move(box.x + (box.width * (at + 0.5)) / points.length, box.y + 50)
    await expect.poll(() => text('[data-read-count]')).toBe(String(points[at]!.count))
    expect(await text('[data-readout]')).toContain('11-21 07:15–07:20') // 16 h 40 min after 14:35
    await page.mouse.move(0, 0)
    await plot.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => text('[data-read-count]')).toBe(String(points[0]!.count))
    for (let step = 0; step < 4; step++) await page.keyboard.press('PageDown')
    await expect.poll(() => text('[data-read-count]')).toBe('无数据')
    expect(await plot.getAttribute('aria-valuetext')).toMatch(/无数据$/)
  })

  test('another span is another address, and the language can be switched and is kept in it', async () => {
    await open(outage)
    await page.locator('[data-span="2h"]').click()
    await expect.poll(() => page.locator('[data-span="2h"]').getAttribute('aria-current')).toBe('page')
    await page.waitForSelector('[data-state="ready"]')
    expect(page.url()).toContain(`${outage}?span=2h`)
    await page.locator('[data-language]').click()
    expect(await text('h1')).toBe('Network outage')
    expect(await text('[data-reason]')).toMatch(/^Weibo · 412 in 5 min; Fridays at 14:00 usually 38/)
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    expect(page.url()).toMatch(/\?lang=en#\/topics\/network-outage\?span=2h$/)
    await page.reload()
    await page.waitForSelector('[data-state="ready"]')
    expect(await text('h1')).toBe('Network outage')
    await page.locator('[data-scale]').click()
    expect(await page.locator('[data-scale]').getAttribute('aria-pressed')).toBe('true')
  })

  test.each([
    { why: 'waiting', answer: null, waitFor: 'loading', says: /正在计算常态/ },
    { why: 'no token', answer: { status: 401, body: { error: 'token-needed', detail: 'no valid token', hint: '' } }, waitFor: 'failed', says: /引擎需要令牌.*no valid token/ },
    { why: 'no such topic', answer: { status: 404, body: { error: 'unknown-topic', detail: 'no topic "x" in the rules', hint: '' } }, waitFor: 'failed', says: /规则中没有这个话题(?![^]*no topic)/ },
    { why: 'no data', answer: { status: 200, body: { points: { count: null, usual: null, low: null, high: null, score: null, falsePerDay: null, stage: null }, alarms: [] } }, waitFor: 'empty', says: /这段时间没有任何数据/ },
    { why: 'still learning, no budget', answer: { status: 200, body: { points: { usual: null, low: null, high: null, score: null, falsePerDay: null }, alarms: [], budget: null } }, waitFor: 'ready', says: /历史不足[^]*规则未设 baseline[^]*这段时间没有预警/ },
  ])('says what it has not: $why', async ({ answer, waitFor, says, why }) => {
    history = (span) => {
      if (answer === null) return { status: 200, body: new Promise(() => undefined) }
      if (answer.status !== 200) return answer
      const { points, ...changes } = answer.body as { points: object }
      const whole: TopicHistoryAnswer = topicHistory(span, clock)
      return { status: 200, body: { ...whole, ...changes, points: whole.points.map((point) => ({ ...point, ...points })) } }
    }
    await open(outage, { waitFor })
    expect(await text('main')).toMatch(says)
    expect([...await overflow(page), ...await clippedText(page)]).toEqual([])
    await picture(`topic-${why.replaceAll(/\W+/g, '-')}`)
  })

  test('keeps the last answer when the next one fails, and says so', async () => {
    const other = await browser.context.newPage()
    try {
      await other.clock.install()
      await other.goto(`${url.href}?lang=zh${outage}?span=2h`)
      await other.waitForSelector('[data-state="ready"]')
      history = () => ({ status: 503, body: { error: 'busy', detail: 'too many histories', hint: '' } })
      await other.clock.fastForward(31_000)
      await other.waitForSelector('[data-failure="refused"]')
      expect(await other.locator('[data-failure]').innerText()).toMatch(/以下为上次结果.*too many histories/)
      expect(await other.locator('[data-band="some"]').count()).toBe(1)
    } finally {
      await other.close()
    }
  })

  test('going there and back a hundred times leaves the wall as large as it was', async () => {
    await open('')
    const go = async (address: string, screen: string): Promise<void> => {
      await page.evaluate((hash) => { location.hash = hash }, address)
      await page.waitForSelector(`[data-screen="${screen}"]`)
    }
    await go(outage, 'topic')
    await go('#/', 'wall')
    const before = await nodeCount(page)
    for (let times = 0; times < 100; times++) {
      await go(outage, 'topic')
      await go('#/', 'wall')
    }
    expect(Math.abs(await nodeCount(page) - before)).toBeLessThanOrEqual(20)
  }, 120_000)

  test('nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
  })
})
