// The wall in a real browser, against a server that speaks the live protocol: what WALL.md asks for, measured on the page.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { buildWall } from './build-wall.ts'
import { findChromium, openBrowser, type OwnBrowser } from './browser.ts'
import { freezable, freeze } from './frozen-page.ts'
import { asDrawn, clippedText, nodeCount, overflow, rowLight, smallText } from './on-page.ts'
import { keepPicture } from './picture.ts'
import { snapshot, topicRow, seeded, alertRow } from './seeded.ts'
import { WallServer } from './wall-server.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the wall is not tested in a browser. Install one.')

const folder = mkdtempSync(join(tmpdir(), 'groundswell-dist-'))
const dist = join(folder, 'dist')
beforeAll(() => buildWall(dist))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const builtFiles = (): { name: string; text: string }[] => readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(html|css|js|svg)$/.test(name)).map((name) => ({ name, text: readFileSync(join(dist, name), 'utf8') }))

describe('the built files', () => {
  test('W37: name no other origin; the namespaces of SVG, XML and GEXF are names, not addresses', () => {
    for (const { name, text } of builtFiles()) {
      const origins = [...text.matchAll(/(?:https?|wss?):\/\/[\w.-]+[^\s"'`)]*/g)].map(([address]) => address).filter((address) => !/^http:\/\/(?:www\.w3\.org|gexf\.net)\//.test(address))
      expect(origins, name).toEqual([])
    }
  })
  test('W37: all fonts are bundled', () => {
    const fonts = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.woff2'))
    expect(fonts.length).toBeGreaterThan(90)
    const css = builtFiles().filter(({ name }) => name.endsWith('.css')).map(({ text }) => text).join('')
    for (const [, url] of css.matchAll(/url\(([^)]+)\)/g)) expect(readdirSync(join(dist, 'assets'))).toContain(url?.replace('./', ''))
  })
  test('W31, W5: no animation without an end, no scaled text', () => {
    const css = builtFiles().filter(({ name }) => name.endsWith('.css')).map(({ text }) => text).join('')
    expect(css).toMatch(/--severe/)
    expect(css).not.toMatch(/infinite|backdrop-filter|scale\(|scale:/)
  })
  test('are served from any folder: every address is relative', () => {
    expect(builtFiles().find(({ name }) => name === 'index.html')?.text).not.toMatch(/(?:src|href)="\//)
  })
})

describe.skipIf(executable === null)('in the browser', () => {
  let browser: OwnBrowser
  let server: WallServer
  let page: Page
  let url: URL
  const foreign: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    server = new WallServer(dist, snapshot())
    url = await server.listen()
    browser = await openBrowser(executable ?? expect.unreachable())
    page = await browser.context.newPage()
    page.on('request', (request) => { if (!request.url().startsWith(url.origin) && !request.url().startsWith('data:')) foreign.push(request.url()) })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (line) => { if (line.type() === 'error' && !/WebSocket|ERR_CONNECTION|Failed to load resource/.test(line.text())) complaints.push(line.text()) })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  async function open(shot: Snapshot, size: readonly [number, number], query = '?lang=zh'): Promise<void> {
    server.heartbeat(false)
    server.begin(shot)
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto(url.href + query)
    await page.waitForSelector('[data-link="live"]')
    server.heartbeat(true)
    await page.evaluate(async () => { await document.fonts.ready })
    await page.waitForSelector('[data-link="live"]')
  }
  const picture = (name: string): Promise<void> => keepPicture(page, name)
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()

  const sizes = [[1920, 1080], [3840, 2160], [5760, 3240], [6656, 1792]] as const
  const demo: Snapshot = { ...snapshot({ mode: 'demo', topics: 10 }), topicsTotal: 20, clock: Date.parse('2025-11-21T05:32:07Z') / 1000 }
  test.each(sizes.flatMap((size) => (['zh', 'en'] as const).map((lang) => ({ size, lang, name: `${lang}-${size.join('x')}` }))))(
    'W2–W7, W36: $name is legible, whole and in one language', async ({ size, lang, name }) => {
      await open(lang === 'zh' ? snapshot() : demo, size, `?lang=${lang}`)
      expect(await overflow(page)).toEqual([])
      expect(await clippedText(page)).toEqual([])
      expect(await smallText(page, (0.0356 * size[1]) / 1)).toEqual([])
      const drawn = await asDrawn(page)
      expect(drawn.topics).toBeLessThanOrEqual(8)
      expect(drawn.bigNumbers).toBeLessThanOrEqual(4)
      expect(drawn.transforms).toEqual([])
      expect(drawn.lowContrast).toEqual([])
      expect(drawn.face).toContain('Noto Sans SC Variable')
      expect(drawn.facesLoaded).toBeGreaterThan(0)
      expect(drawn.facesLoaded).toBeLessThan(60) // only the subsets that the words need
      if (lang === 'en') await expect.poll(async () => (await text('main')).replaceAll(/演练 DEMO/g, '')).not.toMatch(/[一-鿿]/)
      else await expect.poll(() => text('main')).not.toMatch(/\b(?:ago|Severe|Alerts|Sources|Stored)\b/)
      await picture(name)
    })

  test.each([{ query: '?lang=en&distance=12' }, { query: '?lang=zh&distance=2' }, { query: '?lang=en&diagonal=27&columns=1&rows=1&distance=3' }])(
    'W1: another room ($query) changes the type and still fits', async ({ query }) => {
      await open(demo, [1920, 1080], query)
      expect(await overflow(page)).toEqual([])
      expect(await clippedText(page)).toEqual([])
      const tooFar = query.includes('distance=2') ? 0 : 1
      await expect.poll(() => page.locator('[data-problem="too-far"]').count()).toBe(tooFar)
    })

  test('W3: severe text is never cut, however long, in the row and on the strip', async () => {
    const name = { zh: '全国多地宽带与移动网络因核心路由器升级失败同时中断引发大量用户投诉并要求赔偿', en: 'Nationwide broadband and mobile network outage after the failed core router upgrade' }
    const shot = snapshot({ topics: 10 })
    for (const lang of ['zh', 'en'] as const) {
      await open({ ...shot, topics: shot.topics.map((row, index) => (index === 0 ? { ...row, name } : row)), alerts: shot.alerts.map((alert, index) => (index === 0 ? { ...alert, name } : alert)) }, [1920, 1080], `?lang=${lang}`)
      await expect.poll(() => text('[data-level="severe"] [data-name]')).toBe(name[lang])
      await expect.poll(() => text('[data-alert] [data-alert-name]')).toBe(name[lang])
      expect(await clippedText(page)).toEqual([])
      expect(await overflow(page)).toEqual([])
      await picture(`long-${lang}`)
    }
  })

  test('W8, W9: in greyscale the rows are still ordered, by light and by shape', async () => {
    const random = seeded(1)
    const alike = topicRow(4, snapshot().serverNow, random)
    const topics = (['severe', 'moderate', 'minor', 'normal'] as const).map((level) => ({ ...alike, id: level, level }))
    await open({ ...snapshot(), topics, topicsTotal: 4 }, [1920, 1080])
    await picture('alike')
    const png = await page.screenshot()
    const light = await rowLight(page, png, ['severe', 'moderate', 'minor', 'normal'])
    for (let index = 1; index < light.length; index++) expect(light[index - 1]).toBeGreaterThan((light[index] ?? 1) * 1.02)
    expect(await page.locator('[data-tile="topic"] [data-glyph]').evaluateAll((glyphs) => glyphs.map((glyph) => `${glyph.getAttribute('data-glyph')}${glyph.textContent?.trim()}`)))
      .toEqual(['severe3', 'moderate2', 'minor1', 'normal'])
  })

  test('W11: a calm wall shows no alarm colour anywhere', async () => {
    await open({ ...snapshot(), topics: snapshot().topics.map((row) => ({ ...row, level: 'normal' as const })), alerts: [], problems: [{ kind: 'store-down', since: snapshot().serverNow - 95_000, detail: 'refused' }] }, [1920, 1080])
    expect((await asDrawn(page)).alarmColours).toBe(0)
    await expect.poll(() => text('[data-problem="store-down"]')).toContain('存储不可用')
    expect(await overflow(page)).toEqual([])
    expect(await clippedText(page)).toEqual([])
    await picture('calm')
  })

  test('an engine that has seen nothing yet is told as that, not as zero', async () => {
    const none = snapshot()
    for (const lang of ['zh', 'en'] as const) {
      await open({ ...none, clock: null, topics: [], topicsTotal: 0, sources: [], alerts: [], totals: { ...none.totals, counted: 0, stored: 0, perMinute: 0, spark: none.totals.spark.map(() => -1) } }, [1920, 1080], `?lang=${lang}`)
      await expect.poll(() => text('[data-tile="totals"] [data-age]')).toBe(lang === 'zh' ? '尚无数据' : 'no data yet')
      await expect.poll(() => page.locator('[data-tile="volume"] [data-gaps="some"]').count()).toBe(1)
      await expect.poll(() => text('[data-big="perMinute"]')).toBe('–')
      await expect.poll(() => text('[data-panel="topics"]')).toBe(lang === 'zh' ? '没有监测中的话题' : 'No topics are watched')
      expect(await overflow(page)).toEqual([])
      expect(await clippedText(page)).toEqual([])
      await picture(`nothing-${lang}`)
    }
  })

  test('W18, W19, W20, W25: ages, the silent source, gaps and the clock', async () => {
    await open(snapshot(), [1920, 1080])
    for (const tile of await page.locator('[data-tile]').all()) await expect.poll(() => tile.locator('[data-age]').count()).toBeGreaterThan(0)
    const silent = page.locator('[data-source="xiaohongshu"]')
    await expect.poll(() => silent.innerText()).toMatch(/小红书\s*1,204\s*12分无数据/)
    await expect.poll(() => silent.evaluate((row) => getComputedStyle(row).borderTopStyle)).toBe('dashed')
    await expect.poll(() => page.locator('[data-source="zhihu"]').getAttribute('data-silent')).toBe('false')
    await expect.poll(() => page.locator('[data-topic="app-crash"] [data-gaps="some"]').count()).toBe(1)
    await expect.poll(() => page.locator('[data-topic="network-outage"] [data-gaps="none"]').count()).toBe(1)
    await expect.poll(() => text('[data-clock]')).toMatch(/^14:3\d:\d\d 11-21 周五 UTC\+8$/)
    await expect.poll(() => text('[data-topic="privacy"] [data-filling]')).toBe('回填中')
    await page.waitForFunction(() => document.querySelector('[data-source="weibo"]')?.getAttribute('data-silent') === 'true') // cadence 80 ms, nothing new
  })

  test.each([{ mode: 'demo', words: { zh: '演练', en: 'DEMO' } }, { mode: 'replay', words: { zh: '回放', en: 'REPLAY' } }, { mode: 'live', words: null }] as const)(
    'W26: $mode is marked on every tile, or on none', async ({ mode, words }) => {
      for (const lang of ['zh', 'en'] as const) {
        await open(snapshot({ mode }), [1920, 1080], `?lang=${lang}`)
        const marks = await page.locator('[data-tile]').evaluateAll((tiles) => tiles.map((tile) => tile.querySelector('[data-watermark]')?.textContent ?? null))
        expect(new Set(marks)).toEqual(new Set([words?.[lang] ?? null]))
        await expect.poll(() => page.locator('[data-panel="header"] [data-watermark]').count()).toBe(words === null ? 0 : 1)
        expect(await overflow(page)).toEqual([])
        expect(await clippedText(page)).toEqual([])
      }
      await picture(`mode-${mode}`)
    })

  test('a replay says when it was, with its date', async () => {
    for (const [lang, said] of [['zh', '事件 2016-09-16 13:48'], ['en', 'event 2016-09-16 13:48']] as const) {
      await open({ ...snapshot({ mode: 'replay' }), clock: Date.UTC(2016, 8, 16, 5, 48) / 1000 }, [1920, 1080], `?lang=${lang}`)
      await expect.poll(() => text('[data-event]')).toBe(said)
      await expect.poll(async () => (await text('[data-link="live"]')).trim()).toBe(said)
      expect(await overflow(page)).toEqual([])
    }
  })

  test('W27: the header says how long the test mention took, and its age where it is old', async () => {
    const now = snapshot().serverNow
    for (const [canary, zh, en] of [[{ at: now - 12_000, latencyMs: 340 }, '自检 0.3秒', 'self-test 0.3s'], [{ at: now - 185_000, latencyMs: 72_400 }, '自检 72秒 · 3分前', 'self-test 72s · 3m ago']] as const) {
      for (const [lang, said] of [['zh', zh], ['en', en]] as const) {
        await open({ ...demo, canary }, [1920, 1080], `?lang=${lang}`)
        await expect.poll(() => text('[data-canary]')).toBe(said)
        expect([...await overflow(page), ...await clippedText(page)]).toEqual([])
      }
    }
    server.change({ canary: { at: now, latencyMs: 1_250 } })
    await expect.poll(() => text('[data-canary]')).toBe('self-test 1.3s')
    await open({ ...demo, canary: null }, [1920, 1080])
    await expect.poll(() => page.locator('[data-canary]').count()).toBe(0)
  })

  test('W21: a blind source is told apart from a stale one, by frame and words, and its alert names it', async () => {
    const shot = snapshot()
    const now = shot.serverNow
    const sources = shot.sources.map((row) => ({ ...row, ...(row.platform === 'weibo' && { newestAt: now - 905_000, blindSince: now - 5_000 }) }))
    const blind = { ...alertRow(1, now), id: 'source:weibo/x/blind', topic: 'source:weibo', source: 'weibo', name: { zh: 'weibo', en: 'weibo' }, rule: { count: 0, within: '900s' }, at: new Date(now - 5_000).toISOString(), count: 0, clearedAt: null }
    const seen = { ...blind, id: 'source:news/x/blind', topic: 'source:news', source: 'news', clearedAt: new Date(now).toISOString(), rule: { count: 0, within: '7200s' } }
    const [alerts, problems] = [[blind, seen, ...shot.alerts], [{ kind: 'source-blind' as const, since: now - 5_000, detail: 'weibo' }]]
    for (const [lang, panel, strip, problem] of [
      ['zh', /微博\s*128,411\s*失明 15分/, ['微博 失明 15分', '新闻 失明 2时'], /来源失明/], ['en', /Weibo\s*128,411\s*blind 15m/, ['Weibo blind 15m', 'News blind 2h'], /A source is blind/],
    ] as const) {
      await open({ ...shot, sources, alerts, problems }, [1920, 1080], `?lang=${lang}`)
      await expect.poll(() => text('[data-source="weibo"]')).toMatch(panel)
      const frames = await page.locator('[data-silent="true"]').evaluateAll((rows) => rows.slice(0, 2).map((row) => [row.getAttribute('data-source'), row.getAttribute('data-blind'), getComputedStyle(row).borderTopStyle]))
      expect(frames).toEqual([['weibo', 'true', 'solid'], ['xiaohongshu', 'false', 'dashed']])
      await expect.poll(async () => (await page.locator('[data-alert-name]').allInnerTexts()).slice(0, 2)).toEqual(strip)
      await expect.poll(() => text('[data-alert="source:news/x/blind"]')).toMatch(lang === 'zh' ? /已恢复/ : /back/)
      await expect.poll(() => text('[data-problem="source-blind"]')).toMatch(problem)
      expect(await overflow(page)).toEqual([])
      expect(await clippedText(page)).toEqual([])
      await picture(`blind-${lang}`)
    }
  })

  test('W22: a server that falls silent is told with the last good time, and the return too', async () => {
    await open(demo, [1920, 1080], '?lang=en')
    server.heartbeat(false)
    await page.waitForSelector('[data-link="lost"]')
    expect(await overflow(page)).toEqual([])
    expect(await clippedText(page)).toEqual([])
    await picture('lost-en')
    await open(snapshot(), [1920, 1080])
    server.heartbeat(false)
    await page.waitForSelector('[data-link="lost"]')
    await expect.poll(() => text('[data-link="lost"]')).toMatch(/^连接中断 最后正常 14:3\d:\d\d$/)
    await expect.poll(() => page.locator('[data-tile="totals"]').evaluate((tile) => getComputedStyle(tile).borderTopStyle)).toBe('dashed')
    await picture('lost')
    server.heartbeat(true)
    await page.waitForSelector('[data-link="live"]')
  })

  test('W22, W23: after a cut and a gap the numbers are those of the server', async () => {
    await freezable(page)
    await open(snapshot(), [1920, 1080])
    server.heartbeat(false)
    await freeze(page, true) // an answer that takes two seconds is asked for again
    const row = server.snapshot.topics[4] ?? expect.unreachable()
    const before = server.resyncs
    server.change({ topics: [{ ...row, count: 777_001 }] }, true) // lost on the way
    server.change({ totals: { ...server.snapshot.totals, perMinute: 4_321 } })
    await expect.poll(() => text('[data-topic="support-queue"] [data-count]')).toBe('777,001')
    await expect.poll(() => text('[data-big="perMinute"]')).toBe('4,321')
    expect(server.resyncs).toBe(before + 1)
    await freeze(page, false)
    const port = Number(url.port)
    const known = server.snapshot
    await server.close()
    await page.waitForSelector('[data-link="lost"]')
    server = new WallServer(dist, { ...known, epoch: 'e2', seq: 1, totals: { ...known.totals, perMinute: 5_555 } })
    await server.listen(port)
    server.heartbeat(true)
    await page.waitForSelector('[data-link="live"]')
    await expect.poll(() => text('[data-big="perMinute"]')).toBe('5,555')
  })

  test('W32: two thousand frames leave the page as large as it was', async () => {
    await open(snapshot(), [1920, 1080])
    server.heartbeat(false)
    const random = seeded(11)
    const send = async (frames: number): Promise<void> => {
      for (let index = 0; index < frames; index++) {
        const topics = server.snapshot.topics.map((row) => ({ ...row, count: Math.floor(random() * 900_000), spark: [...row.spark.slice(1), Math.floor(random() * 900)] }))
        server.change({ topics, alerts: server.snapshot.alerts.map((alert, at) => alertRow(at, snapshot().serverNow + index + Number(alert.count > 0))), totals: { ...server.snapshot.totals, perMinute: 10_000 + index } })
        if (index % 100 === 99) await expect.poll(() => text('[data-big="perMinute"]')).toBe((10_000 + index).toLocaleString('en-US'))
      }
    }
    await send(100)
    const before = await nodeCount(page)
    await send(1_900)
    expect(Math.abs(await nodeCount(page) - before)).toBeLessThanOrEqual(20) // a mark such as "silent" may come or go
  })

  test('W37: nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
  })
})
