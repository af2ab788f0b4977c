// Reads the input stream in order from a sequence: a consumer of its own that keeps nothing on disk, pulled one bounded request at a time.
// Promises: no gap, no repeat, across restarts and kill -9 of the server; a recreated stream ends it with StreamRecreated, never silently.
//
// Why not the library's ordered consumer: it makes its consumers again by itself, at "last seen + 1", and on a recreated stream that skips
// what the new one holds. Here `created` is compared after each consumer is made, when it can only belong to the stream just looked at.
import { createInbox, nuid } from '@nats-io/nats-core'
import { JetStreamApiError } from '@nats-io/jetstream'
import type { Msg, Subscription } from '@nats-io/nats-core'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { InputReader, StreamMessage } from '../../ports.ts'
import { StreamRecreated, StreamRolledBack } from '../../stream-errors.ts'
import type { Link } from './link.ts'
import { readerConfig, streamInfo } from './stream-config.ts'
import { parseDelivery } from './delivery.ts'

export interface ReaderContext {
  readonly link: Link
  readonly jsm: JetStreamManager
  readonly stream: string
  readonly created: string // as the server writes it
  readonly prefetchBytes: number
  readonly onGap: (detail: string) => void
  readonly onTrouble: (detail: string | null) => void // null: reading again
  readonly onRecreated: (detail: string) => void
}

const requestMessages = 16_384
const heartbeatMs = 1000
const expiresMs = 5000 // a server that keeps messages back while its heartbeats go on is asked anew after this long
const silenceMs = 3500 // more than three heartbeats missed
const retryMs = 200
const missingMs = 5000 // a stream that is not there for so long was deleted; a server that starts needs a moment

export class NatsReader implements InputReader {
  #context: ReaderContext
  #expected: number // sequence of the next message
  #queue: StreamMessage[] = []
  #head = 0
  #queuedBytes = 0
  #consumer = ''
  #delivered = 0 // deliveries of this consumer
  #subscription: Subscription | null = null
  #inbox = ''
  #request = 0 // number of the request under way, 0: none
  #requests = 0
  #requestLeft = 0
  #heardAt = 0
  #strikes = 0
  #opening = false
  #failure: Error | null = null
  #closed = false
  #wake: (() => void) | null = null
  #watchdog: NodeJS.Timeout
  #off: () => void

  constructor(context: ReaderContext, fromSeq: number) {
    this.#context = context
    this.#expected = fromSeq
    this.#watchdog = setInterval(() => this.#watch(), heartbeatMs / 2)
    this.#off = context.link.onUp(() => this.#reopen())
    void this.#open()
  }

