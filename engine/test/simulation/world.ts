// The simulated world: one clock, one heap of what happens next, one seeded chance. Every call of a port passes through it, and there it
// may be slow, fail before or after it has worked, work after it was given up, or be the last thing that its engine ever did.
import type { Clock } from '../../src/clock.ts'
import { createChance, type Chance } from '../../src/drill/chance.ts'

export const ports = ['stream', 'store', 'disk', 'pool', 'outbox'] as const
export type Port = (typeof ports)[number]
type Outcome = 'good' | 'fails' | 'works-but-fails' | 'works-later' | 'crash-before' | 'crash-after'

/** How often what goes wrong: parts of the calls of a port. Each seed has its own, so that faults come alone as well as together. */
export interface Faults {
  readonly fails: Readonly<Record<Port, number>>
  readonly crash: number
  readonly crashesMax: number
  readonly latencyMsMax: number
}

/** One run of the engine's process, from its start until it stops or crashes. What belongs to a dead one never happens. */
export class Life {
  readonly number: number
  readonly stream: number // created time of the input stream that it began with
  dead = false
  constructor(number: number, stream = 0) {
    this.number = number
    this.stream = stream
  }
}

export interface Call<T> {
  readonly port: Port
  readonly name: string
  /** What the call does to the world, all at once. */
  readonly effect: () => T
  /** The error that whoever calls sees when the world lets it fail. */
  readonly error: (reason: string) => Error
  readonly mayFail?: boolean // the default is true; it may always be the last call before a crash
}

export interface WorldOptions {
  readonly seed: number
  readonly startMs: number
  readonly faults: Faults
  readonly onCrash: (life: Life) => void
  readonly trace?: ((line: string) => void) | undefined
}

interface Item { readonly at: number; readonly order: number; readonly run: () => void }

const laterMsMax = 4000

export class World {
  readonly chance: Chance
  readonly injected = new Map<string, number>()
  calm = false // from here on nothing goes wrong any more
  failure: string | null = null
  steps = 0
  version = 0 // rises with every effect: what came before what
  readonly #options: WorldOptions
  readonly #heap: Item[] = []
  readonly #listening = new Set<() => void>() // each makes one sleeper deaf to its signal
  #now: number
  #crashes = 0

  constructor(options: WorldOptions) {
    this.#options = options
    this.#now = options.startMs
    this.chance = createChance(options.seed)
  }

