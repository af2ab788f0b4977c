// The input stream of the simulated world: one total order, times, deduplication by message id, limited room, down periods, and a store
// that somebody may wipe. Its history is kept whole for the oracle, whatever was trimmed.
import type { InputReader, StreamMessage } from '../../src/ports.ts'
import { StreamDown, StreamFull, StreamRecreated } from '../../src/stream-errors.ts'
import type { Life, World } from './world.ts'

const duplicateWindowMs = 120_000
const messageBytes = 64 // what a message takes besides its data

/** A stream that was deleted: what was in it, for the oracle. */
export interface PastStream { readonly created: number; readonly history: readonly StreamMessage[] }
export interface Announcement { readonly subject: string; readonly id: string; readonly version: number }

export class SimStream {
  created: number
  history: StreamMessage[] = [] // message i has sequence i + 1
  past: PastStream | null = null
  readonly announced: Announcement[] = []
  readonly bytesMax: number
  firstSeq = 1
  down = false
  readonly #world: World
  readonly #ids = new Map<string, { readonly seq: number; readonly time: number }>()
  readonly #announcedIds = new Map<string, number>()
  #wake: (() => void)[] = []
  #bytes = 0

  constructor(world: World, bytesMax: number) {
    this.#world = world
    this.bytesMax = bytesMax
    this.created = world.now
  }

  get lastSeq(): number { return this.history.length }

  publish(life: Life | null, subject: string, data: Uint8Array, messageId?: string): Promise<{ readonly seq: number; readonly duplicate: boolean; readonly stream: number }> {
    return this.#call(life, `publish ${subject}`, () => ({ ...this.#append(subject, data, messageId), stream: this.created }))
  }

  announce(life: Life, subject: string, messageId: string): Promise<void> {
    return this.#call(life, `announce ${messageId}`, () => {
      const known = this.#announcedIds.get(messageId)
      if (known !== undefined && this.#world.now - known <= duplicateWindowMs) return
      this.#announcedIds.set(messageId, this.#world.now)
      this.announced.push({ subject, id: messageId, version: this.#world.version })
    })
  }

  /** Like the adapter for NATS: frees nothing while there is room, but for `all`, and never what is behind `upToSeq`. */
  trim(life: Life, upToSeq: number, how?: 'all'): Promise<void> {
    return this.#call(life, `trim ${upToSeq}`, () => {
      this.#mustBeOf(life)
      const leaves = how === 'all' ? 0 : this.bytesMax / 2
      while (this.#bytes > leaves && this.firstSeq <= Math.min(upToSeq, this.lastSeq)) {
        this.#bytes -= sizeOf(this.history[this.firstSeq - 1]!)
        this.firstSeq++
        this.#world.count('messages trimmed')
      }
    })
  }

  state(life: Life): Promise<{ readonly firstSeq: number; readonly lastSeq: number; readonly bytes: number; readonly bytesMax: number }> {
    return this.#call(life, 'state', () => {
      this.#mustBeOf(life)
      return { firstSeq: this.firstSeq, lastSeq: this.lastSeq, bytes: this.#bytes, bytesMax: this.bytesMax }
    })
  }

  last(life: Life, subject: string): Promise<StreamMessage | null> {
    return this.#call(life, `last ${subject}`, () => this.history.slice(this.firstSeq - 1).findLast((message) => message.subject === subject) ?? null)
  }

  read(life: Life, fromSeq: number): InputReader { return new SimReader(this, this.#world, { life, fromSeq }) }

  setDown(down: boolean): void {
    this.down = down
    this.#world.trace(`the stream is ${down ? 'down' : 'up'}`)
    this.changed()
  }

  /** Deleted and made again at once, empty. */
  wipe(): void {
    this.#world.trace(`the stream is deleted at ${this.lastSeq} and made again`)
    this.#world.count('streams deleted and made again')
    this.past = { created: this.created, history: this.history }
    this.created = this.#world.now + 1
    this.history = []
    this.firstSeq = 1
    this.#bytes = 0
    this.#ids.clear()
    this.changed()
  }

  changed(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }

  /** Resolves when there may be something new. */
  change(): Promise<void> { return new Promise((resolve) => { this.#wake.push(resolve) }) }

  /** As the adapter for NATS: what is asked of one stream is not done to the next. */
  #mustBeOf(life: Life): void {
    if (life.stream !== this.created) throw new StreamDown('the simulated stream was made again')
  }

  #append(subject: string, data: Uint8Array, messageId: string | undefined): { readonly seq: number; readonly duplicate: boolean } {
    const time = this.#world.now
    const known = messageId === undefined ? undefined : this.#ids.get(messageId)
    if (known && time - known.time <= duplicateWindowMs) {
      this.#world.count('publishes known by their id')
      return { seq: known.seq, duplicate: true }
    }
    const message = { seq: this.lastSeq + 1, time, subject, data: data.slice() }
    if (this.#bytes + sizeOf(message) > this.bytesMax) {
      this.#world.count('publishes refused, stream full')
      throw new StreamFull('the simulated stream is full')
    }
    this.#bytes += sizeOf(message)
    this.history.push(message)
    if (messageId !== undefined) this.#ids.set(messageId, { seq: message.seq, time })
    this.changed()
    return { seq: message.seq, duplicate: false }
  }

  #call<T>(life: Life | null, name: string, effect: () => T): Promise<T> {
    return this.#world.call(life, {
      port: 'stream', name,
      effect: () => {
        if (this.down) {
          this.#world.count('calls while the stream was down')
          throw new StreamDown('the simulated stream is down')
        }
        return effect()
      },
      error: (reason) => new StreamDown(reason),
    })
  }
}

