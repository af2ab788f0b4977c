// The pages of cascades as tests meet them: built, served beside an API that answers as the engine does, open in a browser of their own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeTree, type CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'
import type { Page } from 'playwright-core'
import type { NamedDetail } from '../src/live/cascade-api.ts'
import { buildWall } from './build-wall.ts'
import { openBrowser, type OwnBrowser } from './browser.ts'
import { clippedText, overflow, standsStill } from './on-page.ts'
import { keepPicture } from './picture.ts'
import { cascadeColumns, cascadeDetail, cascadeRow, forecastOf, ignition, rootMention, rootWords, topicNames } from './seeded-cascade.ts'
import { snapshot } from './seeded.ts'
import { WallServer } from './wall-server.ts'

export type Answer = { readonly status: number; readonly body: unknown } | null
export interface Opening { readonly size?: readonly [number, number]; readonly lang?: string; readonly waitFor?: string }

const sizes: Readonly<Record<string, number>> = { 'weibo:4345678901234567': 5_000, 'weibo:large': 100_000, 'weibo:larger': 200_000, 'weibo:alone': 1, 'weibo:other': 1_800 }
export const root = 'weibo:4345678901234567'
const columns = new Map<string, CascadeColumns>()
/** Made once: the largest takes a tenth of a second. */
export function columnsOf(id: string): CascadeColumns {
  const had = columns.get(id)
  if (had !== undefined) return had
  const made = cascadeColumns(sizes[id]!, { root: id, seed: id.length })
  columns.set(id, made)
  return made
}
export const addressOf = (id = root, query = ''): string => `#/cascades/${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`

/** Every second mention whose parent is not known repeats the one before it, as far as can be told. */
function likelyOf(id: string): Record<string, unknown> {
  const { flags, size } = columnsOf(id)
  const unknown = Array.from({ length: size - 2 }, (_, i) => i + 2).filter((node) => (flags[node]! & 4) !== 0)
  const nodes = unknown.filter((_, i) => i % 2 === 0)
  return { root: id, which: 'live', inferred: unknown.length, underRoot: unknown.length - nodes.length, cut: 0, nodes, parents: nodes.map((node) => node - 1), probabilities: nodes.map((_, i) => 0.9 - (i % 50) / 100) }
}

export class CascadeSite {
  readonly foreign: string[] = []
  readonly complaints: string[] = []
  readonly folder = mkdtempSync(join(tmpdir(), 'groundswell-cascade-'))
  /** What the API answers instead, by path; null: as ever. */
  instead: (path: string, asked: URL) => Answer = () => null
  browser!: OwnBrowser
  page!: Page
  url!: URL
  #server!: WallServer
  readonly #made = new Map<string, { bytes: Uint8Array; detail: NamedDetail }>()

  async begin(executable: string): Promise<void> {
    const dist = join(this.folder, 'dist')
    await buildWall(dist)
    this.#server = new WallServer(dist, snapshot())
    this.#server.api = (asked) => (asked.pathname.startsWith('/api/') ? this.instead(asked.pathname, asked) ?? this.#answer(asked) : null)
    this.url = await this.#server.listen()
    this.browser = await openBrowser(executable)
    this.page = await this.browser.context.newPage()
    this.page.on('request', (request) => { if (!request.url().startsWith(this.url.origin) && !/^(data|blob):/.test(request.url())) this.foreign.push(request.url()) })
    this.page.on('pageerror', (error) => this.complaints.push(String(error)))
    this.page.on('console', (line) => { if (line.type() === 'error' && !/Failed to load resource/.test(line.text())) this.complaints.push(line.text()) })
  }

  /** As ever, for the next test; the page of the one before asks nothing any more. */
  async restore(): Promise<void> {
    await this.page.goto('about:blank')
    this.#server.forget()
    this.instead = () => null
  }

