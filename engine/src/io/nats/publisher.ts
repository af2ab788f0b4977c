// Publishes into JetStream at full speed: plain publishes with one shared reply inbox and a window of unacknowledged messages.
// Promises: in order; what is unacknowledged after a reconnect or a refusal is sent again with the same Nats-Msg-Id, so it is in the stream once.
import { createInbox, headers, nuid } from '@nats-io/nats-core'
import type { Msg, MsgHdrs, Subscription } from '@nats-io/nats-core'
import { StreamDown, StreamFull, StreamRefused } from '../../stream-errors.ts'
import type { Link } from './link.ts'

export interface Acknowledged { readonly seq: number; readonly duplicate: boolean }

export interface PublisherOptions {
  readonly windowMessages?: number // unacknowledged messages at most; 1,024
  readonly windowBytes?: number // 16 MiB
  readonly waitingMax?: number // publishes that may wait for the window; 65,536, then StreamFull
  readonly waitingBytesMax?: number // the same by bytes; 64 MiB
  /** throw: a full stream is the caller's to answer. wait: keep trying, that is back-pressure. */
  readonly whenFull?: 'throw' | 'wait'
  readonly downMs?: number // how long a message waits for a server before StreamDown; without: for ever
  /** Told once when the stream begins to refuse, with the reason, and with null when it accepts again. */
  readonly onRefusing?: (reason: string | null) => void
}

interface Entry {
  readonly n: number
  readonly subject: string
  readonly data: Uint8Array
  readonly headers: MsgHdrs
  readonly bytes: number
  readonly since: number
  readonly resolve: (acknowledged: Acknowledged) => void
  readonly reject: (error: Error) => void
  sentAt: number
}

const full = new Set([10077, 10047, 10023]) // maximum bytes exceeded, insufficient storage, insufficient resources
const probeMs = 250
const ackMs = 5000 // an acknowledgement that has not come by then is asked for again

export class Publisher {
  #link: Link
  #options: Required<Omit<PublisherOptions, 'onRefusing'>> & Pick<PublisherOptions, 'onRefusing'>
  #inbox = `${createInbox()}.`
  #subscription: Subscription
  #sent = new Map<number, Entry>() // unacknowledged, oldest first
  #sentBytes = 0
  #refused: Entry[] = []
  #waiting: Entry[] = []
  #waitingHead = 0
  #waitingBytes = 0
  #held = false // the stream refuses: only a probe is sent
  #n = 0
  #roomListeners: (() => void)[] = []
  #timer: NodeJS.Timeout
  #offUp: () => void
  #closed = false

  constructor(link: Link, options: PublisherOptions = {}) {
    this.#link = link
    this.#options = { windowMessages: 1024, windowBytes: 16 << 20, waitingMax: 65_536, waitingBytesMax: 64 << 20, whenFull: 'throw', downMs: Infinity, ...options }
    this.#subscription = link.nc.subscribe(`${this.#inbox}*`, { callback: (error, msg) => { if (!error) this.#onReply(msg) } })
    this.#offUp = link.onUp(() => this.#sendAllAgain())
    this.#timer = setInterval(() => this.#sweep(), probeMs)
    this.#timer.unref()
  }

  /** Resolves when the stream has it. A message id makes a later retry by the caller harmless, within two minutes. */
  publish(subject: string, data: Uint8Array, messageId: string = nuid.next()): Promise<Acknowledged> {
    const bytes = subject.length + data.length + messageId.length + 96
    const bytesMax = this.#link.nc.info?.max_payload ?? 1 << 20
    if (this.#closed) return Promise.reject(new StreamDown('the connection to NATS was closed'))
    if (data.length + messageId.length + 40 > bytesMax) {
      return Promise.reject(new StreamRefused(`a message of ${data.length} bytes does not fit NATS, which takes ${bytesMax}: split it`))
    }
    if (this.#waiting.length - this.#waitingHead >= this.#options.waitingMax) {
      return Promise.reject(new StreamFull(`${this.#options.waitingMax} messages wait to be published already: wait for ready() before the next`))
    }
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#options.waitingBytesMax) {
      return Promise.reject(new StreamFull(`${this.#waitingBytes} bytes wait to be published already: wait for ready() before the next`))
    }
    const hdrs = headers()
    hdrs.set('Nats-Msg-Id', messageId)
    return new Promise((resolve, reject) => {
      this.#waitingBytes += bytes
      this.#waiting.push({ n: ++this.#n, subject, data, headers: hdrs, bytes, since: performance.now(), resolve, reject, sentAt: 0 })
      this.#pump()
    })
  }

