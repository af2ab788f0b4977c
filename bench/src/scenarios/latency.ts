// How long from publishing a mention to the socket.io frame whose count includes it, while other traffic flows at a steady rate.
import type { Frame, Snapshot } from '@groundswell/schemas/live.ts'
import { probe } from '../generate.ts'
import { quantile } from '../results.ts'
import { runTraffic } from './traffic-run.ts'

export interface LatencyOptions { readonly seconds: number; readonly rate: number; readonly escaped: boolean }

const warmUpMs = 3000 // the first frames and compilations are not what a wall shows for the rest of the year
const probeEveryMs = 97 // no multiple of the frame's 250 ms

export async function latency(options: LatencyOptions): Promise<Record<string, unknown>> {
  const probes = new Probes()
  const run = await runTraffic({
    ...options, leadMax: 0, seed: 2, probeEveryMs,
    onSecond: (second) => { if (Math.floor(second.at) % 5 === 0) console.log(`${second.at.toFixed(1).padStart(6)} s  acknowledged ${second.acknowledged}  probes seen ${probes.latencies.length}`) },
    onFrame: (frame, at) => { probes.onFrame(frame, at) },
    onProbe: (n, sentAtMs) => { probes.onProbe(n, sentAtMs) },
  })
  const { latencies } = probes
  if (latencies.length === 0) throw new Error(`no frame ever counted a probe of the topic "${probe.topic}": is it in the frames' topics?`)
  return {
    rate: options.rate, mentions: run.acknowledged, stored: run.stats.stored, countInStore: run.counted.rows, probes: latencies.length,
    latencyMs: { p50: Math.round(quantile(latencies, 0.5)), p90: Math.round(quantile(latencies, 0.9)), p99: Math.round(quantile(latencies, 0.99)), max: Math.round(Math.max(...latencies)) },
  }
}

/** Probes are counted in order, so a frame that counts n of them has shown the first n. */
class Probes {
  readonly latencies: number[] = []
  readonly #sentAt: number[] = []
  #shown = 0
  #firstAt = 0

  onProbe(n: number, sentAtMs: number): void {
    this.#sentAt[n - 1] = sentAtMs
    if (this.#firstAt === 0) this.#firstAt = sentAtMs
  }

  onFrame(frame: Frame | Snapshot, receivedAtMs: number): void {
    const count = frame.topics?.find((row) => row.id === probe.topic)?.count ?? 0
    for (; this.#shown < count; this.#shown++) {
      const sentAtMs = this.#sentAt[this.#shown]
      if (sentAtMs !== undefined && sentAtMs - this.#firstAt >= warmUpMs) this.latencies.push(receivedAtMs - sentAtMs)
    }
  }
}
