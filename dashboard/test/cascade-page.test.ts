// The pages of cascades in a real browser: whole and legible in both languages, every state of what is not there, and as large after a day as before.
import { encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findChromium } from './browser.ts'
import { addressOf, CascadeSite, columnsOf, root, type Answer } from './cascade-site.ts'
import { nodeCount } from './on-page.ts'
import { cascadeDetail } from './seeded-cascade.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the pages of cascades are not tested in a browser. Install one.')

describe.skipIf(executable === null)('the pages of cascades', () => {
  const site = new CascadeSite()
  beforeAll(() => site.begin(executable ?? expect.unreachable()), 120_000)
  beforeEach(() => { site.instead = () => null })
  afterAll(() => site.end())

  test.each((['zh', 'en'] as const).flatMap((lang) => ['time-radial', 'wedge', 'depth-time'].flatMap((layout) => [root, 'weibo:large'].map((id) => ({ lang, layout, id })))))(
    '$layout of $id in $lang is whole and in one language', async ({ lang, layout, id }) => {
      await site.open(addressOf(id, `layout=${layout}&node=321`), { lang })
      await site.picture(`cascade-${layout}-${id.replace(':', '-')}-${lang}`)
      expect(await site.crowded()).toEqual([])
      expect(await site.lit()).toBeGreaterThan(10_000)
      const said = (await site.text('main')).replaceAll(/English|中文/g, '')
      if (lang === 'en') expect(said).not.toMatch(/[一-鿿]/)
      else expect(said).not.toMatch(/\b(?:shown|known|generation|subtree|edges)\b/)
    })

  test('a list leads to a cascade, and back; its order is its address', async () => {
    await site.open('#/cascades', { waitFor: '[data-screen="cascades"][data-state="ready"]' })
    expect(await site.page.locator('[data-cascade]').count()).toBe(5)
    expect(await site.crowded()).toEqual([])
    await site.picture('cascades-zh')
    await site.page.locator('[data-by="R"]').click()
    await expect.poll(() => site.page.url()).toContain('#/cascades?by=R')
    await site.page.locator('[data-cascade] a').first().click()
    await site.page.waitForSelector('[data-screen="cascade"][data-state="ready"]')
    expect(await site.text('[data-coverage]')).toMatch(/^上级已知 9\d\.\d%$/)
    await site.page.locator('[data-nav="cascades"]').click()
    await site.page.waitForSelector('[data-screen="cascades"]')
    await site.open('#/cascades', { lang: 'en', waitFor: '[data-screen="cascades"][data-state="ready"]' })
    expect((await site.text('main')).replaceAll('中文', '')).not.toMatch(/[一-鿿]/)
    expect(await site.crowded()).toEqual([])
    await site.picture('cascades-en')
  })

  test.each([
    { why: 'waiting', answer: (path: string) => (path.includes('/cascades/') ? { status: 200, body: new Promise(() => undefined) } : null), waitFor: 'loading', says: /正在读取传播树/ },
    { why: 'no such cascade', answer: () => ({ status: 404, body: { error: 'unknown-cascade', detail: 'no cascade', hint: '' } }), waitFor: 'failed', says: /没有这个级联.*保留期/ },
    { why: 'store away', answer: () => ({ status: 503, body: { error: 'store-away', detail: 'ECONNREFUSED', hint: '' } }), waitFor: 'failed', says: /存储没有应答.*ECONNREFUSED/ },
    { why: 'no token', answer: () => ({ status: 401, body: { error: 'token-needed', detail: 'no valid token', hint: '' } }), waitFor: 'failed', says: /引擎需要令牌/ },
    { why: 'broken bytes', answer: (path: string) => (path.endsWith('/tree') ? { status: 200, body: new Uint8Array([1, 2, 3]) } : null), waitFor: 'failed', says: /不是传播树/ },
    { why: 'stored', answer: (path: string) => (/cascades\/[^/]+$/.test(path) ? { status: 200, body: { ...cascadeDetail(columnsOf(root)), which: 1_763_700_000_000 } } : null), waitFor: 'ready', says: /已离开内存：为 2025-11-21 12:40 存档时的样子/ },
    { why: 'detail away', answer: (path: string) => (/cascades\/[^/]+$/.test(path) ? { status: 503, body: { error: 'busy', detail: 'too much', hint: '' } } : null), waitFor: 'ready', says: /引擎正忙.*以下为上次结果/ },
  ] satisfies { why: string; answer: (path: string) => Answer; waitFor: string; says: RegExp }[])('says what it has not: $why', async ({ why, answer, waitFor, says }) => {
    site.instead = answer
    await site.open(addressOf(), { waitFor: `[data-screen="cascade"][data-state="${waitFor}"]` })
    await expect.poll(() => site.text('main')).toMatch(says)
    expect(await site.crowded()).toEqual([])
    await site.picture(`cascade-${why.replaceAll(' ', '-')}`)
  })

  test('a root alone, an empty list and a list that cannot be had say so', async () => {
    await site.open(addressOf('weibo:alone'), { waitFor: '[data-screen="cascade"][data-state="only"]' })
    expect(await site.text('main')).toMatch(/只有原帖/)
    site.instead = (path) => (path === '/api/cascades' ? { status: 200, body: { by: 'size', limit: 100, cascades: [] } } : null)
    await site.open('#/cascades', { waitFor: '[data-screen="cascades"][data-state="empty"]' })
    expect(await site.text('main')).toMatch(/内存中没有级联/)
    site.instead = () => ({ status: 503, body: { error: 'store-away', detail: 'ECONNREFUSED', hint: '' } })
    await site.open('#/cascades', { lang: 'en', waitFor: '[data-screen="cascades"][data-state="failed"]' })
    expect(await site.text('main')).toMatch(/The store does not answer/)
  })

  test('what comes in later moves nothing that was seen, keeps the choice and the camera', async () => {
    const other = await site.browser.context.newPage()
    try {
      await other.clock.install()
      await other.setViewportSize({ width: 1920, height: 1080 })
      await other.goto(`${site.url.href}?lang=zh${addressOf(root, 'node=600')}`)
      await other.waitForSelector('[data-painted]')
      const ring = (): Promise<(string | null)[]> => other.locator('circle[data-look="chosen"], circle[data-look="guide"]').evaluateAll((circles) => circles.map((circle) => `${circle.getAttribute('cx')} ${circle.getAttribute('r')}`))
      const before = await ring()
      const columns = columnsOf(root)
      // A mention from the beginning arrives late: every node behind it has another number.
      const late = { ...columns, size: 5_001, ...Object.fromEntries((['followers', 'author', 'platform', 'sign', 'flags'] as const).map((name) => [name, put(columns[name], name === 'author' ? 9_999 : 1)])), at: put(columns.at, columns.at[100]!), parent: put(columns.parent.map((node) => (node > 100 ? node + 1 : node)), 0) }
      site.instead = (path) => (path.endsWith('/tree') ? { status: 200, body: encodeTree(late) } : null)
      await other.clock.fastForward(15_100)
      await expect.poll(() => other.locator('[data-totals]').innerText()).toBe('显示 5,001 = 5,001')
      await expect.poll(() => other.url()).toContain('node=601')
      expect(await ring()).toEqual(before)
    } finally {
      await other.close()
    }
  })

  test('going there and back fifty times leaves the wall as large as it was', async () => {
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
    for (let times = 0; times < 50; times++) await round()
    expect(Math.abs(await nodeCount(site.page) - before)).toBeLessThanOrEqual(20)
    expect(site.page.workers().length).toBeLessThanOrEqual(1)
  }, 60_000)

  test('nothing was asked of another origin, and the page had nothing to complain about', () => {
    expect(site.foreign).toEqual([])
    expect(site.complaints).toEqual([])
  })
})

/** The column with a value put in behind node 100. */
function put<Column extends Int32Array | Float64Array | Uint32Array | Uint8Array | Int8Array>(column: Column, value: number): Column {
  const longer = new (column.constructor as new (length: number) => Column)(column.length + 1)
  longer.set(column.subarray(0, 101) as never)
  longer[101] = value
  longer.set(column.subarray(101) as never, 102)
  return longer
}
