// The embedded nats-server: started with JetStream on loopback under a guardian, ready when this returns, gone when the engine is gone.
//
// It asks for no login by default, so that `groundswell publish` and any NATS client work without flags; it listens on 127.0.0.1 only.
// Whoever may log in to this machine can therefore publish: where that matters, run a NATS server with a login of its own and name it with
// GROUNDSWELL_NATS, or give a token here and clients write nats://token@127.0.0.1:4222.
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownPorts } from '../../own-ports.ts'
import { acceptsConfig } from './find-server.ts'
import { configName, endOrphan, pidName } from './orphan.ts'
import { roomFor } from './room.ts'
import type { GuardianMessage, GuardianOrder } from './guardian.ts'

export interface EmbeddedServerOptions {
  readonly binary: string // from findNatsServer
  readonly storeDir: string // made where it is missing; config and log are put beside the store, in it
  readonly port?: number | undefined // 4222; 0: any free one
  readonly token?: string | undefined
  /** Every acknowledged message is on the disk itself: survives a power cut, costs a flush a message. Needs nats-server ≥ 2.10. */
  readonly syncAlways?: boolean | undefined
  readonly warn?: ((message: string) => void) | undefined
  /** The server died by itself; the guardian starts it again. */
  readonly onDeath?: ((detail: string) => void) | undefined
}

export interface EmbeddedServer {
  readonly url: string
  readonly port: number
  readonly pid: () => number // of nats-server, as it runs now
  readonly guardianPid: () => number // as it runs now
  /** Ends the server, with force where it does not listen, and starts it again: for one that runs and serves nothing any more. */
  restart(): void
  stop(): Promise<void>
}

export class PortInUse extends Error {
  override readonly name = 'PortInUse'
}

const readyMs = 30_000 // on a machine that is busy two processes start one after the other
const stopMs = 5000
const guardAgainMs = 250

