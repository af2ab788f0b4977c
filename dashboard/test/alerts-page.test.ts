// The list of alerts in a real browser, by keys, beside an engine that folds what people do.
import { said } from '@groundswell/schemas/problem.ts'
import type { Action } from '@groundswell/schemas/action.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findChromium } from './browser.ts'
import { DeskSite } from './desk-site.ts'
import { asDrawn, clippedText, overflow } from './on-page.ts'
import { refused } from './refused.ts'
import { alertRow, snapshot } from './seeded.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the list of alerts is not tested in a browser. Install one.')

const { serverNow: now } = snapshot()
const alerts = [
  ...Array.from({ length: 5 }, (_, index) => alertRow(index, now)),
  { ...alertRow(0, now), id: 'alert-0-b', grade: 'moderate' as const, at: new Date(now - 900_000).toISOString() },
  { ...alertRow(3, now), id: 'blind', topic: 'source:xiaohongshu', name: { zh: '小红书', en: 'xiaohongshu' }, grade: 'moderate' as const, source: 'xiaohongshu', rule: { count: 0, within: '10m' } },
  { ...alertRow(4, now), id: 'spread', topic: 'store-opening', name: { zh: '新店开业', en: 'Store opening' }, grade: 'severe' as const,
    spread: { root: 'weibo:43', measure: 'size' as const, threshold: 500, value: 812, size: 1_204, reason: { zh: '一个级联一小时内 812 条，达到 500', en: 'one cascade has 812 mentions within an hour, 500 were asked for' } } },
]

