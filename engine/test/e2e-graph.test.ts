// The graph as an analyst opens it: mentions posted to a real engine are a tree in a real browser, node by node, and grow there without moving.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser } from '../../dashboard/test/browser.ts'
import { cascadeColumns } from '../../dashboard/test/seeded-cascade.ts'
import { isWrong } from './built-wall.ts'
import { tempFolder } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the graph is not tested on a real engine. Install one.')

const columns = cascadeColumns(2_000)
const unknown = columns.flags.filter((flags) => (flags & 4) !== 0).length
const idOf = (node: number): string => (node === 0 ? 'weibo:原帖 ?/1%' : `weibo:n${node}`)
/** As sources send it: whose parent is not known names one that never comes. */
const lineOf = (node: number): string => JSON.stringify({
  id: idOf(node), ts: columns.at[node], platform: columns.platforms[columns.platform[node]!], author: `u${node}`, text: node === 0 ? '断网了' : '转发', verified: (columns.flags[node]! & 2) !== 0,
  ...(columns.followers[node]! >= 0 && { followers: columns.followers[node] }), ...(node > 0 && { root: idOf(0), parent: (columns.flags[node]! & 4) !== 0 ? `weibo:gone${node}` : idOf(columns.parent[node]!) }),
})

describe.skipIf(executable === null)('the graph on a real engine', () => {
  let engine: RunningEngine
  let page: Page
  const complaints: string[] = []
  const cleanUp: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    buildWhereMissing()
    const made = await tempFolder('e2e-graph')
    cleanUp.push(made.remove)
    engine = await startEngine({ folder: made.folder })
    cleanUp.push(() => engine.end())
    const { status } = await engine.post(`${Array.from({ length: columns.size }, (_, node) => lineOf(node)).join('\n')}\n`)
    expect(status).toBe(202)
    await engine.until('every mention is stored', ({ stored }) => stored === columns.size)
    const browser = await openBrowser(executable ?? expect.unreachable())
    cleanUp.push(browser.close)
    page = await browser.context.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (line) => { if (isWrong(line)) complaints.push(line.text()) })
    await page.setViewportSize({ width: 1920, height: 1080 })
  })
  afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()

  test('leads from the list to the tree as it was posted', async () => {
    await page.goto(`${engine.url}/?lang=en#/cascades`)
    await expect.poll(() => text('[data-cascade] .root a')).toBe('断网了')
    await page.locator('[data-cascade] .root a').first().click()
    await page.waitForSelector('[data-painted]')
    await page.waitForSelector('[data-words="ready"]')
    await expect.poll(async () => [await text('h1'), await text('[data-words]'), await text('[data-root-id]')]).toEqual([expect.stringContaining('断网了'), '断网了', idOf(0)])
    await expect.poll(() => text('[data-totals]')).toBe('2,000 shown = 2,000')
    await expect.poll(() => text('[data-coverage]')).toBe(`edges known: ${(Math.floor((1 - unknown / 1_999) * 1000) / 10).toFixed(1)}%`)
    await expect.poll(() => text('[data-fact="size"]')).toBe('2,000')
    const kept = process.env['GROUNDSWELL_SHOTS']
    if (kept !== undefined) await page.screenshot({ path: join(kept, 'e2e-graph.png') })
  })

  test('filters and tells of nodes what was posted, and finds their ids', async () => {
    const douyin = 1 + Array.from(columns.platform).filter((place, node) => node > 0 && columns.platforms[place] === 'douyin').length
    await page.locator('[data-platform="douyin"]').click()
    await expect.poll(() => text('[data-totals]')).toBe(`${douyin.toLocaleString('en-US')} shown + ${(2_000 - douyin).toLocaleString('en-US')} filtered out = 2,000`)
    await page.locator('[data-clear]').click()
    await page.goto(`${engine.url}/?lang=en#/cascades/${encodeURIComponent(idOf(0))}?node=300`)
    await page.waitForSelector('circle[data-look="chosen"]')
    await page.locator('[data-ask-id]').click()
    await expect.poll(() => text('[data-node-id]')).toBe(idOf(300))
  })

  test('grows by what is posted meanwhile, and nothing that was seen moves', async () => {
    const place = (): Promise<string | null> => page.locator('circle[data-look="chosen"]').getAttribute('cx')
    const before = await place()
    await engine.post(`${JSON.stringify({ id: 'weibo:late', ts: columns.at[10]! + 1, platform: 'weibo', text: '转发', root: idOf(0), parent: idOf(3) })}\n`)
    await expect.poll(() => text('[data-totals]')).toBe('2,001 shown = 2,001')
    await expect.poll(() => page.url()).toContain('node=301')
    expect(await place()).toBe(before)
    expect(complaints).toEqual([])
  })
})

function buildWhereMissing(): void {
  const dashboard = fileURLToPath(new URL('../../dashboard', import.meta.url))
  const assets = join(dashboard, 'dist', 'assets')
  if (existsSync(assets) && readdirSync(assets).some((name) => /^Cascade-.*\.js$/.test(name))) return
  spawnSync(process.execPath, [join(dashboard, '..', 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], { cwd: dashboard, stdio: 'inherit' })
}
