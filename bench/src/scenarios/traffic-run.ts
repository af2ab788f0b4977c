// One run of the whole path: engine, a wall on socket.io, a publisher; watched once a second, waited for until all is stored, then ended.
import { fork } from 'node:child_process'
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ClientToServer, Frame, ServerToClient, Snapshot } from '@groundswell/schemas/live.ts'
import type { Stats } from '@groundswell/schemas/stats.ts'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { countStored, type Counted } from '../count-stored.ts'
import { startEngine } from '../engine-under-test.ts'
import type { EngineUnderTest } from '../engine-under-test.ts'
import { generateTraffic } from '../generate.ts'
import { stages, usage } from '../processes.ts'
import type { Stage, Usage } from '../processes.ts'
import type { PublisherJob, PublisherNews, PublisherReport } from '../publisher.ts'

export interface RunOptions {
  readonly seed: number
  readonly seconds: number
  readonly rate: number
  readonly leadMax: number
  readonly escaped: boolean
  readonly probeEveryMs: number
  readonly env?: Readonly<Record<string, string>> // settings of the engine
  readonly onSecond: (second: Second) => void
  readonly onFrame: (frame: Frame | Snapshot, receivedAtMs: number) => void
  readonly onProbe: (n: number, sentAtMs: number) => void
  readonly onReady?: (http: string) => Promise<void> // the engine listens, nothing is published yet
  readonly onDone?: () => Promise<void> // all is stored, the engine still runs
}
export interface Second { readonly at: number; readonly acknowledged: number; readonly stats: Stats; readonly rssBytes: number; readonly cpu: Usage['cpuSeconds'] }
export interface RunResult {
  readonly acknowledged: number
  readonly stats: Stats // when all was in, or nothing moved any more
  readonly counted: Counted // of the mentions table, read by another process after the engine's end
  readonly publishedSeconds: number // first publish to last acknowledgement
  readonly drainedSeconds: number // first publish to last mention stored
  readonly seconds: readonly Second[]
  readonly cpu: Readonly<Record<Stage, number>> // seconds of CPU between the first publish and the end of draining
  readonly benchCpuSeconds: number // of this process: the wall's stand-in and the watching
  readonly rssBytesMax: number
  readonly rssByStageMax: Usage['rssByStage']
  readonly frames: number
  readonly natsBytes: number // on the disk, the engine stopped
}

/** Mentions whose fate is decided. */
export const processedOf = (stats: Stats) => stats.counted + stats.late + stats.skewed + stats.duplicates + stats.deadLetters

const drainQuietMs = 30_000
const publisherFile = fileURLToPath(new URL('../publisher.ts', import.meta.url))

