// The lists of the desk at their largest, in a real browser: a flood of alerts, ten thousand topics, and the keys that lead from page to page.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { DeskSite, flood, manyTopics } from './desk-site.ts'
import { asDrawn, nodeCount } from './on-page.ts'
import { cascadeAnswers, cascadeColumns } from './seeded-cascade.ts'
import { snapshot } from './seeded.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the lists of the desk are not tested in a browser. Install one.')

const { serverNow: now, alerts } = snapshot()
const cascades = cascadeAnswers(cascadeColumns(50))

describe.skipIf(executable === null)('the lists of the desk', () => {
  const site = new DeskSite()
  const rows = (): Promise<(string | null)[]> => site.page.locator('[data-group]').evaluateAll((all) => all.map((row) => row.getAttribute('data-group')))
  const press = async (...keys: string[]): Promise<void> => { for (const key of keys) await site.page.keyboard.press(key) }
  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  beforeEach(async () => {
    await site.leave()
    site.reset(alerts)
  })
  afterAll(() => site.end())

  test('a flood of a thousand is at most ten rows, which keep their places while more come', async () => {
    site.reset(flood(1000, now))
    await site.open('#/alerts')
    await site.page.waitForSelector('[data-folded="991"]')
    await expect.poll(() => rows()).toHaveLength(9)
    await expect.poll(() => site.page.locator('[data-unseen]').innerText()).toBe('50+')
    await site.picture('alerts-flood')
    await site.page.locator('[data-place="3"]').hover()
    await press('j')
    const before = await rows()
    for (let burst = 0; burst < 20; burst++) site.raise(flood(50, now + 600_000 + 1_000 * burst, 1000 + burst * 50))
    await expect.poll(() => site.page.locator('[data-folded]').count()).toBe(1)
    await site.page.waitForSelector('[data-waiting]')
    await expect.poll(() => rows()).toEqual(before)
    const nodes = await nodeCount(site.page)
    await press('u')
    await expect.poll(async () => (await rows()).every((topic) => Number(topic!.slice(6)) >= 1000)).toBe(true)
    expect(Math.abs(await nodeCount(site.page) - nodes)).toBeLessThan(60)
    await press('End', 'Enter')
    await expect.poll(() => site.page.locator('[data-panel="alerts"]').getAttribute('aria-rowcount')).toMatch(/^\d{4}$/)
    await press('End')
    await expect.poll(async () => Number(await site.page.locator('[data-group][aria-current="true"]').getAttribute('data-place'))).toBeGreaterThan(900)
    await expect.poll(() => site.page.locator('[data-group]').count()).toBeLessThan(40)
  })

  test('A17: tens of thousands of alerts, fifty a frame, leave heap and page as large as they were, and ten rows', async () => {
    site.reset(flood(1000, now))
    await site.open('#/alerts')
    await site.page.waitForSelector('[data-folded]')
    const devtools = await site.browser.context.newCDPSession(site.page)
    await devtools.send('HeapProfiler.enable')
    const size = async (): Promise<{ heap: number; elements: number; listeners: number }> => {
      for (let twice = 0; twice < 2; twice++) await devtools.send('HeapProfiler.collectGarbage')
      const { usedSize } = await devtools.send('Runtime.getHeapUsage')
      return { heap: usedSize, elements: await nodeCount(site.page), listeners: (await devtools.send('Memory.getDOMCounters')).jsEventListeners }
    }
    let raised = 0
    /** Alerts of ever other topics in frames of fifty, of which some end and some are dealt with in the next; the last of a batch is waited for, so that no frame waits in the socket. */
    const raise = async (alerts: number): Promise<void> => {
      for (const end = raised + alerts; raised < end;) {
        const fresh = flood(50, now + raised * 10, raised)
        const before = site.server.snapshot.alerts.map((alert, index) => (index % 5 === 0 ? { ...alert, clearedAt: alert.at } : index % 7 === 0 ? { ...alert, handling: { state: 'resolved' as const, by: 'li', at: now, assignee: null, notes: 0 } } : alert))
        site.alerts = [...fresh, ...before].slice(0, 50)
        raised += fresh.length
        const reason = `${raised} alerts`
        const ends = raised % 3_000 === 0
        site.server.change({ alerts: site.alerts, ...(ends ? { silences: [{ topic: 'flood-0000', grade: 'minor', since: now, until: now + 3_600_000, by: 'li', reason }] } : {}) })
        if (ends) await site.page.locator(`[title="${reason}"]`).waitFor()
      }
    }
    site.server.heartbeat(false)
    const beganAt = performance.now()
    await raise(6_000) // until the list is full of them and the code is compiled
    const before = await size()
    await raise(24_000)
    const after = await size()
    console.log(`${raised} alerts in ${((performance.now() - beganAt) / 1000).toFixed(0)} s: heap ${(before.heap / 1e6).toFixed(2)} → ${(after.heap / 1e6).toFixed(2)} MB, elements ${before.elements} → ${after.elements}`)
    await expect.poll(async () => (await size()).heap - before.heap).toBeLessThanOrEqual(1_000_000) // what is only waiting to be collected goes
    expect(Math.abs(after.elements - before.elements)).toBeLessThanOrEqual(60)
    expect(after.listeners - before.listeners).toBeLessThanOrEqual(10)
    await expect.poll(() => rows()).toHaveLength(9)
    await expect.poll(() => site.page.locator('[data-folded]').count()).toBe(1)
  }, 300_000)

  test('the keys are told by a question mark and lead from page to page', async () => {
    await site.open('#/alerts')
    await press('?')
    await site.page.waitForSelector('[data-keys]')
    await expect.poll(() => site.text('[data-keys]')).toMatch(/确认[^]*前往告警/)
    await site.picture('alerts-keys')
    await press('Escape')
    await expect.poll(() => site.page.locator('[data-keys]').count()).toBe(0)
    await site.goByKeys('t', 'topics')
    await site.page.waitForSelector('[data-screen="topics"][data-state="ready"]')
    await site.goByKeys('a', 'alerts')
    await site.goByKeys('w', 'wall')
  })

  test.each(['zh', 'en'])('ten thousand topics are found, sorted and opened by keys: %s', async (lang) => {
    site.topics = manyTopics(10_000, now)
    await site.open('#/topics', { lang })
    await expect.poll(() => site.page.locator('[data-row]').count()).toBeLessThan(80)
    await expect.poll(() => site.text('[data-total]')).toMatch(/10,000/)
    await site.page.locator('[data-sort="count"]').click()
    const largest = site.topics.toSorted((a, b) => b.count - a.count)[0]!.id
    await expect.poll(() => site.page.locator('[data-row]').first().getAttribute('data-row')).toBe(largest)
    await press('End')
    await expect.poll(() => site.page.locator('[data-row][aria-selected="true"]').getAttribute('aria-rowindex')).toBe('10001')
    await site.picture(`topics-${lang}`)
    await press('/')
    await site.page.keyboard.type('topic-777')
    await expect.poll(() => site.page.locator('[data-row]').count()).toBe(11)
    await expect.poll(() => decodeURIComponent(site.page.url())).toMatch(/by=count&q=topic-777/)
    const { lowContrast } = await asDrawn(site.page)
    expect(lowContrast).toEqual([])
    await press('Enter')
    await press('Enter')
    await expect.poll(() => site.page.url()).toMatch(/#\/topics\/topic-777/)
  })

  test('with another run of the engine an open page begins anew: nothing of the run before is left, and the address keeps what is asked', async () => {
    const away = (path: string): void => { site.instead = ({ pathname }) => (pathname === path ? { status: 503, body: { error: 'busy', detail: '', hint: '' } } : null) }
    await site.open('#/alerts?state=all')
    await expect.poll(rows).toContain('late-payout')
    await press('/')
    await site.page.keyboard.type('payout')
    await expect.poll(rows).toEqual(['late-payout'])
    await expect.poll(() => site.page.url()).toContain('q=payout')
    site.runAnew([{ ...alerts[1]!, id: 'new', name: { zh: '新的 payout', en: 'another payout' }, topic: 'other-payout' }])
    await expect.poll(rows).toEqual(['other-payout'])
    expect(site.page.url()).toMatch(/state=all&q=payout/)
    await expect.poll(() => site.page.locator('input[type="search"]').inputValue()).toBe('payout')
    for (const [hash, path, row] of [['#/topics?by=count', '/api/topics', '[data-row]'], ['#/cascades?by=speed', '/api/cascades', '[data-cascade]']] as const) {
      site.reset(alerts)
      site.instead = cascades
      await site.open(hash)
      await site.page.waitForSelector(row)
      away(path)
      site.runAnew()
      await site.page.waitForSelector('[data-screen][data-state="failed"]')
      await expect.poll(() => site.page.locator(row).count()).toBe(0)
      expect(site.page.url()).toContain(hash)
    }
  })

  test('an alert of another run is news to the wall even where it is called like one of the run before', async () => {
    const severe = { ...alerts[0]!, clearedAt: null }
    site.reset([severe])
    const page = await site.newPage() // that has seen nothing yet
    await page.goto(`${site.url.href}?lang=zh`)
    await page.waitForSelector(`[data-screen="wall"] [data-alert="${severe.id}"]`)
    site.server.heartbeat(true)
    site.runAnew()
    await expect.poll(() => page.locator('[data-alert]').count()).toBe(0)
    site.raise([severe])
    await page.waitForSelector(`[data-takeover][data-alert-id="${severe.id}"]`)
    await page.close()
  })

  test.each([{ lang: 'zh', said: /没有读到这一页/ }, { lang: 'en', said: /This page did not come/ }])('a page that cannot be had is told in $lang, and is there where it was asked for once it can', async ({ lang, said }) => {
    const page = await site.newPage()
    const isAway = async (away: boolean): Promise<void> => {
      await page.unroute('**/assets/Alerts-*.js')
      if (away) await page.route('**/assets/Alerts-*.js', (route) => route.abort())
    }
    await isAway(true)
    await page.goto(`${site.url.href}?lang=${lang}#/alerts?state=all`)
    await page.waitForSelector('[data-screen="away"]')
    await expect.poll(() => page.locator('[role="alert"]').innerText()).toMatch(said)
    expect(await accessibilityProblems(page)).toEqual([])
    await site.picture(`away-${lang}`, page)
    await isAway(false)
    await page.locator('[data-reload]').click()
    await page.waitForSelector('[data-screen="alerts"][data-state="ready"]')
    expect(page.url()).toContain('state=all')
    await page.close()
  })

  test('nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(site.foreign).toEqual([])
    expect(site.complaints).toEqual([])
  })
})
