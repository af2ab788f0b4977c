// What exactness through crashes costs: throughput with checkpoints every five seconds and 50 M ids remembered, and without either, in
// turn within one run (on, off, off, on, …), so that whatever else the machine does weighs on both.
import { quantile } from '../results.ts'
import { processedOf, runTraffic } from './traffic-run.ts'

export interface DurabilityOptions { readonly seconds: number; readonly rounds: number }

const leadMax = 500_000
const variants = {
  on: { GROUNDSWELL_CHECKPOINT_EVERY: '5s', GROUNDSWELL_SEEN_MAX: '50000000' },
  off: { GROUNDSWELL_CHECKPOINT_EVERY: 'off', GROUNDSWELL_SEEN_MAX: '1000' }, // no fewer ids can be set
} as const
type Variant = keyof typeof variants

interface Run { readonly variant: Variant; readonly perSecond: number; readonly cpuMicros: number; readonly rssMiBMax: number; readonly everyOneStored: boolean }

export async function durability({ seconds, rounds }: DurabilityOptions): Promise<Record<string, unknown>> {
  const runs: Run[] = []
  for (let round = 0; round < rounds; round++) {
    for (const variant of round % 2 === 0 ? ['on', 'off'] as const : ['off', 'on'] as const) {
      const run = await once(variant, { seconds, seed: 1 + round })
      console.log(`round ${round + 1}  ${variant.padEnd(3)}  ${run.perSecond} mentions/s  ${run.cpuMicros} µs CPU a mention  ${run.rssMiBMax} MiB`)
      runs.push(run)
    }
  }
  const medianOf = (variant: Variant, key: 'perSecond' | 'cpuMicros' | 'rssMiBMax') => quantile(runs.filter((run) => run.variant === variant).map((run) => run[key]), 0.5)
  return {
    variants, runs, everyOneStored: runs.every((run) => run.everyOneStored),
    perSecondOn: medianOf('on', 'perSecond'), perSecondOff: medianOf('off', 'perSecond'),
    shareKept: Number((medianOf('on', 'perSecond') / medianOf('off', 'perSecond')).toFixed(3)),
    cpuMicrosOn: medianOf('on', 'cpuMicros'), cpuMicrosOff: medianOf('off', 'cpuMicros'),
  }
}

async function once(variant: Variant, { seconds, seed }: { readonly seconds: number; readonly seed: number }): Promise<Run> {
  const run = await runTraffic({
    seed, seconds, rate: 0, leadMax, escaped: false, probeEveryMs: 0, env: variants[variant], onSecond: () => undefined, onFrame: () => undefined, onProbe: () => undefined,
  })
  const cpuSeconds = Object.values(run.cpu).reduce((sum, value) => sum + value, 0)
  return {
    variant, perSecond: Math.round(processedOf(run.stats) / run.drainedSeconds), cpuMicros: Number(((cpuSeconds * 1e6) / run.acknowledged).toFixed(2)), rssMiBMax: Math.round(run.rssBytesMax / 1024 ** 2),
    everyOneStored: run.counted.rows === run.acknowledged && run.counted.ids === run.acknowledged,
  }
}
