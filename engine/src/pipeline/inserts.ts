// Gathers what one insert holds and writes inserts one after another: rows first, then whatever left the process, the position last. Where
// inserts wait behind each other, one row of positions speaks of several that brought nothing but rows.
import type { EnrichedBatch } from '../core/batch.ts'
import { fates } from '@groundswell/schemas/mention-columns.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Store } from '../ports.ts'
import { Queue } from './queue.ts'

type Row = Readonly<Record<string, unknown>>

/** Everything between two ends of inserts; `first` … `last` are sequences of the stream. */
export interface Insert {
  readonly first: number
  readonly last: number
  readonly mentions: readonly Uint8Array[] // Native blocks
  readonly rows: number // mentions that will be stored: duplicates are filtered out
  readonly deadLetters: readonly Uint8Array[]
  readonly deadRows: number
  readonly tables: ReadonlyMap<string, readonly Row[]> // low-volume rows: spikes, alerts, rules
  readonly waits: readonly (() => Promise<unknown>)[] // announcements and outbox entries that must be safe before the position moves; asked again after a failure
  readonly steps: readonly (() => Promise<void>)[] // what works on stored rows and must be done before the position moves; repeatable
  readonly after: readonly (() => void)[] // what is begun once these rows are stored
}

export class Gather {
  #first: number
  #mentions: Uint8Array[] = []
  #rows = 0
  #deadLetters: Uint8Array[] = []
  #deadRows = 0
  #tables = new Map<string, Row[]>()
  #waits: (() => Promise<unknown>)[] = []
  #steps: (() => Promise<void>)[] = []
  #after: (() => void)[] = []
  #lastInsert: number

  /** `lastInsert`: last sequence of the last insert before `first` that was not empty. */
  constructor(first: number, lastInsert = 0) {
    this.#first = first
    this.#lastInsert = lastInsert
  }

