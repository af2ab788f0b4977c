// Takes checkpoints where inserts end, and writes each once everything before it is carried out: so none is ever ahead of the store.
//
//   insert ends ── copied, while the pipeline waits ── … inserter.position reaches it … ── written beside the pipeline ── durable
//
// One is written at a time. A stream that is pressed may not send another end before it has room, and it gets room only by a checkpoint: so
// while one waits or is written, the newest end is held in a second buffer; and one that could not be written is tried until it is.
import type { Clock } from '../clock.ts'
import type { Engine } from '../core/engine.ts'
import { StateWriter } from '../core/state.ts'
import type { CheckpointFiles, Kept, NewCheckpoint } from '../io/checkpoint/checkpoint-files.ts'
import type { Inserter } from './inserts.ts'

export interface CheckpointerOptions {
  readonly files: Pick<CheckpointFiles, 'write' | 'freshFrom' | 'kept'>
  readonly engine: Pick<Engine, 'save' | 'ids' | 'rulesSeq' | 'position'>
  readonly inserter: Pick<Inserter, 'reached'>
  /** What the core does not hold: the text of the rules in force, and `Gather.lastInsert`. */
  readonly facts: () => { readonly rulesText: string; readonly lastInsert: number }
  readonly seenMax: number
  readonly version: string
  readonly everyMs: number
  /** Bytes of input after which one is taken before its time: what lies behind the newest must fit into the stream several times over. */
  readonly bytesMax: number
  readonly clock: Clock
  readonly onTaken: (checkpoint: { readonly bytes: number; readonly pauseSeconds: number }) => void
  readonly onDurable: (checkpoint: Kept) => void
  readonly onFailed: (error: Error) => void
}

const againMs = 5000 // after a failure, where somebody waits for a checkpoint

interface Taken { readonly seq: number; readonly writer: StateWriter; readonly whole: NewCheckpoint }

export type Taker = Pick<CheckpointerOptions, 'engine' | 'facts' | 'seenMax' | 'version'>

/** The state at `seq`, where an insert has just ended; with the full segments of ids from `freshFrom` on. The writer's bytes are not copied. */
export function takeCheckpoint({ engine, facts, seenMax, version }: Taker, { seq, writer, freshFrom, savedAt }: { readonly seq: number; readonly writer: StateWriter; readonly freshFrom: number; readonly savedAt: number }): NewCheckpoint {
  engine.save(writer)
  return {
    header: { stream: engine.position.stream, seq, rulesSeq: engine.rulesSeq, ...facts(), savedAt, seenMax, groundswell: version },
    state: writer.written, needed: engine.ids.needed(), fresh: engine.ids.full(freshFrom),
  }
}

export class Checkpointer {
  readonly #options: CheckpointerOptions
  readonly #writers = [new StateWriter(), new StateWriter()] as const
  readonly #stream: number
  readonly #stopped = new AbortController()
  #taken: Taken | null = null // waits for its place to be carried out, or is written
  #newer: Taken | null = null // taken behind it; a still newer one takes its place
  #writing: Promise<void> | null = null
  #takenAt: number
  #failedAt = -Infinity
  #endedAt = -1 // where the last insert ended
  #bytes = 0 // of input since the last was taken
  #isStopping = false
  #isClosed = false
  #waiting: { readonly seq: number; readonly tell: (durable: boolean) => void }[] = []

  constructor(options: CheckpointerOptions) {
    this.#options = options
    this.#stream = options.engine.position.stream
    this.#takenAt = options.clock.now()
  }

  /** The newest checkpoint of this stream that would survive a power cut. */
  get durable(): Kept | null {
    const newest = this.#options.files.kept.at(-1)
    return newest?.header.stream === this.#stream ? newest : null
  }