  get now(): number { return this.#now }

  /** The clock of one life: its sleeps end with it. */
  clockOf(life: Life): Clock {
    return {
      now: () => this.#now,
      sleep: (ms, signal) => new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = (): void => {
          this.#listening.delete(deafen)
          resolve()
        }
        const deafen = (): void => signal?.removeEventListener('abort', wake)
        signal?.addEventListener('abort', wake, { once: true })
        if (signal) this.#listening.add(deafen)
        this.after(ms, () => {
          deafen()
          this.#listening.delete(deafen)
          if (!life.dead) resolve()
        })
      }),
    }
  }

  /** The world is over. Node holds a signal made of others for as long as somebody listens to it, and with it a whole world. */
  end(): void {
    for (const deafen of this.#listening) deafen()
    this.#listening.clear()
    this.#heap.length = 0
  }

  after(ms: number, run: () => void): void {
    // Whole, as all clocks here are: a checkpoint whose time is none is refused.
    push(this.#heap, { at: this.#now + Math.ceil(ms), order: this.chance.unit(), run })
  }

  /** The first reason counts; the run ends at the next step. */
  fail(reason: string): void {
    this.trace(`FAILED: ${reason}`)
    this.failure ??= reason
  }

  trace(line: string): void { this.#options.trace?.(`${((this.#now - this.#options.startMs) / 1000).toFixed(3).padStart(9)} s  ${line}`) }

  count(what: string, by = 1): void { this.injected.set(what, (this.injected.get(what) ?? 0) + by) }

  crash(life: Life, where: string): void {
    if (life.dead) return
    life.dead = true
    this.count('crashes')
    this.trace(`life ${life.number} crashes at ${where}`)
    this.#options.onCrash(life)
  }

  /** One call of a port. `life` null: whoever calls is no part of the engine and never crashes. */
  call<T>(life: Life | null, call: Call<T>): Promise<T> {
    // One of its own: whoever waits for a promise is held by it, and a shared one would hold every world there ever was.
    if (life?.dead) return new Promise<never>(() => undefined)
    const outcome = this.#outcome(life, call)
    return new Promise((resolve, reject) => {
      this.after(this.#latency(), () => this.#arrive(life, call, { outcome, resolve, reject }))
    })
  }

  /** Runs until `isDone`; a world in which nothing is left to happen, or that goes on for ever, has failed. */
  async run(isDone: () => boolean, stepsMax: number): Promise<void> {
    for (;;) {
      // Everything that promises have to do is done before a callback of nextTick runs.
      await new Promise<void>((resolve) => { process.nextTick(resolve) })
      if (this.failure !== null || isDone()) return
      const next = pop(this.#heap)
      if (!next) return this.fail('nothing is left to happen, and the run is not over')
      if (++this.steps > stepsMax) return this.fail(`the run is not over after ${stepsMax} steps`)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
  }

  #arrive<T>(life: Life | null, call: Call<T>, { outcome, resolve, reject }: { readonly outcome: Outcome; readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void }): void {
    const place = `${call.port}.${call.name}`
    if (life?.dead) {
      // What was sent before the crash may arrive all the same; what goes to the own disk does not.
      if ((call.port === 'stream' || call.port === 'store') && this.chance.unit() < 0.5) {
        this.count('arrived after the crash')
        this.#happen(call, `${place} of dead life ${life.number}`)
      }
      return
    }
    if (outcome === 'crash-before') return this.crash(life!, place)
    if (outcome === 'fails') return reject(call.error(`${place} fails`))
    if (outcome === 'works-later') {
      this.after(this.chance.below(laterMsMax), () => this.#happen(call, `${place}, given up before`))
      return reject(call.error(`${place} does not answer`))
    }
    const done = this.#happen(call, place)
    if (outcome === 'crash-after') return this.crash(life!, `${place}, done`)
    if (outcome === 'works-but-fails') return reject(call.error(`${place} is done and says that it failed`))
    const answer = (): void => { if (done.ok) resolve(done.value); else reject(done.error) }
    if (this.chance.unit() < 0.5) answer()
    else this.after(this.#latency(), () => { if (!life?.dead) answer() })
  }

  #happen<T>(call: Call<T>, place: string): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown } {
    this.version++
    try {
      const value = call.effect()
      this.trace(place)
      return { ok: true, value }
    } catch (error) {
      this.trace(`${place}: ${(error as Error).message}`)
      return { ok: false, error }
    }
  }

  #latency(): number {
    const { latencyMsMax } = this.#options.faults
    return this.chance.unit() < 0.02 ? this.chance.below(20 * latencyMsMax) : this.chance.below(latencyMsMax)
  }

  #outcome<T>(life: Life | null, { port, mayFail }: Call<T>): Outcome {
    if (this.calm) return 'good'
    const { fails, crash, crashesMax } = this.#options.faults
    if (life !== null && this.#crashes < crashesMax && this.chance.unit() < crash) {
      this.#crashes++
      return this.chance.unit() < 0.5 ? 'crash-before' : 'crash-after'
    }
    if (mayFail === false || fails[port] === 0 || this.chance.unit() >= fails[port]) return 'good'
    const kinds: readonly Outcome[] = port === 'stream' || port === 'store' ? ['fails', 'works-but-fails', 'works-later'] : ['fails', 'works-but-fails']
    const outcome = kinds[this.chance.below(kinds.length)]!
    this.count(`${port} ${outcome.replaceAll('-', ' ')}`)
    return outcome
  }
}

const before = (a: Item, b: Item): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Item[], item: Item): void {
  let at = heap.push(item) - 1
  for (let above = (at - 1) >> 1; at > 0 && before(item, heap[above]!); above = (at - 1) >> 1) {
    heap[at] = heap[above]!
    at = above
  }
  heap[at] = item
}

function pop(heap: Item[]): Item | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) return top
  let at = 0
  for (let below = 1; below < heap.length; below = 2 * at + 1) {
    if (below + 1 < heap.length && before(heap[below + 1]!, heap[below]!)) below++
    if (!before(heap[below]!, last)) break
    heap[at] = heap[below]!
    at = below
  }
  heap[at] = last
  return top
}
