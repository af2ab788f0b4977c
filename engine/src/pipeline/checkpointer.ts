// Takes checkpoints where inserts end, and writes each once everything before it is carried out: so none is ever ahead of the store.
//
//   insert ends ── copied, while the pipeline waits ── … inserter.position reaches it … ── written beside the pipeline ── durable
//
// One at a time, into one buffer that is used again and again. Time is only told, by the clock that is given.
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

interface Taken { readonly seq: number; readonly whole: NewCheckpoint }

export class Checkpointer {
  readonly #options: CheckpointerOptions
  readonly #writer = new StateWriter()
  readonly #stream: number
  #taken: Taken | null = null // waits for its place to be carried out
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
    this.#take(seq)
    await this.#write()
  }

  /** Tells of input that was applied. */
  weigh(bytes: number): void { this.#bytes += bytes }

  /** To be called where an insert has ended with `seq`, before anything else is applied. */
  insertEnded(seq: number): void {
    this.#endedAt = seq
    if (this.#isClosed || this.#writing || (!this.#isStopping && (this.#taken || !this.#isDue(seq)))) return
    this.#take(seq)
    if (!this.#isStopping) void this.#whenCarriedOut()
  }

  /** Where an insert has just ended and nothing was applied since: a full stream sends no tick that would end another. */
  #atRest(): void {
    const { engine } = this.#options
    if (this.#isClosed || this.#isStopping || this.#writing || this.#taken || engine.position.seq > this.#endedAt || !this.#isDue(this.#endedAt)) return
    this.#take(this.#endedAt)
    void this.#whenCarriedOut()
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
    if (isBehindInsert && this.#taken?.seq !== this.#endedAt) this.#take(this.#endedAt)
    if (this.#taken && await inserter.reached(this.#taken.seq)) await this.#write()
    this.close()
  }

  /** Nothing is taken any more; whoever waits is told. */
  close(): void {
    this.#isClosed = true
    this.#taken = null
    this.#tell()
  }

  #isDue(seq: number): boolean {
    const { clock, everyMs, bytesMax } = this.#options
    const now = clock.now()
    const isWanted = this.#waiting.some((one) => one.seq <= seq)
    return now - this.#takenAt >= everyMs || this.#bytes >= bytesMax || (isWanted && now - this.#failedAt >= Math.min(againMs, everyMs))
  }

  #take(seq: number): void {
    const { engine, files, facts, clock, seenMax, version, onTaken } = this.#options
    const began = performance.now()
    this.#writer.restart()
    engine.save(this.#writer)
    const { stream } = engine.position
    const { rulesText, lastInsert } = facts()
    this.#takenAt = clock.now()
    this.#bytes = 0
    this.#taken = {
      seq,
      whole: {
        header: { stream, seq, rulesSeq: engine.rulesSeq, rulesText, lastInsert, savedAt: this.#takenAt, seenMax, groundswell: version },
        state: this.#writer.written, needed: engine.ids.needed(), fresh: engine.ids.full(files.freshFrom),
      },
    }
    onTaken({ bytes: this.#writer.written.length, pauseSeconds: (performance.now() - began) / 1000 })
  }

  async #whenCarriedOut(): Promise<void> {
    const seq = this.#taken!.seq
    const reached = await this.#options.inserter.reached(seq)
    if (this.#isStopping || this.#isClosed) return // `finish` does it
    if (reached) await this.#write()
    else this.#taken = null
  }

  async #write(): Promise<void> {
    const { whole } = this.#taken!
    const write = async (): Promise<void> => {
      try {
        this.#options.onDurable(await this.#options.files.write(whole))
      } catch (error) {
        this.#failedAt = this.#options.clock.now()
        this.#options.onFailed(error as Error)
      }
      this.#taken = null
      this.#writing = null
    }
    this.#writing = write()
    await this.#writing
    this.#tell()
  }

  #tell(): void {
    const durable = this.durable?.header.seq ?? -1
    const told = this.#waiting.filter(({ seq }) => this.#isClosed || seq <= durable)
    this.#waiting = this.#waiting.filter(({ seq }) => !this.#isClosed && seq > durable)
    for (const { seq, tell } of told) tell(seq <= durable)
  }
}