  async next(limits: { readonly messagesMax: number; readonly bytesMax: number }): Promise<readonly StreamMessage[]> {
    while (this.#head === this.#queue.length) {
      if (this.#failure) throw this.#failure
      if (this.#closed) return []
      await new Promise<void>((resolve) => { this.#wake = resolve })
    }
    if (this.#closed) return []
    const from = this.#head
    let bytes = 0
    while (this.#head < this.#queue.length && this.#head - from < limits.messagesMax) {
      const size = this.#queue[this.#head]!.data.length
      if (this.#head > from && bytes + size > limits.bytesMax) break
      bytes += size
      this.#head++
    }
    const messages = this.#queue.slice(from, this.#head)
    this.#queuedBytes -= bytes
    if (this.#head === this.#queue.length || this.#head > 8192) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
    this.#pull()
    return messages
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#closed = true
    clearInterval(this.#watchdog)
    this.#off()
    this.#dropConsumer(true)
    this.#tellReader()
    return Promise.resolve()
  }

  #tellReader(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    clearInterval(this.#watchdog)
    this.#off()
    this.#dropConsumer(false)
    this.#tellReader()
  }

  #dropConsumer(remove: boolean): void {
    const { link, jsm, stream } = this.#context
    if (this.#subscription && !link.nc.isClosed()) this.#subscription.unsubscribe()
    this.#subscription = null
    this.#request = 0
    if (remove && this.#consumer && link.connected && !link.nc.isClosed()) {
      jsm.consumers.delete(stream, this.#consumer).catch(() => undefined) // it ends by itself when nobody pulls
    }
    this.#consumer = ''
  }

  #reopen(): void {
    this.#dropConsumer(true)
    void this.#open()
  }

  /** Makes a consumer at the expected sequence; tries until that succeeds, the stream turns out to be another, or we are closed. */
  async #open(): Promise<void> {
    if (this.#opening) return
    this.#opening = true
    const since = performance.now()
    let troubled = false
    while (!this.#closed && !this.#failure) {
      try {
        if (this.#context.link.connected && await this.#openOnce(performance.now() - since > missingMs)) {
          if (troubled) this.#context.onTrouble(null)
          break
        }
      } catch (error) {
        if (!troubled && this.#context.link.connected) {
          troubled = true
          this.#context.onTrouble(`the input stream cannot be read (${error instanceof Error ? error.message : String(error)}); trying again without end`)
        }
      }
      await new Promise((resolve) => { setTimeout(resolve, retryMs) })
    }
    this.#opening = false
  }

  async #openOnce(missingForLong: boolean): Promise<boolean> {
    const { link, jsm, stream, created } = this.#context
    const before = await streamInfo(jsm, stream)
    if (!before && !missingForLong) return false
    if (!before || before.created !== created) {
      this.#recreated(before ? `stream ${stream} was made again at ${before.created}` : `stream ${stream} was deleted`)
      return true
    }
    if (before.state.last_seq + 1 < this.#expected) {
      this.#fail(new StreamRolledBack(`stream ${stream} ends at ${before.state.last_seq}, but message ${this.#expected - 1} was read already: the server lost what it had acknowledged (power cut without sync_interval: always?). Restore it, or delete the stream to start anew`))
      return true
    }
    const consumer = nuid.next()
    const inbox = `${createInbox()}.`
    this.#delivered = 0
    this.#dropConsumer(false)
    const subscription = link.nc.subscribe(`${inbox}*`, { callback: (error, msg) => { if (!error && this.#subscription === subscription) this.#onMessage(msg) } })
    try {
      await jsm.consumers.add(stream, readerConfig(consumer, this.#expected))
      const after = await jsm.streams.info(stream)
      if (after.created !== created) {
        subscription.unsubscribe()
        this.#recreated(`stream ${stream} was made again at ${after.created}`)
        return true
      }
    } catch (error) {
      if (!link.nc.isClosed()) subscription.unsubscribe()
      if (error instanceof JetStreamApiError && error.code === 10059) return false
      throw error
    }
    this.#subscription = subscription
    this.#consumer = consumer
    this.#inbox = inbox
    this.#request = 0
    if (this.#closed) this.#dropConsumer(true)
    else this.#pull()
    return true
  }

  #recreated(detail: string): void {
    this.#context.onRecreated(detail)
    this.#fail(new StreamRecreated(`${detail}: positions of the old one mean nothing; start again at 1`))
  }

  /** One request at a time, for the room that is left; the next is sent while the reader still has half of its store to work on. */
  #pull(): void {
    const { link, stream, prefetchBytes } = this.#context
    const room = prefetchBytes - this.#queuedBytes
    if (this.#request !== 0 || !this.#subscription || !link.connected || room < prefetchBytes / 2 || this.#queue.length - this.#head > requestMessages) return
    this.#request = ++this.#requests
    this.#requestLeft = requestMessages
    this.#heardAt = performance.now()
    const request = { batch: requestMessages, max_bytes: room, expires: expiresMs * 1_000_000, idle_heartbeat: heartbeatMs * 1_000_000 }
    link.nc.publish(`${this.#context.jsm.getOptions().apiPrefix ?? '$JS.API'}.CONSUMER.MSG.NEXT.${stream}.${this.#consumer}`, JSON.stringify(request), { reply: this.#inbox + this.#request })
  }

  #onMessage(msg: Msg): void {
    this.#heardAt = performance.now()
    this.#strikes = 0
    if (msg.subject.startsWith(this.#inbox)) return this.#onStatus(msg)
    const delivery = parseDelivery(msg.reply ?? '')
    if (delivery.delivered !== this.#delivered + 1 || delivery.seq < this.#expected) return this.#reopen() // one was lost on the way: again from the one expected
    if (delivery.seq > this.#expected) {
      this.#context.onGap(`messages ${this.#expected} to ${delivery.seq - 1} are no longer in the stream: they were purged or deleted before they were read`)
    }
    this.#delivered = delivery.delivered
    this.#expected = delivery.seq + 1
    const data = msg.data
    this.#queuedBytes += data.length
    this.#queue.push({ seq: delivery.seq, time: delivery.time, subject: msg.subject, data })
    if (--this.#requestLeft === 0) { this.#request = 0; this.#pull() }
    if (this.#wake) this.#tellReader()
  }

  #onStatus(msg: Msg): void {
    const code = msg.headers?.code ?? 0
    if (code === 100 || Number(msg.subject.slice(this.#inbox.length)) !== this.#request) return
    if (code === 503 || (code === 409 && /deleted/i.test(msg.headers?.description ?? ''))) return this.#reopen()
    this.#request = 0 // 408 expired, 409 the next message would pass max_bytes, 404 none
    this.#pull()
  }

  #watch(): void {
    if (!this.#context.link.connected || this.#request === 0 || performance.now() - this.#heardAt < silenceMs) { this.#strikes = 0; return }
    // A second look: after a long pause of our own, what has arrived meanwhile is read between the two.
    if (++this.#strikes >= 2) { this.#strikes = 0; this.#reopen() }
  }
}