/** Throws PortInUse, or an Error with the server's own words where it does not come up within half a minute. */
export async function startNatsServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  await mkdir(options.storeDir, { recursive: true })
  await chmod(options.storeDir, 0o700) // also where an earlier version made it for everybody
  await endOrphan(options.storeDir)
  const port = options.port === 0 ? await anyPort() : await freePort(options.port ?? 4222)
  const configFile = await writeConfig(options, port)
  let pid = 0
  let lastWords = ''
  let stopping = false
  let isReady = false
  let guardian = guard()
  const stop = async () => {
    stopping = true
    const last = guardian
    const gone = last.exitCode === null && last.signalCode === null ? new Promise<void>((done) => last.once('exit', () => done())) : Promise.resolve()
    if (last.connected) last.disconnect()
    const timer = setTimeout(() => { last.kill('SIGKILL'); if (pid) endIfAlive(pid, 'SIGKILL') }, stopMs)
    await gone
    clearTimeout(timer)
  }
  const problem = await waitReady(port, () => lastWords)
  if (problem) {
    await stop()
    throw new Error(`nats-server does not come up on port ${port}: ${problem}; its own words are in ${join(options.storeDir, 'nats-server.log')}`)
  }
  isReady = true
  letGo(guardian)
  return {
    url: `nats://127.0.0.1:${port}`, port, pid: () => pid, guardianPid: () => guardian.pid!, stop,
    restart: () => { if (guardian.connected) guardian.send({ kind: 'restart' } satisfies GuardianOrder) },
  }

  function guard(): ChildProcess {
    const one = spawn(process.execPath, [fileURLToPath(new URL('./guardian.ts', import.meta.url)), options.binary, configFile, String(process.pid)], {
      detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    one.on('message', (message) => {
      const told = message as GuardianMessage
      if (told.kind === 'started') { pid = told.pid; return }
      lastWords = told.detail
      if (isReady) options.onDeath?.(`nats-server died: ${told.detail}; it starts again in ${told.againInMs} ms`)
    })
    one.on('error', (error) => { lastWords = error.message })
    one.on('exit', (code, signal) => { if (!stopping && isReady) void guardAgain(`${signal ?? code}`) })
    return one
  }

  /** Nothing may run without a guardian: the server it left behind ends, and both are started anew. */
  async function guardAgain(how: string): Promise<void> {
    options.onDeath?.(`the guardian of nats-server has ended (${how}): both are started again`)
    if (pid) endIfAlive(pid, 'SIGTERM')
    await new Promise((done) => { setTimeout(done, guardAgainMs) })
    await endOrphan(options.storeDir)
    if (stopping) return
    guardian = guard()
    letGo(guardian)
  }
}

/** The engine may end whatever its guardian does. */
function letGo(guardian: ChildProcess): void {
  guardian.unref()
  guardian.channel?.unref()
}

async function writeConfig({ binary, storeDir, token, syncAlways, warn }: EmbeddedServerOptions, port: number): Promise<string> {
  const file = join(storeDir, configName)
  const room = await roomFor(resolve(storeDir))
  const text = (withSync: boolean) => [
    '# Written by Groundswell at every start; changes are lost.',
    'host: 127.0.0.1', `port: ${port}`, 'server_name: groundswell', 'max_payload: 1MB',
    'write_deadline: "20s"', // a reader that is busy for a while is not cut off
    `log_file: ${JSON.stringify(resolve(storeDir, 'nats-server.log'))}`, 'logfile_size_limit: 16MB',
    `pid_file: ${JSON.stringify(resolve(storeDir, pidName))}`,
    ...(token ? [`authorization { token: ${JSON.stringify(token)} }`] : []),
    `jetstream { store_dir: ${JSON.stringify(resolve(storeDir))}, max_file_store: ${room}${withSync ? ', sync_interval: "always"' : ''} }`, '',
  ].join('\n')
  await writeFile(file, text(syncAlways === true), { mode: 0o600 })
  let checked = await acceptsConfig(binary, file)
  if (!checked.ok && syncAlways) {
    await writeFile(file, text(false), { mode: 0o600 })
    checked = await acceptsConfig(binary, file)
    if (checked.ok) warn?.('this nats-server knows no sync_interval: a power cut (not a crash) can lose its last two minutes; 2.10 or newer writes each message through')
  }
  if (!checked.ok) throw new Error(`nats-server does not take its configuration ${file}: ${checked.detail}`)
  return file
}

/** Any free port that none takes before our server does. */
async function anyPort(): Promise<number> {
  for (const port of ownPorts('nats')) {
    try {
      return await freePort(port)
    } catch (error) {
      if (!(error instanceof PortInUse)) throw error
    }
  }
  return freePort(0)
}

function freePort(port: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === 'EADDRINUSE'
        ? new PortInUse(`port ${port} of 127.0.0.1 is in use, perhaps by a NATS that runs already: use that one with --nats nats://127.0.0.1:${port}, or set GROUNDSWELL_NATS_PORT to a free port for our own`)
        : new Error(`port ${port} of 127.0.0.1 cannot be used for nats-server: ${error.message}`, { cause: error }))
    })
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: got } = probe.address() as AddressInfo
      probe.close(() => done(got))
    })
  })
}

/** Waits for the greeting that says JetStream is on; the reason where it does not come. */
async function waitReady(port: number, lastWords: () => string): Promise<string | null> {
  const deadline = performance.now() + readyMs
  let seen = 'no answer'
  while (performance.now() < deadline) {
    const greeting = await greetingOf(port)
    if (greeting.includes('"jetstream":true')) return null
    if (greeting) seen = 'it runs without JetStream'
    if (lastWords()) seen = lastWords()
    await new Promise((done) => { setTimeout(done, 50) })
  }
  return seen
}

function greetingOf(port: number): Promise<string> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let text = ''
    const finish = () => { socket.destroy(); done(text) }
    socket.setTimeout(500, finish)
    socket.on('error', finish)
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); if (text.includes('\r\n')) finish() })
    socket.on('end', finish)
  })
}

function endIfAlive(pid: number, signal: NodeJS.Signals): void {
  try { process.kill(pid, signal) } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error }
}