  /** Last sequence of the last insert that was not empty: the store has a row of it once it is in. */
  get lastInsert(): number { return this.#lastInsert }

  batch(batch: EnrichedBatch): void {
    if (batch.rows > 0) {
      this.#mentions.push(batch.native)
      this.#rows += batch.rows - duplicatesIn(batch)
    }
    if (batch.rejected.count > 0) {
      this.#deadLetters.push(batch.rejected.native)
      this.#deadRows += batch.rejected.count
    }
  }

  row(table: string, row: Row): void {
    const rows = this.#tables.get(table)
    if (rows) rows.push(row)
    else this.#tables.set(table, [row])
  }

  wait(safe: () => Promise<unknown>): void { this.#waits.push(safe) }
  step(action: () => Promise<void>): void { this.#steps.push(action) }
  after(action: () => void): void { this.#after.push(action) }

  /** Ends the insert with `last`; null where nothing came of it (idle ticks). */
  end(last: number): Insert | null {
    const insert: Insert = {
      first: this.#first, last, mentions: this.#mentions, rows: this.#rows, deadLetters: this.#deadLetters, deadRows: this.#deadRows,
      tables: this.#tables, waits: this.#waits, steps: this.#steps, after: this.#after,
    }
    const empty = insert.mentions.length + insert.deadLetters.length + insert.tables.size + insert.waits.length + insert.steps.length + insert.after.length === 0
    this.#first = last + 1
    if (empty) return null
    this.#lastInsert = last
    this.#mentions = []
    this.#rows = 0
    this.#deadLetters = []
    this.#deadRows = 0
    this.#tables = new Map()
    this.#waits = []
    this.#steps = []
    this.#after = []
    return insert
  }
}

export const bytesOf = (blocks: readonly Uint8Array[]): number => blocks.reduce((sum, block) => sum + block.byteLength, 0)
const weightOf = ({ mentions, deadLetters }: Insert): number => bytesOf(mentions) + bytesOf(deadLetters)

function duplicatesIn(batch: EnrichedBatch): number {
  let duplicates = 0
  const end = batch.fateOffset + batch.rows
  for (let i = batch.fateOffset; i < end; i++) if (batch.native[i] === fates.duplicate) duplicates++
  return duplicates
}

export interface InserterOptions {
  readonly store: Pick<Store, 'insertMentions' | 'insertDeadLetters' | 'insertRows'>
  readonly stream: number // created time of the stream: the first part of every token
  readonly waitingMax: number // inserts that wait before push() holds the caller up
  readonly onStored: (insert: Insert, seconds: number) => unknown // a promise is waited for: nothing is written meanwhile
  readonly onTrouble: (trouble: { readonly error: Error; readonly retryInMs: number } | null) => void // null: it works again
  /** The newest position that the store holds: what ends up to it is in already, is not written again and counts as carried out. */
  readonly stored?: number
  readonly clock?: Clock
}

/** The store stands still at one place of the stream, for as long as it lasts. */
export interface Hold {
  /** True once the store holds what is up to that place and nothing else; false when the inserter ends before. */
  readonly reached: Promise<boolean>
  /** Lets inserts go on; true where it has lasted until now. Harmless to repeat. */
  release(): boolean
}

/** So many inserts at most have one row of positions: as many may be in the store when a start sends them again. */
export const insertsAPosition = 8

/** Writes inserts in order, each until it is in: a store that is away slows the loop down and loses nothing. */
export class Inserter {
  readonly #options: InserterOptions
  readonly #clock: Clock
  readonly #queue: Queue<Insert>
  readonly #stopped = new AbortController()
  readonly #stored: number
  #position: number
  #idle = 0 // the newest idle end
  #open = 0 // inserts that were pushed and no row of positions speaks of
  #unspoken: Insert[] = [] // they are in, and the position moves with one that follows
  #held: { readonly seq: number; behind: number; readonly over: PromiseWithResolvers<void> } | null = null // behind: inserts that were pushed and wait for its end
  #ended = false
  #waitingFor: { readonly seq: number; readonly tell: (reached: boolean) => void }[] = []
  #bytesWaiting = 0

  constructor(options: InserterOptions, position: number) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#queue = new Queue(options.waitingMax)
    this.#stored = options.stored ?? 0
    this.#position = Math.max(position, this.#stored)
  }

  /** Last sequence whose effects are carried out. */
  get position(): number { return this.#position }
  get waiting(): number { return this.#queue.size }
  /** Bytes of Native blocks that are being written or wait for it. */
  get bytesWaiting(): number { return this.#bytesWaiting }

  /** True once everything up to `seq` is carried out; false when the inserter has ended before. */
  reached(seq: number): Promise<boolean> {
    if (this.#position >= seq || this.#ended) return Promise.resolve(this.#position >= seq)
    return new Promise((tell) => { this.#waitingFor.push({ seq, tell }) })
  }

  /**
   * From here on no insert behind `seq` is begun, and the position stays there; whoever pushes more than the queue holds waits. To be called
   * where an insert has just ended with `seq`, before anything behind it is pushed. close() and abort() end it.
   */
  hold(seq: number): Hold {
    if (this.#held) throw new Error(`inserts are held at ${this.#held.seq} already`)
    const held = { seq, behind: 0, over: Promise.withResolvers<void>() }
    this.#held = held
    return {
      reached: this.reached(seq),
      release: () => {
        const lasted = this.#held === held
        if (lasted) this.#release()
        return lasted
      },
    }
  }

  #release(): void {
    this.#held?.over.resolve()
    this.#held = null
    this.#moved()
  }

  push(insert: Insert): Promise<void> {
    this.#open++
    if (this.#held && insert.last > this.#held.seq) this.#held.behind++
    this.#bytesWaiting += weightOf(insert)
    return this.#queue.push(insert)
  }

  /** Idle input moves the position too, once everything before it is written. */
  idle(last: number): void {
    this.#idle = last
    this.#moved()
  }

  async run(): Promise<void> {
    try {
      for (let insert = await this.#queue.take(); insert; insert = await this.#queue.take()) {
        while (this.#held && insert.last > this.#held.seq) await this.#held.over.promise
        const together = [...this.#unspoken, insert]
        const moves = insert.last <= this.#stored || this.#moves(together)
        if (insert.last > this.#stored && !await this.#untilIn(insert, moves ? together : null)) return
        this.#bytesWaiting -= weightOf(insert)
        this.#unspoken = moves ? [] : together
        if (moves) this.#carriedOut(together)
      }
    } finally {
      this.#ended = true
      this.#tell()
    }
  }

  /**
   * Whether the row of positions follows at once. One that another insert waits behind leaves it to that, for what it brought is only
   * rows, which a start that finds the older position sends again with the same tokens; what left the process is not repeated so easily.
   */
  #moves(together: readonly Insert[]): boolean {
    const { waits, steps, after } = together.at(-1)!
    return this.#queue.size === 0 || this.#held !== null || together.length >= insertsAPosition || waits.length + steps.length + after.length > 0
  }

  #carriedOut(together: readonly Insert[]): void {
    this.#open -= together.length
    this.#position = Math.max(this.#position, together.at(-1)!.last)
    this.#moved()
    for (const { after } of together) for (const action of after) action()
  }

  #moved(): void {
    if (this.#open === (this.#held?.behind ?? 0)) this.#position = Math.max(this.#position, Math.min(this.#idle, this.#held?.seq ?? Infinity))
    if (this.#waitingFor.length > 0) this.#tell()
  }

  #tell(): void {
    const told = this.#waitingFor.filter(({ seq }) => this.#ended || seq <= this.#position)
    this.#waitingFor = this.#waitingFor.filter(({ seq }) => !this.#ended && seq > this.#position)
    for (const { seq, tell } of told) tell(seq <= this.#position)
  }

  /** Ends run() when what is queued is written. */
  close(): void {
    this.#queue.close()
    this.#release()
  }

  /** Gives up: what is not in will be read again from the stream. */
  abort(): void {
    this.#stopped.abort()
    this.close()
  }

  async #untilIn(insert: Insert, together: readonly Insert[] | null): Promise<boolean> {
    let troubled = false
    if (this.#stopped.signal.aborted) return false
    for (let attempt = 0; ; attempt++) {
      const began = this.#clock.now()
      try {
        await this.#write(insert)
        if (together) await this.#writePosition(together)
        if (troubled) this.#options.onTrouble(null)
        await this.#options.onStored(insert, (this.#clock.now() - began) / 1000)
        return true
      } catch (error) {
        if (this.#stopped.signal.aborted) return false
        // A bug of ours does not go away by trying again.
        if (error instanceof TypeError || error instanceof RangeError) throw error
        troubled = true
        const retryInMs = Math.min(250 * 2 ** attempt, 5000)
        this.#options.onTrouble({ error: error as Error, retryInMs })
        await this.#clock.sleep(retryInMs, this.#stopped.signal)
        if (this.#stopped.signal.aborted) return false
      }
    }
  }

  async #write(insert: Insert): Promise<void> {
    const { store, stream } = this.#options
    const token = (table: string) => `${stream}:${table}:${insert.first}-${insert.last}`
    const how = { signal: this.#stopped.signal } // a server that hangs must not hold a shutdown
    if (insert.mentions.length > 0) await store.insertMentions(token('mentions'), insert.mentions, how)
    if (insert.deadLetters.length > 0) await store.insertDeadLetters(token('dead_letters'), insert.deadLetters, how)
    for (const [table, rows] of insert.tables) await store.insertRows(table, token(table), rows, how)
    await Promise.all(insert.waits.map((safe) => safe()))
    for (const step of insert.steps) await step()
  }

  async #writePosition(together: readonly Insert[]): Promise<void> {
    const { store, stream } = this.#options
    const first = together[0]!.first
    const last = together.at(-1)!.last
    const rows = together.reduce((sum, insert) => sum + insert.rows, 0)
    await store.insertRows('positions', `${stream}:positions:${first}-${last}`, [{ stream, first, last, rows }], { signal: this.#stopped.signal })
  }
}
