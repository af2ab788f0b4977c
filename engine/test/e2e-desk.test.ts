// The wall and the desk on a real engine with real mentions, in real browsers: what one person does the other sees, every figure is that of the
// recording, and axe finds nothing on any page in either language.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityProblems } from '../../dashboard/test/axe.ts'
import { findChromium, openBrowser } from '../../dashboard/test/browser.ts'
import { tempFolder } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'
import { buildWallWhereMissing, isWrong } from './built-wall.ts'
import { startFaultProxy } from './fault-proxy.ts'

const executable = findChromium()
const recording = fileURLToPath(new URL('../../../shared/data/weibo-cascades/mentions.ndjson.gz', import.meta.url))
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the desk is not tested on a real engine. Install one.')
if (!existsSync(recording)) console.warn('shared/data/weibo-cascades is not beside this repository: the desk is not tested on real mentions.')

const rules = `topics:
  - id: everything
    name: { zh: 全部转发, en: All reposts }
    query: 'platform:weibo'
    velocity: [ { count: 1500, within: 2h, grade: severe } ]
  - id: spreads
    name: { zh: 扩散求助, en: Calls to spread }
    query: '转发 OR 扩散 OR 求助'
    velocity: [ { count: 100000, within: 2h, grade: moderate } ]
`
const end = Date.parse('2014-03-31T07:05:36Z') // of the busiest two hours
/** Where each page is, and what is there once it has what it shows. */
const pages = (root: string): Readonly<Record<string, readonly [hash: string, shown: string]>> => ({
  wall: ['#/', '[data-topic="everything"]'], alerts: ['#/alerts', '[data-group="everything"]'], topics: ['#/topics', 'a[href$="#/topics/everything"]'], topic: ['#/topics/everything?span=24h', '[data-row="0"]'],
  cascades: ['#/cascades', '[data-cascade]'], cascade: [`#/cascades/${encodeURIComponent(root)}`, '[data-painted]'], rules: ['#/rules/everything', '[data-matched]'], replay: ['#/replay', '[data-screen="replay"]'],
})

/** The three days up to then, as they were recorded. */
function mentionsOf(file: string): string[] {
  return gunzipSync(readFileSync(file)).toString().split('\n').filter((line) => {
    const at = Date.parse(/"ts":"([^"]+)"/.exec(line)?.[1] ?? '')
    return at > end - 3 * 86_400_000 && at <= end
  })
}

