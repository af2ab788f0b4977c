// A nats-server of their own for tests: on a free loopback port, its store in a folder that goes with it, to be killed and started again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { connect } from '@nats-io/transport-node'
import type { NatsConnection } from '@nats-io/nats-core'
import { jetstreamManager } from '@nats-io/jetstream'
import { ownPorts } from '../../own-ports.ts'
import { findNatsServer } from './find-server.ts'

export const connectForTest = (url: string): Promise<NatsConnection> => connect({ servers: url.replace('nats://', ''), reconnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 50 })

export interface Login { readonly user?: string; readonly pass?: string }

export class TestServer {
  readonly url: string
  readonly storeDir: string
  #port: number
  #binary: string
  #process: ChildProcess | null = null
  #login: Login

  constructor(binary: string, { storeDir, port, login = {} }: { readonly storeDir: string; readonly port: number; readonly login?: Login | undefined }) {
    this.#binary = binary
    this.storeDir = storeDir
    this.#port = port
    this.#login = login
    this.url = `nats://127.0.0.1:${port}`
  }

  async start(): Promise<void> {
    this.#process = spawn(this.#binary, ['-a', '127.0.0.1', '-p', String(this.#port), '-js', '-sd', this.storeDir, '-c', join(this.storeDir, 'test.conf')], { stdio: 'ignore' })
    const nc = await connect({ servers: `127.0.0.1:${this.#port}`, waitOnFirstConnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 20, ...this.#login })
    await nc.close()
  }

  async kill(): Promise<void> {
    const dying = this.#process!
    this.#process = null
    dying.kill('SIGKILL')
    if (dying.exitCode === null && dying.signalCode === null) await once(dying, 'exit')
  }

  async stop(): Promise<void> {
    if (this.#process) await this.kill()
    await rm(this.storeDir, { recursive: true, force: true })
  }

  async withManager<T>(use: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>): Promise<T> {
    const nc = await connectForTest(this.url)
    try { return await use(await jetstreamManager(nc)) } finally { await nc.close() }
  }

  deleteStreams(): Promise<void> {
    return this.withManager(async (manager) => {
      for await (const info of manager.streams.list()) await manager.streams.delete(info.config.name)
    })
  }

  streamState(name: string): Promise<{ readonly messages: number; readonly last_seq: number }> {
    return this.withManager(async (manager) => (await manager.streams.info(name)).state)
  }
}

/** `config` is added to what the server is started with; `login` is that of who starts it, where it asks for one. */
export async function startTestServer(config = '', login?: Login): Promise<TestServer> {
  const binary = await findNatsServer()
  if (!binary) throw new Error('these tests need nats-server in PATH: install it with the package manager of the system')
  const storeDir = await mkdtemp(join(tmpdir(), 'groundswell-nats-'))
  await writeFile(join(storeDir, 'test.conf'), `${config}\n`)
  const server = new TestServer(binary, { storeDir, port: await freePortForTest(), login })
  await server.start()
  return server
}

const ports = ownPorts('tests')
let next = 0

/** A port that nobody listens on: no connection of another test takes it before it is used. */
export async function freePortForTest(): Promise<number> {
  for (let tries = 0; tries < ports.length; tries++) {
    const port = ports[next]!
    next = (next + 1) % ports.length
    if (await isFree(port)) return port
  }
  throw new Error(`no port from ${Math.min(...ports)} to ${Math.max(...ports)} is free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => { probe.close(() => resolve(true)) })
  })
}
