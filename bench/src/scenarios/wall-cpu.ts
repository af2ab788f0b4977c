// What share of one core a wall takes that hears from the engine once a second, drawn without a GPU, all processes of the browser together (W29).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { findChromium, openBrowser, type OwnBrowser } from '../../../dashboard/test/browser.ts'
import { buildWall } from '../../../dashboard/test/build-wall.ts'
import { cascadeAnswers, cascadeColumns } from '../../../dashboard/test/seeded-cascade.ts'
import { alertRow, seeded, snapshot } from '../../../dashboard/test/seeded.ts'
import { WallServer } from '../../../dashboard/test/wall-server.ts'
import { cpuSecondsBelow } from '../processes.ts'

interface Scene { readonly name: string; readonly size: readonly [width: number, height: number]; readonly hertz: number; readonly takeover: boolean }
const scenes: readonly Scene[] = [
  { name: '1920×1080, 1 Hz', size: [1920, 1080], hertz: 1, takeover: false }, { name: '3840×2160, 1 Hz', size: [3840, 2160], hertz: 1, takeover: false },
  { name: '1920×1080, 4 Hz', size: [1920, 1080], hertz: 4, takeover: false }, { name: '1920×1080, 1 Hz, takeover with a cascade of 20,000', size: [1920, 1080], hertz: 1, takeover: true },
]
const warmUpMs = 8_000 // fonts, first pictures and compilations are not what a wall does for the rest of the year
const secondsMax = 45 // a takeover lasts for a minute

/** `npm run bench -- wall-cpu`. Shares of one core; every row of the wall has other numbers with every frame, and none of it is on a second screen. */
export async function wallCpu({ seconds: wanted }: { readonly seconds: number }): Promise<Record<string, unknown>> {
  const executable = findChromium()
  if (executable === null) throw new Error('no chromium, chromium-browser or google-chrome on the PATH: install one')
  const seconds = Math.min(secondsMax, wanted)
  const dist = mkdtempSync(join(tmpdir(), 'groundswell-wall-cpu-'))
  const measured: Record<string, unknown> = {}
  try {
    await buildWall(dist)
    measured['browser alone'] = { share: rounded(await withBrowser(executable, async (browser) => { await browser.context.newPage() }, seconds)) }
    for (const scene of scenes) measured[scene.name] = await shareOf(scene, { executable, dist, seconds })
  } finally {
    rmSync(dist, { recursive: true, force: true })
  }
  return { seconds, limit: 0.15, ...measured }
}

async function shareOf({ name, size, hertz, takeover }: Scene, { executable, dist, seconds }: { readonly executable: string; readonly dist: string; readonly seconds: number }): Promise<{ share: number }> {
  const server = new WallServer(dist, { ...snapshot({ now: Date.now() }), alerts: [] })
  server.api = cascadeAnswers(cascadeColumns(20_000))
  const url = await server.listen()
  let timer: ReturnType<typeof setInterval> | null = null
  try {
    const share = await withBrowser(executable, async (browser) => {
      const page = await browser.context.newPage()
      await page.setViewportSize({ width: size[0], height: size[1] })
      await page.goto(`${url.href}?lang=zh`)
      await page.waitForSelector('[data-link="live"]')
      const random = seeded(11)
      timer = setInterval(() => { server.change(moved(server.snapshot, random)) }, 1000 / hertz)
      if (takeover) {
        server.change({ alerts: [{ ...alertRow(0, Date.now()), id: 'news', grade: 'severe', clearedAt: null }] })
        await page.waitForSelector('[data-cascade="shown"] [data-painted]')
      }
    }, seconds)
    console.error(`${name}: ${(100 * share).toFixed(1)} % of one core`)
    return { share: rounded(share) }
  } finally {
    if (timer !== null) clearInterval(timer)
    await server.close()
  }
}

/** A browser each, so that none pays for what the one before left. */
async function withBrowser(executable: string, prepare: (browser: OwnBrowser) => Promise<void>, seconds: number): Promise<number> {
  const browser = await openBrowser(executable)
  try {
    await prepare(browser)
    await passed(warmUpMs)
    const [cpu, at] = [cpuSecondsBelow(process.pid), performance.now()]
    await passed(seconds * 1000)
    return (cpuSecondsBelow(process.pid) - cpu) / ((performance.now() - at) / 1000)
  } finally {
    await browser.close()
  }
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000
const passed = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms) })

/** A second later: every topic and the totals have other numbers, minutes move on. */
function moved({ topics, totals, sources }: Snapshot, random: () => number): Parameters<WallServer['change']>[0] {
  const next = (spark: readonly number[]): number[] => [...spark.slice(1), Math.floor(random() * 900)]
  return {
    topics: topics.map((row) => ({ ...row, count: row.count + Math.floor(random() * 300), perMinute: Math.floor(random() * 900), newestAt: Date.now(), spark: next(row.spark) })),
    totals: { ...totals, counted: totals.counted + 3_000, stored: totals.stored + 3_000, perMinute: 3_000 + Math.floor(random() * 900), spark: next(totals.spark) },
    sources: sources.map((row) => ({ ...row, newestAt: Date.now(), lastHour: row.lastHour + 1 })),
  }
}