describe.skipIf(executable === null)('the list of alerts', () => {
  const site = new DeskSite()
  const rows = (): Promise<(string | null)[]> => site.page.locator('[data-group]').evaluateAll((all) => all.map((row) => row.getAttribute('data-group')))
  const stateOf = (topic: string, page = site.page): Promise<string | null> => page.locator(`[data-group="${topic}"]`).getAttribute('data-group-state')
  const press = async (...keys: string[]): Promise<void> => { for (const key of keys) await site.page.keyboard.press(key) }
  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  beforeEach(async () => {
    await site.leave()
    site.reset(alerts)
  })
  afterAll(() => site.end())

  test.each([['zh', 1920, 1080], ['en', 1920, 1080], ['zh', 1366, 768], ['en', 1366, 768]] as const)('is whole and in one language: %s at %d×%d', async (lang, width, height) => {
    site.reset(alerts, { silences: [{ topic: 'app-crash', grade: 'moderate', since: now - 60_000, until: now + 5_400_000, by: 'wang', reason: 'planned' }, { topic: 'price-dispute', grade: 'minor', since: now - 90_000, until: now - 1, by: 'wang', reason: 'planned' }], pin: { topic: 'network-outage', by: 'wang', since: now, until: now + 3_600_000 } })
    await site.open('#/alerts', { lang, size: [width, height] })
    await site.page.waitForSelector('[data-entry]')
    await expect.poll(() => site.page.locator('[data-silence]:has([data-over]):not(:has([data-unsilence]))').count()).toBe(1) // what is over is not ended again
    const said = (await site.text('main')).replaceAll('中文', '').replaceAll('English', '')
    if (lang === 'en') expect(said).not.toMatch(/[一-鿿]/)
    else expect(said).not.toMatch(/\b(?:new|open|assigned|until|silence|acknowledge)\b/i)
    expect((await overflow(site.page))).toEqual([])
    const { lowContrast, transforms } = await asDrawn(site.page)
    expect([lowContrast, transforms]).toEqual([[], []])
    await site.picture(`alerts-${lang}-${width}`)
  })

  test('puts first what needs eyes, then the worst, a topic a row, and tells the chosen one', async () => {
    await site.open('#/alerts')
    await expect.poll(() => rows()).toEqual(['network-outage', 'app-crash', 'store-opening', 'late-payout', 'source:xiaohongshu', 'support-queue'])
    await expect.poll(() => site.text('[data-unseen]')).toBe('6')
    await expect.poll(() => site.page.locator('[data-panel="detail"]').getAttribute('data-about')).toBe('network-outage')
    await expect.poll(() => site.text('[data-panel="detail"]')).toMatch(/2 条未结，共 2 条/)
    await site.page.locator('[data-group="store-opening"]').click()
    await expect.poll(() => site.page.locator('[data-to="cascade"]').getAttribute('href')).toBe('#/cascades/weibo%3A43')
    await expect.poll(() => site.page.locator('[data-to="topic"]').getAttribute('href')).toBe('#/topics/store-opening?alarm=spread')
    await site.page.locator('[data-group="source:xiaohongshu"]').click()
    await expect.poll(() => site.text('[data-reason]')).toBe('小红书失明：没有数据不等于平静')
    await expect.poll(() => site.page.locator('[data-to]').count()).toBe(0)
    await expect.poll(() => site.page.locator('[data-do="pin"]').isDisabled()).toBe(true)
    await expect.poll(() => decodeURIComponent(site.page.url())).toMatch(/#\/alerts\?topic=source:xiaohongshu$/)
  })

  test('is worked by keys alone: acknowledge, assign, silence, note, pin, and a second desk sees it', async () => {
    await site.open('#/alerts')
    const other = await site.newPage()
    try {
      await site.open('#/alerts?topic=network-outage', { page: other, lang: 'en' })
      await site.page.bringToFront()
      await press('a')
      await site.page.waitForSelector('[data-deed="done"]')
      await expect.poll(() => stateOf('network-outage')).toBe('acknowledged')
      expect(new Set(site.posted.map((action) => JSON.stringify(action)))).toEqual(new Set(['alert-0', 'alert-0-b'].map((alert) => JSON.stringify({ what: 'acknowledge', alert })))) // sent together, they come in any order
      expect(site.posted).toHaveLength(2)
      await expect.poll(() => stateOf('network-outage', other)).toBe('acknowledged')
      await press('s')
      await site.page.waitForSelector('[data-dialog="assign"]')
      await site.page.keyboard.type('王芳')
      await press('Enter')
      await expect.poll(() => site.text('[data-assignee]')).toBe('王芳')
      await press('m')
      await site.page.waitForSelector('[data-dialog="silence"]')
      await expect.poll(() => site.page.locator('[data-send]').isDisabled()).toBe(true) // without a reason
      await site.page.locator('[data-silence-grade="moderate"]').focus()
      await press('Space')
      await site.page.locator('[data-end="2h"]').focus()
      await press('Space')
      await site.page.locator('[data-words]').focus()
      await site.page.keyboard.type('已知检修')
      await press('Enter')
      await expect.poll(() => site.page.locator('[data-silence="network-outage"]').count()).toBe(1)
      const { grade, until, reason } = site.posted.at(-1) as Extract<Action, { what: 'silence' }>
      expect([grade, reason, Math.round((until - now) / 600_000)]).toEqual(['moderate', '已知检修', 12])
      await press('n')
      await site.page.waitForSelector('[data-dialog="note"]')
      await site.page.keyboard.type('与机房核实中')
      await press('Control+Enter')
      await expect.poll(() => site.page.locator('[data-wrote]').allInnerTexts()).toContain('与机房核实中')
      await press('p')
      await site.page.waitForSelector('[data-dialog="pin"]')
      await site.page.locator('[data-send]').focus()
      await press('Enter')
      await site.page.waitForSelector('[data-pin="network-outage"]')
      await other.waitForSelector('[data-pin="network-outage"]')
      await expect.poll(() => other.locator('[data-assignee]').innerText()).toBe('王芳')
      await expect.poll(() => other.locator('[data-entry="action"]').count()).toBe(5)
      await expect.poll(() => site.page.locator('[data-unseen]').innerText()).toBe('5')
      await site.picture('alerts-worked-zh')
      await site.picture('alerts-second-en', other)
    } finally {
      await other.close()
    }
  })

  test('the end of a silence stays what was chosen while keys pass the field for hours', async () => {
    await site.open('#/alerts')
    await press('m')
    await site.page.waitForSelector('[data-dialog="silence"]')
    await site.page.locator('[data-end="30m"]').focus()
    await press('Tab')
    await expect.poll(() => site.page.evaluate(() => (document.activeElement as HTMLElement).dataset['hours'])).toBe('')
    await expect.poll(() => site.page.locator('[data-end]:checked').getAttribute('data-end')).toBe('30m')
    await press('3')
    await expect.poll(() => site.page.locator('[data-end]:checked').getAttribute('data-end')).toBe('custom')
    await site.page.locator('[data-end="2h"]').focus()
    await press('Space')
    await site.page.locator('[data-hours]').click()
    await expect.poll(() => site.page.locator('[data-end]:checked').getAttribute('data-end')).toBe('custom')
    await press('Escape')
  })

  test('several are selected and acknowledged at once, and that can be undone', async () => {
    await site.open('#/alerts')
    const [, second, third] = await rows()
    await press('j', 'x', 'j', 'x')
    await expect.poll(() => site.page.locator('[data-selected]').getAttribute('data-selected')).toBe('2')
    await site.picture('alerts-selected')
    await press('Shift+A')
    await expect.poll(async () => [await stateOf(second!), await stateOf(third!)]).toEqual(['acknowledged', 'acknowledged'])
    await expect.poll(() => site.page.locator('[data-selected]').count()).toBe(0)
    await expect.poll(async () => (await rows())[1]).toBe(second) // nothing moves under somebody's hand
    await site.page.locator('[data-undo]').first().click()
    await expect.poll(() => stateOf(second!)).toBe('new')
  })

  test('what fails stays, says why, and is tried again with the same id', async () => {
    const ids: (string | null)[] = []
    await site.open('#/alerts')
    site.instead = (url, method) => {
      if (method !== 'POST') return null
      ids.push(url.searchParams.get('id'))
      return ids.length <= 2 ? refused(503, 'nats-down', { detail: said('nats-down'), hint: said('act-again', { id: 'x-1' }) }) : null
    }
    await press('a')
    await site.page.waitForSelector('[data-deed="failed"]')
    await expect.poll(() => site.text('[data-deed="failed"]')).toMatch(/确认 · 网络中断[^]*未完成[^]*连不上 NATS。请带上 \?id=x-1 再发一次：只会执行一次/)
    await expect.poll(() => stateOf('network-outage')).toBe('new')
    await site.picture('alerts-failed')
    await site.page.locator('[data-retry]').click()
    await site.page.waitForSelector('[data-deed="done"]')
    expect(new Set(ids).size).toBe(2)
    await expect.poll(() => stateOf('network-outage')).toBe('acknowledged')
  })

  test('who may only read is told so, and his keys do nothing', async () => {
    site.role = 'viewer'
    await site.open('#/alerts')
    await site.page.waitForSelector('[data-read-only]')
    await expect.poll(() => site.page.locator('[data-do]:not([disabled])').count()).toBe(0)
    await press('a', 'm')
    await expect.poll(() => site.page.locator('[data-dialog]').count()).toBe(0)
    expect(site.posted).toEqual([])
    await expect.poll(() => site.text('[data-me]')).toBe('li · 只读')
    await site.picture('alerts-viewer')
  })

  test('an engine that does not say who asks: nobody is named, and it decides itself', async () => {
    site.role = null
    await site.open('#/alerts')
    await press('a')
    await site.page.waitForSelector('[data-deed="done"]')
    await expect.poll(() => site.page.locator('[data-me], [data-mine]').count()).toBe(0)
  })

  test('the filter is in the address: by state, grade, words, and what is one\'s own', async () => {
    site.alerts[0] = { ...site.alerts[0]!, handling: { state: 'working', by: 'wang', at: now, assignee: 'li', notes: 1 } }
    site.server.begin({ ...site.server.snapshot, alerts: site.alerts })
    await site.open('#/alerts?mine=1')
    await expect.poll(rows).toEqual(['network-outage'])
    await site.page.locator('[data-mine]').click()
    await site.page.locator('[data-filter="ended"]').click()
    await expect.poll(rows).toEqual(['price-dispute'])
    await site.page.locator('[data-filter="open"]').click()
    await site.page.locator('[data-grade="moderate"]').click()
    await press('/')
    await site.page.keyboard.type('资金')
    await expect.poll(rows).toEqual(['late-payout'])
    await expect.poll(() => decodeURIComponent(site.page.url())).toMatch(/#\/alerts\?grade=moderate&q=资金/)
    await site.page.reload()
    await expect.poll(rows).toEqual(['late-payout'])
    await site.page.locator('[data-search]').fill('zzz')
    await site.page.waitForSelector('[data-empty]')
    await expect.poll(() => site.text('[data-empty]')).toBe('没有符合筛选的告警')
  })

  test.each([
    { why: 'waiting', answer: () => ({ status: 200, body: new Promise(() => undefined) }), state: 'loading', says: /正在读取告警/ },
    { why: 'no permission', answer: () => ({ status: 403, body: { error: 'not-permitted', detail: 'a wall may not', hint: 'ask for a viewer' } }), state: 'failed', says: /不能查看告警(?![^]*a wall may not)/ },
    { why: 'nothing', answer: () => null, state: 'empty', says: /还没有任何告警/ },
  ])('says what it has not: $why', async ({ why, answer, state, says }) => {
    site.reset([])
    site.instead = (url) => (url.pathname === '/api/alerts' ? answer() : null)
    await site.open('#/alerts', { waitFor: state })
    await expect.poll(() => site.text('main')).toMatch(says)
    expect([...await overflow(site.page), ...await clippedText(site.page)]).toEqual([])
    await site.picture(`alerts-${why.replaceAll(' ', '-')}`)
  })

  test('older ones that cannot be read leave the live ones, and that is said', async () => {
    site.instead = (url) => (url.pathname === '/api/alerts' ? { status: 503, body: { error: 'store-away', detail: 'ECONNREFUSED', hint: '' } } : null)
    await site.open('#/alerts')
    await site.page.waitForSelector('[data-failure="busy"]')
    await expect.poll(() => site.text('[data-failure]')).toMatch(/仅显示最近 50 条[^]*ECONNREFUSED/)
    await expect.poll(async () => (await rows()).length).toBeGreaterThan(3)
  })

  test('nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(site.foreign).toEqual([])
    expect(site.complaints).toEqual([])
  })
})
