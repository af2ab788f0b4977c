// The pages of cascades in a real browser: whole and legible in both languages, every state of what is not there, and as large after a day as before.
import { encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { addressOf, CascadeSite, columnsOf, root, type Answer } from './cascade-site.ts'
import { nodeCount, rests } from './on-page.ts'
import { cascadeDetail, cascadeRow } from './seeded-cascade.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the pages of cascades are not tested in a browser. Install one.')

describe.skipIf(executable === null)('the pages of cascades', () => {
  const site = new CascadeSite()
  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  beforeEach(() => site.restore())
  afterAll(() => site.end())

  test.each((['zh', 'en'] as const).flatMap((lang) => ['time-radial', 'wedge', 'depth-time'].flatMap((layout) => [root, 'weibo:large'].map((id) => ({ lang, layout, id })))))(
    '$layout of $id in $lang is whole and in one language', async ({ lang, layout, id }) => {
      await site.open(addressOf(id, `layout=${layout}&node=321`), { lang })
      await site.picture(`cascade-${layout}-${id.replace(':', '-')}-${lang}`)
      expect(await site.crowded()).toEqual([])
      await expect.poll(() => site.lit()).toBeGreaterThan(10_000)
      const said = (await site.text('main')).replaceAll(/English|中文/g, '')
      if (lang === 'en') expect(said.replaceAll(/家里宽带[^ \n]+/g, '')).not.toMatch(/[一-鿿]/)
      else expect(said).not.toMatch(/\b(?:shown|known|generation|subtree|edges)\b/)
    })

  test('a list leads to a cascade, and back; its order is its address', async () => {
    await site.open('#/cascades', { waitFor: '[data-screen="cascades"][data-state="ready"]' })
    await expect.poll(() => site.page.locator('[data-cascade]').count()).toBe(5)
    const words = site.page.locator(`[data-cascade="${root}"]`)
    await expect.poll(() => words.locator('.root a').innerText()).toMatch(/^家里宽带断网三个小时了/)
    await expect.poll(() => words.locator('.root').innerText()).toMatch(/微博 9f3c77a1d2e40b58/)
    await expect.poll(() => words.locator('.topics a').evaluateAll((links) => links.map((link) => `${link.textContent} ${link.getAttribute('href')}`))).toEqual(['网络中断 #/topics/network-outage'])
    await expect.poll(() => site.page.locator('[data-cascade="weibo:alone"] .root').innerText()).toMatch(/^weibo:alone\s+原文未入库$/)
    const called = async (): Promise<string[]> => [await site.text('[data-nav="cascades"]'), await site.text('h1'), (await site.page.title()).split(' ')[0]!]
    await expect.poll(() => called()).toEqual(['传播', '传播', '传播'])
    expect(await site.crowded()).toEqual([])
    await site.picture('cascades-zh')
    await site.page.locator('[data-by="R"]').click()
    await expect.poll(() => site.page.url()).toContain('#/cascades?by=R')
    await site.page.locator('[data-cascade] a').first().click()
    await site.page.waitForSelector('[data-screen="cascade"][data-state="ready"]')
    await expect.poll(() => site.text('[data-coverage]')).toMatch(/^上级已知 9\d\.\d%$/)
    for (const name of await called()) expect(name).toMatch(/^传播/)
    await site.page.locator('[data-nav="cascades"]').click()
    await site.page.waitForSelector('[data-screen="cascades"]')
    await site.open('#/cascades', { lang: 'en', waitFor: '[data-screen="cascades"][data-state="ready"]' })
    await expect.poll(async () => (await site.text('main')).replaceAll('中文', '').replaceAll(/家里宽带[^ ]+？/g, '')).not.toMatch(/[一-鿿]/)
    await expect.poll(() => called()).toEqual(['Cascades', 'Cascades', 'Cascades'])
    expect(await site.crowded()).toEqual([])
    await site.picture('cascades-en')
    site.instead = (path, { searchParams }) => (path === '/api/cascades' ? { status: 200, body: { by: searchParams.get('by'), limit: 100, topicNames: {}, cascades: [cascadeRow(columnsOf(root))], words: null } } : null)
    await site.open('#/cascades', { lang: 'en', waitFor: '[data-words-away]' })
    await expect.poll(() => site.text('[data-cascade] .root a')).toBe(root)
  })

  test('the list of the order that was asked for last is shown, in whatever order answers come, and never that of another', async () => {
    const [late, answerLate] = held()
    const listOf = (by: string, id: string) => ({ by, limit: 100, topicNames: {}, cascades: [cascadeRow(columnsOf('weibo:other'), { root: id })] })
    site.instead = (path, { searchParams }) => {
      const by = searchParams.get('by') ?? ''
      return path === '/api/cascades' ? { status: 200, body: by === 'speed' ? late : listOf(by, `weibo:by-${by}`) } : null
    }
    const rows = (): Promise<(string | null)[]> => site.page.locator('[data-cascade]').evaluateAll((all) => all.map((row) => row.getAttribute('data-cascade')))
    await site.open('#/cascades', { waitFor: '[data-screen="cascades"][data-state="ready"]' })
    await expect.poll(() => rows()).toEqual(['weibo:by-size'])
    await site.page.locator('[data-by="speed"]').click()
    await site.page.waitForSelector('[data-screen="cascades"][data-state="loading"]')
    await expect.poll(() => rows()).toEqual([])
    await site.page.locator('[data-by="R"]').click()
    await expect.poll(rows).toEqual(['weibo:by-R'])
    answerLate(listOf('speed', 'weibo:by-speed'))
    await site.page.evaluate(async () => { await (await fetch('api/cascades?by=size')).json() }) // it has come, or was given up, by the time another has
    await expect.poll(() => rows()).toEqual(['weibo:by-R'])
  })

  test.each([
    { why: 'waiting', answer: (path: string) => (path.includes('/cascades/') ? { status: 200, body: new Promise(() => undefined) } : null), waitFor: 'loading', says: /正在读取传播树/ },
    { why: 'no such cascade', answer: (path: string) => (path.includes('cascades/') ? { status: 404, body: { error: 'unknown-cascade', detail: 'no cascade', hint: '' } } : null), waitFor: 'failed', says: /没有这个传播.*保留期.*传播 →/ },
    { why: 'store away', answer: () => ({ status: 503, body: { error: 'store-away', detail: 'ECONNREFUSED', hint: '' } }), waitFor: 'failed', says: /存储没有应答.*ECONNREFUSED/ },
    { why: 'no token', answer: () => ({ status: 401, body: { error: 'token-needed', detail: 'no valid token', hint: '' } }), waitFor: 'failed', says: /引擎需要令牌/ },
    { why: 'broken bytes', answer: (path: string) => (path.endsWith('/tree') ? { status: 200, body: new Uint8Array([1, 2, 3]) } : null), waitFor: 'failed', says: /不是传播树/ },
    { why: 'stored', answer: (path: string) => (/cascades\/[^/]+$/.test(path) ? { status: 200, body: { ...cascadeDetail(columnsOf(root)), which: 1_763_700_000_000 } } : null), waitFor: 'ready', says: /已离开内存：为 2025-11-21 12:40 存档时的样子/ },
    { why: 'detail away', answer: (path: string) => (/cascades\/[^/]+$/.test(path) ? { status: 503, body: { error: 'busy', detail: 'too much', hint: '' } } : null), waitFor: 'ready', says: /引擎正忙.*以下为上次结果/ },
  ] satisfies { why: string; answer: (path: string) => Answer; waitFor: string; says: RegExp }[])('says what it has not: $why', async ({ why, answer, waitFor, says }) => {
    site.instead = answer
    await site.open(addressOf(), { waitFor: `[data-screen="cascade"][data-state="${waitFor}"]` })
    await expect.poll(() => site.text('main')).toMatch(says)
    if (why === 'no such cascade') await expect.poll(() => site.text('[data-words]')).toMatch(/恢复/)
    if (why === 'no such cascade') await expect.poll(() => site.text('main')).not.toMatch(/正在读取|正在重试/)
    expect(await site.crowded()).toEqual([])
    await site.picture(`cascade-${why.replaceAll(' ', '-')}`)
  })

  test('the head says what it is about, where it is going, which platform came when and what woke it, up to the playhead', async () => {
    await site.open(addressOf())
    const { at } = columnsOf(root)
    await site.page.waitForSelector('[data-story="ready"] [data-others]')
    await expect.poll(() => site.text('[data-words="ready"]')).toMatch(/什么时候能恢复？$/)
    await expect.poll(() => site.text('[data-panel="cascade-head"]')).toMatch(/账号 9f3c77a1d2e40b58.*网络中断/s)
    await expect.poll(() => site.text('[data-forecast]')).toBe('七天后约 6,550 条（80%：5,100 至 12,000）')
    await expect.poll(async () => (await site.text('[data-platforms]')).replaceAll(/\s+/g, ' ')).toMatch(/^微博 最先 [\d,]+ 抖音 \+10分 [\d,]+ 新闻 \+20分 [\d,]+ 抖音自 [\d: -]+ 起最多$/)
    await expect.poll(() => site.text('[data-event="ignition"]')).toMatch(/沉寂 66 分钟后被一次转发/)
    await expect.poll(() => site.text('[data-others]')).toMatch(/^另有 4 个原帖说了同样的内容.*203 条.*还有 2 个$/s)
    await site.open(addressOf(root, `until=${at[0]! + 700_000}`), { lang: 'en' })
    await site.page.waitForSelector('[data-story="ready"] [data-others]')
    await expect.poll(async () => [await site.text('[data-forecast]'), await site.page.locator('[data-event]').count()]).toEqual(['none while it is replayed', 0])
    await expect.poll(async () => (await site.text('[data-platforms]')).replaceAll(/\s+/g, ' ')).toBe('Weibo first Douyin +10m')
    await site.picture('cascade-head-en')
    expect(await accessibilityProblems(site.page)).toEqual([])
  })

  test.each([
    { why: 'waiting', answer: { status: 200, body: new Promise(() => undefined) }, words: 'loading', story: 'loading', says: /正在读取原文.*正在读取经过/s },
    { why: 'not stored', answer: { status: 404, body: { error: 'unknown-mention', detail: 'none', hint: '' } }, words: 'none', story: 'failed', says: /原文未入库.*经过暂时读不到/s },
    { why: 'no permission', answer: { status: 403, body: { error: 'not-permitted', detail: 'needs the role viewer', hint: '' } }, words: 'forbidden', story: 'failed', says: /没有权限查看原文/ },
    { why: 'store away', answer: { status: 503, body: { error: 'store-away', detail: 'ECONNREFUSED', hint: '' } }, words: 'failed', story: 'failed', says: /原文暂时读不到，正在重试/ },
  ])('the head says what it has not: $why', async ({ answer, words, story, says }) => {
    site.instead = (path) => (/^\/api\/(mentions\/|spikes)|story$/.test(path) ? answer : null)
    await site.open(addressOf())
    await site.page.waitForSelector(`[data-words="${words}"]`)
    await site.page.waitForSelector(`[data-story="${story}"]`)
    await expect.poll(() => site.text('[data-panel="cascade-head"]')).toMatch(says)
    await expect.poll(() => site.text('h1')).toContain(root)
    expect(await site.crowded()).toEqual([])
  })

  test('likely parents that could not be had are asked for again', async () => {
    let asked = 0, isBusy = true
    site.instead = (path) => (path.endsWith('/inferred') && ++asked > 0 && isBusy ? { status: 503, body: { error: 'busy', detail: 'too much', hint: '' } } : null)
    await site.open(addressOf(root, 'likely=1'))
    await expect.poll(() => site.text('[data-likely-said]')).toMatch(/引擎正忙/)
    isBusy = false
    await expect.poll(() => site.text('[data-likely-said]')).toMatch(/^估计 \d+ 条的上级/)
    expect(asked).toBeGreaterThan(1)
  })

  test('the tools are one row each in English at 1920', async () => {
    await site.open(addressOf(), { lang: 'en' })
    const apart = (selector: string): Promise<number> => site.page.locator(selector).evaluateAll((all) => { const tops = all.map((one) => one.getBoundingClientRect().top); return Math.max(...tops) - Math.min(...tops) })
    for (const row of ['.tools button, .tools select', '[data-export]']) await expect.poll(() => apart(row)).toBeLessThan(10)
  })

  test('a root alone, an empty list and a list that cannot be had say so', async () => {
    await site.open(addressOf('weibo:alone'), { waitFor: '[data-screen="cascade"][data-state="only"]' })
    await expect.poll(() => site.text('main')).toMatch(/只有原帖/)
    site.instead = (path) => (path === '/api/cascades' ? { status: 200, body: { by: 'size', limit: 100, cascades: [] } } : null)
    await site.open('#/cascades', { waitFor: '[data-screen="cascades"][data-state="empty"]' })
    await expect.poll(() => site.text('main')).toMatch(/内存中没有传播/)
    site.instead = () => ({ status: 503, body: { error: 'store-away', detail: 'ECONNREFUSED', hint: '' } })
    await site.open('#/cascades', { lang: 'en', waitFor: '[data-screen="cascades"][data-state="failed"]' })
    await expect.poll(() => site.text('main')).toMatch(/The store does not answer/)
  })

  test('what comes in later moves nothing that was seen, keeps the choice and the camera', async () => {
    const other = await site.browser.context.newPage()
    try {
      await other.clock.install()
      await other.setViewportSize({ width: 1920, height: 1080 })
      await other.goto(`${site.url.href}?lang=zh${addressOf(root, 'node=600')}`)
      await other.waitForSelector('[data-painted]')
      await rests(other)
      const ring = (): Promise<(string | null)[]> => other.locator('circle[data-look="chosen"], circle[data-look="guide"]').evaluateAll((circles) => circles.map((circle) => `${circle.getAttribute('cx')} ${circle.getAttribute('r')}`))
      const before = await ring()
      const columns = columnsOf(root)
      // A mention from the beginning arrives late: every node behind it has another number.
      const late = { ...columns, size: 5_001, ...Object.fromEntries((['followers', 'author', 'platform', 'sign', 'flags'] as const).map((name) => [name, put(columns[name], name === 'author' ? 9_999 : 1)])), at: put(columns.at, columns.at[100]!), parent: put(columns.parent.map((node) => (node > 100 ? node + 1 : node)), 0) }
      site.instead = (path) => (path.endsWith('/tree') ? { status: 200, body: encodeTree(late) } : null)
      await other.clock.fastForward(15_100)
      await expect.poll(() => other.locator('[data-totals]').innerText()).toBe('显示 5,001 = 5,001')
      await expect.poll(() => other.url()).toContain('node=601')
      await expect.poll(() => ring()).toEqual(before)
    } finally {
      await other.close()
    }
  })

  test('going there and back thirty times leaves the wall as large as it was', async () => {
    await site.open('', { waitFor: '[data-screen="wall"]' })
    const go = async (hash: string, selector: string): Promise<void> => {
      await site.page.evaluate((to) => { location.hash = to }, hash)
      await site.page.waitForSelector(selector)
    }
    const round = async (): Promise<void> => {
      await go(addressOf(), '[data-painted]')
      await go('#/', '[data-screen="wall"]')
    }
    await round()
    const before = await nodeCount(site.page)
    for (let times = 0; times < 30; times++) await round()
    expect(Math.abs(await nodeCount(site.page) - before)).toBeLessThanOrEqual(20)
    await expect.poll(() => site.page.workers().length).toBeLessThanOrEqual(1)
  })

  test('nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(site.foreign).toEqual([])
    expect(site.complaints).toEqual([])
  })
})

/** A body that is answered when the test says so. */
function held(): [Promise<unknown>, (body: unknown) => void] {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  return [promise, resolve]
}

/** The column with a value put in behind node 100. */
function put<Column extends Int32Array | Float64Array | Uint32Array | Uint8Array | Int8Array>(column: Column, value: number): Column {
  const longer = new (column.constructor as new (length: number) => Column)(column.length + 1)
  longer.set(column.subarray(0, 101) as never)
  longer[101] = value
  longer.set(column.subarray(101) as never, 102)
  return longer
}