const sizeOf = (message: StreamMessage): number => message.data.length + messageBytes

class SimReader implements InputReader {
  readonly #stream: SimStream
  readonly #world: World
  readonly #life: Life
  #next: number
  #closed = false
  #lent: readonly StreamMessage[] = []

  constructor(stream: SimStream, world: World, { life, fromSeq }: { readonly life: Life; readonly fromSeq: number }) {
    this.#stream = stream
    this.#world = world
    this.#life = life
    this.#next = fromSeq
    if (life.stream === stream.created && fromSeq < stream.firstSeq) world.fail(`life ${life.number} reads from ${fromSeq}, but the stream begins at ${stream.firstSeq}: trimmed too far`)
  }

  /** Batches of any size. What was lent before is overwritten: it was valid until this call. */
  async next({ messagesMax }: { readonly messagesMax: number; readonly bytesMax: number }): Promise<readonly StreamMessage[]> {
    for (const { data } of this.#lent) data.fill(0xff)
    this.#lent = []
    for (;;) {
      if (this.#closed) return []
      if (this.#life.stream !== this.#stream.created) throw new StreamRecreated('the simulated stream was wiped')
      if (!this.#stream.down && this.#next <= this.#stream.lastSeq) {
        const taken = await this.#world.call(this.#life, { port: 'stream', name: `next from ${this.#next}`, effect: () => this.#take(messagesMax), error: (reason) => new StreamDown(reason) }).catch(() => [])
        if (taken.length > 0 && !this.#closed) {
          this.#next += taken.length
          this.#lent = taken
          return taken
        }
      } else await this.#stream.change()
      if (this.#life.dead) await new Promise<never>(() => undefined)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stream.changed()
  }

  #take(messagesMax: number): readonly StreamMessage[] {
    if (this.#closed || this.#stream.down || this.#life.stream !== this.#stream.created) return []
    if (this.#next < this.#stream.firstSeq) {
      this.#world.fail(`message ${this.#next} was trimmed before life ${this.#life.number} had read it`)
      return []
    }
    const count = Math.min(messagesMax, 1 + this.#world.chance.below(this.#world.chance.unit() < 0.3 ? 200 : 8))
    return this.#stream.history.slice(this.#next - 1, this.#next - 1 + count).map((message) => ({ ...message, data: message.data.slice() }))
  }
}
