// One connection to NATS that never gives up: tells who listens when it goes down and comes up again, within five seconds.
import { connect } from '@nats-io/transport-node'
import { StreamDown, StreamMisconfigured } from '../../stream-errors.ts'
import type { NatsConnection } from '@nats-io/nats-core'

export interface LinkOptions {
  readonly url: string // nats://127.0.0.1:4222, tls://…, several separated by commas; user:password@ or token@ as usual
  readonly token?: string | undefined
  readonly name?: string | undefined // how the server's monitoring shows us
  readonly connectMs?: number | undefined // how long the first connect may take; 4 s unless told
}

type Listener = (detail: string) => void

export class Link {
  readonly nc: NatsConnection
  readonly url: string
  connected = true
  #up = new Set<Listener>()
  #down = new Set<Listener>()

  constructor(nc: NatsConnection, url: string) {
    this.nc = nc
    this.url = url
    void this.#watch()
  }

  /** Called after every reconnect. */
  onUp(listener: Listener): () => void { this.#up.add(listener); return () => this.#up.delete(listener) }
  /** Called when the connection is lost. */
  onDown(listener: Listener): () => void { this.#down.add(listener); return () => this.#down.delete(listener) }

  async #watch(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect' || status.type === 'close') {
        if (!this.connected) continue
        this.connected = false
        for (const listener of this.#down) listener(`the connection to NATS at ${this.url} is lost; trying again without end`)
      } else if (status.type === 'reconnect') {
        this.connected = true
        for (const listener of this.#up) listener(`connected to NATS at ${this.url} again`)
      }
    }
  }

  /** Quick: what was published and not acknowledged is not waited for. */
  async close(): Promise<void> {
    this.#up.clear()
    this.#down.clear()
    await this.nc.close()
  }
}

/** Connects, or throws StreamDown within five seconds saying what is not there; an unusable login is StreamMisconfigured. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const connectMs = options.connectMs ?? 4000
  const login = loginOf(options)
  let timer: NodeJS.Timeout | undefined
  const dialling = connect({
    servers: login.servers, name: options.name ?? 'groundswell', timeout: connectMs,
    maxReconnectAttempts: -1, reconnectTimeWait: 200, reconnectJitter: 50, ignoreAuthErrorAbort: true,
    pingInterval: 1500, maxPingOut: 2, // a server that hangs is noticed after 4.5 s
    ...login.auth,
  })
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${connectMs} ms`)), connectMs + 200)
  })
  try {
    return new Link(await Promise.race([dialling, tooLate]), shown(options.url))
  } catch (cause) {
    dialling.then((late) => late.close()).catch(() => undefined) // an answer after the deadline is of no use
    const detail = cause instanceof Error ? cause.message : String(cause)
    if (/authoriz|authentic/i.test(detail)) {
      throw new StreamMisconfigured(`NATS at ${shown(options.url)} refuses our login (${detail}): put it in the address, nats://token@host or nats://user:password@host (GROUNDSWELL_NATS, or a file named by GROUNDSWELL_NATS_FILE)`, { cause })
    }
    throw new StreamDown(`NATS does not answer at ${shown(options.url)} (${detail}): start it, or name the one that runs with --nats URL`, { cause })
  } finally {
    clearTimeout(timer)
  }
}

/** Addresses without logins, for messages. What is neither a host nor has an @, beside one that has, is part of a login with a comma. */
export function shown(url: string): string {
  const parts = url.split(',')
  return parts.map((part) => {
    const [, scheme = '', rest = ''] = /^(\s*(?:\w+:\/\/)?)(.*)$/s.exec(part) ?? []
    const host = rest.slice(rest.lastIndexOf('@') + 1)
    return scheme + (host === rest && url.includes('@') && !/^(\[[\da-f:]+\]|[\w.-]+)(:\d+)?\/?$/i.test(host) ? '…' : host)
  }).join(',')
}

function loginOf({ url, token }: LinkOptions): { servers: string[]; auth: { token?: string; user?: string; pass?: string; tls?: object } } {
  const parts = url.split(',').map((part) => part.trim()).filter(Boolean)
  const servers: string[] = []
  let auth: { token?: string; user?: string; pass?: string; tls?: object } = token ? { token } : {}
  for (const part of parts) {
    const withScheme = part.includes('://') ? part : `nats://${part}`
    if (!URL.canParse(withScheme)) throw new StreamMisconfigured(`"${shown(part)}" is no NATS address: write nats://host:4222`)
    const parsed = new URL(withScheme)
    if (!['nats:', 'tls:'].includes(parsed.protocol)) throw new StreamMisconfigured(`"${shown(part)}" is no NATS address: write nats://host:4222 or tls://host:4222`)
    if (parsed.username) {
      auth = parsed.password ? { user: decodeURIComponent(parsed.username), pass: decodeURIComponent(parsed.password) } : { token: decodeURIComponent(parsed.username) }
    }
    if (parsed.protocol === 'tls:') auth = { ...auth, tls: {} }
    servers.push(`${parsed.hostname}:${parsed.port || '4222'}`)
  }
  return { servers, auth }
}