  async end(): Promise<void> {
    await this.browser.close()
    await this.#server.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Made before it is asked for, where the time it takes would be measured. */
  cascade(id: string): { bytes: Uint8Array; detail: NamedDetail } {
    const had = this.#made.get(id)
    if (had !== undefined) return had
    const tree = columnsOf(id)
    const said = { forecast: tree.size < 10 ? null : forecastOf(tree.size), leadChanges: 1, leads: [{ platform: 'douyin', at: new Date(tree.at[0]! + 1_200_000).toISOString() }] }
    const made = { bytes: encodeTree(tree), detail: { ...cascadeDetail(tree, said), topicNames } }
    this.#made.set(id, made)
    return made
  }

  #answer({ pathname, searchParams }: URL): Answer {
    const [, id = '', part = ''] = /^\/api\/cascades\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? []
    const asked = decodeURIComponent(id)
    if (pathname === '/api/cascades') return { status: 200, body: { by: searchParams.get('by'), limit: 100, topicNames, cascades: Object.keys(sizes).map((one) => cascadeRow(columnsOf(one))), words: Object.keys(sizes).map((one) => (one === 'weibo:alone' ? null : rootWords(columnsOf(one)))) } }
    const [, mention] = /^\/api\/mentions\/([^/]+)$/.exec(pathname) ?? []
    if (mention !== undefined) return sizes[decodeURIComponent(mention)] === undefined ? { status: 404, body: { error: 'unknown-mention', detail: 'no mention', hint: '' } } : { status: 200, body: rootMention(columnsOf(decodeURIComponent(mention))) }
    if (pathname === '/api/spikes') return { status: 200, body: { limit: 1000, spikes: [ignition(columnsOf(root))] } }
    if (sizes[asked] === undefined) return { status: 404, body: { error: 'unknown-cascade', detail: `no cascade under "${asked}"`, hint: 'see the list' } }
    if (part === 'tree') return { status: 200, body: this.cascade(asked).bytes }
    if (part === 'ids') return { status: 200, body: { root: asked, which: 'live', size: sizes[asked], from: Number(searchParams.get('from')), ids: [`weibo:node-${searchParams.get('from')}`] } }
    if (part === 'story') return { status: 200, body: { root: asked, counted: asked === root ? 4 : 0, others: asked === root ? ['weibo:copy1', 'weibo:copy2', 'weibo:copy3', 'weibo:copy4'].map((one, i) => ({ root: one, at: new Date(columnsOf(root).at[0]! + i * 60_000).toISOString(), platform: 'weibo', same: 'text', size: i === 0 ? 203 : null })) : [] } }
    if (part === 'inferred') return { status: 200, body: likelyOf(asked) }
    return { status: 200, body: this.cascade(asked).detail }
  }

  async open(address: string, { size = [1920, 1080], lang = 'zh', waitFor = '[data-screen="cascade"][data-state="ready"]' }: Opening = {}): Promise<void> {
    const { page } = this
    this.#server.heartbeat(false)
    this.#server.begin(snapshot())
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto('about:blank')
    await page.goto(`${this.url.href}?lang=${lang}${address}`)
    await page.waitForSelector('[data-link="live"]')
    this.#server.heartbeat(true)
    await page.waitForSelector(waitFor)
    if (waitFor.includes('ready') && waitFor.includes('"cascade"')) await page.waitForSelector('[data-painted]')
    await page.evaluate(async () => { await document.fonts.ready })
    await page.waitForSelector('[data-link="live"]')
  }

  text(selector: string): Promise<string> { return this.page.locator(selector).first().innerText() }
  picture(name: string): Promise<void> { return keepPicture(this.page, name) }
  /** What the address holds behind the root. */
  get query(): string { return decodeURIComponent(this.page.url().split('?').at(-1) ?? '') }

  /** Text that crosses or is cut, the rows of the table that are made beyond those in sight apart: what is chosen is scrolled to, and again when the place changes. */
  async crowded(): Promise<string[]> {
    const inSight = (): Promise<void> => this.page.evaluate(() => {
      const grid = document.querySelector('[data-panel="nodes"] [role="grid"]')?.getBoundingClientRect()
      const head = document.querySelector('[data-panel="nodes"] [aria-rowindex="1"]')?.getBoundingClientRect()
      for (const row of document.querySelectorAll('[data-row]')) {
        const box = row.getBoundingClientRect()
        if (grid !== undefined && head !== undefined && (box.top < head.bottom - 1 || box.bottom > grid.bottom)) row.remove()
      }
    })
    await standsStill(this.page, '[data-row]')
    return [...await overflow(this.page, inSight), ...await clippedText(this.page, inSight)]
  }

  /** Pixels of the picture that are not its ground. */
  lit(): Promise<number> {
    return this.page.evaluate(() => {
      const canvas = document.querySelector('canvas')!
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      let count = 0
      for (let i = 0; i < data.length; i += 4) if (data[i] !== 0x16 || data[i + 1] !== 0x1c) count++
      return count
    })
  }
}

export const numbersIn = (said: string): number[] => [...said.matchAll(/[\d,]+/g)].map(([number]) => Number(number.replaceAll(',', '')))
