// Whether the console of alerts stands eight hours of a hundred a second (A17): all 2.88 million through the page's own socket, store and list, faster than they would come.
import { performance } from 'node:perf_hooks'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { CDPSession, Page } from 'playwright-core'
import { findChromium } from '../../../dashboard/test/browser.ts'
import { DeskSite, flood } from '../../../dashboard/test/desk-site.ts'
import { nodeCount } from '../../../dashboard/test/on-page.ts'
import { snapshot } from '../../../dashboard/test/seeded.ts'
import { quantile } from '../results.ts'

const alertsASecond = 100
const alertsInAll = 8 * 3600 * alertsASecond
const aFrame = 50 // as many as the live list holds: each frame brings another list
const aBatch = 60 * aFrame
const shares = [0.01, 0.1, 0.5, 1]
const everyMs = 250 // as often as the engine sends at most
const keyEveryMs = 300

interface Size { readonly heapMB: number; readonly elements: number; readonly nodes: number; readonly listeners: number; readonly rows: number; readonly folded: string | null }
interface Felt { readonly frames: number; readonly frameP95Ms: number; readonly keys: number; readonly keyP50Ms: number; readonly keyP95Ms: number }
interface Noted { gaps: number[]; keys: number[] }

/** `npm run bench -- console`. `seconds`: how long it is looked at as fast as alerts come, after each share; the rest takes minutes. */
export async function consoleSoak({ seconds }: { readonly seconds: number }): Promise<Record<string, unknown>> {
  const executable = findChromium()
  if (executable === null) throw new Error('no chromium, chromium-browser or google-chrome on the PATH: install one')
  const site = new DeskSite()
  await site.begin(executable)
  try {
    const now = snapshot().serverNow
    site.reset(flood(1000, now))
    await site.open('#/alerts')
    await site.page.waitForSelector('[data-folded]')
    site.server.heartbeat(false)
    const devtools = await site.browser.context.newCDPSession(site.page)
    await devtools.send('HeapProfiler.enable')
    await note(site.page)
    const source = new Flood(site, now)
    const measured: Record<string, unknown> = {}
    for (const share of shares) {
      const [began, before] = [performance.now(), source.raised]
      const fast = await felt(site.page, () => source.raise(alertsInAll * share - source.raised))
      const alertsPerSecond = Math.round((source.raised - before) / ((performance.now() - began) / 1000))
      const asTheyCome = await felt(site.page, () => source.raiseAsTheyCome(seconds))
      measured[`${100 * share} %`] = { raised: source.raised, ...await sizeOf(site.page, devtools), 'a hundred a second': asTheyCome, 'as fast as it goes': { alertsPerSecond, ...fast } }
      console.error(`${100 * share} %: ${JSON.stringify(measured[`${100 * share} %`])}`)
    }
    return { alerts: alertsInAll, aFrame, seconds, complaints: site.complaints, ...measured }
  } finally {
    await site.end()
  }
}

/** Alerts of ever other topics, of which some end and some are dealt with in the frame behind. */
class Flood {
  readonly #site: DeskSite
  readonly #now: number
  raised = 0

  constructor(site: DeskSite, now: number) {
    this.#site = site
    this.#now = now
  }

  /** The last of a batch is waited for, so that no frame waits in the socket for long. */
  async raise(alerts: number): Promise<void> {
    for (const end = this.raised + alerts; this.raised < end;) {
      const batchEnd = Math.min(end, this.raised + aBatch)
      while (this.raised < batchEnd) this.#send(aFrame, this.raised + aFrame >= batchEnd)
      await this.#site.page.locator(`[title="${this.#reason}"]`).waitFor({ timeout: 120_000 })
    }
  }

  async raiseAsTheyCome(seconds: number): Promise<void> {
    const frames = Math.round((seconds * 1000) / everyMs), began = performance.now()
    for (let frame = 1; frame <= frames; frame++) {
      this.#send((alertsASecond * everyMs) / 1000, false)
      await passed(began + frame * everyMs - performance.now())
    }
  }

  get #reason(): string { return `${this.raised} alerts` }

  #send(count: number, told: boolean): void {
    const { server } = this.#site, now = this.#now
    const fresh = flood(count, now + this.raised * (1000 / alertsASecond), this.raised)
    const before = server.snapshot.alerts.map((alert, index): AlertRow => (index % 5 === 0 ? { ...alert, clearedAt: alert.at } : index % 7 === 0 ? { ...alert, handling: { state: 'resolved', by: 'li', at: now, assignee: null, notes: 0 } } : alert))
    this.#site.alerts = [...fresh, ...before].slice(0, 50)
    this.raised += count
    server.change({ alerts: this.#site.alerts, ...(told ? { silences: [{ topic: 'flood-0000', grade: 'minor', since: now, until: now + 3_600_000, by: 'li', reason: this.#reason }] } : {}) })
  }
}

/** The page notes how far apart its frames are, and how long after a key the frame behind it is drawn. */
const note = (page: Page): Promise<void> => page.evaluate(() => {
  const noted: Noted = { gaps: [], keys: [] };
  (window as unknown as { noted: Noted }).noted = noted
  let last = performance.now()
  const frame = (): void => {
    const now = performance.now()
    noted.gaps.push(now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  addEventListener('keydown', ({ timeStamp }) => { requestAnimationFrame(() => { setTimeout(() => { noted.keys.push(performance.now() - timeStamp) }) }) }, true)
})

/** While the work goes on keys are pressed: down the list, and up again. */
async function felt(page: Page, work: () => Promise<void>): Promise<Felt> {
  const take = (): Promise<Noted> => page.evaluate(() => {
    const { noted } = window as unknown as { noted: Noted }
    return { gaps: noted.gaps.splice(0), keys: noted.keys.splice(0) }
  })
  await take()
  const over = new AbortController()
  const pressing = pressKeys(page, over.signal)
  try {
    await work()
  } finally {
    over.abort()
    await pressing
  }
  const { gaps, keys } = await take()
  return { frames: gaps.length, frameP95Ms: rounded(quantile(gaps, 0.95)), keys: keys.length, keyP50Ms: rounded(quantile(keys, 0.5)), keyP95Ms: rounded(quantile(keys, 0.95)) }
}

async function pressKeys(page: Page, over: AbortSignal): Promise<void> {
  for (let pressed = 0; !over.aborted; pressed++) {
    await page.keyboard.press(pressed % 8 < 4 ? 'j' : 'k')
    await passed(keyEveryMs)
  }
}

async function sizeOf(page: Page, devtools: CDPSession): Promise<Size> {
  for (let twice = 0; twice < 2; twice++) await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters')
  return {
    heapMB: Number((usedSize / 1e6).toFixed(2)), elements: await nodeCount(page), nodes, listeners: jsEventListeners,
    rows: await page.locator('[data-group]').count(), folded: await page.locator('[data-folded]').first().getAttribute('data-folded'),
  }
}

const rounded = (ms: number): number => Number(ms.toFixed(1))
const passed = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, Math.max(0, ms)) })
