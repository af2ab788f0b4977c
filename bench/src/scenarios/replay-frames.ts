// Whether a replay that plays keeps 60 frames a second in a real browser without a GPU: of the wall, of a topic's page, and of a cascade of 100,000.
import type { WallAt, WallPictures, WallTimes } from '@groundswell/schemas/replay.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import type { Page } from 'playwright-core'
import { findChromium } from '../../../dashboard/test/browser.ts'
import { addressOf, CascadeSite, columnsOf } from '../../../dashboard/test/cascade-site.ts'
import { DeskSite } from '../../../dashboard/test/desk-site.ts'
import { clock, outage, TopicSite } from '../../../dashboard/test/topic-site.ts'
import { quantile } from '../results.ts'
import { shownAt } from './replay-pictures.ts'

const speeds = [1, 60, 3600]
const frameMs = 1000 / 60
const dayMs = 86_400_000
const playMs = 10_000
const warmUpMs = 2_000

/** cpuMs: of the page's own thread, a frame, whatever else the machine does · late: share of frames that came a frame late or more. */
interface Frames { readonly perSecond: number; readonly p50Ms: number; readonly p95Ms: number; readonly late: number; readonly droppedAMinute: number; readonly cpuMs: number }
interface Site { readonly page: Page; begin(executable: string): Promise<void>; end(): Promise<void> }
type Open = (speed: number) => Promise<void>

export async function replayFrames(): Promise<Record<string, Record<string, Frames>>> {
  const executable = findChromium()
  if (executable === null) throw new Error('no chromium, chromium-browser or google-chrome on the PATH: install one')
  const desk = new DeskSite(), topic = new TopicSite(), cascade = new CascadeSite()
  const walls = pastOfWalls(Math.floor(Date.now() / dayMs) * dayMs - dayMs)
  return {
    wall: await played(desk, executable, (speed) => {
      desk.reset([])
      desk.instead = walls.answer
      return desk.open(`#/replay?at=${iso(walls.from + dayMs / 4)}&speed=${speed}&span=24h`)
    }),
    'page of a topic': await played(topic, executable, (speed) => topic.open(`${outage}?play=1&at=${(clock - 16 * 3600) * 1000}&speed=${speed}`)),
    'cascade of 100,000': await played(cascade, executable, (speed) => {
      cascade.cascade('weibo:large')
      return cascade.open(addressOf('weibo:large', `until=${Math.round(columnsOf('weibo:large').at[speed === 3600 ? 100 : 50_000]!)}&speed=${speed}`))
    }),
  }
}

async function played(site: Site, executable: string, open: Open): Promise<Record<string, Frames>> {
  await site.begin(executable)
  try {
    const found: Record<string, Frames> = {}
    for (const speed of speeds) {
      await open(speed)
      await site.page.waitForSelector('[data-play]')
      found[`×${speed}`] = await framesOf(site.page)
      console.error(`${await site.page.locator('[data-panel="replay"]').getAttribute('aria-label')} ×${speed}: ${JSON.stringify(found[`×${speed}`])}`)
    }
    return found
  } finally {
    await site.end()
  }
}

async function framesOf(page: Page): Promise<Frames> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async (): Promise<number> => (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  await gapsOf(page, warmUpMs)
  const before = await busy()
  const gaps = await gapsOf(page, playMs)
  const cpuMs = ((await busy()) - before) * 1000 / gaps.length
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frameMs) - 1), 0)
  const ms = gaps.reduce((sum, gap) => sum + gap, 0)
  const rounded = (value: number): number => Number(value.toFixed(2))
  return {
    perSecond: rounded(gaps.length / (ms / 1000)), p50Ms: rounded(quantile(gaps, 0.5)), p95Ms: rounded(quantile(gaps, 0.95)),
    late: Number((gaps.filter((gap) => gap > 1.5 * frameMs).length / gaps.length).toFixed(4)), droppedAMinute: rounded(dropped / (ms / 60_000)), cpuMs: rounded(cpuMs),
  }
}

/** ms between frames while it plays; who is at the end begins anew. */
const gapsOf = (page: Page, forMs: number): Promise<number[]> => page.evaluate(async (forMs) => {
  const hand = document.querySelector<HTMLElement>('[data-play]')!, panel = document.querySelector('[data-panel="replay"]')!
  const isPlaying = (): boolean => panel.getAttribute('data-playing') === 'true'
  const gaps: number[] = []
  let last = await new Promise<number>((next) => { requestAnimationFrame(next) })
  for (const begin = last; last - begin < forMs;) {
    if (!isPlaying()) hand.click()
    const now = await new Promise<number>((next) => { requestAnimationFrame(next) })
    gaps.push(now - last)
    last = now
  }
  return gaps
}, forMs)

const iso = (ms: number): string => new Date(ms).toISOString()

/** A day of a room's walls, a picture every five seconds, as the engine would answer. */
function pastOfWalls(from: number): { readonly from: number; readonly answer: DeskSite['instead'] } {
  const { everyMs, picturesMax, stepsMax } = replayLimits
  const kept = (at: number): number => from + Math.floor((Math.min(at, from + dayMs - 1) - from) / everyMs) * everyMs
  const wallAt = (asked: number): WallAt => ({ asked, at: kept(asked), snapshot: shownAt(kept(asked)), previous: kept(asked) - everyMs, next: kept(asked) + everyMs, gap: null })
  const pictures = ([begin, to, stepMs]: readonly [number, number, number]): WallPictures => {
    const ends = Array.from({ length: Math.min(picturesMax, Math.ceil((Math.min(to, from + dayMs) - begin) / stepMs)) }, (_, step) => kept(Math.min(begin + (step + 1) * stepMs, to) - 1))
    return { from: begin, to, stepMs, pictures: [...new Set([kept(begin - 1), ...ends])].map((at) => ({ at, snapshot: shownAt(at) })) }
  }
  const times = (begin: number, to: number): WallTimes => ({
    from: begin, to, days: 30, first: from, last: from + dayMs - everyMs, stepMs: Math.ceil((to - begin) / stepsMax), perMinute: Array.from({ length: stepsMax }, (_, step) => 400 + ((step * 37) % 900)), kept: dayMs / everyMs,
    news: [], newsCut: false, gaps: [], gapsCut: false,
  })
  return {
    from,
    answer: ({ pathname, searchParams }) => {
      const number = (name: string): number => Number(searchParams.get(name))
      if (pathname === '/api/replay/wall') return { status: 200, body: wallAt(number('at')) }
      if (pathname === '/api/replay/wall/pictures') return { status: 200, body: pictures([number('from'), number('to'), number('step')]) }
      return pathname === '/api/replay/wall/times' ? { status: 200, body: times(number('from'), number('to')) } : null
    },
  }
}
