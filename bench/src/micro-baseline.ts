// What the normal of a topic costs: nanoseconds to learn a slice and to look at a topic, and bytes in memory and in a checkpoint, at 10,000 topics.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Baseline } from '@groundswell/engine/src/core/3-measure/baseline.ts'
import { clockSeconds, VelocityDetector } from '@groundswell/engine/src/core/4-detect/velocity-detector.ts'
import { StateWriter } from '@groundswell/engine/src/core/state.ts'
import { mulberry32 } from './mulberry32.ts'

const topics = 10_000
const slices = 288
const looks = 120
const hoursBack = 28 * 24

export interface BaselineCost {
  readonly topics: number
  readonly nsToLearnASlice: number
  readonly nsToLook: number
  readonly microsecondsToWarmUp: number // 28 days by the hour
  readonly bytes: { readonly baseline: number; readonly platform: number; readonly detector: number } // of memory, each
  readonly bytesSaved: { readonly baseline: number; readonly platform: number; readonly detector: number } // of a checkpoint, each
}

/** `npm run bench -- baseline`. */
export function measureBaseline(): BaselineCost {
  const random = mulberry32(7)
  const means = Float64Array.from({ length: topics }, () => Math.exp(6 * random() - 3)) // 0.05 … 20 a slice
  const [baselines, baselineBytes] = weighed(() => Array.from(means, () => new Baseline()))
  const [platforms, platformBytes] = weighed(() => baselines.map((topic) => new Baseline(topic.sliceSeconds, { season: topic })))
  const [detectors, detectorBytes] = weighed(() => baselines.map(() => new VelocityDetector()))
  const counts = Float64Array.from({ length: 4096 }, () => -Math.log(1 - random()))
  const countOf = (topic: number, slice: number): number => Math.round(means[topic]! * counts[(topic * 31 + slice * 7) % counts.length]!)
  let learnMs = 0, lookMs = 0
  const held = new Float64Array(topics)
  for (let slice = 0; slice < slices; slice++) {
    for (let topic = 0; topic < topics; topic++) held[topic] = countOf(topic, slice)
    learnMs += timed(() => { for (let topic = 0; topic < topics; topic++) baselines[topic]!.learn(slice, held[topic]!) })
  }
  const windows = new Float64Array(clockSeconds.length * topics)
  for (let look = 0; look < looks; look++) {
    for (let i = 0; i < windows.length; i++) windows[i] = countOf(Math.floor(i / clockSeconds.length), look) * (clockSeconds[i % clockSeconds.length]! / 300)
    const second = slices * 300 + look * 60 + 59
    lookMs += timed(() => { for (let topic = 0; topic < topics; topic++) detectors[topic]!.look(second, windows.subarray(topic * clockSeconds.length), baselines[topic]!) })
  }
  const hours = Array.from({ length: hoursBack }, (_, hour): [number, number] => [hour, Math.round(100 * counts[hour]!)])
  const warmMs = timed(() => { for (let i = 0; i < 500; i++) new Baseline().warmUp(hours, hoursBack) })
  const saved = (part: { save(out: StateWriter): void }): number => {
    const out = new StateWriter()
    part.save(out)
    return out.written.length
  }
  return {
    topics, nsToLearnASlice: Math.round((learnMs * 1e6) / (slices * topics)), nsToLook: Math.round((lookMs * 1e6) / (looks * topics)), microsecondsToWarmUp: Math.round((warmMs * 1000) / 500),
    bytes: { baseline: baselineBytes, platform: platformBytes, detector: detectorBytes },
    bytesSaved: { baseline: saved(baselines[0]!), platform: saved(platforms[0]!), detector: saved(detectors[0]!) },
  }
}

/** What `make` makes, and the bytes of memory each of it takes. */
function weighed<T>(make: () => T[]): [T[], number] {
  const before = memory()
  const made = make()
  return [made, Math.round((memory() - before) / made.length)]
}

function memory(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let i = 0; i < 3; i++) collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Milliseconds of this thread's CPU: others may be on the machine. */
function timed(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