  /**
   * Up to where the stream is needed by no checkpoint: the oldest counts, for the others may be damaged; where the stream has no room left,
   * the newest.
   */
  needless(isPressed: boolean): number {
    const { kept } = this.#options.files
    const needs = (one: Kept | undefined): number => (one?.header.stream === this.#stream ? one.header.seq : 0)
    return isPressed ? needs(kept.at(-1)) : needs(kept[0])
  }

  /** The state at the beginning, before any input: so that a crash before the first turn goes on from here. */
  async first(seq: number): Promise<void> {
    this.#taken = this.#take(seq)
    await this.#write(this.#taken)
    this.#taken = null
  }

  /** Tells of input that was applied. */
  weigh(bytes: number): void { this.#bytes += bytes }

  /** To be called where an insert has ended with `seq`, before anything else is applied. */
  insertEnded(seq: number): void {
    this.#endedAt = seq
    if (this.#isClosed || (!this.#isStopping && !this.#isDue(seq))) return
    this.#hold(seq)
  }

  /** Where an insert has just ended and nothing was applied since: a full stream sends no tick that would end another. */
  #atRest(): void {
    const seq = this.#endedAt
    const newest = this.#newer ?? this.#taken
    if (this.#isClosed || this.#isStopping || newest?.seq === seq || this.#options.engine.position.seq > seq || !this.#isDue(seq)) return
    this.#hold(seq)
  }

  #hold(seq: number): void {
    if (this.#taken) this.#newer = this.#take(seq)
    else {
      this.#taken = this.#take(seq)
      if (!this.#isStopping) void this.#carryOn()
    }
  }

  /** True once a checkpoint at `seq` or behind it is durable; false where the engine ends before. */
  reached(seq: number): Promise<boolean> {
    if ((this.durable?.header.seq ?? -1) >= seq || this.#isClosed) return Promise.resolve(!this.#isClosed || (this.durable?.header.seq ?? -1) >= seq)
    return new Promise((tell) => {
      this.#waiting.push({ seq, tell })
      this.#atRest()
    })
  }

  /** As `reached`, of everything that has been applied until now. */
  now(): Promise<boolean> { return this.reached(this.#options.engine.position.seq) }

  /** From here on each end of an insert is taken, and the last of them is written by `finish`. */
  async stopping(): Promise<void> {
    this.#isStopping = true
    this.#stopped.abort()
    await this.#writing
  }

  /**
   * When the inserter has ended: writes the state behind the last insert, or the one that was taken last, if all before it is carried out.
   * `isSound`: the core was not left in the middle of an input by a failure.
   */
  async finish({ isSound }: { readonly isSound: boolean }): Promise<void> {
    await this.#writing
    const { inserter, engine } = this.#options
    const isBehindInsert = isSound && engine.position.seq <= this.#endedAt && this.#endedAt > (this.durable?.header.seq ?? -1)
    const newest = this.#newer ?? this.#taken
    if (isBehindInsert && newest?.seq !== this.#endedAt) this.#newer = this.#take(this.#endedAt)
    for (const taken of [this.#newer, this.#taken]) {
      if (!taken || taken.seq <= (this.durable?.header.seq ?? -1) || !await inserter.reached(taken.seq)) continue
      await this.#write(taken)
      break
    }
    this.close()
  }

  /** Nothing is taken any more; whoever waits is told. */
  close(): void {
    this.#isClosed = true
    this.#stopped.abort()
    this.#taken = this.#newer = null
    this.#tell()
  }

  #isDue(seq: number): boolean {
    const { clock, everyMs, bytesMax } = this.#options
    const isAfter = (ms: number, since: number): boolean => Math.abs(clock.now() - since) >= ms // a clock may be set back, by any time
    const isWanted = this.#waiting.some((one) => one.seq <= seq)
    const isPressed = this.#bytes >= bytesMax || (isWanted && isAfter(Math.min(againMs, everyMs), this.#failedAt))
    return isPressed || (this.#taken === null && isAfter(everyMs, this.#takenAt))
  }

  #take(seq: number): Taken {
    const { files, clock, onTaken } = this.#options
    const began = performance.now()
    const writer = this.#writers[this.#taken?.writer === this.#writers[0] ? 1 : 0]
    writer.restart()
    this.#takenAt = clock.now()
    this.#bytes = 0
    const whole = takeCheckpoint(this.#options, { seq, writer, freshFrom: files.freshFrom, savedAt: this.#takenAt })
    onTaken({ bytes: writer.written.length, pauseSeconds: (performance.now() - began) / 1000 })
    return { seq, writer, whole }
  }

  /** Writes what was taken once its place is carried out, and again where that fails, until nothing is left; `finish` does it at a stop. */
  async #carryOn(): Promise<void> {
    const { inserter, clock } = this.#options
    const isOver = (): boolean => this.#isStopping || this.#isClosed
    while (this.#taken) {
      const reached = await inserter.reached(this.#taken.seq)
      if (isOver()) return
      const isDone = reached && await this.#write(this.#taken)
      if (reached && !isDone && !isOver()) await clock.sleep(againMs, this.#stopped.signal)
      if (isOver()) return
      if (!reached || isDone || this.#newer) [this.#taken, this.#newer] = [this.#newer, null]
    }
    if (this.#waiting.length > 0) this.#atRest()
  }

  async #write({ whole }: Taken): Promise<boolean> {
    let isDone = false
    const write = async (): Promise<void> => {
      try {
        this.#options.onDurable(await this.#options.files.write(whole))
        isDone = true
      } catch (error) {
        this.#failedAt = this.#options.clock.now()
        this.#options.onFailed(error as Error)
      }
      this.#writing = null
    }
    this.#writing = write()
    await this.#writing
    this.#tell()
    return isDone
  }

  #tell(): void {
    const durable = this.durable?.header.seq ?? -1
    const told = this.#waiting.filter(({ seq }) => this.#isClosed || seq <= durable)
    this.#waiting = this.#waiting.filter(({ seq }) => !this.#isClosed && seq > durable)
    for (const { seq, tell } of told) tell(seq <= durable)
  }
}
