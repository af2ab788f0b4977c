// The desk as tests meet it: built, served beside an engine that folds actions and answers as the real one does, open in a browser of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Action, ActionRow, Handling } from '@groundswell/schemas/action.ts'
import type { Role } from '@groundswell/schemas/access.ts'
import { said } from '@groundswell/schemas/problem.ts'
import type { AlertRow, Snapshot, TopicRow } from '@groundswell/schemas/live.ts'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openBrowser, type OwnBrowser } from './browser.ts'
import { buildWall } from './build-wall.ts'
import { keepPicture } from './picture.ts'
import { refused } from './refused.ts'
import { seeded, snapshot, topicRow } from './seeded.ts'
import { WallServer } from './wall-server.ts'

export type Answer = { readonly status: number; readonly body: unknown } | null
const pageMax = 50 // as the live list holds

export class DeskSite {
  readonly folder = mkdtempSync(join(tmpdir(), 'groundswell-desk-'))
  readonly complaints: string[] = []
  readonly foreign: string[] = []
  readonly posted: Action[] = []
  /** What the API answers instead; null: as ever. */
  instead: (url: URL, method: string) => Answer = () => null
  role: Role | null = 'operator'
  name = 'li'
  alerts: AlertRow[] = []
  topics: readonly TopicRow[] = []
  browser!: OwnBrowser
  page!: Page
  url!: URL
  server!: WallServer
  #log: ActionRow[] = []

  async begin(executable: string): Promise<void> {
    const dist = join(this.folder, 'dist')
    await buildWall(dist)
    this.server = new WallServer(dist, snapshot())
    this.server.api = (url, { method, body }) => (url.pathname.startsWith('/api/') ? this.instead(url, method) ?? this.#answer(url, method, body) : null)
    this.url = await this.server.listen()
    this.browser = await openBrowser(executable)
    this.page = await this.newPage()
  }

  async newPage(): Promise<Page> {
    const page = await this.browser.context.newPage()
    page.on('request', (request) => { if (!request.url().startsWith(this.url.origin) && !/^(data|blob):/.test(request.url())) this.foreign.push(request.url()) })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (line) => { if (line.type() === 'error' && !/Failed to load resource/.test(line.text())) this.complaints.push(line.text()) })
    return page
  }

