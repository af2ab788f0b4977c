// The rules editor in a real browser: written by hand and by keys, looked at in both languages, saved, refused and taken back.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { DeskSite } from './desk-site.ts'
import { asDrawn, clippedText, overflow } from './on-page.ts'
import { topicByKeys } from './rules-by-keys.ts'
import { RulesEngine, seededTopics } from './rules-site.ts'
import { waysOut } from './rules-ways.ts'
import { snapshot } from './seeded.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the rules editor is not tested in a browser. Install one.')

const { serverNow: now } = snapshot()

describe.skipIf(executable === null)('the rules editor', () => {
  const site = new DeskSite()
  let engine = new RulesEngine(now)
  let page: Page
  const outage = '#/rules/network-outage'
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()
  const field = (name: string): ReturnType<Page['locator']> => page.locator(`[data-panel="rules-form"] [data-field="${name}"]`).first()

  beforeAll(async () => {
    await site.begin(executable ?? expect.unreachable())
    const answer = site.server.api
    site.server.api = (url, request) => engine.answer(url, request) ?? answer(url, request)
    page = site.page
    asks(page)
  })
  beforeEach(async () => {
    await site.leave()
    site.reset([])
    engine = new RulesEngine(now)
  })
  afterAll(() => site.end())

  /** The browser asks about changes that a test has left. */
  function asks(page: Page): void { page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined)) }
  const open = (hash = outage, more: Parameters<DeskSite['open']>[1] = {}): Promise<void> => site.open(hash, more)
  async function backtested(): Promise<void> {
    await page.locator('[data-run]').click()
    await page.waitForSelector('[data-panel="rules-backtest"][data-state="done"]')
  }

  test.each([['zh', 1920, 1080], ['en', 1920, 1080], ['zh', 1366, 768], ['en', 1366, 768]] as const)('is whole, legible and in one language: %s at %d×%d', async (lang, width, height) => {
    await open(outage, { lang, size: [width, height] })
    await page.waitForSelector('[data-panel="rules-matches"][data-state="ready"]')
    await backtested()
    await expect.poll(() => text('[data-compared]')).not.toBe('')
    const shown = (await text('main')).replaceAll(/中文|English/g, '').replaceAll(/断网|斷網|网络中断|涨价|官方回应|昨晚又|了，客服电话打不通|全市|三小时，何时恢复？|，工单都提交不了|演练通知：周五凌晨|宽带|第三天/g, '')
    if (lang === 'en') expect(shown.replaceAll(/[“”]/g, '')).not.toMatch(/[一-鿿]/)
    else expect(shown).not.toMatch(/\b(?:alerts|matched|saved|week|topics)\b/i)
    expect(await overflow(page)).toEqual([])
    const drawn = await asDrawn(page)
    expect([drawn.lowContrast, drawn.transforms]).toEqual([[], []])
    expect(await accessibilityProblems(page)).toEqual([])
    await site.picture(`rules-${lang}-${width}`)
  })

  test('a query is tried while it is written: how many it matches, and where its terms stand', async () => {
    await open()
    await expect.poll(() => text('[data-matched]')).toBe('命中 3,248 / 50,000 条，最近 4时')
    await expect.poll(() => page.locator('[data-example] mark').allInnerTexts()).toEqual(['断网', '网络中断', '断网', '断网'])
    await expect.poll(() => text('[data-histogram] figcaption')).toMatch(/^每 3 分钟的命中数，最多 \d+$/)
    await expect.poll(() => page.locator('[data-tick]').allInnerTexts()).toEqual([expect.stringMatching(/^\d\d:00$/), expect.stringMatching(/^\d\d:00$/), expect.stringMatching(/^\d\d:00$/), expect.stringMatching(/^\d\d:00$/)])
    await field('query').fill('斷網')
    await expect.poll(() => page.locator('[data-example] mark').allInnerTexts()).toEqual(['斷網'])
    await field('query').fill('断网 (')
    await page.waitForSelector('[data-panel="rules-matches"][data-state="wrong"]')
    await expect.poll(() => text('[data-wrong-query]')).toMatch(/这个 \( 没有闭合：请在这一组结束处补上 \)$/)
    await expect.poll(() => text('[data-drawn] mark')).toBe('(')
    await page.waitForSelector('[data-problem="query"]')
    await expect.poll(() => text('[data-problem="query"]')).toMatch(/没有闭合：请在这一组结束处补上 \)（查询的第 4 列）$/)
    await expect.poll(async () => [await page.locator('[data-save]').isDisabled(), await page.locator('[data-rule="network-outage"] [data-sign]').getAttribute('data-sign')]).toEqual([true, 'wrong'])
    await site.picture('rules-wrong-query')
  })

  test('a change is tested on thirty days against what is in force, shown line by line, saved, and stays', async () => {
    await open()
    await field('count').fill('20,000')
    await page.waitForSelector('[data-edited="changed"]')
    await expect.poll(() => page.locator('[data-run]').isEnabled()).toBe(true)
    await backtested()
    await expect.poll(() => text('[data-sentence]')).toBe('共 21 次告警，每周 5.3 次，其中夜间 5 次')
    await expect.poll(() => text('[data-compared]')).toBe('现行每周 2 次 → 修改后每周 5.3 次')
    await expect.poll(() => page.locator('[data-day][data-known="false"]').count()).toBe(8)
    const day = page.locator('[data-day][data-known="true"]:has([data-alerts="severe"])')
    await day.click()
    await page.locator('[data-told-alert]').first().click()
    await expect.poll(() => page.locator('[data-told-example]').allInnerTexts()).toEqual(['微博 全市断网三小时，何时恢复？', '微博 昨晚又斷網了，客服电话打不通'])
    await site.picture('rules-backtest')
    await page.keyboard.press('Control+s')
    await page.waitForSelector('[data-dialog="save"]')
    await expect.poll(async () => (await page.locator('[data-row="gone"], [data-row="added"]').allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' ').slice(0, 6))).toHaveLength(2)
    await page.waitForSelector('[data-tested="network-outage"][data-tested-state="done"]')
    await expect.poll(() => text('[data-tested="network-outage"]')).toMatch(/共 21 次告警.*现行每周 2 次 → 修改后每周 5\.3 次/)
    expect(await accessibilityProblems(page)).toEqual([])
    await site.picture('rules-save')
    await page.locator('[data-save-now="ready"]').click()
    await expect.poll(() => text('[data-edited]')).toBe('已保存并生效')
    expect(engine.saved.map(({ base, text: saved }) => [base, saved.includes('"count":20000')])).toEqual([[7, true]])
    await expect.poll(() => text('[data-in-force]')).toMatch(/\d\d:\d\d 起生效，li/)
    await expect.poll(() => field('count').inputValue()).toBe('20000')
    for (const next of ['[data-delete="ask"]', '[data-delete="sure"]', '[data-save]', '[data-save-now]']) await page.locator(next).click() // another change, with nothing typed
    await expect.poll(() => engine.saved.map(({ base }) => base)).toEqual([7, 8])
  })

  test('a query that is edited while its topic has an open alert says before it is saved what becomes of that', async () => {
    site.reset([{ ...site.server.snapshot.alerts[0]!, id: 'network-outage/now', topic: 'network-outage', clearedAt: null }])
    await open()
    await field('en').fill('Outage')
    await page.keyboard.press('Control+s')
    await page.waitForSelector('[data-dialog="save"]')
    await expect.poll(() => page.locator('[data-crisis]').count()).toBe(0)
    await page.locator('[data-close]').click()
    await field('query').fill('断网 OR 光缆')
    await page.keyboard.press('Control+s')
    await expect.poll(() => text('[data-crisis="network-outage"]')).toMatch(/“网络中断”有未结束的告警.*告警保持不变，确认、负责人、备注和静默都保留/)
    expect(await accessibilityProblems(page)).toEqual([])
    await site.picture('rules-crisis')
  })

  test('topics are made, copied, moved about and deleted; the file follows, and leads', async () => {
    await open('#/rules')
    await expect.poll(() => text('[data-empty]')).toMatch(/选择一个话题/)
    await page.keyboard.press('n')
    await expect.poll(() => field('id').inputValue()).toBe('topic-2')
    await page.waitForSelector('[data-problem="query"]')
    await field('query').fill('断网')
    await field('id').fill('late-payout')
    await expect.poll(() => page.url()).toMatch(/#\/rules\/late-payout$/)
    await page.locator('[data-lines="velocity"] [data-add-line]').click()
    await page.locator('[data-lines="velocity"] [data-line="1"] [data-field="within"]').fill('2h')
    await page.locator('[data-lines="velocity"] [data-line="1"] [data-up]').click()
    await expect.poll(() => page.locator('[data-lines="velocity"] [data-field="within"]').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).toEqual(['2h', '1h'])
    await page.locator('[data-tab="file"]').click()
    await expect.poll(() => page.locator('[data-yaml]').inputValue()).toMatch(/"id":"late-payout","query":"断网","velocity":\[\{"count":100,"within":"2h","grade":"minor"\},\{"count":100,"within":"1h"/)
    expect(page.url()).toContain('late-payout')
    await page.locator('[data-copy]').click()
    await expect.poll(() => field('id').inputValue()).toBe('late-payout-2')
    for (const which of ['ask', 'sure']) await page.locator(`[data-delete="${which}"]`).click()
    await expect.poll(() => page.locator('[data-rule]').count()).toBe(4)
    await page.locator('[data-rule="price-dispute"]').click()
    const yaml = await page.locator('[data-yaml]').inputValue()
    await page.locator('[data-yaml]').fill(yaml.replace('"query":"涨价"', '"query":"涨价 OR 套餐"'))
    await expect.poll(() => field('query').inputValue()).toBe('涨价 OR 套餐')
    await page.locator('[data-yaml]').fill('{ "topics": [')
    await page.waitForSelector('[data-unreadable]')
    await expect.poll(() => page.locator('li:has([data-said="problem"])').allInnerTexts()).toEqual([expect.stringMatching(/^第 2 行第 3 列 不是规则文件所用的 YAML：少了一个符号/)])
    await site.picture('rules-file')
  })

  test('a topic is made, tested and saved by keys alone, and a save that cannot be leads to what is wrong', async () => { await open('#/rules'); await topicByKeys(page, engine) })

  test('what others saved meanwhile is shown before anything is lost', async () => {
    await open()
    await field('en').fill('Outage')
    await page.waitForSelector('[data-edited="changed"]')
    engine.change([...seededTopics, { id: 'refund', query: '退款' }])
    await expect.poll(() => page.locator('[data-save]').isEnabled()).toBe(true)
    await page.locator('[data-save]').click()
    await page.locator('[data-save-now]').click()
    await page.waitForSelector('[data-dialog="changed"]')
    await expect.poll(() => text('[data-dialog="changed"] h2')).toMatch(/^其间规则已被修改：\d\d:\d\d，zhao$/)
    expect(engine.saved).toEqual([])
    await site.picture('rules-changed')
    await page.locator('[data-keep-mine]').click()
    await page.waitForSelector('[data-dialog="save"]')
    await expect.poll(() => page.locator('[data-row="gone"]').count()).toBeGreaterThan(0)
    await expect.poll(() => page.locator('[data-save-now]').isEnabled()).toBe(true)
    await page.locator('[data-save-now]').click()
    await expect.poll(() => text('[data-edited]')).toBe('已保存并生效')
    expect(engine.saved.map(({ base }) => base)).toEqual([8])
  })

  test('what is not saved is asked about, kept by the window, and found again', async () => {
    await open()
    await field('zh').fill('断网')
    await page.waitForSelector('[data-edited="changed"]')
    await page.locator('[data-nav="wall"]').click()
    await page.waitForSelector('[data-dialog="leave"]')
    await page.locator('[data-stay]').click()
    await expect.poll(() => page.locator('[data-screen="rules"]').count()).toBe(1)
    await field('en').fill('Cut off') // and away before the engine has seen it
    await page.locator('[data-nav="alerts"]').click()
    await page.locator('[data-leave]').click()
    await page.waitForSelector('[data-screen="alerts"]')
    await page.locator('[data-nav="rules"]').click()
    await page.waitForSelector('[data-found]')
    await page.locator('[data-rule="network-outage"]').click()
    await expect.poll(() => field('zh').inputValue()).toBe('断网')
    await expect.poll(() => field('en').inputValue()).toBe('Cut off')
    await page.locator('[data-found-discard]').click()
    await expect.poll(() => page.locator('[data-edited]').getAttribute('data-edited')).toBe('same')
    await expect.poll(() => field('zh').inputValue()).toBe('网络中断')
  })

  test('what was typed last is kept whichever way the page is left: by keys, back, another address, a reload, a tab that is closed', async () => {
    await open('#/topics')
    await page.evaluate((hash) => { location.hash = hash }, outage)
    for (const { by, away, back } of waysOut(site, async () => { page = site.page; asks(page); await open() })) {
      await expect.poll(() => field('en').inputValue(), { message: by }).not.toBe('')
      engine.instead = (path) => (path === '/api/rules/edit' ? { status: 200, body: new Promise(() => undefined) } : null) // the engine never gets to see it
      await field('en').fill(`Left by ${by}`)
      await away()
      engine.instead = () => null
      await back()
      await page.waitForSelector('[data-found]')
      await page.locator('[data-rule="network-outage"]').click()
      await expect.poll(() => field('en').inputValue(), { message: by }).toBe(`Left by ${by}`)
      await expect.poll(() => page.locator('[data-edited]').getAttribute('data-edited')).toBe('changed')
    }
  })

  test('a check, a preview and a save that have no answer say so, and go on by themselves', async () => {
    await open()
    engine.instead = (path) => (/edit|preview/.test(path) ? { status: 503, body: { error: 'busy', detail: 'rules are looked at by too many', hint: '' } } : null)
    await field('query').fill('断网 OR 光缆')
    for (const said of ['[data-again-in]', '[data-match-again]']) await page.waitForSelector(said)
    expect([await page.locator('[data-save]').isDisabled(), ...await overflow(page), ...await clippedText(page)]).toEqual([true])
    await site.picture('rules-check-again')
    await page.locator('[data-rule="price-dispute"]').click() // what is typed next is another topic's
    await field('query').fill('断网 OR 套餐')
    engine.instead = () => null
    await page.waitForSelector('[data-again-in]', { state: 'detached' })
    await page.waitForSelector('[data-panel="rules-matches"][data-state="ready"]')
    await expect.poll(() => page.locator('[data-save]').isEnabled()).toBe(true)
    for (const { outcome, says } of [{ outcome: 'not-saved', says: /没有保存/ }, { outcome: 'not-known', says: /不知道是否已保存/ }]) {
      engine.instead = (path, method) => (path === '/api/rules' && method === 'PUT' ? { status: 503, body: { error: outcome, detail: 'the stream does not answer', hint: '', outcome } } : null)
      if (outcome === 'not-saved') await page.locator('[data-save]').click()
      await page.locator('[data-save-now]').click()
      await expect.poll(() => text(`[data-save-failed="${outcome}"]`)).toMatch(says)
      expect(await accessibilityProblems(page)).toEqual([])
      await site.picture(`rules-${outcome}`)
    }
    engine.instead = () => null
    engine.takes() // it had been saved all the same
    await page.waitForSelector('[data-dialog="save"]', { state: 'detached' })
    await expect.poll(async () => [await text('[data-edited]'), engine.text.includes('断网 OR 光缆'), engine.text.includes('断网 OR 套餐')]).toEqual(['已保存并生效', true, true])
  })

  test('the history tells who saved what, and brings a version back into the draft', async () => {
    await open()
    await page.locator('[data-history]').click()
    await expect.poll(() => page.locator('[data-version]').count()).toBe(2)
    await expect.poll(() => page.locator('[data-change]').allInnerTexts()).toEqual(['+ 新增 官方回应', '● 修改 网络中断（查询、声量阈值）、涨价争议（名称） 等，另有 3 个', '+ 新增 网络中断、涨价争议'])
    await page.locator('[data-version="3"]').click()
    await expect.poll(() => page.locator('[data-row="gone"]').count()).toBeGreaterThan(0)
    await site.picture('rules-history')
    await page.locator('[data-restore]').click()
    await page.waitForSelector('[data-edited="changed"]')
    await expect.poll(() => page.locator('[data-rule]').count()).toBe(2)
  })

  test('who may only read sees everything and changes nothing, and is told why', async () => {
    site.role = 'viewer'
    await open()
    await page.waitForSelector('[data-read-only]')
    await expect.poll(() => page.locator('[data-save], [data-add], [data-copy], [data-remove], [data-run]').count()).toBe(0)
    await expect.poll(() => field('query').getAttribute('readonly')).not.toBeNull()
    await expect.poll(() => text('[data-panel="rules-backtest"]')).toMatch(/值班身份/)
    await page.waitForSelector('[data-panel="rules-matches"][data-state="ready"]')
    expect(await accessibilityProblems(page)).toEqual([])
    await site.picture('rules-viewer')
  })

  test.each([
    { why: 'waiting', answer: { status: 200, body: new Promise(() => undefined) }, waitFor: 'loading', says: /正在读取规则/ },
    { why: 'no permission', answer: { status: 403, body: { error: 'not-permitted', detail: 'a wall may not', hint: 'ask for a viewer' } }, waitFor: 'failed', says: /没有权限(?![^]*a wall may not)/ },
    { why: 'store away', answer: { status: 503, body: { error: 'store-down', detail: 'ClickHouse cannot be read now', hint: '' } }, waitFor: 'failed', says: /暂时无法处理[^]*重试/ },
  ])('says what it has not: $why', async ({ why, answer, waitFor, says }) => {
    engine.instead = (path) => (path === '/api/rules' ? answer : null)
    await open(outage, { waitFor })
    await expect.poll(() => text('main')).toMatch(says)
    expect([...await overflow(page), ...await clippedText(page)]).toEqual([])
    await site.picture(`rules-${why.replaceAll(' ', '-')}`)
  })

  test('an empty file, a topic that is not there, and a store that cannot be read now say so', async () => {
    engine.change([])
    await open('#/rules')
    await expect.poll(() => text('[data-panel="rules-topics"]')).toMatch(/还没有话题/)
    engine = new RulesEngine(now)
    await open('#/rules/nothing')
    await expect.poll(() => text('[data-empty]')).toBe('规则中没有话题 nothing')
    engine.instead = (path) => (path === '/api/rules/preview' || path === '/api/rules/backtest' ? { status: 503, body: { error: 'store-down', detail: 'ClickHouse cannot be read now', hint: '' } } : null)
    await open()
    await page.waitForSelector('[data-panel="rules-matches"][data-state="failed"]')
    await page.locator('[data-run]').click()
    await page.waitForSelector('[data-failed]')
    await expect.poll(() => text('[data-failed]')).toMatch(/ClickHouse cannot be read now/)
    await page.waitForSelector('[data-panel="rules-backtest"][data-state="failed"]')
  })

  test('nothing was asked of another origin, and the page had nothing to complain about', () => expect([site.foreign, site.complaints]).toEqual([[], []]))
})
