// The wall's feed over socket.io: a snapshot on connect, then one frame for everybody, encoded once, at most every 250 ms.
// A client that cannot take a frame leaves the group and gets a snapshot once it can: it never plays back what is stale.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { liveLimits, type ClientToServer, type Problem, type Room, type ServerToClient, type Snapshot } from '@groundswell/schemas/live.ts'
import { Server, type Socket } from 'socket.io'
import type { FullPicture, LivePicture } from './diff-picture.ts'
import { Frames } from './frames.ts'

/** behind: cannot take a frame · resync: asked for a snapshot · refused: may not have the feed · silent: answered no ping, and is disconnected. */
export type LiveTrouble = 'behind' | 'resync' | 'refused' | 'silent'

export interface LiveOptions {
  readonly httpServer: HttpServer
  readonly room: () => Room
  /** Asked at most every 250 ms, and only while somebody is connected. */
  readonly picture: () => LivePicture
  readonly problems: () => readonly Problem[]
  /** Why a request may not have the feed (no token, foreign page), or null where it may. */
  readonly refusal: (request: IncomingMessage) => string | null
  /** Why a request may not have it any more, in words that reach its client (`connect_error`); asked at connect and twice a second. */
  readonly lost?: (request: IncomingMessage) => string | null
  readonly now?: () => number
  /** Calls `run` every `ms` until the answer is called; for tests. */
  readonly every?: (ms: number, run: () => void) => () => void
  readonly clientsMax?: number
  readonly onSent?: (sent: { readonly kind: 'snapshot' | 'frame'; readonly clients: number }) => void
  readonly onTrouble?: (kind: LiveTrouble) => void
  /** A picture that cannot be had is a bug of ours: it is told here and the feed goes on. */
  readonly onError: (error: unknown) => void
}

export interface Live {
  clients(): number
  /** The picture as every client in step holds it from now on, whether there is one or not; null where none can be taken. */
  look(): Snapshot | null
  close(): Promise<void>
}

type Wall = Socket<ClientToServer, ServerToClient>
const inStep = 'in-step'
export const resyncMinMs = 1000
/** Who does not answer is gone within twice this; until then it costs the one frame that it has not taken, and what the kernel holds. */
const pingMs = 10_000
const lostEveryTicks = Math.round(500 / liveLimits.frameMs)

export function createLive(options: LiveOptions): Live {
  const { httpServer, refusal, clientsMax = 200, now = Date.now, every = everyInterval, onTrouble } = options
  const io = new Server<ClientToServer, ServerToClient>(httpServer, {
    serveClient: false, transports: ['websocket', 'polling'], perMessageDeflate: false, httpCompression: false, maxHttpBufferSize: 4096,
    pingInterval: pingMs, pingTimeout: pingMs,
    // Asked once a session, before anything is kept for it.
    allowRequest: (request, callback) => {
      const reason = refusal(request) ?? (io.engine.clientsCount < clientsMax ? null : `no more than ${clientsMax} clients may watch; close one`)
      if (reason !== null) onTrouble?.('refused')
      callback(reason, reason === null)
    },
  })
  const feed = new Feed(io, { ...options, now })
  io.use((socket, next) => {
    const words = options.lost?.(socket.request) ?? null
    if (words === null) return next()
    onTrouble?.('refused')
    next(new Error(words))
    // Once it is told: what may not have the feed keeps no connection.
    setImmediate(() => { socket.conn.close() })
  })
  io.on('connection', (socket) => { feed.add(socket) })
  const stop = every(liveLimits.frameMs, () => { feed.tick() })
  return {
    clients: () => feed.clients,
    look: () => feed.look(),
    close: async () => {
      stop()
      io.disconnectSockets(true)
      // The HTTP server belongs to the API, which closes it; here only the engine ends.
      io.engine.close()
      await io.of('/').adapter.close()
    },
  }
}

function everyInterval(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => { clearInterval(timer) }
}

