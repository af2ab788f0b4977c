// The cascade in a takeover, in a real browser: what is drawn of it and said of it, and what stands there where there is none or nobody answers.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { graphTree } from '../src/graph/graph-tree.ts'
import { findChromium } from './browser.ts'
import { asDrawn, clippedText, meanLight, overflow, smallText } from './on-page.ts'
import { cascadeAnswers, cascadeColumns } from './seeded-cascade.ts'
import { alertRow, snapshot } from './seeded.ts'
import { WallSite } from './wall-site.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the cascade of a takeover is not tested in a browser. Install one.')

describe.skipIf(executable === null)('the cascade of a takeover', () => {
  const site = new WallSite('takeover')
  const { server, complaints, foreign } = site
  let page: Page

  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  afterAll(() => site.end())
  beforeEach(async () => {
    page = await site.newPage()
  })

  let told = 0
  const columns = cascadeColumns(20_000, { root: 'weibo:handle_of_somebody', seed: 5 })
  const { generations } = graphTree(columns)
  async function takeover(lang: string, changes: Partial<AlertRow> = {}): Promise<void> {
    await site.open({ ...snapshot(), alerts: [] }, undefined, `?lang=${lang}`)
    server.change({ alerts: [{ ...alertRow(0, snapshot().serverNow), id: `n-${++told}`, grade: 'severe', clearedAt: null, ...changes }] })
    await page.waitForSelector('[data-takeover]')
  }
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()
  const picture = (name: string): Promise<void> => site.picture(name)
  async function fits(): Promise<void> {
    expect([...await overflow(page), ...await clippedText(page), ...await smallText(page, 0.0356 * 1080)]).toEqual([])
    expect((await asDrawn(page)).lowContrast).toEqual([])
  }

  test('W40: all of it is drawn, its hubs say platform and size, what the largest brought and R are told; nobody is named, and no alarm hue is used', async () => {
    const asked: string[] = []
    const answer = cascadeAnswers(columns)
    server.api = (at) => {
      asked.push(`${at.pathname}${at.search}`)
      return answer(at)
    }
    for (const lang of ['zh', 'en'] as const) {
      await takeover(lang)
      await page.waitForSelector('[data-cascade="shown"] [data-painted]')
      await expect.poll(() => page.locator('[data-painted]').getAttribute('data-painted')).toBe('20000')
      const tile = page.locator('[data-tile="takeover-cascade"]')
      await expect.poll(() => page.locator('[data-hub-label]').count()).toBeGreaterThanOrEqual(3)
      for (const label of await page.locator('[data-hub-label]').allTextContents()) expect(label).toMatch(lang === 'zh' ? /^(微博|抖音|新闻) [\d,]+$/ : /^(Weibo|Douyin|News) [\d,]+$/)
      await expect.poll(() => text('[data-cascade-facts]')).toMatch(lang === 'zh' ? new RegExp(`^20,000 条 · ${generations} 层\\s*R 0\\.83 消退中$`) : new RegExp(`^20,000 · ${generations} gen\\s*R 0\\.83 fading$`))
      await expect.poll(() => text('[data-cascade-top]')).toMatch(lang === 'zh' ? /^最大枢纽带来 \d+%$/ : /^largest hub brought \d+%$/)
      expect(await tile.evaluate((element) => element.outerHTML.replace(/href="[^"]*"/, ''))).not.toContain('handle_of_somebody')
      expect(await tile.evaluate((element) => {
        const alarms = ['rgb(255, 74, 102)', 'rgb(248, 150, 47)', 'rgb(255, 240, 128)']
        return [...element.querySelectorAll('*')].filter((one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke, getComputedStyle(one).color].some((colour) => alarms.includes(colour))).length
      })).toBe(0)
      await fits()
      await picture(`takeover-cascade-${lang}`)
    }
    expect(asked).toContain('/api/cascades?by=size&topic=network-outage&limit=1')
  })

  test('W33: with the largest cascades drawn in takeovers as often as there can be, a day is no brighter than 8 %', async () => {
    const light = async (): Promise<number> => meanLight(page, await page.screenshot())
    server.api = cascadeAnswers(cascadeColumns(100_000, { root: 'weibo:large', seed: 6 }))
    await page.emulateMedia({ reducedMotion: 'reduce' }) // static, as it is after six seconds
    await site.open({ ...snapshot(), alerts: [] }, undefined, '?lang=zh')
    const between = await light()
    await takeover('zh')
    await page.waitForSelector('[data-painted="100000"]')
    const shown = await light()
    const tile = await meanLight(page, await page.locator('[data-tile="takeover-cascade"]').screenshot())
    await picture('takeover-cascade-large')
    console.log(`mean luminance of the wall in a crisis ${(100 * between).toFixed(2)} %, of a takeover with a cascade of 100,000 ${(100 * shown).toFixed(2)} %, of the tile of the cascade ${(100 * tile).toFixed(2)} %`)
    expect((shown + 2 * between) / 3).toBeLessThanOrEqual(0.08) // a takeover lasts for a minute of every three at most
    expect(tile).toBeLessThanOrEqual(0.08)
  })

  test('an alert that a cascade gave shows that cascade, the largest where it is gone', async () => {
    const spread = { root: columns.root, measure: 'size' as const, threshold: 500, value: 512, size: 512, reason: { zh: '根帖 43 分钟后达 512 条', en: '512 mentions 43 min after the root' } }
    const asked: string[] = []
    const own = cascadeAnswers(columns, { size: 20_000 }), other = cascadeAnswers(cascadeColumns(300, { root: 'weibo:other' }))
    let isGone = false
    server.api = (at) => {
      asked.push(at.pathname)
      return at.pathname === '/api/cascades' || at.pathname.includes('other') ? other(at) : isGone && at.pathname.startsWith('/api/cascades/') ? { status: 404, body: { error: 'unknown-cascade', detail: '', hint: '' } } : own(at)
    }
    await takeover('zh', { spread })
    await expect.poll(() => page.locator('[data-painted]').getAttribute('data-painted')).toBe('20000')
    expect(asked).not.toContain('/api/cascades')
    isGone = true
    await page.evaluate(() => { sessionStorage.clear() })
    await takeover('en', { spread })
    await expect.poll(() => page.locator('[data-painted]').getAttribute('data-painted')).toBe('300')
  })

  test.each([
    { why: 'loading', api: () => ({ status: 200, body: new Promise(() => undefined) }), state: 'loading', zh: '正在读取传播…', en: 'reading the cascade…' },
    { why: 'none', api: ({ pathname }: URL) => (pathname === '/api/cascades' ? { status: 200, body: { by: 'size', limit: 1, cascades: [] } } : null), state: 'none', zh: '此话题没有进行中的传播', en: 'No cascade of this topic is alive' },
    { why: 'no permission', api: () => ({ status: 403, body: { error: 'not-permitted', detail: 'x', hint: '' } }), state: 'failed', zh: '此屏幕无权查看传播', en: 'This screen may not see cascades' },
    { why: 'an engine that is away', api: () => ({ status: 503, body: { error: 'store-down', detail: 'x', hint: '' } }), state: 'failed', zh: '存储没有应答', en: 'The store does not answer' },
  ])('$why is told in words, and everything else stands', async ({ api, state, zh, en }) => {
    server.api = (at) => (at.pathname.startsWith('/api/cascades') ? api(at) : null)
    for (const [lang, said] of [['zh', zh], ['en', en]] as const) {
      await takeover(lang)
      await page.waitForSelector(`[data-cascade="${state}"]`)
      await expect.poll(() => text('[data-cascade]')).toBe(said)
      await expect.poll(() => text('[data-big="takeover"]')).toBe('112,407')
      await fits()
    }
  })

  test('the page complained of nothing, and asked nobody else', () => expect([...complaints, ...foreign]).toEqual([]))
})