export async function runTraffic(options: RunOptions): Promise<RunResult> {
  const { rules } = generateTraffic({ seed: options.seed, messages: 0, escaped: false })
  const engine = await startEngine({ rules, ...(options.env ? { env: options.env } : {}) })
  let stopped = false
  let wall: Socket<ServerToClient, ClientToServer> | undefined
  const job: PublisherJob = { url: engine.nats, seed: options.seed, seconds: options.seconds, rate: options.rate, leadMax: options.leadMax, escaped: options.escaped, probeEveryMs: options.probeEveryMs }
  try {
    await options.onReady?.(engine.http)
  } catch (error) {
    await engine.stop()
    await engine.remove()
    throw error
  }
  const publisher = fork(publisherFile, [JSON.stringify(job)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  try {
    const seen = { frames: 0 }
    wall = io(engine.http, { transports: ['websocket'] })
    const take = (frame: Frame | Snapshot) => { seen.frames++; options.onFrame(frame, Date.now()) }
    wall.on('snapshot', take).on('frame', take)
    const watch = new Watch(engine, publisher.pid!, (second) => {
      if (publisher.connected) publisher.send({ processed: processedOf(second.stats) } satisfies PublisherNews)
      options.onSecond(second)
    })
    const done = follow(publisher, watch, options)
    const measured = await watch.until(done)
    await options.onDone?.()
    wall.close()
    await engine.stop()
    stopped = true
    return { ...measured, natsBytes: bytesBelow(join(engine.data, 'nats')), counted: await countStored(engine.data), frames: seen.frames }
  } catch (cause) {
    throw new Error(`${(cause as Error).message}; the engine's last words:\n${engine.lastWords()}`, { cause })
  } finally {
    wall?.close()
    if (publisher.exitCode === null) publisher.kill('SIGKILL')
    if (!stopped) await engine.stop()
    await engine.remove()
  }
}

type Done = Extract<PublisherReport, { kind: 'done' }>

/** Starts the publisher once it is ready; resolves with its last report. */
function follow(publisher: ReturnType<typeof fork>, watch: Watch, options: RunOptions): Promise<Done> {
  return new Promise((resolve, reject) => {
    publisher.once('exit', (code) => { reject(new Error(`the publisher ended early with ${code}; its message is above`)) })
    publisher.on('message', (message) => {
      const report = message as PublisherReport
      if (report.kind === 'ready') { watch.begin(); publisher.send('go') }
      else if (report.kind === 'progress') watch.acknowledged = report.acknowledged
      else if (report.kind === 'probe') options.onProbe(report.n, report.sentAtMs)
      else { watch.acknowledged = report.acknowledged; watch.look(); resolve(report) }
    })
  })
}

/** Samples once a second between begin() and the moment when everything acknowledged is stored. */
class Watch {
  acknowledged = 0
  readonly #engine: EngineUnderTest
  readonly #publisher: number
  readonly #onSecond: (second: Second) => void
  readonly #began = Promise.withResolvers<void>()
  #startedAt = 0
  #first: Usage | null = null
  #cpu = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>
  #benchCpu = 0
  #rssMax = 0
  #rssByStageMax: Partial<Record<Stage, number>> = {}

  constructor(engine: EngineUnderTest, publisher: number, onSecond: (second: Second) => void) {
    this.#engine = engine
    this.#publisher = publisher
    this.#onSecond = onSecond
  }

  begin(): void {
    this.#startedAt = performance.now()
    this.#first = usage({ engine: this.#engine.pid, publisher: this.#publisher })
    this.#benchCpu = benchCpuSeconds()
    this.#began.resolve()
  }

  /** CPU since begin and memory now. A stage whose process has ended keeps what it had used. */
  look(): Usage {
    const now = usage({ engine: this.#engine.pid, publisher: this.#publisher })
    for (const stage of stages) {
      this.#cpu[stage] = Math.max(this.#cpu[stage], now.cpuSeconds[stage] - this.#first!.cpuSeconds[stage])
      this.#rssByStageMax[stage] = Math.max(this.#rssByStageMax[stage] ?? 0, now.rssByStage[stage] ?? 0)
    }
    this.#rssMax = Math.max(this.#rssMax, now.rssBytes)
    return now
  }

  async until(done: Promise<Done>): Promise<Omit<RunResult, 'counted' | 'frames' | 'natsBytes'>> {
    let publishedSeconds = 0
    let failure: Error | null = null
    const finished = done.then((report) => (publishedSeconds = report.seconds), (error: Error) => (failure = error))
    await Promise.race([this.#began.promise, finished])
    const seconds: Second[] = []
    let movedAt = performance.now(), before = -1
    if (failure !== null) throw failure
    for (let next = this.#startedAt + 1000; ; next += 1000) {
      await pause(Math.max(0, next - performance.now()))
      if (failure !== null) throw failure
      const { rssBytes } = this.look()
      const stats = await this.#engine.stats()
      const second = { at: (performance.now() - this.#startedAt) / 1000, acknowledged: this.acknowledged, stats, rssBytes, cpu: { ...this.#cpu } }
      seconds.push(second)
      this.#onSecond(second)
      const accounted = stats.stored + stats.duplicates + stats.deadLetters
      if (accounted !== before) { before = accounted; movedAt = performance.now() }
      const all = publishedSeconds > 0 && accounted >= this.acknowledged
      if (all || performance.now() - movedAt > drainQuietMs) {
        return { acknowledged: this.acknowledged, stats, publishedSeconds, drainedSeconds: second.at, seconds, cpu: this.#cpu, benchCpuSeconds: benchCpuSeconds() - this.#benchCpu, rssBytesMax: this.#rssMax, rssByStageMax: this.#rssByStageMax }
      }
      if (publishedSeconds > 0) next = performance.now() - 900 // draining: look every 100 ms, its end counts
    }
  }
}

function benchCpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Bytes on the disk of all files below a folder. */
function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const stat = lstatSync(join(folder, name))
    return stat.isFile() ? sum + stat.blocks * 512 : sum
  }, 0)
}