describe.skipIf(executable === null || !existsSync(recording))('wall and desk on real mentions', () => {
  let engine: RunningEngine
  let wall: Page, desk: Page
  let lines: readonly string[] = [], last: readonly string[] = [] // the last come while a wall is cut off
  let openBehind: (port: number) => Promise<Page>
  let root = ''
  const complaints: string[] = []
  const cleanUp: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    buildWallWhereMissing()
    lines = mentionsOf(recording)
    const made = await tempFolder('e2e-desk')
    cleanUp.push(made.remove)
    engine = await startEngine({ folder: made.folder, rules })
    cleanUp.push(() => engine.end())
    const browser = await openBrowser(executable ?? expect.unreachable())
    cleanUp.push(browser.close)
    ;[wall, desk] = [await browser.context.newPage(), await browser.context.newPage()]
    for (const page of [wall, desk]) {
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (line) => { if (isWrong(line)) complaints.push(line.text()) })
      await page.setViewportSize({ width: 1920, height: 1080 })
    }
    openBehind = async (port) => {
      const page = await browser.context.newPage() // its console may complain: it is cut off
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.goto(`http://127.0.0.1:${port}/?lang=zh`)
      return page
    }
    await wall.goto(`${engine.url}/?lang=zh`)
    await wall.waitForSelector('[data-link="live"]')
    await post(lines.slice(0, -40))
    last = lines.slice(-40)
    root = (await engine.get<{ cascades: { root: string }[] }>('/api/cascades?by=size&limit=1')).cascades[0]!.root
  })
  afterAll(async () => { for (const done of cleanUp.toReversed()) await done() })

  const post = async (more: readonly string[]): Promise<void> => {
    const before = (await engine.get<{ stored: number }>('/api/stats')).stored
    expect((await engine.post(`${more.join('\n')}\n`)).status).toBe(202)
    await engine.until('every mention is stored', ({ stored }) => stored === before + more.length)
  }
  const text = (page: Page, selector: string): Promise<string> => page.locator(selector).first().innerText()
  const shot = async (page: Page, name: string): Promise<void> => {
    const kept = process.env['GROUNDSWELL_SHOTS']
    if (kept !== undefined) await page.screenshot({ path: join(kept, `desk-${name}.png`) })
  }

  test('the severe alert has the wall, and a person at the desk takes it: the wall follows', async () => {
    await wall.waitForSelector('[data-takeover="everything"]')
    await shot(wall, 'takeover')
    await desk.goto(`${engine.url}/?lang=en#/alerts`)
    await desk.waitForSelector('[data-group="everything"]')
    await desk.locator('[data-group="everything"]').click()
    const began = performance.now()
    await desk.keyboard.press('a')
    await wall.waitForSelector('[data-takeover]', { state: 'detached' })
    console.log(`from the key at the desk to the wall without the takeover: ${(performance.now() - began).toFixed(0)} ms`)
    await expect.poll(() => text(desk, '[data-group-state]')).toMatch(/acknowledged/i)
    await shot(desk, 'alerts')
    expect(await wall.locator('[data-topic="everything"]').getAttribute('data-level')).toBe('severe') // only attention stopped
  })

  test('a wall behind a cut says so and keeps its numbers, and has those of the other wall once it is healed', async () => {
    const proxy = await startFaultProxy({ to: Number(new URL(engine.url).port) })
    cleanUp.push(() => proxy.close())
    const far = await openBehind(proxy.port)
    const count = (page: Page): Promise<string> => text(page, '[data-topic="everything"] [data-count]')
    await far.waitForSelector('[data-link="live"]')
    const before = await count(wall)
    await expect.poll(() => count(far)).toBe(before)
    await proxy.set({ kind: 'cut' })
    await post(last)
    await expect.poll(() => count(wall)).not.toBe(before)
    await far.waitForSelector('[data-link="lost"]')
    expect(await text(far, '[data-link="lost"]')).toMatch(/最后正常 \d\d:\d\d:\d\d/)
    expect(await count(far)).toBe(before)
    await shot(far, 'cut')
    await proxy.heal()
    await far.waitForSelector('[data-link="live"]')
    await expect.poll(async () => await count(far) === await count(wall)).toBe(true)
    const rows = (page: Page): Promise<string[]> => page.locator('[data-topic]').allInnerTexts()
    await expect.poll(async () => (await rows(far)).join() === (await rows(wall)).join()).toBe(true)
    await far.close()
  })

  test('the page of the topic counts what was recorded, in every panel and for a part of it', async () => {
    const counted = (await engine.get<{ total: number }>(`/api/topics/everything/mentions?from=${end - 86_400_000}&to=${end + 1000}&limit=1`)).total
    expect(counted).toBe(lines.filter((line) => Date.parse(/"ts":"([^"]+)"/.exec(line)![1]!) >= end - 86_400_000).length)
    await desk.goto(`${engine.url}/?lang=en#/topics/everything?span=24h`)
    await desk.waitForSelector('[data-screen="topic"][data-state="ready"]')
    await desk.waitForSelector('[data-horizon="weibo"]')
    await desk.waitForSelector('[data-row="0"]')
    await shot(desk, 'topic')
  })

  test('the graph of its largest cascade is the tree of the recording, filtered and played', async () => {
    await desk.goto(`${engine.url}/?lang=en#/cascades/${encodeURIComponent(root)}`)
    await desk.waitForSelector('[data-painted]')
    const size = (await engine.get<{ cascade: { size: number } }>(`/api/cascades/${encodeURIComponent(root)}`)).cascade.size
    expect(size).toBeGreaterThan(500)
    await expect.poll(() => text(desk, '[data-totals]')).toBe(`${size.toLocaleString('en-US')} shown = ${size.toLocaleString('en-US')}`)
    await desk.locator('[data-layout="wedge"]').click()
    await desk.waitForSelector('[data-graph="wedge"]')
    await shot(desk, 'cascade')
    const direct = lines.filter((line) => (JSON.parse(line) as { parent?: string }).parent === root).length
    await desk.locator('[data-generation="to"]').fill('1')
    await desk.locator('[data-generation="to"]').press('Tab')
    await expect.poll(() => text(desk, '[data-totals]')).toBe(`${(direct + 1).toLocaleString('en-US')} shown + ${(size - direct - 1).toLocaleString('en-US')} filtered out = ${size.toLocaleString('en-US')}`)
    await desk.locator('[data-clear]').click()
    await desk.locator('[data-track]').focus()
    await desk.keyboard.press('Home')
    await expect.poll(() => text(desk, '[data-totals]')).toMatch(/later/)
    const shown = async (): Promise<number> => Number((await text(desk, '[data-totals]')).replace(/,/g, '').split(' ')[0])
    const before = await shown()
    for (let faster = 0; faster < 13; faster++) await desk.keyboard.press('PageUp')
    await desk.locator('[data-play]').click()
    await expect.poll(shown).toBeGreaterThan(before)
    await desk.locator('[data-play]').click()
    await desk.locator('[data-track]').press('End')
    await expect.poll(() => text(desk, '[data-totals]')).toBe(`${size.toLocaleString('en-US')} shown = ${size.toLocaleString('en-US')}`)
  })

  test('a rule is tried on what was recorded before it is saved', async () => {
    await desk.goto(`${engine.url}/?lang=en#/rules/everything`)
    const ofADay = lines.filter((line) => Date.parse(/"ts":"([^"]+)"/.exec(line)![1]!) > end - 86_400_000).length.toLocaleString('en-US')
    await expect.poll(() => text(desk, '[data-matched]')).toMatch(new RegExp(`^matched ${ofADay} of ${ofADay} `))
    await desk.locator('[data-run]').click()
    await expect.poll(() => text(desk, '[data-sentence]')).toMatch(/\b1\b/) // it would have told once
    await shot(desk, 'rules')
  })

  test.each(['zh', 'en'])('axe finds nothing on any page (%s)', async (lang) => {
    const found: Record<string, readonly string[]> = {}
    for (const [name, [hash, shown]] of Object.entries(pages(root))) {
      await desk.goto('about:blank')
      await desk.goto(`${engine.url}/?lang=${lang}${hash}`)
      await desk.waitForSelector(shown)
      const problems = await accessibilityProblems(desk)
      await shot(desk, `${name}-${lang}`)
      if (problems.length > 0) found[name] = problems
    }
    expect(found).toEqual({})
  })

  test('no page complained', () => { expect(complaints).toEqual([]) })
})
