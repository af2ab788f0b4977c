// A TCP proxy between two parts that does to their connection what networks do: slows it down, delays it, resets it, swallows it, refuses it.
// One fault at a time, for all connections, changed while it runs; it counts what it did. Latency and slowness hold each chunk back by
// itself, so they bound throughput too. Chance is seeded.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { systemClock, type Clock } from '../src/clock.ts'
import { createChance, type Chance } from '../src/drill/chance.ts'
import { freePortForTest } from '../src/io/nats/test-server.ts'

export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number } // each chunk, each way
  | { readonly kind: 'slow'; readonly bytesPerSecond: number } // a reader that takes its time, each way
  | { readonly kind: 'reset'; readonly afterBytes?: number } // RST to both ends once so many bytes more have passed; at once without
  /** Both ends believe in it, and nothing arrives. Healed, what has lost bytes is reset; `forGood`: never, as by a firewall that forgot it. */
  | { readonly kind: 'cut'; readonly forGood?: true }
  | { readonly kind: 'refuse' } // nobody listens, and what was open is reset

export interface ProxyOptions {
  readonly to: number // port on 127.0.0.1
  readonly seed?: number
  readonly clock?: Clock
}

export interface ProxyCounts { connections: number; bytes: number; chunksHeldBack: number; resets: number; bytesSwallowed: number; refusals: number }

interface Pair { readonly client: Socket; readonly server: Socket; lost: 'nothing' | 'bytes' | 'for good'; leftBytes: number }

export class FaultProxy {
  readonly port: number
  readonly counts: ProxyCounts = { connections: 0, bytes: 0, chunksHeldBack: 0, resets: 0, bytesSwallowed: 0, refusals: 0 }
  readonly #options: ProxyOptions
  readonly #clock: Clock
  readonly #chance: Chance
  #server: Server
  #fault: Fault = { kind: 'none' }
  #changed = new AbortController() // what is held back is looked at anew
  #pairs = new Set<Pair>()

  constructor(server: Server, options: ProxyOptions) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#chance = createChance(options.seed ?? 1)
    server.on('connection', (client) => this.#accept(client))
  }

  get open(): number { return this.#pairs.size }
  get fault(): Fault { return this.#fault }

  /** From now on, for connections that are open too. */
  async set(fault: Fault): Promise<void> {
    const wasRefusing = this.#fault.kind === 'refuse'
    this.#fault = fault
    this.#changed.abort()
    this.#changed = new AbortController()
    if (wasRefusing && fault.kind !== 'refuse') await this.#listenAgain()
    for (const pair of this.#pairs) {
      if (pair.lost === 'bytes' && fault.kind !== 'cut') this.#reset(pair)
      if (fault.kind !== 'reset') continue
      pair.leftBytes = fault.afterBytes ?? 0
      if (pair.leftBytes === 0) this.#reset(pair)
    }
    if (fault.kind !== 'refuse' || wasRefusing) return
    this.counts.refusals += 1
    for (const pair of this.#pairs) this.#reset(pair)
    this.#server.close()
    await once(this.#server, 'close')
  }

  heal(): Promise<void> { return this.set({ kind: 'none' }) }

  async close(): Promise<void> {
    this.#changed.abort()
    for (const { client, server } of this.#pairs) { client.destroy(); server.destroy() }
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #listenAgain(): Promise<void> {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  #accept(client: Socket): void {
    this.counts.connections += 1
    const server = connect({ port: this.#options.to, host: '127.0.0.1', allowHalfOpen: true })
    const pair: Pair = { client, server, lost: 'nothing', leftBytes: this.#fault.kind === 'reset' ? this.#fault.afterBytes ?? 0 : 0 }
    this.#pairs.add(pair)
    for (const [from, to] of [[client, server], [server, client]] as const) {
      from.setNoDelay(true)
      from.on('error', () => this.#end(pair)) // refused by who is behind us, or reset by who is before us: the other end learns it the same way
      from.on('close', () => { if (client.closed && server.closed) this.#pairs.delete(pair) })
      void this.#carry(pair, from, to)
    }
    if (this.#fault.kind === 'reset' && pair.leftBytes === 0) this.#reset(pair)
  }

  async #carry(pair: Pair, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) await this.#pass(pair, chunk, to)
      if (!this.#swallows(pair)) to.end()
    } catch (error) {
      if (!(error instanceof Error)) throw error // a socket that broke: its own handler has ended the pair
    }
  }

  async #pass(pair: Pair, chunk: Buffer, to: Socket): Promise<void> {
    await this.#holdBack(chunk.byteLength)
    if (this.#swallows(pair)) {
      this.counts.bytesSwallowed += chunk.byteLength
      return
    }
    if (this.#fault.kind === 'reset') {
      const passing = chunk.subarray(0, pair.leftBytes)
      pair.leftBytes -= passing.byteLength
      if (passing.byteLength > 0) to.write(passing)
      if (pair.leftBytes === 0) this.#reset(pair)
      return
    }
    this.counts.bytes += chunk.byteLength
    if (to.writable && !to.write(chunk)) await room(to)
  }

  #swallows(pair: Pair): boolean {
    if (this.#fault.kind === 'cut') pair.lost = this.#fault.forGood ? 'for good' : 'bytes'
    return pair.lost !== 'nothing'
  }

  async #holdBack(bytes: number): Promise<void> {
    const fault = this.#fault
    if (fault.kind !== 'latency' && fault.kind !== 'slow') return
    const ms = fault.kind === 'latency' ? fault.ms + this.#chance.below(1 + (fault.jitterMs ?? 0)) : bytes / fault.bytesPerSecond * 1000
    this.counts.chunksHeldBack += 1
    await this.#clock.sleep(ms, this.#changed.signal)
  }

  #reset(pair: Pair): void {
    this.counts.resets += 1
    this.#end(pair)
  }

  #end({ client, server }: Pair): void {
    for (const socket of [client, server]) if (!socket.destroyed) socket.resetAndDestroy()
  }
}

function room(to: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      to.off('drain', done).off('close', done)
      resolve()
    }
    to.on('drain', done).on('close', done)
  })
}

/** Listens on a free loopback port and passes everything on, until it is told otherwise. */
export async function startFaultProxy(options: ProxyOptions): Promise<FaultProxy> {
  const server = createServer({ allowHalfOpen: true })
  server.listen(await freePortForTest(), '127.0.0.1') // it is left and taken again, and nobody else must get it meanwhile
  await once(server, 'listening')
  return new FaultProxy(server, options)
}
