// The socket and what it has told us, as one reactive object with a lifetime: open it, read `picture` and `now`, close it.
import type { ClientToServer, Frame, ServerToClient, Snapshot } from '@groundswell/schemas/live.ts'
import { io, type Socket } from 'socket.io-client'
import { nothingYet, reduce, type Message, type Picture } from './reducer.ts'
import { ServerClock } from './server-clock.ts'

const tickMs = 250
const askAgainMs = 2_000
const dialAgainMs = 2_000
/** A socket that is up but says nothing for this long is half-open: drop it and dial again. */
const deafMsMax = 10_000

/** What a wall needs of a feed, live or not. */
export type WallFeed = Pick<LiveConnection, 'picture' | 'now' | 'lagMs' | 'refusal'>

export class LiveConnection {
  readonly #socket: Socket<ServerToClient, ClientToServer>
  readonly #clock = new ServerClock()
  readonly #ticker: ReturnType<typeof setInterval>
  #picture = $state.raw<Picture>(nothingYet)
  #now = $state<number | null>(null)
  #lagMs = $state(0)
  #refusal = $state<string | null>(null)
  #askedAt = -Infinity
  #dialledAt = -Infinity
  #heardAt = performance.now()

  constructor(page: URL) {
    this.#socket = io(page.origin, { path: new URL('socket.io', page).pathname, transports: ['websocket', 'polling'], tryAllTransports: true,
      reconnectionDelay: 500, reconnectionDelayMax: 2_000, timeout: 5_000 })
    this.#socket.on('snapshot', (snapshot) => this.#hear(snapshot, { kind: 'snapshot', at: performance.now(), snapshot }))
    this.#socket.on('frame', (frame) => this.#hear(frame, { kind: 'frame', at: performance.now(), frame }))
    this.#socket.on('connect', () => { this.#refusal = null })
    this.#socket.on('connect_error', (error) => { this.#refusal = (this.#socket.active ? refusedHandshake(error) : error.message) ?? this.#refusal }) // not active: the server itself said no
    this.#socket.on('disconnect', () => this.#take({ kind: 'disconnect', at: performance.now() }))
    this.#ticker = setInterval(() => this.#tick(performance.now()), tickMs)
  }

  get picture(): Picture { return this.#picture }
  /** The server's time in whole seconds of milliseconds, so that what hangs on it changes once a second; null until the server spoke. */
  get now(): number | null { return this.#now }
  /** How much later than the least delayed message the newest one came, plus what the wall took to notice. */
  get lagMs(): number { return this.#lagMs }

  /** Why the engine lets this screen not have the feed, in its words; null where it does, and where it does not answer. */
  get refusal(): string | null { return this.#refusal }

  close(): void {
    clearInterval(this.#ticker)
    this.#socket.disconnect()
  }

  #hear(stamped: Snapshot | Frame, message: Message): void {
    this.#heardAt = message.at
    if (stamped.epoch !== this.#picture.snapshot?.epoch) this.#clock.forget()
    this.#clock.observe(stamped.serverNow, message.at)
    this.#lagMs = Math.max(0, (this.#clock.at(message.at) ?? stamped.serverNow) - stamped.serverNow)
    this.#take(message)
  }

  #take(message: Message): void {
    this.#picture = reduce(this.#picture, message)
    const mayAsk = this.#socket.connected && message.at - this.#askedAt >= askAgainMs
    if (this.#picture.wantsSnapshot && mayAsk) {
      this.#askedAt = message.at
      this.#socket.emit('resync')
    }
    this.#tellTime(message.at)
  }

  #tick(at: number): void {
    this.#take({ kind: 'tick', at })
    // Whom the server sends away does not dial again by itself.
    if (!this.#socket.active && at - this.#dialledAt > dialAgainMs) {
      this.#dialledAt = at
      this.#socket.connect()
    }
    if (this.#socket.connected && at - this.#heardAt > deafMsMax) {
      this.#heardAt = at
      this.#socket.io.engine.close()
    }
  }

  #tellTime(at: number): void {
    const now = this.#clock.at(at)
    if (now !== null) this.#now = Math.floor(now / 1000) * 1000
  }
}

/** Why, where the handshake was answered with 401 or 403, and the reason as JSON; null where nobody answered. */
function refusedHandshake(error: Error): string | null {
  const { description, context } = error as Error & { readonly description?: unknown; readonly context?: { readonly responseText?: unknown } }
  if (description !== 401 && description !== 403) return null
  try {
    const { message = '' } = JSON.parse(String(context?.responseText ?? '{}')) as { message?: string }
    return message
  } catch {
    return '' // a proxy's words
  }
}
