// A process of its own between the engine and nats-server: it ends the server when the engine is gone, however the engine ended (its
// IPC channel closes), and starts it again when it dies by itself. It runs detached and ignores SIGINT, so that Ctrl-C reaches the engine only.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

export type GuardianMessage =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'died'; readonly detail: string; readonly againInMs: number }

/** What the engine may ask: `restart` for a server that runs and serves nothing any more. */
export interface GuardianOrder { readonly kind: 'restart' }

const [binary, configFile] = process.argv.slice(2) // and the pid of the engine, for whoever finds us without it: orphan.ts
if (!binary || !configFile || !process.send) throw new Error('the guardian is started by the engine: guardian.ts <nats-server> <config file> <its pid>')

process.umask(0o077) // nats-server inherits it: what people wrote is nobody's business on this machine but ours

const calmMs = 10_000 // a server that has run so long starts again at once
const pausesMs = [100, 200, 500, 1000, 2000, 5000]
const stderrMax = 4000
const insistMs = 3000
let server: ChildProcess | null = null
let ending = false
let deaths = 0

function tell(message: GuardianMessage): void {
  if (process.connected) process.send!(message, undefined, undefined, () => undefined)
}

function start(): void {
  if (ending) return
  const startedAt = Date.now()
  let said = ''
  const child = spawn(binary!, ['-c', configFile!], { stdio: ['ignore', 'ignore', 'pipe'] })
  server = child
  child.stderr.on('data', (chunk: Buffer) => { said = (said + chunk.toString('utf8')).slice(-stderrMax) })
  child.on('spawn', () => tell({ kind: 'started', pid: child.pid! }))
  child.on('error', (error) => { said += error.message; if (child.pid === undefined) onEnd() })
  child.on('exit', (code, signal) => { said += ` (${signal ?? `exit ${code}`})`; onEnd() })

  function onEnd(): void {
    server = null
    if (ending) process.exit(0)
    deaths = Date.now() - startedAt > calmMs ? 0 : deaths + 1
    const againInMs = pausesMs[Math.min(deaths, pausesMs.length - 1)]!
    tell({ kind: 'died', detail: said.trim().split('\n').slice(-3).join(' · '), againInMs })
    setTimeout(start, againInMs)
  }
}

/** Asks the server to end, insists after a while: one that is stuck does not listen. */
function endServer(): void {
  const one = server
  one?.kill('SIGTERM')
  setTimeout(() => one?.kill('SIGKILL'), insistMs)
}

function end(): void {
  if (ending) return
  ending = true
  if (!server) process.exit(0)
  endServer()
}

process.on('disconnect', end)
if (!process.connected) end() // the engine was killed while this was being loaded, and nobody was told
process.on('SIGTERM', end)
process.on('message', (order: GuardianOrder) => { if (order.kind === 'restart') endServer() })
process.on('SIGHUP', () => undefined)
process.on('SIGINT', () => undefined)
start()