  /** Resolves when the next publish would be sent at once. */
  ready(): Promise<void> | undefined {
    if (this.#closed || (this.#hasRoom() && this.#waiting.length === this.#waitingHead)) return undefined
    return new Promise((resolve) => { this.#roomListeners.push(resolve) })
  }

  /** Ends at once: whoever waits gets StreamDown. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    this.#offUp()
    if (!this.#link.nc.isClosed()) this.#subscription.unsubscribe()
    const left = [...this.#sent.values(), ...this.#refused, ...this.#waiting.slice(this.#waitingHead)]
    this.#sent.clear()
    this.#refused = []
    this.#waiting = []
    this.#waitingHead = 0
    this.#waitingBytes = 0
    for (const entry of left) entry.reject(new StreamDown('the connection to NATS was closed before the stream acknowledged'))
    this.#tellRoom()
  }

  #hasRoom(): boolean {
    return !this.#held && this.#link.connected && this.#sent.size < this.#options.windowMessages && this.#sentBytes < this.#options.windowBytes
  }

  #pump(): void {
    while (this.#waitingHead < this.#waiting.length && this.#hasRoom()) this.#send(this.#nextWaiting())
    if (this.#waitingHead === this.#waiting.length) {
      this.#waiting.length = 0
      this.#waitingHead = 0
      if (this.#roomListeners.length > 0 && this.#hasRoom()) this.#tellRoom()
    } else if (this.#waitingHead > 4096) {
      this.#waiting.splice(0, this.#waitingHead)
      this.#waitingHead = 0
    }
  }

  #nextWaiting(): Entry {
    const entry = this.#waiting[this.#waitingHead++]!
    this.#waitingBytes -= entry.bytes
    return entry
  }

  #tellRoom(): void {
    const listeners = this.#roomListeners
    this.#roomListeners = []
    for (const listener of listeners) listener()
  }

  #send(entry: Entry): void {
    entry.sentAt = performance.now()
    this.#sent.set(entry.n, entry)
    this.#sentBytes += entry.bytes
    this.#link.nc.publish(entry.subject, entry.data, { reply: this.#inbox + entry.n, headers: entry.headers })
  }

  #take(n: number): Entry | undefined {
    const entry = this.#sent.get(n)
    if (entry && this.#sent.delete(n)) this.#sentBytes -= entry.bytes
    return entry
  }

  #onReply(msg: Msg): void {
    const entry = this.#take(Number(msg.subject.slice(this.#inbox.length)))
    if (!entry) return // acknowledged already: it was sent twice
    if (msg.data.length === 0) return this.#onRefusal(entry, 'down', `no stream takes ${entry.subject} (${msg.headers?.code ?? 'empty answer'})`)
    const ack = msg.json<{ seq?: number; duplicate?: boolean; error?: { code: number; err_code?: number; description?: string } }>()
    if (ack.error === undefined) {
      entry.resolve({ seq: ack.seq ?? 0, duplicate: ack.duplicate === true })
      if (this.#held) this.#release()
      this.#pump()
      return
    }
    const { code, err_code: errorCode = 0, description = '' } = ack.error
    if (full.has(errorCode)) this.#onRefusal(entry, 'full', `the stream is full (${description}): it takes messages again when the engine has carried out older ones`)
    else if (code === 503) this.#onRefusal(entry, 'down', `JetStream is not there (${description})`)
    else entry.reject(new StreamRefused(`the stream refuses a message on ${entry.subject}: ${description} (${errorCode})`))
  }

  #onRefusal(entry: Entry, kind: 'full' | 'down', reason: string): void {
    if (kind === 'full' && this.#options.whenFull === 'throw') {
      entry.reject(new StreamFull(reason))
      this.#pump()
      return
    }
    this.#refused.push(entry)
    if (this.#held) return
    this.#held = true
    this.#options.onRefusing?.(reason)
  }

  /** One refused message, the oldest, asks whether the stream accepts again; the others wait, so that order is kept. */
  #probe(): void {
    if (this.#sent.size > 0 || this.#refused.length === 0) return
    this.#refused.sort((a, b) => a.n - b.n)
    this.#send(this.#refused.shift()!)
  }

  #release(): void {
    this.#held = false
    this.#options.onRefusing?.(null)
    const again = this.#refused.sort((a, b) => a.n - b.n)
    this.#refused = []
    for (const entry of again) this.#send(entry)
  }

  #sendAllAgain(): void {
    const again = [...this.#sent.values(), ...this.#refused].sort((a, b) => a.n - b.n)
    this.#sent.clear()
    this.#sentBytes = 0
    this.#refused = []
    if (this.#held) { this.#held = false; this.#options.onRefusing?.(null) }
    for (const entry of again) this.#send(entry)
    this.#pump()
  }

  #sweep(): void {
    const now = performance.now()
    if (this.#options.downMs !== Infinity) this.#giveUp(now)
    if (!this.#link.connected) return
    if (this.#held) this.#probe()
    const oldest = this.#sent.values().next().value
    if (oldest && now - oldest.sentAt > ackMs) this.#sendAllAgain()
    this.#pump()
  }

  #giveUp(now: number): void {
    const late = (entry: Entry) => now - entry.since > this.#options.downMs
    const error = () => new StreamDown(`NATS at ${this.#link.url} has not acknowledged within ${this.#options.downMs} ms`)
    for (const entry of this.#sent.values()) {
      if (!late(entry)) break
      this.#take(entry.n)
      entry.reject(error())
    }
    for (const entry of this.#refused.filter(late)) entry.reject(error())
    this.#refused = this.#refused.filter((entry) => !late(entry))
    if (this.#held && this.#refused.length === 0 && this.#sent.size === 0) this.#release()
    while (this.#waitingHead < this.#waiting.length && late(this.#waiting[this.#waitingHead]!)) this.#nextWaiting().reject(error())
  }
}
