// Runs one seed: a story in a world, life after life of the engine, until everything has come to rest; then the oracle looks.
import { subjects } from '@groundswell/schemas/subjects.ts'
import { StreamRecreated } from '../../src/stream-errors.ts'
import { checkpointFolder } from './beginning.ts'
import { open, type Running, type Surroundings } from './life.ts'
import { difference } from './oracle.ts'
import type { Sabotage } from './sabotage.ts'
import { SimDisk } from './sim-disk.ts'
import { SimOutbox } from './sim-outbox.ts'
import { SimStore } from './sim-store.ts'
import { SimStream } from './sim-stream.ts'
import { tell, type Sending, type Story } from './story.ts'
import { Life, World } from './world.ts'

export interface SeedResult { readonly seed: number; readonly failure: string | null; readonly steps: number; readonly injected: ReadonlyMap<string, number> }
export interface SeedOptions { readonly trace?: (line: string) => void; readonly sabotage?: Sabotage }

const stepsMax = 200_000
const encoder = new TextEncoder()

export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = options.trace ? stackTraceLimit : 0 // thousands of errors are thrown on purpose
  const run = new SeedRun(seed, options)
  try {
    const failure = await run.toTheEnd()
    const { world } = run
    return { seed, failure, steps: world.steps, injected: world.injected }
  } finally {
    run.world.end()
    Error.stackTraceLimit = stackTraceLimit
  }
}

class SeedRun {
  readonly world: World
  readonly #story: Story
  readonly #around: Surroundings
  readonly #acknowledged: { stream: number; seq: number; text: string }[] = []
  #lives = 0
  #running: Running | null = null
  #life: Life | null = null
  #publishing = 0
  #ticks = true
  #rested = false