  async end(): Promise<void> {
    await this.browser.close()
    await this.server.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The page of the test before asks nothing any more, and nothing is left of what it kept in the browser. */
  async leave(): Promise<void> {
    await this.page.goto(new URL('api/nothing', this.url).href) // of the same origin, and no page: what is written on the way out is written
    await this.page.evaluate(() => { sessionStorage.clear(); localStorage.clear() })
    this.server.forget()
  }

  /** Forgets what was done; the engine has these alerts, and shows the newest. */
  reset(alerts: readonly AlertRow[], more: Partial<Snapshot> = {}): void {
    this.instead = () => null
    this.role = 'operator'
    this.name = 'li'
    this.posted.length = 0
    this.#log = []
    this.alerts = [...alerts]
    this.server.heartbeat(false)
    this.server.begin({ ...snapshot(), alerts: this.alerts.slice(0, pageMax), ...more })
    this.topics = this.server.snapshot.topics
  }

  async open(hash: string, { size = [1920, 1080], lang = 'zh', page = this.page, waitFor = 'ready' }: { size?: readonly [number, number]; lang?: string; page?: Page; waitFor?: string } = {}): Promise<void> {
    await page.setViewportSize({ width: size[0], height: size[1] })
    await page.goto('about:blank')
    await page.goto(`${this.url.href}?lang=${lang}${hash}`)
    await page.waitForSelector('[data-link="live"]')
    this.server.heartbeat(true)
    await page.waitForSelector(`[data-screen][data-state="${waitFor}"]`)
    await page.evaluate(async () => { await document.fonts.ready })
    await page.waitForSelector('[data-link="live"]')
  }

  /** `g` and a letter in one go, for the `g` does not wait long; where the machine took longer, once more, as a hand would. */
  async goByKeys(letter: string, screen: string): Promise<void> {
    await expect.poll(async () => {
      await Promise.all(['g', letter].map((key) => this.page.keyboard.press(key)))
      return this.page.waitForSelector(`[data-screen="${screen}"]`, { timeout: 5_000 }).then(() => true, () => false)
    }).toBe(true)
  }

  text(selector: string): Promise<string> { return this.page.locator(selector).first().innerText() }
  picture(name: string, page = this.page): Promise<void> { return keepPicture(page, name) }

  /** The engine begins on another input stream, with nothing but these alerts, as a new drill does; a page that is open hears of it as it hears of any engine that comes back. */
  runAnew(alerts: readonly AlertRow[] = []): void {
    const { epoch, room } = this.server.snapshot
    this.alerts = [...alerts]
    this.server.show({ ...snapshot(), epoch: `${epoch}+`, room: { ...room, run: `${room.run}+` }, alerts: this.alerts })
  }

  /** Alerts that come in now. */
  raise(alerts: readonly AlertRow[]): void {
    this.alerts = [...alerts, ...this.alerts]
    this.server.change({ alerts: this.alerts.slice(0, pageMax) })
  }

  #answer(url: URL, method: string, body: string): Answer {
    const { pathname, searchParams } = url
    if (pathname === '/api/me') return this.role === null ? { status: 404, body: { error: 'not-found', detail: 'no /api/me', hint: '' } } : { status: 200, body: { name: this.name, role: this.role, wall: null, walls: [] } }
    if (pathname === '/api/actions' && method === 'POST') return this.#act(JSON.parse(body) as Action, searchParams.get('id') ?? '')
    if (pathname === '/api/actions') return { status: 200, body: { actions: this.#log.filter(({ action }) => ('topic' in action ? action.topic : 'alert' in action ? this.alerts.find(({ id }) => id === action.alert)?.topic : '') === searchParams.get('topic')), limit: 200 } }
    if (pathname === '/api/alerts') return this.#page(searchParams)
    if (pathname === '/api/topics') return { status: 200, body: { clock: null, topics: this.topics.map((now) => ({ id: now.id, rules: { name: now.name }, now })) } }
    return pathname === '/api/spikes' ? { status: 200, body: { spikes: [], limit: 1000 } } : { status: 404, body: { error: 'not-found', detail: pathname, hint: '' } }
  }

  #page(asked: URLSearchParams): Answer {
    const topic = asked.get('topic')
    const all = this.alerts.filter((alert) => topic === null || alert.topic === topic)
    const from = asked.has('before') ? all.findIndex(({ id }) => id === asked.get('before')) + 1 : 0
    const page = all.slice(from, from + Number(asked.get('limit')))
    return { status: 200, body: { alerts: page, limit: Number(asked.get('limit')), next: from + page.length < all.length ? page.at(-1)!.id : null } }
  }

  #act(action: Action, id: string): Answer {
    this.posted.push(action)
    const at = this.server.snapshot.serverNow
    const row = { id, at, by: this.name, action }
    if ('alert' in action) {
      if (!this.alerts.some((alert) => alert.id === action.alert)) return refused(404, 'unknown-alert', { detail: said('no-alert', { alert: JSON.stringify(action.alert) }), hint: said('alerts-listed') })
      this.alerts = this.alerts.map((alert) => (alert.id === action.alert ? { ...alert, handling: handle(alert.handling, row) } : alert))
      this.server.change({ alerts: this.alerts.slice(0, pageMax) })
    } else if (action.what === 'silence') this.server.change({ silences: [...this.server.snapshot.silences.filter(({ topic }) => topic !== action.topic), { topic: action.topic, grade: action.grade, since: at, until: action.until, by: this.name, reason: action.reason }] })
    else if (action.what === 'unsilence') this.server.change({ silences: this.server.snapshot.silences.filter(({ topic }) => topic !== action.topic) })
    else this.server.change({ pin: action.what === 'pin' ? { topic: action.topic, by: this.name, since: at, until: action.until } : null })
    this.#log.unshift(row)
    return { status: 202, body: { id, seq: this.#log.length } }
  }
}

/** As the engine folds it. */
function handle(before: Handling | undefined, { by, at, action }: ActionRow): Handling {
  const was = before ?? { state: 'new', by, at, assignee: null, notes: 0 }
  switch (action.what) {
    case 'acknowledge': return was.state === 'new' ? { ...was, by, at, state: 'acknowledged' } : was
    case 'work': return { ...was, by, at, state: 'working', assignee: was.assignee ?? by }
    case 'resolve': return { ...was, by, at, state: 'resolved' }
    case 'reopen': return { ...was, by, at, state: 'new', assignee: null }
    case 'assign': return { ...was, assignee: action.to, ...(was.state === 'new' && action.to !== null ? { by, at, state: 'acknowledged' as const } : {}) }
    case 'note': return { ...was, notes: was.notes + 1 }
    default: return was
  }
}

const grades = ['severe', 'moderate', 'minor'] as const

/** `count` alerts of as many topics, newest first, every ninth severe. */
export function flood(count: number, now: number, from = 0): AlertRow[] {
  return Array.from({ length: count }, (_, index) => {
    const topic = `flood-${String(from + index).padStart(4, '0')}`
    return {
      id: `${topic}/2000/10m/${index}/spike`, topic, name: { zh: `话题 ${from + index}`, en: `Topic ${from + index}` }, grade: grades[index % 9 === 0 ? 0 : index % 3 === 1 ? 1 : 2]!,
      rule: { count: 2_000, within: '10m' }, at: new Date(now - index * 500).toISOString(), count: 2_000 + index, clearedAt: null,
    }
  })
}

/** Many topics, as a room of the largest size has them. */
export function manyTopics(count: number, now: number): TopicRow[] {
  const random = seeded(3)
  return Array.from({ length: count }, (_, index) => ({ ...topicRow(4 + (index % 6), now, random), id: `topic-${index}`, name: { zh: `话题 ${index}`, en: `Topic ${index}` }, count: Math.round(40_000 * random()), ratio: Math.round(90 * random()) / 10 }))
}
