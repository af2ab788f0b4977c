// What a room needs: cores, memory and disk at a steady rate, measured over the whole path, for the table of the README.
import { stages } from '../processes.ts'
import { runTraffic } from './traffic-run.ts'

export interface SizingOptions { readonly seconds: number; readonly rates: readonly number[] }

const gibOf = (bytes: number) => Number((bytes / 1024 ** 3).toFixed(2))
const daySeconds = 86_400

export async function sizing({ seconds, rates }: SizingOptions): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown>[] = []
  for (const rate of rates) {
    const run = await runTraffic({ seed: 1, seconds, rate, leadMax: 0, escaped: false, probeEveryMs: 0, env: {}, onSecond: () => undefined, onFrame: () => undefined, onProbe: () => undefined })
    const cpuSeconds = stages.filter((stage) => stage !== 'publisher').reduce((sum, stage) => sum + run.cpu[stage], 0)
    const bytesAMention = run.counted.bytes / run.counted.rows
    const row = {
      mentionsPerSecond: rate, mentions: run.acknowledged, everyOneStored: run.counted.rows === run.acknowledged, secondsUntilStored: Number((run.drainedSeconds - run.publishedSeconds).toFixed(1)),
      cores: Number((cpuSeconds / run.drainedSeconds).toFixed(2)), memoryGiB: gibOf(run.rssBytesMax - (run.rssByStageMax.publisher ?? 0)),
      storeBytesAMention: Number(bytesAMention.toFixed(1)), storeGiBADay: gibOf(bytesAMention * rate * daySeconds), natsBytesAMention: Number((run.natsBytes / run.acknowledged).toFixed(1)),
    }
    console.log(JSON.stringify(row))
    rows.push(row)
  }
  return { everyOneStored: rows.every((row) => row['everyOneStored']), rows }
}