  constructor(seed: number, { trace, sabotage }: SeedOptions) {
    this.#story = tell(seed)
    const { startMs, faults, rules, bytesMax, seenMax, checkpointMs, checkpointsKept, insertWeightMax, workerFailures } = this.#story
    this.world = new World({ seed, startMs, faults, trace, onCrash: () => this.#onCrash() })
    const world = this.world
    this.#around = {
      world, stream: new SimStream(world, bytesMax), store: new SimStore(world, { ignoresTokens: sabotage === 'tokens-ignored' }), outbox: new SimOutbox(world), disk: new SimDisk(world, { readsFail: this.#story.readsAgain }),
      rules, checkpointMs, checkpointsKept, insertWeightMax, workerFailures, core: { seenMax, cooldownSeconds: 20, silence: { blindSeconds: 15 } }, origins: new Map(), sabotage,
    }
  }

  async toTheEnd(): Promise<string | null> {
    const { world } = this
    const { stream, store, outbox, rules, core, origins, insertWeightMax } = this.#around
    this.#arrange()
    this.#beBorn()
    void this.#comeToRest()
    await world.run(() => this.#rested, stepsMax)
    world.count('seeds')
    world.count('messages', stream.lastSeq)
    world.count('alarms of baselines', store.rows('spikes').filter((row) => row['kind'] === 'baseline').length)
    if (world.failure !== null) return world.failure
    try {
      return difference({ stream, store, outbox, engine: this.#running!.engine, acknowledged: this.#acknowledged, origins, options: { rules, insertWeightMax, ...core } })
    } catch (error) {
      return `the oracle stumbles: ${String((error as Error).stack)}`
    }
  }

  #arrange(): void {
    const { world } = this
    const { publishers, outages, stopsAtMs, wipedAtMs } = this.#story
    for (const sendings of publishers) void this.#publish(sendings)
    for (const { what, fromMs, toMs } of outages) {
      world.after(fromMs, () => { if (!world.calm) this.#break(what, true) })
      world.after(toMs, () => this.#break(what, false))
      world.count(`outages of the ${what}`)
    }
    if (wipedAtMs !== null) world.after(wipedAtMs, () => this.#around.stream.wipe())
    for (const atMs of stopsAtMs) world.after(atMs, () => void this.#stop())
    const tick = (): void => {
      const { stream } = this.#around
      const life = this.#life
      if (this.#ticks && life && this.#running) void stream.publish(life, subjects.tick, encoder.encode('{}')).catch(() => undefined)
      world.after(1000, tick)
    }
    tick()
  }

  #break(what: 'store' | 'stream' | 'disk', broken: boolean): void {
    const { stream, store, disk } = this.#around
    if (what === 'store') store.setDown(broken)
    else if (what === 'stream') stream.setDown(broken)
    else disk.full = broken
  }

  /** A process that starts; one that does not come up, or ends by itself, is started again. */
  #beBorn(): void {
    const life = new Life(++this.#lives, this.#around.stream.created)
    this.#life = life
    this.world.trace(`life ${life.number} begins`)
    void this.#open(life)
  }

  async #open(life: Life): Promise<void> {
    try {
      const running = await open(life, this.#around)
      this.#running = running
      running.ended.catch((error: unknown) => (error instanceof StreamRecreated ? void this.#end(running) : this.world.fail(`the loop of life ${life.number} ends by itself: ${String((error as Error).stack)}`)))
    } catch (error) {
      this.world.trace(`life ${life.number} does not start: ${(error as Error).message}`)
      if (!('retry' in (error as Error)) && !('code' in (error as Error))) this.world.fail(`life ${life.number} does not start: ${String((error as Error).stack)}`)
      this.world.crash(life, 'its start')
    }
  }

  #onCrash(): void {
    this.#running = null
    this.#life = null
    this.#around.disk.crash()
    if (this.#story.rots && this.world.chance.unit() < 0.3) this.#around.disk.rotNewest(`${checkpointFolder}/checkpoint-`)
    this.world.after(50 + this.world.chance.below(3000), () => this.#beBorn())
  }

  async #stop(): Promise<void> {
    const running = this.#running
    if (!running || this.world.calm) return
    this.world.count('graceful stops')
    this.world.trace(`life ${running.life.number} is told to stop`)
    await this.#end(running)
  }

  /** At a stop, or where its stream is gone; the next one begins soon. */
  async #end(running: Running): Promise<void> {
    if (this.#running !== running) return
    this.#running = null
    await running.close()
    if (running.life.dead) return
    running.life.dead = true
    this.world.trace(`life ${running.life.number} has stopped`)
    this.#life = null
    this.world.after(this.world.chance.below(2000), () => this.#beBorn())
  }

  /** Sends one after another, each until it is acknowledged, now and then under another message id. */
  async #publish(sendings: readonly Sending[]): Promise<void> {
    const { world } = this
    const clock = world.clockOf(new Life(0))
    this.#publishing++
    for (const { atMs, subject, text, id } of sendings) {
      await clock.sleep(Math.max(0, this.#story.startMs + atMs - world.now))
      for (let tries = 1; ; tries++) {
        try {
          const messageId = id === null || (tries > 1 && world.chance.unit() < 0.1) ? undefined : id
          const { stream, seq } = await this.#around.stream.publish(null, subject, encoder.encode(text), messageId)
          this.#acknowledged.push({ stream, seq, text })
          break
        } catch {
          world.count('publishes tried again')
          await clock.sleep(200 + world.chance.below(3000))
        }
      }
    }
    this.#publishing--
  }

  /** Waits for the story, stops all that goes wrong, and then for a last tick whose insert is in. */
  async #comeToRest(): Promise<void> {
    const { world } = this
    const clock = world.clockOf(new Life(0))
    const story = this.#story
    const until = async (isSo: () => boolean, what: string): Promise<void> => {
      for (let seconds = 0; !isSo(); seconds++) {
        if (seconds > 900) return world.fail(`${what}: not so after ${seconds} s without a fault; position ${this.#running?.inserter.position}, stream ${this.#around.stream.lastSeq}, waiting for ${this.#running?.engine.waiting.join()}`)
        await clock.sleep(1000)
      }
    }
    await clock.sleep(Math.max(...story.publishers.flatMap((sendings) => sendings.map(({ atMs }) => atMs)), ...story.outages.map(({ toMs }) => Math.min(toMs, 150_000)), story.wipedAtMs ?? 0) + 1000)
    world.calm = true
    world.trace('from here on nothing goes wrong')
    for (const what of ['store', 'stream', 'disk'] as const) this.#break(what, false)
    await until(() => this.#publishing === 0, 'all publishers are acknowledged')
    await until(() => this.#running !== null && this.#running.engine.waiting.length === 0 && this.#running.engine.position.seq > this.#around.stream.lastSeq - 3, 'all topics have their past')
    this.#ticks = false
    await clock.sleep(10_000)
    await until(() => this.#running !== null && this.#running.engine.waiting.length === 0, 'all topics have their past')
    for (let tries = 0; ; tries++) {
      const { seq } = await this.#around.stream.publish(null, subjects.tick, encoder.encode('{}'))
      await clock.sleep(5000)
      if ((this.#running?.inserter.position ?? 0) >= seq && this.#running?.engine.position.seq === this.#around.stream.lastSeq) break
      if (tries > 100) return world.fail(`the position ${this.#running?.inserter.position} does not come to ${seq}`)
    }
    this.#rested = true
  }
}
