// As fast as it goes: publisher → NATS → workers → core → chDB → a wall on socket.io, all of it in one run on this machine.
import { quantile } from '../results.ts'
import { stages } from '../processes.ts'
import { processedOf, runTraffic } from './traffic-run.ts'
import type { RunResult, Second } from './traffic-run.ts'

export interface ThroughputOptions { readonly seconds: number; readonly rate: number; readonly escaped: boolean }

export async function throughput(options: ThroughputOptions): Promise<Record<string, unknown>> {
  let before: Second | null = null
  const run = await runTraffic({
    ...options, leadMax: options.rate > 0 ? 0 : leadMax, seed: 1, probeEveryMs: 0, onFrame: () => undefined, onProbe: () => undefined,
    onSecond: (second) => {
      if (second.at - (before?.at ?? 0) < 0.5) return
      console.log(`${second.at.toFixed(1).padStart(6)} s  acknowledged ${second.acknowledged}  processed ${processed(second)} (${rateOf(before, second).toFixed(0)}/s)  stored ${second.stats.stored}  RSS ${mib(second.rssBytes)} MiB`)
      before = second
    },
  })
  return report(run, options.seconds)
}

// A publisher that runs ahead for gigabytes would take the engine's cores first and leave it alone afterwards: it stays this close.
const leadMax = 500_000
const processed = ({ stats }: Second) => processedOf(stats)
const mib = (bytes: number) => Math.round(bytes / 1024 ** 2)
const rateOf = (a: Second | null, b: Second) => (processed(b) - (a ? processed(a) : 0)) / (b.at - (a?.at ?? 0))

function report(run: RunResult, seconds: number): Record<string, unknown> {
  const during = run.seconds.filter((second) => second.at <= seconds + 1)
  const rates = during.map((second, index) => rateOf(during[index - 1] ?? null, second)).slice(1)
  const perMention = (cpuSeconds: number) => Number(((cpuSeconds * 1e6) / run.acknowledged).toFixed(2))
  const cpu = { ...Object.fromEntries(stages.map((stage) => [stage, perMention(run.cpu[stage])])), 'bench client': perMention(run.benchCpuSeconds) }
  const everyOneStored = run.stats.stored === run.acknowledged && run.counted.rows === run.acknowledged && run.counted.ids === run.acknowledged
  return {
    mentions: run.acknowledged, stored: run.stats.stored, countInStore: run.counted.rows, distinctIds: run.counted.ids, everyOneStored, stats: run.stats,
    perSecondSustained: Math.round(run.acknowledged / run.drainedSeconds), perSecondMedian: Math.round(quantile(rates, 0.5)), perSecondLeast: Math.round(Math.min(...rates)),
    publishedSeconds: Number(run.publishedSeconds.toFixed(2)), drainedSeconds: Number(run.drainedSeconds.toFixed(2)),
    cpuMicrosPerMention: { ...cpu, total: Number(Object.values(cpu).reduce((sum, value) => sum + value, 0).toFixed(2)) },
    rssMiBMax: mib(run.rssBytesMax), rssMiBMaxByStage: Object.fromEntries(Object.entries(run.rssByStageMax).map(([stage, bytes]) => [stage, mib(bytes)])), framesToTheWall: run.frames,
  }
}
