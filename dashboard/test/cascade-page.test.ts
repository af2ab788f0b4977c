// The pages of cascades in a real browser, against a server that answers as the engine does, with seeded trees of up to 200,000 mentions.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findChromium, openBrowser, type OwnBrowser } from './browser.ts'
import { clippedText, overflow } from './on-page.ts'
import { cascadeColumns, cascadeDetail, cascadeRow } from './seeded-cascade.ts'
import { snapshot } from './seeded.ts'
import { WallServer } from './wall-server.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the pages of cascades are not tested in a browser. Install one.')

type Answer = { readonly status: number; readonly body: unknown } | null

describe.skipIf(executable === null)('the pages of cascades', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-cascade-'))
  const shots = process.env['GROUNDSWELL_SHOTS'] ?? join(folder, 'shots')
  const foreign: string[] = []
  const complaints: string[] = []
  const sizes: Readonly<Record<string, number>> = { 'weibo:4345678901234567': 5_000, 'weibo:large': 100_000, 'weibo:larger': 200_000, 'weibo:alone': 1, 'weibo:other': 1_800 }
  const root = 'weibo:4345678901234567'
  const columnsOf = (id: string) => cascadeColumns(sizes[id]!, { root: id, seed: id.length })
  const made = new Map<string, { bytes: Uint8Array; detail: ReturnType<typeof cascadeDetail> }>()
  const cascadeOf = (id: string): { bytes: Uint8Array; detail: ReturnType<typeof cascadeDetail> } => {
    if (!made.has(id)) made.set(id, { bytes: encodeTree(columnsOf(id)), detail: cascadeDetail(columnsOf(id)) })
    return made.get(id)!
  }
  let browser: OwnBrowser
  let server: WallServer
  let page: Page
  let url: URL
  let instead: (path: string) => Answer = () => null

  beforeAll(async () => {
    const dist = join(folder, 'dist')
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error', build: { outDir: dist } })
    server = new WallServer(dist, snapshot())
    server.api = ({ pathname, searchParams }) => {
      if (!pathname.startsWith('/api/')) return null
      const other = instead(pathname)
      if (other !== null) return other
      const [, id = '', part = ''] = /^\/api\/cascades\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? []
      const asked = decodeURIComponent(id)
      if (pathname === '/api/cascades') return { status: 200, body: { by: searchParams.get('by'), limit: 100, cascades: Object.keys(sizes).map((one) => cascadeRow(columnsOf(one))) } }
      if (sizes[asked] === undefined) return { status: 404, body: { error: 'unknown-cascade', detail: `no cascade under "${asked}"`, hint: 'see the list' } }
      if (part === 'tree') return { status: 200, body: cascadeOf(asked).bytes }
      if (part === 'ids') return { status: 200, body: { root: asked, which: 'live', size: sizes[asked], from: Number(searchParams.get('from')), ids: [`weibo:node-${searchParams.get('from')}`] } }
      return { status: 200, body: cascadeOf(asked).detail }
    }
    url = await server.listen()
    browser = await openBrowser(executable ?? expect.unreachable())
    page = await browser.context.newPage()
    page.on('request', (request) => { if (!request.url().startsWith(url.origin) && !/^(data|blob):/.test(request.url())) foreign.push(request.url()) })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (line) => { if (line.type() === 'error' && !/Failed to load resource/.test(line.text())) complaints.push(line.text()) })
  }, 60_000)
  beforeEach(() => { instead = () => null })
  afterAll(async () => {
    await browser.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(address: string, { size = [1920, 1080], lang = 'zh', waitFor = '[data-screen="cascade"][data-state="ready"]' }: { size?: readonly [number, number]; lang?: string; waitFor?: string } = {}): Promise<void> {
    server.heartbeat(false)
    server.begin(snapshot())
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto('about:blank')
    await page.goto(`${url.href}?lang=${lang}${address}`)
    await page.waitForSelector('[data-link="live"]')
    await page.waitForSelector(waitFor)
    if (waitFor.includes('ready') && waitFor.includes('"cascade"')) await page.waitForSelector('[data-painted]')
    await page.evaluate(async () => { await document.fonts.ready })
    server.heartbeat(true)
  }
  const address = (id = root, query = ''): string => `#/cascades/${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`
  const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()
  const picture = (name: string): Promise<Buffer> => page.screenshot({ path: join(shots, `${name}.png`) })
  /** Text that crosses or is cut, the rows of the table that are made beyond those in sight apart. */
  const crowded = async (): Promise<string[]> => {
    await page.evaluate(() => {
      const body = document.querySelector('[data-panel="nodes"] [role="rowgroup"]')?.getBoundingClientRect()
      for (const row of document.querySelectorAll('[data-row]')) {
        const box = row.getBoundingClientRect()
        if (body !== undefined && (box.top < body.top || box.bottom > body.bottom)) row.remove()
      }
    })
    return [...await overflow(page), ...await clippedText(page)]
  }
  const lit = (): Promise<number> => page.evaluate(() => {
    const canvas = document.querySelector('canvas')!
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let i = 0; i < data.length; i += 4) if (data[i] !== 0x16 || data[i + 1] !== 0x1c) count++
    return count
  })

  test.each((['zh', 'en'] as const).flatMap((lang) => ['time-radial', 'wedge', 'depth-time'].flatMap((layout) => [root, 'weibo:large'].map((id) => ({ lang, layout, id })))))(
    '$layout of $id in $lang is whole and in one language', async ({ lang, layout, id }) => {
      await open(address(id, `layout=${layout}&node=321`), { lang })
      await picture(`cascade-${layout}-${id.replace(':', '-')}-${lang}`)
      expect(await crowded()).toEqual([])
      expect(await lit()).toBeGreaterThan(10_000)
      const said = (await text('main')).replaceAll(/English|中文/g, '')
      if (lang === 'en') expect(said).not.toMatch(/[一-鿿]/)
      else expect(said).not.toMatch(/\b(?:shown|known|generation|subtree|edges)\b/)
    })
})
