// What people do at a desk, as the wall shows it in a real browser: acknowledged, worked on, silenced, pinned.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Handling, Pin, Silence } from '@groundswell/schemas/action.ts'
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { asDrawn, clippedText, overflow, smallText } from './on-page.ts'
import { cascadeAnswers, cascadeColumns } from './seeded-cascade.ts'
import { alertRow, snapshot } from './seeded.ts'
import { WallSite } from './wall-site.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: what people do is not tested on the wall. Install one.')

/** Screens of one shape have one picture, larger or smaller: all of them are drawn for who wants to see them. */
const sizes = ([[1920, 1080], [6656, 1792], [3840, 2160], [5760, 3240]] as const).slice(0, process.env['GROUNDSWELL_SHOTS'] === undefined ? 2 : 4)
const both = ['zh', 'en'] as const
const cascade = cascadeAnswers(cascadeColumns(2_000))

describe.skipIf(executable === null)('the wall and the people', () => {
  const site = new WallSite('handling')
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

  test('W17: who acknowledges ends a takeover with the next frame; strip, row and total say who has it, the grade stays', async () => {
    await site.freezable()
    await open(calm(snapshot()))
    tell(severe(0))
    await page.waitForSelector('[data-takeover="network-outage"]')
    const waiting = (): Promise<string> => text('[data-big="open"]')
    await site.freeze(true)
    acknowledge('new-0')
    await page.waitForSelector('[data-topic="network-outage"]')
    await expect.poll(() => takeover()).toBeNull()
    await expect.poll(() => marks('[data-topic="network-outage"]')).toEqual(['王 已确认'])
    await expect.poll(() => marks('[data-alert="new-0"]')).toEqual(['王 已确认'])
    await expect.poll(() => page.locator('[data-topic="network-outage"]').getAttribute('data-level')).toBe('severe')
    await expect.poll(() => page.locator('[data-flash="true"]').count()).toBe(0)
    await expect.poll(async () => (await waiting()).replaceAll(/\s+/g, ' ').trim()).toBe('0 0 0')
    await site.freeze(false)
    acknowledge('new-0', 'working')
    await expect.poll(() => marks('[data-topic="network-outage"]')).toEqual(['王 处理中'])
    acknowledge('new-0', 'new') // opened anew: it is news again, three minutes after the takeover before
    await expect.poll(() => page.locator('[data-severe="network-outage"][data-waits="true"]').count()).toBe(1)
    await expect.poll(async () => (await waiting()).replaceAll(/\s+/g, ' ').trim()).toBe('1 0 0')
    await expect.poll(() => text('[data-tile="totals"]')).toContain('未确认')
  })

  test('W17: a topic that is pinned is at its place with the next frame', async () => {
    await site.freezable()
    await open(snapshot())
    await site.freeze(true)
    server.change({ pin: pinOf('roaming') })
    await page.waitForSelector('.body [data-topic]:nth-child(2)[data-topic="roaming"] [data-mark="pinned"]')
  })

  test('W18, W26: in every view every tile has an age, and the mark of a drill; axe finds nothing', async () => {
    const tiles = (): Promise<{ readonly name: string | null; readonly age: boolean; readonly mark: string | null }[]> => page.locator('[data-tile]').evaluateAll((all) => all.map((tile) => (
      { name: tile.getAttribute('data-tile'), age: tile.querySelector('[data-age]') !== null, mark: tile.querySelector('[data-watermark]')?.textContent ?? null })))
    const seen = new Set<string | null>()
    const look = async (): Promise<void> => {
      for (const { name, age, mark } of await tiles()) {
        seen.add(name)
        expect([name, age, mark]).toEqual([name, true, '演练'])
      }
      expect(await accessibilityProblems(page)).toEqual([])
    }
    server.api = cascade
    await page.clock.install()
    await open({ ...calm(snapshot({ mode: 'demo' })), pin: pinOf('roaming') })
    await look()
    await page.clock.fastForward(91_000)
    await page.waitForSelector('[data-panel="platforms"]')
    await look()
    tell(severe(1), severe(0))
    await page.clock.runFor(500)
    await page.waitForSelector('[data-cascade="shown"]')
    await look()
    expect([...seen].toSorted()).toEqual(['alerts', 'platforms', 'severe', 'sources', 'takeover', 'takeover-cascade', 'takeover-chart', 'takeover-countdown', 'takeover-platforms', 'topic', 'totals', 'volume'])
  })

  test('what is acknowledged or silent while it waits leaves the queue; a higher grade breaks through a silence', async () => {
    await open(calm(snapshot()))
    tell(severe(2), severe(1), severe(0))
    await page.waitForSelector('[data-takeover="network-outage"]')
    const waits = (): Promise<(string | null)[]> => page.locator('[data-waits="true"]').evaluateAll((all) => all.map((one) => one.getAttribute('data-severe')))
    await expect.poll(() => waits()).toEqual(['late-payout', 'price-dispute'])
    acknowledge('new-1')
    await expect.poll(waits).toEqual(['price-dispute'])
    await expect.poll(() => page.locator('[data-severe="late-payout"]').getAttribute('data-taken')).toBe('true')
    server.change({ silences: [silence('price-dispute', { grade: 'moderate' })] })
    server.change({ silences: [silence('price-dispute', { grade: 'moderate' }), silence('network-outage')] })
    await expect.poll(takeover).toBeNull()
    await expect.poll(() => waits()).toEqual(['price-dispute'])
    await expect.poll(() => page.locator('[data-severe="network-outage"]').count()).toBe(0) // between two takeovers only what is to come is named
  })

  test('a topic that is silent takes nothing over, neither sounds nor flashes, and says until when; when that is over it is news', async () => {
    await page.clock.install()
    await page.addInitScript(() => {
      const heard: number[] = []
      ;(window as unknown as { heard: number[] }).heard = heard
      const start = OscillatorNode.prototype.start
      OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) { heard.push(this.frequency.value); start.call(this, when) }
    })
    const heard = (): Promise<number> => page.evaluate(() => (window as unknown as { heard: number[] }).heard.length)
    const end = now + 600_000 // far enough for any machine
    await open({ ...calm(snapshot()), silences: [silence('network-outage', { until: end })] }, [1920, 1080], '?lang=zh&sound=on')
    await page.locator('[data-clock]').click()
    tell(severe(0))
    await expect.poll(async () => (await marks('[data-alert="new-0"]')).join()).toBe('静默至 14:42')
    await page.clock.runFor(2_000)
    await expect.poll(async () => [await takeover(), await page.locator('[data-flash="true"]').count(), await page.locator('[data-waits="true"]').count(), await heard()]).toEqual([null, 0, 0, 0])
    await expect.poll(() => marks('[data-topic="network-outage"]')).toEqual(['静默至 14:42'])
    await expect.poll(() => page.locator('[data-topic="network-outage"]').getAttribute('data-level')).toBe('severe')
    server.change({ silences: [] })
    await expect.poll(async () => { await page.clock.runFor(300); return takeover() }).toBe('network-outage')
    await expect.poll(() => heard()).toBe(6) // the sound device has as long as it takes: no time is let go by
  })

  test('a pinned topic is first behind what is severe, in both views, says by whom and until when, and leaves at its time', async () => {
    await page.clock.install()
    const first = (): Promise<(string | null)[]> => page.locator('.body [data-topic]').evaluateAll((rows) => rows.slice(0, 2).map((row) => row.getAttribute('data-topic')))
    await open(calm(snapshot()))
    await expect.poll(() => first()).toEqual(['network-outage', 'late-payout'])
    server.change({ pin: pinOf('roaming') })
    await expect.poll(async () => { await page.clock.runFor(100); return first() }).toEqual(['network-outage', 'roaming'])
    await expect.poll(() => marks('[data-topic="roaming"]')).toEqual(['李 置顶至 16:32'])
    await page.clock.fastForward(91_000)
    await page.waitForSelector('[data-panel="platforms"]')
    await expect.poll(() => first()).toEqual(['network-outage', 'roaming'])
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
    await expect.poll(() => page.locator('[data-topic="network-outage"] [data-mark]').count()).toBe(2)
    await expect.poll(() => page.locator('[data-topic="roaming"] [data-mark="pinned"]').count()).toBe(1)
    await fits(size)
    if (size[0] === 1920) expect(await accessibilityProblems(page)).toEqual([])
    await picture(name)
  })

  test('the page complained of nothing', () => expect(complaints).toEqual([]))
})
