// The page of a topic in a real browser, opened from the wall: its charts, what they say of the past, and what it says when it has nothing.
import type { TopicHistoryAnswer } from '@groundswell/schemas/topic-history.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { asDrawn, clippedText, nodeCount, overflow } from './on-page.ts'
import { toldByCascades, topicHistory } from './seeded-history.ts'
import { clock, outage, TopicSite } from './topic-site.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the page of a topic is not tested in a browser. Install one.')

describe.skipIf(executable === null)('the page of a topic', () => {
  const site = new TopicSite()
  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  beforeEach(() => site.restore())
  afterAll(() => site.end())

  test('opens from a row of the wall, by mouse and by keyboard, and leads back', async () => {
    await site.open('')
    const { page } = site
    await page.locator('[data-topic="network-outage"]').click({ position: { x: 700, y: 20 } }) // anywhere on the row
    await page.waitForSelector('[data-screen="topic"][data-state="ready"]')
    expect(page.url()).toContain(outage)
    await page.locator('[data-nav="wall"]').click()
    await page.waitForSelector('[data-screen="wall"]')
    await page.locator('[data-topic="network-outage"] a').focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-screen="topic"][data-state="ready"]')
    await expect.poll(() => site.text('h1')).toBe('网络中断')
  })

  test.each([{ size: [1920, 1080], lang: 'zh' }, { size: [1920, 1080], lang: 'en' }, { size: [1366, 768], lang: 'en' }, { size: [3840, 2160], lang: 'zh' }] as const)(
    '$size in $lang is whole, legible, usable and in one language', async ({ size, lang }) => {
      site.told = (query) => toldByCascades(query.get('from') ?? expect.unreachable())
      await site.open(outage, { size, lang })
      const { page } = site
      await expect.poll(() => page.locator('[data-threshold]').count()).toBe(4)
      await page.waitForSelector('[data-horizon="weibo"]')
      await page.waitForSelector('[data-row="0"]')
      expect(await overflow(page)).toEqual([])
      expect(await clippedText(page)).toEqual([])
      const drawn = await asDrawn(page)
      expect(drawn.lowContrast).toEqual([])
      expect(drawn.face).toContain('Noto Sans SC Variable')
      expect(await accessibilityProblems(page)).toEqual([])
      const all = await page.evaluate(() => document.querySelector('main')!.innerText.replace(document.querySelector<HTMLElement>('[role="listbox"]')!.innerText, '')) // what people wrote is as they wrote it
      const said = all.replaceAll(/English|中文/g, '')
      if (lang === 'en') expect(said).not.toMatch(/[一-鿿]/)
      else expect(said).not.toMatch(/\b(?:ago|Severe|Alarms|usual|budget|mentions)\b/)
      await site.picture(`topic-${lang}-${size.join('x')}`)
    })

  test('with another run nothing of the one before is shown, and the address keeps what is asked', async () => {
    await site.open(`${outage}?span=24h`)
    await site.page.waitForSelector('[data-row="0"]')
    site.otherwise = ({ pathname }) => (pathname.startsWith('/api/topics/') ? { status: 503, body: { error: 'store-down', detail: '', hint: '' } } : null)
    const { epoch, room } = site.server.snapshot
    site.server.show({ ...site.server.snapshot, epoch: `${epoch}+`, room: { ...room, run: 'another' } })
    await site.page.waitForSelector('[data-screen="topic"][data-state="failed"]')
    await expect.poll(() => site.page.locator('[data-row], [data-band="some"]').count()).toBe(0)
    expect(site.page.url()).toContain(`${outage}?span=24h`)
  })

  test('a countdown that the store did not tell is asked for again, and comes', async () => {
    let isAway = true
    site.otherwise = ({ pathname }) => (isAway && pathname.endsWith('/countdown') ? { status: 503, body: { error: 'store-down', detail: 'no store', hint: '' } } : null)
    await site.open(outage)
    await expect.poll(() => site.askedOf('countdown').length).toBeGreaterThan(0)
    await expect.poll(() => site.page.locator('[data-threshold]').count()).toBe(0)
    isAway = false
    await expect.poll(() => site.page.locator('[data-threshold]').count()).toBe(4)
  })

  test('shows band, gap, budget, forecast and the alarms with their reasons', async () => {
    await site.open(outage)
    const { page } = site
    await expect.poll(() => page.locator('[data-band="some"]').count()).toBe(1)
    await expect.poll(() => page.locator('[data-gaps="some"]').count()).toBe(1)
    await expect.poll(() => page.locator('[data-budget]').count()).toBe(1)
    await expect.poll(() => page.locator('[data-forecast] [role="img"]').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label')))).toEqual(['到 2万：14:42–15:27（八成把握）', '到 10万：16:02–更晚（八成把握）'])
    await expect.poll(() => page.locator('[data-lanes] [data-mark]').evaluateAll((marks) => marks.map((mark) => `${mark.getAttribute('data-mark')} ${mark.getAttribute('data-kind')}`))).toEqual(['1 baseline', '3 baseline', '2 threshold'])
    await expect.poll(() => page.locator('[data-reason]').allInnerTexts()).toEqual([
      '微博 · 5 分钟内 412 条；周五 14 时通常 38 条，99% 不超过 97 条；这样的误报每 8 小时约 0.1 次', '10 分钟内 503 条，达到阈值 500', '5 分钟内 412 条；周五 07 时通常 38 条，99% 不超过 97 条；这样的误报每 8 小时约 0.1 次',
    ])
    await expect.poll(() => page.locator('[data-threshold]').allInnerTexts()).toEqual([expect.stringMatching(/93%\s+到 20,000 约 14:55（14:42–15:28），概率 72%/), expect.stringMatching(/概率 18%/), expect.stringMatching(/已触发/), expect.stringMatching(/<1%/)])
    const { from, to } = topicHistory('24h', clock)
    await expect.poll(() => site.asked.map(({ pathname, search }) => pathname + search)).toEqual(expect.arrayContaining(['/api/topics/network-outage/baseline?step=5m&span=24h', '/api/topics/network-outage/countdown', '/api/actions?topic=network-outage&limit=500']))
    await expect.poll(() => site.askedOf('spikes').map((query) => [Date.parse(query.get('from')!), Date.parse(query.get('to')!)])).toEqual([[Date.parse(from), Date.parse(to)]])
  })

  test.each(['zh', 'en'] as const)('lists what cascades told among the alarms, in the order of time, and leads to them, in %s', async (lang) => {
    site.told = (query) => toldByCascades(query.get('from') ?? expect.unreachable())
    await site.open(outage, { lang })
    const { page } = site
    await expect.poll(() => page.locator('[data-alarm]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-alarm')))).toEqual(['baseline', 'threshold', 'baseline', 'ignition', 'spread', 'coordination'])
    await expect.poll(async () => (await page.locator('[data-alarm="spread"]').innerText()).replaceAll(/\s+/g, ' ')).toMatch(lang === 'zh' ? /传播 · .*一小时内 1200 条.*查看传播.*历时 2时/ : /spread · .*1200 within an hour.*See the cascade.*2h/)
    await expect.poll(() => page.locator('[data-cascade]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(['#/cascades/weibo%3A1%2Fa', '#/cascades/weibo%3A1%2Fa'])
    await expect.poll(() => page.locator('[data-mark][data-kind="spread"], [data-mark][data-kind="ignition"], [data-mark][data-kind="coordination"]').count()).toBe(3)
  })

  test('the cursor reads exact numbers of all charts, by mouse and by keyboard, in the time of the room', async () => {
    await site.open(outage)
    const { page } = site
    await page.waitForSelector('[data-horizon="weibo"]')
    const { points, from } = topicHistory('24h', clock)
    const plot = page.locator('[data-plot]')
    const at = 200
    const aheadSteps = 24 // two hours of forecast behind the newest step
    await expect.poll(async () => { // wherever it is by now: what comes in above moves it
      const box = (await plot.boundingBox())!
      await page.mouse.move(box.x + (box.width * (at + 0.5)) / (points.length + aheadSteps), box.y + 50)
      return page.locator('[data-read-count]').allInnerTexts()
    }).toEqual([String(points[at]!.count)])
    await expect.poll(() => site.text('[data-readout]')).toContain('11-21 07:15–07:20') // 16 h 40 min after 14:35
    const query = new URLSearchParams({ from, to: new Date((clock + 1) * 1000).toISOString(), step: '5m' })
    const { platforms } = await page.evaluate(async (search) => (await (await fetch(`/api/topics/network-outage/breakdown?${search}`)).json()) as { platforms: { platform: string; counts: number[] }[] }, query.toString())
    await expect.poll(() => page.locator('[data-horizon="weibo"] [data-value]').innerText()).toBe(String(platforms.find(({ platform }) => platform === 'weibo')!.counts[at]))
    await page.mouse.move(0, 0)
    await plot.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => site.text('[data-read-count]')).toBe(String(points[0]!.count))
    for (let step = 0; step < 4; step++) await page.keyboard.press('PageDown')
    await expect.poll(() => site.text('[data-read-count]')).toBe('无数据')
    await expect.poll(() => plot.getAttribute('aria-valuetext')).toMatch(/无数据/)
  })

  test('another span is another address, and the language can be switched and is kept in it', async () => {
    await site.open(outage)
    const { page } = site
    await page.locator('[data-span="2h"]').click()
    await expect.poll(() => page.locator('[data-span="2h"]').getAttribute('aria-current')).toBe('page')
    await expect.poll(() => page.url()).toContain(`${outage}?span=2h`)
    await page.locator('[data-language]').click()
    await expect.poll(() => site.text('h1')).toBe('Network outage')
    await expect.poll(() => site.text('[data-reason]')).toMatch(/^Weibo · 412 in 5 min; Fridays at 14:00 usually 38/)
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('en')
    await expect.poll(() => page.url()).toMatch(/\?lang=en#\/topics\/network-outage\?span=2h$/)
    await page.locator('[data-scale]').click()
    await expect.poll(() => page.locator('[data-scale]').getAttribute('aria-pressed')).toBe('true')
    await page.reload()
    await page.waitForSelector('[data-state="ready"]')
    await expect.poll(() => site.text('h1')).toBe('Network outage')
    await expect.poll(() => page.locator('[data-scale]').getAttribute('aria-pressed')).toBe('true')
  })

  test.each([
    { why: 'waiting', answer: null, waitFor: 'loading', says: /正在计算常态/ },
    { why: 'no token', answer: { status: 401, body: { error: 'token-needed', detail: 'no valid token', hint: '' } }, waitFor: 'failed', says: /引擎需要令牌[^]*常态没有读到[^]*预警记录没有读到/ },
    { why: 'no such topic', answer: { status: 404, body: { error: 'unknown-topic', detail: 'no topic "x" in the rules', hint: '' } }, waitFor: 'failed', says: /规则中没有这个话题.*话题 →/ },
    { why: 'no data', answer: { status: 200, body: { points: { count: null, usual: null, low: null, high: null, score: null, falsePerDay: null, stage: null }, alarms: [] } }, waitFor: 'empty', says: /这段时间没有任何数据/ },
    { why: 'still learning, no budget', answer: { status: 200, body: { points: { usual: null, low: null, high: null, score: null, falsePerDay: null }, alarms: [], budget: null } }, waitFor: 'ready', says: /历史不足[^]*规则未设 baseline[^]*这段时间没有预警/ },
  ])('says what it has not: $why', async ({ answer, waitFor, says, why }) => {
    site.history = (span) => {
      if (answer === null) return { status: 200, body: new Promise(() => undefined) }
      if (answer.status !== 200) return answer
      const { points, ...changes } = answer.body as { points: object }
      const whole: TopicHistoryAnswer = topicHistory(span, clock)
      return { status: 200, body: { ...whole, ...changes, points: whole.points.map((point) => ({ ...point, ...points })) } }
    }
    await site.open(outage, { waitFor })
    await expect.poll(() => site.text('main')).toMatch(says)
    expect([...await overflow(site.page), ...await clippedText(site.page)]).toEqual([])
    if (why === 'no such topic') expect(await site.text('main')).toMatch(/^[^没]*没有这个话题[^没]*$/) // once, not by each panel
    await site.picture(`topic-${why.replaceAll(/\W+/g, '-')}`)
  })

  test('keeps the last answer when the next one fails, and says so', async () => {
    const other = await site.browser.context.newPage()
    try {
      await other.clock.install()
      await other.goto(`${site.url.href}?lang=zh${outage}?span=2h`)
      await other.waitForSelector('[data-state="ready"]')
      site.history = () => ({ status: 503, body: { error: 'busy', detail: 'too many histories', hint: '' } })
      await other.clock.fastForward(31_000)
      await other.waitForSelector('[data-failure="busy"]')
      await expect.poll(() => other.locator('[data-failure]').innerText()).toMatch(/以下为上次结果.*too many histories/)
      await expect.poll(() => other.locator('[data-band="some"]').count()).toBe(1)
    } finally {
      await other.close()
    }
  })

  test('going there and back many times leaves the wall as large as it was', async () => {
    await site.open('')
    const go = async (address: string, screen: string): Promise<void> => {
      await site.page.evaluate((hash) => { location.hash = hash }, address)
      await site.page.waitForSelector(`[data-screen="${screen}"]`)
    }
    await go(outage, 'topic')
    await go('#/', 'wall')
    const before = await nodeCount(site.page)
    for (let times = 0; times < 12; times++) {
      await go(outage, 'topic')
      await go('#/', 'wall')
    }
    expect(Math.abs(await nodeCount(site.page) - before)).toBeLessThanOrEqual(20)
  })

  test('nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(site.foreign).toEqual([])
    expect(site.complaints).toEqual([])
  })
})
