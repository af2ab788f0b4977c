// How long from publishing a mention until the wall in a browser without a GPU has painted the count that includes it, while other traffic flows.
import { findChromium, openBrowser } from '../../../dashboard/test/browser.ts'
import { probe } from '../generate.ts'
import { quantile } from '../results.ts'
import { runTraffic } from './traffic-run.ts'

export interface PixelOptions { readonly seconds: number; readonly rate: number; readonly escaped: boolean }
type Painted = readonly (readonly [count: number, at: number])[] // at: ms since 1970

const warmUpMs = 3_000
const probeEveryMs = 97

/** `npm run bench -- pixels`. Milliseconds; the topic of the probes is pinned to the wall's first row. */
export async function pixels(options: PixelOptions): Promise<Record<string, unknown>> {
  const executable = findChromium()
  if (executable === null) throw new Error('no chromium, chromium-browser or google-chrome on the PATH: install one')
  const browser = await openBrowser(executable)
  const sentAt: number[] = []
  let painted: Painted = []
  try {
    const page = await browser.context.newPage()
    await page.setViewportSize({ width: 1920, height: 1080 })
    const run = await runTraffic({
      ...options, leadMax: 0, seed: 3, probeEveryMs, onSecond: () => undefined, onFrame: () => undefined, onProbe: (n, at) => { sentAt[n - 1] = at },
      onReady: async (url) => {
        const until = Date.now() + 3_600_000
        const answer = await fetch(`${url}/api/actions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ what: 'pin', topic: probe.topic, until }) })
        if (!answer.ok) throw new Error(`the topic of the probes could not be pinned: ${answer.status} ${await answer.text()}`)
        await page.goto(`${url}/?lang=en&rotate=off`)
        await page.waitForSelector(`[data-topic="${probe.topic}"] [data-count]`)
        await page.evaluate(watchCount, `[data-topic="${probe.topic}"] [data-count]`)
      },
      onDone: async () => { painted = await page.evaluate(() => (globalThis as unknown as { painted: Painted }).painted) },
    })
    const latencies = latenciesOf(sentAt, painted)
    if (latencies.length === 0) throw new Error('the wall never painted a count of the probes: is their topic in its rows?')
    return {
      rate: options.rate, mentions: run.acknowledged, probes: latencies.length,
      latencyMs: { p50: Math.round(quantile(latencies, 0.5)), p90: Math.round(quantile(latencies, 0.9)), p99: Math.round(quantile(latencies, 0.99)), max: Math.round(Math.max(...latencies)) },
    }
  } finally {
    await browser.close()
  }
}

/** Runs in the page. What a mutation changed has been painted when the second frame from there begins. */
function watchCount(selector: string): void {
  const seen: (readonly [number, number])[] = []
  Object.assign(globalThis, { painted: seen })
  let shown = -1
  const look = (): void => {
    const count = Number((document.querySelector(selector)?.textContent ?? '').replaceAll(/\D/g, ''))
    if (count === shown) return
    shown = count
    requestAnimationFrame(() => requestAnimationFrame(() => { seen.push([count, Date.now()]) }))
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
}

/** Probes are counted in order: a picture of n of them shows the first n. */
function latenciesOf(sentAt: readonly number[], painted: Painted): number[] {
  const first = sentAt[0] ?? 0
  const latencies: number[] = []
  let shown = 0
  for (const [count, at] of painted) {
    for (; shown < count; shown++) {
      const sent = sentAt[shown]
      if (sent !== undefined && sent - first >= warmUpMs) latencies.push(at - sent)
    }
  }
  return latencies
}
