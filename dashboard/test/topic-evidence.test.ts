// What a topic's page is made of, in a real browser: a brush and chips that filter everything, an address that holds all of it, a list of a hundred thousand
// that stands still, panels that fail alone, and a replay.
import { said } from '@groundswell/schemas/problem.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { clippedText, overflow, rests } from './on-page.ts'
import { refused } from './refused.ts'
import { alertRow, snapshot } from './seeded.ts'
import { mentionAt } from './seeded-evidence.ts'
import { clock, outage, TopicSite } from './topic-site.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the mentions of a topic are not tested in a browser. Install one.')
const panels = ['mentions', 'breakdown', 'spreaders'] as const

describe.skipIf(executable === null)('the mentions of a topic', () => {
  const site = new TopicSite()
  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  beforeEach(() => site.restore())
  afterAll(() => site.end())
  const attribute = (selector: string, name: string): Promise<string | null> => site.page.locator(selector).first().getAttribute(name)
  const hash = async (): Promise<URLSearchParams> => new URLSearchParams(await site.page.evaluate(() => location.hash.split('?')[1] ?? ''))
  const drawn = () => site.page.waitForSelector('[data-row="0"][data-mention^="weibo"]')

  test('a brush by mouse filters every panel, is in the address, and back and forward undo and do it again', async () => {
    await site.open(`${outage}?tab=spreaders`)
    const { page } = site
    await drawn()
    await page.waitForSelector('[data-account]')
    await rests(page)
    const box = (await page.locator('[data-plot]').boundingBox())!
    site.asked = []
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.55, box.y + 90)
    await page.mouse.move(box.x + box.width * 0.6, box.y + 300)
    await page.mouse.up()
    await page.waitForSelector('[data-chip^="span"]')
    await expect.poll(async () => (await hash()).has('to')).toBe(true)
    const asked = await hash()
    const [from, to] = [Number(asked.get('from')), Number(asked.get('to'))]
    expect([from % 300_000, to % 300_000, to > from]).toEqual([0, 0, true])
    await expect.poll(() => attribute('[data-brush]', 'data-brush')).toBe(`${from}-${to}`)
    for (const panel of panels) await expect.poll(() => site.askedOf(panel).some((query) => Date.parse(query.get('from')!) === from && Date.parse(query.get('to')!) === to), { message: panel }).toBe(true)
    await page.goBack()
    await expect.poll(() => page.locator('[data-brush]').count()).toBe(0)
    await page.goForward()
    await expect.poll(() => attribute('[data-brush]', 'data-brush')).toBe(`${from}-${to}`)
    await page.locator('[data-chip^="span"]').click()
    await expect.poll(() => page.locator('[data-brush]').count()).toBe(0)
  })

  test('by keyboard: arrows read, Shift and arrows select, Escape lets go', async () => {
    await site.open(outage)
    const { page } = site
    await drawn()
    const plot = page.locator('[data-plot]')
    await plot.focus()
    await page.keyboard.press('PageUp')
    const anchor = Number(await plot.getAttribute('aria-valuenow'))
    await page.keyboard.down('Shift')
    for (let times = 0; times < 3; times++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.up('Shift')
    await page.waitForSelector('[data-chip^="span"]')
    const { [0]: from = 0, [1]: to = 0 } = (await attribute('[data-brush]', 'data-brush'))!.split('-').map(Number)
    expect([(to - from) / 300_000, Number(await plot.getAttribute('aria-valuenow'))]).toEqual([4, anchor - 3])
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('[data-brush]').count()).toBe(0)
    await expect.poll(async () => (await hash()).has('from')).toBe(false)
  })

  test('a deep link restores all of it: span, step, axis, scale, brush, filters, panel, order, the opened mention', async () => {
    const [from, to] = [(clock - 7 * 3600) * 1000, (clock - 3600) * 1000].map((ms) => Math.floor(ms / 900_000) * 900_000)
    const opened = mentionAt(7, clock * 1000)
    await site.open(`${outage}?span=7d&step=1h&scale=log&from=${from}&to=${to}&platform=weibo,douyin&sentiment=negative&kind=repost&verified=false&geo=CN-GD&author=1a2b3c4d00013556&root=weibo%3A4999000&text=${encodeURIComponent('中断')}&tab=narratives&order=engagement&mention=${encodeURIComponent(opened.id)}&asOf=${clock * 1000 - 5000}`)
    const { page } = site
    await page.waitForSelector('[data-words]')
    await expect.poll(() => site.text('[data-words]')).toBe(opened.text)
    await expect.poll(() => attribute('[data-span="7d"]', 'aria-current')).toBe('page')
    await expect.poll(() => attribute('[data-scale]', 'aria-pressed')).toBe('true')
    await expect.poll(() => attribute('[data-tab="narratives"]', 'aria-selected')).toBe('true')
    await expect.poll(() => page.locator('[data-step]').inputValue()).toBe('1h')
    await expect.poll(() => page.locator('[data-order]').inputValue()).toBe('engagement')
    await expect.poll(() => page.locator('[data-chip]').count()).toBe(10)
    for (const panel of ['mentions', 'narratives', 'breakdown']) {
      const asked = (): URLSearchParams | undefined => site.askedOf(panel).findLast((one) => Date.parse(one.get('from')!) === from)
      await expect.poll(asked, { message: panel }).toBeDefined()
      const query = asked()!
      expect(Object.fromEntries([...query].filter(([key]) => !['from', 'to', 'asOf', 'order', 'offset', 'limit', 'step'].includes(key))), panel).toEqual({ platform: 'weibo,douyin', sentiment: 'negative', kind: 'repost', verified: 'false', geo: 'CN-GD', author: '1a2b3c4d00013556', root: 'weibo:4999000', text: '中断' })
      expect(Date.parse(query.get('to')!), panel).toBe(to)
    }
    const list = site.askedOf('mentions').find((query) => query.get('limit') === '100')!
    expect([list.get('order'), Date.parse(list.get('asOf')!)]).toEqual(['engagement', clock * 1000 - 5000])
    expect(await accessibilityProblems(page)).toEqual([])
    await site.picture('topic-deep-link')
  })

  test('a hundred thousand mentions scroll as rows in view, a page is asked once, as of one moment, and what is new waits until it is asked for', async () => {
    const other = await site.browser.context.newPage()
    try {
      await other.clock.install()
      await other.goto(`${site.url.href}?lang=zh${outage}`)
      await other.waitForSelector('[data-row="0"][data-mention^="weibo"]')
      const list = other.locator('[role="listbox"]')
      await expect.poll(() => list.getAttribute('data-list-rows')).toBe('100000')
      await list.focus()
      await other.keyboard.press('End')
      await other.clock.runFor(200)
      await other.waitForSelector(`[data-row="99999"][data-mention="${mentionAt(99_999, clock * 1000).id}"]`)
      await expect.poll(() => other.locator('[data-row]').count()).toBeLessThan(60)
      await other.keyboard.press('Home')
      await other.clock.runFor(200)
      await other.waitForSelector('[data-row="0"]')
      const pages = site.askedOf('mentions').filter((query) => query.get('limit') === '100')
      expect(pages.map((query) => query.get('offset')).toSorted(), pages.join('\n')).toEqual(['0', '99900'])
      expect(pages.filter((query) => query.has('asOf')).map((query) => Date.parse(query.get('asOf')!))).toEqual([clock * 1000])
      site.world = { ...site.world, total: 100_037 }
      await other.clock.fastForward(11_000)
      await other.waitForSelector('[data-newer="37"]')
      await expect.poll(() => list.getAttribute('data-list-rows')).toBe('100000')
      await other.locator('[data-newer]').click()
      await expect.poll(() => list.getAttribute('data-list-rows')).toBe('100037')
    } finally {
      await other.close()
    }
  })

  test('a mention opens by keyboard, leads to its cascade, moves on and closes to where it was; names are masked until an operator asks, which is told', async () => {
    await site.open(outage, { lang: 'en' })
    const { page } = site
    await drawn()
    await page.locator('[role="listbox"]').focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await page.waitForSelector('[data-words]')
    await expect.poll(() => site.text('[data-words]')).toBe(mentionAt(2, clock * 1000).text)
    await expect.poll(() => attribute('[data-detail-cascade]', 'href')).toBe('#/cascades/weibo%3A4999000')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => site.text('[data-words]')).toBe(mentionAt(3, clock * 1000).text)
    await expect.poll(async () => (await hash()).get('mention')).toBe(mentionAt(3, clock * 1000).id)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('[data-detail]').count()).toBe(0)
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox')
    await expect.poll(() => page.locator('[role="listbox"]').innerText()).not.toContain('李四')
    await page.locator('[data-names]').click()
    await page.waitForSelector('[data-names-logged]')
    await expect.poll(() => page.locator('[role="listbox"]').innerText()).toContain('李四')
    expect(page.url()).not.toContain('names')
  })

  test('a viewer is offered neither names nor acknowledging', async () => {
    site.me = { ...site.me, role: 'viewer' }
    await site.open(outage)
    await drawn()
    await site.page.waitForSelector('[data-open-alert]')
    await expect.poll(() => site.page.locator('[data-names], [data-acknowledge]').count()).toBe(0)
  })

  test('an alert is acknowledged on the page, and what people did is marked on the axis', async () => {
    site.actions = [{ id: 'x', at: (clock - 9_000) * 1000, by: 'wang', action: { what: 'note', alert: 'alert-0', text: '官方通报已发布' } }, { id: 'y', at: (clock - 20_000) * 1000, by: 'li', action: { what: 'acknowledge', alert: 'alert-1' } }]
    await site.open(outage)
    const { page, server } = site
    await expect.poll(() => page.locator('[data-action-mark]').evaluateAll((marks) => marks.map((mark) => `${mark.getAttribute('data-action-mark')} ${mark.getAttribute('aria-label')}`))).toEqual(['action 11-21 08:58 li: 确认', 'statement 11-21 12:02 wang: 备注 · 官方通报已发布'])
    site.otherwise = ({ pathname, searchParams }) => (pathname === '/api/actions' && searchParams.has('id') ? { status: 202, body: { id: '1', seq: 1 } } : null)
    await page.locator('[data-acknowledge="alert-0"]').click()
    server.change({ alerts: snapshot().alerts.map((alert, index) => (index === 0 ? { ...alertRow(0, snapshot().serverNow), handling: { state: 'acknowledged', by: 'li', at: clock * 1000, assignee: null, notes: 0 } } : alert)) })
    await expect.poll(() => attribute('[data-open-alert="alert-0"]', 'data-handling')).toBe('acknowledged')
    await expect.poll(() => page.locator('[data-acknowledge]').count()).toBe(0)
  })

  test.each([
    { tab: 'narratives', picks: [['[data-text-row]', 'text', '东湾多个小区宽带中断，客服一直占线'], ['[data-term-row]', 'text', '光缆']] }, { tab: 'spreaders', picks: [['[data-account]', 'author', '1a2b3c4d00000000']] },
    { tab: 'provinces', picks: [['[data-geo="CN-GD"]', 'geo', 'CN-GD'], ['[data-unknown-geo]', 'geo', 'unknown']] }, { tab: 'clusters', picks: [['[data-cluster]', 'text', '东湾多个小区宽带中断，客服一直占线']] },
    { tab: 'now', picks: [['[data-platform="douyin"]', 'platform', 'douyin'], ['[data-sentiment-count="negative"]', 'sentiment', 'negative'], ['[data-see-alarm="3"]', 'from', '1763681700000']] },
  ])('every figure of $tab shows its mentions with one click', async ({ tab, picks }) => {
    await site.open(`${outage}?tab=${tab}`)
    const { page } = site
    await drawn()
    await page.waitForSelector(picks[0]![0]!)
    expect([...await overflow(page), ...await clippedText(page)]).toEqual([])
    await site.picture(`topic-tab-${tab}`)
    for (const [pick, key, is] of picks as [string, string, string][]) {
      site.asked = []
      await page.locator(pick).first().click()
      await expect.poll(async () => (await hash()).get(key)).toBe(is)
      const sent = key === 'from' ? new Date(Number(is)).toISOString() : is === 'unknown' ? '' : is
      await expect.poll(() => site.askedOf('mentions').some((query) => query.get(key) === sent)).toBe(true)
      await page.locator('[data-clear], [data-chip]').last().click()
      await expect.poll(async () => (await hash()).has(key)).toBe(false)
    }
  })

  test('a panel that fails, or may not, does not take the others along', async () => {
    site.otherwise = ({ pathname }) => {
      if (pathname.endsWith('/mentions')) return { status: 403, body: { error: 'not-permitted', detail: 'a wall reads no mentions', hint: '' } }
      if (pathname.endsWith('/spreaders')) return refused(503, 'store-down', { detail: said('store-read', { words: 'ECONNREFUSED' }), hint: said('nothing-lost') })
      return null
    }
    await site.open(`${outage}?tab=spreaders`)
    const { page } = site
    await page.waitForSelector('[data-panel="evidence"][data-state="failed"]')
    await page.waitForSelector('[data-panel="spreaders"][data-state="failed"]')
    await expect.poll(() => page.locator('[data-panel-failure]').allInnerTexts()).toEqual([expect.stringMatching(/存储没有应答.*ClickHouse 现在无法读取：ECONNREFUSED。提及在流中等候，不会丢失/), expect.stringMatching(/没有权限(?!.*a wall reads no mentions)/)])
    await page.waitForSelector('[data-horizon="weibo"]')
    await expect.poll(() => page.locator('[data-band="some"]').count()).toBe(1)
    expect([...await overflow(page), ...await clippedText(page), ...await accessibilityProblems(page)]).toEqual([])
    await site.picture('topic-panels-fail')
    const wrong = said('parameter', { key: 'text', value: '"！！"', problem: said('text-nothing') })
    site.otherwise = ({ pathname }) => (pathname.endsWith('/mentions') ? refused(400, 'wrong-query', { detail: said('several', { problems: [wrong] }), hint: said('see-openapi') }) : null)
    await page.locator('[data-panel="evidence"] [data-panel-failure] button').click()
    await expect.poll(() => page.locator('[data-panel="evidence"] [data-engine-says]').innerText()).toBe('text="！！"：要找的文字里没有字母、数字、汉字或符号。写法见 /api/openapi.json')
    await expect.poll(() => page.locator('[data-panel="evidence"] [data-engine-says] span').getAttribute('lang')).toBe('zh')
    await site.picture('topic-filter-refused')
    await page.waitForSelector('[data-account]') // the store is there again: it is asked without a hand
  })

  test('by arrival the axis, the brush and every question are those of arrival, and nothing is said to be normal', async () => {
    await site.open(`${outage}?by=ingest`)
    const { page } = site
    await drawn()
    await page.waitForSelector('[data-axis="ingest"]')
    for (const panel of ['mentions', 'breakdown']) await expect.poll(() => site.askedOf(panel).at(-1)?.get('by')).toBe('ingest')
    await expect.poll(() => page.locator('[data-band="some"], [data-rarity]').count()).toBe(0)
  })

  test('a replay asks nobody while it plays: charts and totals follow each frame, lists when it rests, and the address keeps where it was left', async () => {
    await site.open(`${outage}?play=1&at=${(clock - 12 * 3600) * 1000}&speed=900`) // three quarters of a minute to the end
    const { page } = site
    await page.waitForSelector('[data-panel="replay"]')
    await page.waitForSelector('[data-later]')
    const before = Number(await attribute('[data-total]', 'data-total'))
    const until = async (): Promise<number> => Date.parse(site.askedOf('mentions').at(-1)?.get('to') ?? '')
    await expect.poll(until).toBe((clock - 12 * 3600) * 1000)
    const charts = (): number => site.askedOf('breakdown').filter((query) => Date.parse(query.get('to')!) > clock * 1000).length
    await expect.poll(charts).toBeGreaterThan(0)
    const chartsBefore = charts()
    await page.locator('[data-play]').click()
    await expect.poll(async () => Number(await attribute('[data-total]', 'data-total'))).toBeGreaterThan(before)
    await expect.poll(async () => Number((await hash()).get('at'))).toBeGreaterThan((clock - 12 * 3600) * 1000) // a reload goes on from about here
    await page.locator('[data-play]').click()
    await expect.poll(async () => await until() - Number((await hash()).get('at'))).toBe(0)
    expect(charts()).toBe(chartsBefore)
    // Where no answer comes the numbers are those of the columns that were fetched: of one span, as it says, and they add up.
    site.otherwise = ({ pathname, searchParams }) => (pathname.endsWith('/breakdown') && Date.parse(searchParams.get('to')!) < clock * 1000 ? { status: 503, body: { error: 'store-down', detail: '', hint: '' } } : null)
    await page.locator('[data-track]').focus()
    await page.keyboard.press('Home')
    await expect.poll(() => page.locator('[data-panel="now"], [data-panel="open-alerts"], [data-alarm]').count()).toBe(0) // what comes later is not told
    await page.keyboard.press('PageUp')
    await page.waitForSelector('[data-total]')
    const spanBefore = await site.text('[data-selection]')
    await page.keyboard.press('PageUp')
    await expect.poll(() => site.text('[data-selection]')).not.toBe(spanBefore)
    const [total, ...parts] = await page.evaluate(() => [document.querySelector('[data-total]')?.getAttribute('data-total'), ...Array.from(document.querySelectorAll<HTMLElement>('[data-sentiment-count] b'), (part) => part.innerText.replaceAll(',', ''))]) // of one moment
    expect(parts.map(Number).reduce((all, part) => all + part)).toBe(Number(total))
    const at = Number(await attribute('[data-at]', 'data-at')) + 8 * 3_600_000
    await expect.poll(() => site.text('[data-selection]')).toMatch(new RegExp(` – .*${new Date(Math.floor(at / 300_000) * 300_000).toISOString().slice(11, 16)}$`))
    site.otherwise = () => null
    await site.picture('topic-replay')
    await page.locator('[data-replay]').click()
    await expect.poll(() => page.locator('[data-later], [data-panel="replay"]').count()).toBe(0)
    await expect.poll(async () => (await hash()).has('play')).toBe(false)
  })

  test('nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(site.foreign).toEqual([])
    expect(site.complaints).toEqual([])
  })
})
