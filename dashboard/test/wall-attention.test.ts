// What an unattended wall does by itself, in a real browser: takeovers, the second view, sound, care for the panel, a new build.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import { findChromium } from './browser.ts'
import { asDrawn, clippedText, overflow, smallText } from './on-page.ts'
import { cascadeAnswers, cascadeColumns } from './seeded-cascade.ts'
import { thresholdsOf, topicHistory } from './seeded-history.ts'
import { alertRow, snapshot } from './seeded.ts'
import { WallSite } from './wall-site.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: takeovers are not tested in a browser. Install one.')

const sizes = [[1920, 1080], [3840, 2160], [5760, 3240], [6656, 1792]] as const
const both = ['zh', 'en'] as const
const cascade = cascadeAnswers(cascadeColumns(12_000))

describe.skipIf(executable === null)('the unattended wall', () => {
  const site = new WallSite('attention')
  const { server, complaints } = site
  let page: Page

  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  afterAll(() => site.end())
  beforeEach(async () => {
    page = await site.newPage()
    server.api = (asked) => {
      const { pathname } = asked
      const clock = server.snapshot.clock ?? 0
      if (pathname.endsWith('/baseline')) return { status: 200, body: topicHistory('2h', clock) }
      return pathname.endsWith('/countdown') ? { status: 200, body: { thresholds: thresholdsOf(clock) } } : cascade(asked)
    }
  })

  const open: WallSite['open'] = (...given) => site.open(...given)
  const picture = (name: string): Promise<void> => site.picture(name)
  const text = (selector: string): Promise<string> => site.text(selector)
  const calm = (shot: Snapshot): Snapshot => ({ ...shot, alerts: [] })
  const severe = (index: number, changes: Partial<AlertRow> = {}): AlertRow => ({ ...alertRow(index, snapshot().serverNow + 175_000 + index * 480_000), id: `new-${index}`, grade: 'severe', clearedAt: null, ...changes })
  const tell = (...alerts: AlertRow[]): void => server.change({ alerts: [...alerts, ...server.snapshot.alerts] })
  const pass = (ms: number): Promise<void> => site.pass(ms)
  const fits = async (): Promise<void> => {
    expect(await overflow(page)).toEqual([])
    expect(await clippedText(page)).toEqual([])
    const drawn = await asDrawn(page)
    expect([drawn.lowContrast, drawn.transforms]).toEqual([[], []])
  }

  test('W15: a severe alert has the wall with the frame that tells it; clock and liveness stay, and everything about it is there in words', async () => {
    await site.freezable()
    await open(calm(snapshot()))
    await site.freeze(true)
    tell(severe(0))
    await page.waitForSelector('[data-takeover="network-outage"]')
    await site.freeze(false)
    await page.waitForSelector('[data-chart="two-hours"] [data-band="some"]')
    await expect.poll(() => text('[data-takeover-name]')).toBe('网络中断')
    await expect.poll(() => text('[data-big="takeover"]')).toBe('112,407')
    await expect.poll(() => text('[data-takeover-reason]')).toBe('2 小时内 100,003 条，达到阈值 100,000')
    await expect.poll(() => text('[data-takeover-countdown]')).toMatch(/^到 20,000 约 14:55（14:4\d–15:\d\d），概率 72%$/)
    await expect.poll(() => page.locator('[data-takeover-platform]').allInnerTexts()).toEqual([expect.stringMatching(/^微博\s*400$/), expect.stringMatching(/^抖音\s*120$/)])
    await expect.poll(() => text('[data-clock]')).toMatch(/UTC\+8$/)
    await expect.poll(() => page.locator('[data-link="live"]').isVisible()).toBe(true)
    for (const tile of await page.locator('[data-tile]').all()) await expect.poll(() => tile.locator('[data-age]').count()).toBeGreaterThan(0)
  })

  test('an alert right behind the first picture is news too', async () => {
    server.greeted = () => tell(severe(0))
    await open(calm(snapshot()))
    server.greeted = () => undefined
    await page.waitForSelector('[data-takeover="network-outage"]')
  })

  test.each(sizes.flatMap((size) => both.map((lang) => ({ size, lang, name: `takeover-${lang}-${size.join('x')}` }))))('W2–W6: $name is legible and whole, with others waiting', async ({ size, lang, name }) => {
    await open(calm(snapshot({ mode: lang === 'en' ? 'demo' : 'live' })), size, `?lang=${lang}`)
    tell(severe(2), severe(1), severe(0))
    await page.waitForSelector('[data-takeover] [data-band="some"]')
    await page.waitForSelector('[data-cascade="shown"] [data-painted]')
    await fits()
    expect(await smallText(page, 0.0356 * size[1])).toEqual([])
    if (lang === 'en') await expect.poll(async () => (await text('main')).replaceAll(/演练 DEMO/g, '')).not.toMatch(/[一-鿿]/)
    await picture(name)
  })

  test('W3: however long a name and its reason, a takeover says them whole', async () => {
    const name = { zh: '全国多地宽带与移动网络因核心路由器升级失败同时中断引发大量用户投诉并要求赔偿', en: 'Nationwide broadband and mobile network outage after the failed core router upgrade' }
    const { evidence } = alertRow(1, 0)
    for (const lang of both) {
      await open(calm({ ...snapshot(), problems: [{ kind: 'store-down', since: snapshot().serverNow - 95_000, detail: '' }, { kind: 'lagging', since: snapshot().serverNow - 95_000, detail: '' }] }), [1920, 1080], `?lang=${lang}`)
      tell(severe(1, { name: { zh: '资金延迟到账', en: 'Late payouts' }, id: `l1-${lang}` }), severe(0, { name, id: `l0-${lang}`, ...(evidence && { evidence }) }))
      await page.waitForSelector('[data-takeover] [data-band="some"]')
      await expect.poll(() => text('[data-takeover-name]')).toBe(name[lang])
      await expect.poll(() => text('[data-takeover-reason]')).toBe(evidence!.reason[lang])
      await fits()
      await picture(`takeover-long-${lang}`)
    }
  })

  test('W15, W16: a minute each, three minutes apart; the others are named all the while', async () => {
    await site.holdClock()
    await open(calm(snapshot()))
    tell(severe(1), severe(0))
    await expect.poll(() => page.locator('[data-takeover]').getAttribute('data-takeover')).toBe('network-outage')
    await expect.poll(() => page.locator('[data-severe]').evaluateAll((all) => all.map((one) => [one.getAttribute('data-severe'), one.getAttribute('data-waits')]))).toEqual([['late-payout', 'true']])
    await pass(50_000)
    await expect.poll(() => page.locator('[data-takeover="network-outage"]').count()).toBe(1)
    await pass(10_000)
    await expect.poll(() => page.locator('[data-takeover]').count()).toBe(0)
    await expect.poll(() => page.locator('[data-severe="late-payout"][data-waits="true"]').count()).toBe(1)
    await fits()
    await picture('queue')
    await pass(80_000)
    await expect.poll(() => page.locator('[data-takeover]').count()).toBe(0)
    await pass(41_000)
    await expect.poll(() => page.locator('[data-takeover]').getAttribute('data-takeover')).toBe('late-payout')
    await pass(61_000)
    await expect.poll(async () => [await page.locator('[data-takeover]').count(), await page.locator('[data-severe]').count()]).toEqual([0, 0])
  })

  test('a takeover ends when its alert is over, and a reload of the page tells nothing twice', async () => {
    await open(calm(snapshot()))
    tell(severe(0))
    await page.waitForSelector('[data-takeover]')
    server.change({ alerts: server.snapshot.alerts.map((alert) => ({ ...alert, clearedAt: alert.at })) })
    await page.waitForSelector('[data-topic="network-outage"]')
    await expect.poll(() => page.locator('[data-takeover]').count()).toBe(0)
    tell(severe(1))
    await page.waitForSelector('[data-takeover="late-payout"]', { timeout: 1_500 }).then(() => expect.unreachable('within three minutes of the other'), () => null)
    await page.reload()
    await page.waitForSelector('[data-topic="network-outage"]')
    await new Promise((done) => setTimeout(done, 700))
    await expect.poll(() => page.locator('[data-takeover]').count()).toBe(0)
  })

  test('where the engine does not answer, the last hour stands in, and the panel says why', async () => {
    server.api = ({ pathname }) => (pathname.startsWith('/api/') ? { status: 503, body: { error: 'store-away', detail: 'x' } } : null)
    for (const lang of both) {
      await open(calm(snapshot()), [1920, 1080], `?lang=${lang}`)
      tell(severe(0, { id: `away-${lang}` }))
      await page.waitForSelector('[data-chart="hour"]')
      await expect.poll(() => text('[data-aside]')).toBe(lang === 'zh' ? '存储没有应答，正在重试' : 'The store does not answer, trying again')
      await fits()
      await picture(`takeover-away-${lang}`)
    }
  })

  test('W12, W38: news flashes six times in six seconds and is static afterwards, all the while where no motion is wanted; what is known does not flash', async () => {
    await site.holdClock()
    await open(snapshot())
    await page.clock.runFor(500)
    await expect.poll(() => page.locator('[data-flash="true"]').count()).toBe(0)
    tell(severe(0))
    const flashing = page.locator('[data-takeover] [data-flash="true"]')
    await expect.poll(() => flashing.evaluate((head) => [getComputedStyle(head).animationDuration, getComputedStyle(head).animationIterationCount])).toEqual(['1s', '6'])
    await page.clock.runFor(6_500)
    await expect.poll(() => page.locator('[data-flash="true"]').count()).toBe(0)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(calm(snapshot()))
    tell(severe(0, { id: 'still' }))
    await expect.poll(() => flashing.evaluate((head) => getComputedStyle(head).animationName)).toBe('none')
    await expect.poll(() => flashing.evaluate((head) => getComputedStyle(head).boxShadow)).not.toBe('none')
  })

  test('W14: the second view comes without a blank frame, with what is severe still on top, and goes again', async () => {
    await site.holdClock()
    await open(calm(snapshot()))
    await page.evaluate(() => {
      const seen: string[] = []
      ;(window as unknown as { seen: string[] }).seen = seen
      const look = (): void => {
        const body = document.querySelector('.body')?.getBoundingClientRect()
        const tiles = [...document.querySelectorAll('.body [data-tile]')].filter((tile) => tile.getBoundingClientRect().width > 50).length
        seen.push(`${document.querySelector('main')?.dataset['view']} ${tiles >= 4 && (body?.height ?? 0) > innerHeight / 2 && document.querySelector('.body [data-level="severe"]') !== null ? 'whole' : 'blank'}`)
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    await pass(75_000)
    await expect.poll(() => page.locator('main').getAttribute('data-view')).toBe('topics')
    await pass(15_500)
    await expect.poll(() => page.locator('main').getAttribute('data-view')).toBe('platforms')
    await expect.poll(() => page.locator('[data-platform="weibo"]').innerText()).toMatch(/微博\s*128,411\s*75%/)
    await expect.poll(() => page.locator('[data-panel="platforms"] [data-topic]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-topic')))).toEqual(['network-outage'])
    await pass(30_500)
    await expect.poll(() => page.locator('main').getAttribute('data-view')).toBe('topics')
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen)
    expect(new Set(seen)).toEqual(new Set(['topics whole', 'platforms whole']))
    await pass(91_000)
    tell(severe(0))
    await expect.poll(() => page.locator('main').getAttribute('data-view')).toBe('takeover') // it waits for no view's turn
  })

  test.each(sizes.flatMap((size) => both.map((lang) => ({ size, lang, name: `platforms-${lang}-${size.join('x')}` }))))('W2–W6: $name is legible and whole', async ({ size, lang, name }) => {
    await page.clock.install()
    const shot = snapshot({ mode: lang === 'en' ? 'demo' : 'live' })
    await open(calm({ ...shot, topics: shot.topics.map((row, index) => (index === 0 && lang === 'en' ? { ...row, level: 'moderate' } : row)) }), size, `?lang=${lang}`)
    await page.clock.fastForward(91_000)
    await page.waitForSelector('[data-panel="platforms"]')
    await page.waitForSelector('[data-link="live"]')
    await fits()
    expect(await smallText(page, 0.0356 * size[1])).toEqual([])
    if (lang === 'en') await expect.poll(async () => (await text('main')).replaceAll(/演练 DEMO/g, '')).not.toMatch(/[一-鿿]/)
    await picture(name)
  })

  test('a room that wants no second view keeps its topics', async () => {
    await page.clock.install()
    await open(calm(snapshot()), [1920, 1080], '?lang=zh&rotate=off')
    await page.clock.fastForward(100_000)
    await pass(500)
    await expect.poll(() => page.locator('main').getAttribute('data-view')).toBe('topics')
  })

  test('W35: sound that the browser blocks is told; once it may be heard a severe alert sounds two tones three times, a moderate one once, and none twice', async () => {
    await page.addInitScript(() => {
      // What a test does on a page counts as a touch: the browser's rule, that a context begins suspended and stays so until then, is kept up for the context's `resume`.
      const resume = AudioContext.prototype.resume
      let touched = false
      addEventListener('pointerdown', () => { touched = true }, { capture: true })
      AudioContext.prototype.resume = function (this: AudioContext) { return touched ? resume.call(this) : new Promise<void>(() => undefined) }
      const heard: number[] = []
      ;(window as unknown as { heard: number[] }).heard = heard
      const start = OscillatorNode.prototype.start
      OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) { heard.push(this.frequency.value); start.call(this, when) }
    })
    const heard = (): Promise<number[]> => page.evaluate(() => (window as unknown as { heard: number[] }).heard)
    await open(calm(snapshot()), [1920, 1080], '?lang=zh&sound=on')
    await page.waitForSelector('[data-problem="sound"]')
    await expect.poll(() => text('[data-problem="sound"]')).toContain('声音被阻止')
    await fits()
    tell(severe(3))
    await page.waitForSelector('[data-takeover]')
    await expect.poll(() => heard()).toEqual([])
    await page.locator('[data-clock]').click()
    await page.waitForSelector('[data-problem="sound"]', { state: 'detached' })
    tell(severe(0), severe(4, { grade: 'moderate' }))
    await expect.poll(heard).toEqual([880, 660, 880, 660, 880, 660])
    tell(severe(5, { grade: 'moderate' }), severe(6, { grade: 'minor' }))
    await expect.poll(heard).toHaveLength(7)
    server.show({ ...server.snapshot, seq: server.snapshot.seq + 1, epoch: 'e2' }) // the engine starts again and tells of all of them
    tell(severe(7, { grade: 'minor' }))
    await new Promise((done) => setTimeout(done, 700))
    await expect.poll(() => heard()).toHaveLength(7)
    await open(calm(snapshot()), [1920, 1080], '?lang=en')
    await expect.poll(() => page.locator('[data-problem="sound"]').count()).toBe(0) // a silent room is not told what it did not ask for
  })

  test('a name of two dozen Latin letters is whole, in a row of any level, and its bars make room', async () => {
    const shot = calm(snapshot())
    await open({ ...shot, topics: shot.topics.map((row) => ({ ...row, name: { zh: row.name.zh, en: 'Customer service queue' } })) }, [1920, 1080], '?lang=en')
    expect(new Set(await page.locator('[data-topic] [data-name]').allInnerTexts())).toEqual(new Set(['Customer service queue']))
    await fits()
    await picture('latin')
  })

  test('the page complained of nothing', () => expect(complaints).toEqual([]))
})
