// The page of a topic in a browser, against a server that answers as the engine does; what it is asked is kept, and a test may answer otherwise.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Me } from '@groundswell/schemas/access.ts'
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { Page } from 'playwright-core'
import type { Span } from '../src/room/address.ts'
import { openBrowser, type OwnBrowser } from './browser.ts'
import { buildWall } from './build-wall.ts'
import { keepPicture } from './picture.ts'
import { evidenceAnswer, type World } from './seeded-evidence.ts'
import { snapshot } from './seeded.ts'
import { thresholdsOf, topicHistory } from './seeded-history.ts'
import { WallServer } from './wall-server.ts'

export const clock = snapshot().clock!
export const outage = '#/topics/network-outage'
export interface Answer { readonly status: number; readonly body: unknown }
export interface Opening { readonly size?: readonly [number, number]; readonly lang?: string; readonly waitFor?: string }

export class TopicSite {
  readonly folder = mkdtempSync(join(tmpdir(), 'groundswell-page-'))
  readonly foreign: string[] = []
  readonly complaints: string[] = []
  asked: URL[] = []
  world: World = { clock, total: 100_000, name: '李四' }
  me: Me = { name: 'li', role: 'operator', wall: null, walls: [] }
  actions: readonly ActionRow[] = []
  told: (query: URLSearchParams) => unknown[] = () => []
  history: (span: Span) => Answer = (span) => ({ status: 200, body: topicHistory(span, clock) })
  /** Asked first; null: as ever. */
  otherwise: (url: URL) => Answer | null = () => null
  browser!: OwnBrowser
  server!: WallServer
  page!: Page
  url!: URL

  async begin(executable: string): Promise<void> {
    const dist = join(this.folder, 'dist')
    await buildWall(dist)
    this.server = new WallServer(dist, snapshot())
    this.server.api = (url) => this.#answer(url)
    this.url = await this.server.listen()
    this.browser = await openBrowser(executable)
    this.page = await this.browser.context.newPage()
    this.page.on('request', (request) => { if (!request.url().startsWith(this.url.origin) && !request.url().startsWith('data:')) this.foreign.push(request.url()) })
    this.page.on('pageerror', (error) => this.complaints.push(String(error)))
    this.page.on('console', (line) => { if (line.type() === 'error' && !/Failed to load resource/.test(line.text())) this.complaints.push(line.text()) })
  }

  /** As it was, for the next test; the page of the one before asks nothing any more. */
  async restore(): Promise<void> {
    await this.page.goto('about:blank')
    this.server.forget()
    this.asked = []
    this.world = { clock, total: 100_000, name: '李四' }
    this.me = { name: 'li', role: 'operator', wall: null, walls: [] }
    this.actions = []
    this.told = () => []
    this.history = (span) => ({ status: 200, body: topicHistory(span, clock) })
    this.otherwise = () => null
  }

  async end(): Promise<void> {
    await this.browser.close()
    await this.server.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async open(address: string, { size = [1920, 1080], lang = 'zh', waitFor = 'ready' }: Opening = {}): Promise<void> {
    this.server.heartbeat(false)
    this.server.begin(snapshot())
    await this.page.setViewportSize({ width: size[0], height: size[1] })
    await this.page.goto('about:blank') // another hash alone would not load
    await this.page.goto(`${this.url.href}?lang=${lang}${address}`)
    await this.page.waitForSelector('[data-link="live"]')
    this.server.heartbeat(true)
    await this.page.evaluate(async () => { await document.fonts.ready })
    if (address !== '') await this.page.waitForSelector(`[data-screen="topic"][data-state="${waitFor}"]`)
    await this.page.waitForSelector('[data-link="live"]')
  }

  text(selector: string): Promise<string> { return this.page.locator(selector).first().innerText() }
  picture(name: string): Promise<void> { return keepPicture(this.page, name) }
  /** What was asked of one panel's route, oldest first. */
  askedOf(what: string): URLSearchParams[] { return this.asked.filter(({ pathname }) => pathname.endsWith(`/${what}`)).map(({ searchParams }) => searchParams) }

  #answer(url: URL): Answer | null {
    const { pathname, searchParams } = url
    if (!pathname.startsWith('/api/')) return null
    this.asked.push(url)
    const other = this.otherwise(url)
    if (other !== null) return other
    if (pathname === '/api/me') return { status: 200, body: this.me }
    if (pathname === '/api/actions') return { status: 200, body: { actions: this.actions, limit: 500 } }
    if (pathname === '/api/topics/network-outage/countdown') return { status: 200, body: { thresholds: thresholdsOf(clock) } }
    if (pathname === '/api/spikes') return { status: 200, body: { spikes: this.told(searchParams), limit: 1000 } }
    if (pathname === '/api/topics/network-outage/baseline') return this.history(searchParams.get('span') as Span)
    const body = evidenceAnswer(url, this.world)
    return body === null ? { status: 404, body: { error: 'unknown-topic', detail: `no topic at ${pathname}`, hint: '' } } : { status: 200, body }
  }
}