class Feed {
  readonly #io: Server<ClientToServer, ServerToClient>
  readonly #options: LiveOptions & { readonly now: () => number }
  readonly #frames = new Frames(randomBytes(9).toString('base64url'))
  readonly #snapshotAt = new Map<Wall, number>() // every client, and when it last got a snapshot
  readonly #owed = new Set<Wall>() // clients that get a snapshot as soon as they can take it
  #ticks = 0

  constructor(io: Server<ClientToServer, ServerToClient>, options: LiveOptions & { readonly now: () => number }) {
    this.#io = io
    this.#options = options
  }

  get clients(): number { return this.#snapshotAt.size }

  add(socket: Wall): void {
    const first = this.#snapshotAt.size === 0
    this.#snapshotAt.set(socket, -Infinity)
    this.#owed.add(socket)
    socket.on('resync', () => {
      this.#options.onTrouble?.('resync')
      this.#owe(socket)
      // Rate: at most one snapshot a second; a request that comes too early is answered by the tick that may.
      this.#pay(socket)
    })
    socket.on('disconnect', (reason) => {
      if (reason === 'ping timeout') this.#options.onTrouble?.('silent')
      this.#snapshotAt.delete(socket)
      this.#owed.delete(socket)
    })
    // While nobody looks no picture is drawn, so the one that is held may be old.
    if (first) this.#advance()
    this.#give(socket)
  }

  look(): Snapshot | null {
    this.#advance()
    return this.#frames.snapshot(this.#options.room(), this.#options.now())
  }

  tick(): void {
    if (this.#snapshotAt.size === 0) return
    if (this.#ticks++ % lostEveryTicks === 0) this.#letGo()
    for (const socket of this.#snapshotAt.keys()) {
      if (this.#owed.has(socket) || isReady(socket)) continue
      this.#options.onTrouble?.('behind')
      this.#owe(socket)
    }
    this.#advance()
    for (const socket of this.#owed) this.#pay(socket)
  }

  /** Whose right is gone is cut off; its client dials again by itself, and is told why. */
  #letGo(): void {
    const { lost, onTrouble } = this.#options
    if (!lost) return
    for (const socket of this.#snapshotAt.keys()) {
      if (socket.conn.readyState !== 'open' || lost(socket.request) === null) continue // one that is closing is sent nothing more
      onTrouble?.('refused')
      socket.conn.close()
    }
  }

  #advance(): void {
    const { picture, problems, room, now, onError, onSent } = this.#options
    let full: FullPicture
    try {
      full = { ...picture(), mode: room().mode, problems: problems() }
    } catch (error) {
      onError(error)
      return
    }
    const next = this.#frames.next(full, room(), now())
    if (next.kind === 'nothing') return
    const clients = this.#snapshotAt.size - this.#owed.size
    if (clients === 0) return
    if (next.kind === 'frame') this.#io.to(inStep).emit('frame', next.frame)
    else this.#io.to(inStep).emit('snapshot', next.snapshot)
    onSent?.({ kind: next.kind, clients })
  }

  #owe(socket: Wall): void {
    this.#owed.add(socket)
    void socket.leave(inStep)
  }

  #pay(socket: Wall): void {
    if (isReady(socket) && this.#options.now() - this.#snapshotAt.get(socket)! >= resyncMinMs) this.#give(socket)
  }

  #give(socket: Wall): void {
    const { room, now, onSent } = this.#options
    const at = now()
    const snapshot = this.#frames.snapshot(room(), at)
    if (snapshot === null) return
    socket.emit('snapshot', snapshot)
    this.#owed.delete(socket)
    this.#snapshotAt.set(socket, at)
    void socket.join(inStep)
    onSent?.({ kind: 'snapshot', clients: 1 })
  }
}

/** The transport is writable once the kernel has taken what was sent before: a slow client's is not. */
const isReady = (socket: Wall): boolean => socket.conn.transport.writable
