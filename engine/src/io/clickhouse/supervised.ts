// Keeps the embedded ClickHouse alive for as long as the engine lives: a child that ends, or that no longer answers, is followed by another
// in the same folder, on the same port, with the same password. What the store is asked meanwhile fails with StoreDown and is asked again.
import { systemClock, type Clock } from '../../clock.ts'
import { startEmbeddedClickhouse, type EmbeddedClickhouse, type EmbeddedOptions } from './embedded.ts'

export interface Death {
  readonly detail: string // how it ended, with its last words
  readonly againInMs: number // after this the next is started
  readonly often: boolean // 5 deaths within a minute: starting it again does not help
}

export interface SupervisedOptions extends Omit<EmbeddedOptions, 'signal'> {
  readonly onDeath: (death: Death) => void
  /** It serves again. One that died often is believed only when it has lived for a while. */
  readonly onBack: () => void
  readonly clock?: Clock
  readonly hang?: HangLimits
  readonly start?: typeof startEmbeddedClickhouse
}

/**
 * A ping is answered by the child's own event loop, which no query and no merge holds, however long: a child that leaves so many in a row
 * without an answer (a minute in all) has stopped or is stuck for good, and is killed. Statements that hang are the store's to give up.
 */
export interface HangLimits { readonly everyMs: number; readonly timeoutMs: number; readonly pingsMax: number }

export interface SupervisedClickhouse extends Pick<EmbeddedClickhouse, 'url' | 'user' | 'password' | 'database' | 'version'> {
  /** Of the child that runs, or of the last one that did. */
  readonly pid: number
  stop(): Promise<void>
}

const hangLimits: HangLimits = { everyMs: 5000, timeoutMs: 5000, pingsMax: 6 }
const openMsMax = 300_000 // thousands of parts take a while to load; longer is stuck
const firstPauseMs = 250
const pauseMsMax = 5000
const deathsMany = 5
const manyWithinMs = 60_000
const calmMs = 10_000

/** The first start is no matter of patience: it throws as startEmbeddedClickhouse does. */
export async function startSupervisedClickhouse(options: SupervisedOptions): Promise<SupervisedClickhouse> {
  const { start = startEmbeddedClickhouse } = options
  return new Supervisor(options, await start(options))
}

class Supervisor implements SupervisedClickhouse {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly database: string
  readonly version: string
  readonly #options: SupervisedOptions
  readonly #clock: Clock
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  #child: EmbeddedClickhouse
  #deaths: number[] = [] // when, within the last minute

  constructor(options: SupervisedOptions, child: EmbeddedClickhouse) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#child = child
    this.url = child.url
    this.user = child.user
    this.password = child.password
    this.database = child.database
    this.version = child.version
    this.#running = this.#run()
  }

  get pid(): number { return this.#child.pid }

  /** Nothing of it is left afterwards, also where it was just being started again. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#child.stop()
    await this.#running
  }

  async #run(): Promise<void> {
    for (;;) {
      const ended = new AbortController()
      void this.#believe(ended.signal)
      let hung = ''
      void this.#watchHang(ended.signal, (detail) => { hung = detail })
      const { detail } = await this.#child.exited
      ended.abort()
      if (this.#stopping.signal.aborted) return
      const next = await this.#again(hung || detail)
      if (this.#stopping.signal.aborted) return next?.stop()
      if (next !== null) this.#child = next
    }
  }

  /** Another child, however often it takes; null when the engine stops. */
  async #again(lastWords: string): Promise<EmbeddedClickhouse | null> {
    const { signal } = this.#stopping
    const { start = startEmbeddedClickhouse } = this.#options
    for (let detail = lastWords; ;) {
      const again = this.#died(detail)
      await this.#clock.sleep(again, signal)
      if (signal.aborted) return null
      const opened = new AbortController()
      const tooLong = new AbortController()
      void this.#giveUpAfter(openMsMax, opened.signal, tooLong)
      try {
        return await start({ ...this.#options, port: Number(new URL(this.url).port), password: this.password, signal: AbortSignal.any([signal, tooLong.signal]) })
      } catch (error) {
        if (signal.aborted) return null
        detail = tooLong.signal.aborted ? `embedded ClickHouse did not open its folder within ${openMsMax / 1000} s and was killed` : (error as Error).message
      } finally {
        opened.abort()
      }
    }
  }

  async #giveUpAfter(ms: number, unless: AbortSignal, tooLong: AbortController): Promise<void> {
    await this.#clock.sleep(ms, unless)
    if (!unless.aborted) tooLong.abort()
  }

  /** Tells it; answers how long is waited. */
  #died(detail: string): number {
    const now = this.#clock.now()
    this.#deaths = [...this.#deaths, now].filter((at) => now - at < manyWithinMs).slice(-2 * deathsMany)
    const againInMs = Math.min(firstPauseMs * 2 ** (this.#deaths.length - 1), pauseMsMax)
    this.#options.onDeath({ detail, againInMs, often: this.#deaths.length >= deathsMany })
    return againInMs
  }

  async #believe(ended: AbortSignal): Promise<void> {
    if (this.#deaths.length === 0) return
    if (this.#deaths.length >= deathsMany) await this.#clock.sleep(calmMs, ended)
    if (!ended.aborted) this.#options.onBack()
  }

  /** Kills a child that answers no pings. */
  async #watchHang(ended: AbortSignal, onHung: (detail: string) => void): Promise<void> {
    const { everyMs, timeoutMs, pingsMax } = this.#options.hang ?? hangLimits
    const child = this.#child
    for (let missed = 0; missed < pingsMax;) {
      await this.#clock.sleep(everyMs, ended)
      if (ended.aborted) return
      missed = await child.healthy(timeoutMs) ? 0 : missed + 1
      if (ended.aborted) return
    }
    onHung(`embedded ClickHouse left ${pingsMax} pings in a row without an answer and was killed`)
    child.kill()
  }
}
