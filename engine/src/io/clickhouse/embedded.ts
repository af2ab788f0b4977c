// Starts and stops the embedded ClickHouse: chDB in a process of its own, spoken to over HTTP like any server.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { ChildOrders, ChildReport } from './chdb-child.ts'
import { StoreDown, StoreRefused } from './store-errors.ts'

export interface EmbeddedOptions {
  readonly directory: string // of its data; made where it is not there
  readonly port?: number // 0 or absent: a free one
  readonly password?: string // absent: a random one, told to nobody but the caller
  readonly connectionsMax?: number
  /** Aborted while it starts: the child is killed, and StoreDown thrown. */
  readonly signal?: AbortSignal
}

export interface EmbeddedClickhouse {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly database: string
  readonly version: string
  readonly pid: number
  readonly exited: Promise<{ readonly expected: boolean; readonly detail: string }>
  healthy(timeoutMs?: number): Promise<boolean>
  /** With SIGKILL: for one that hangs. */
  kill(): void
  stop(): Promise<void>
}

export const embeddedDatabase = 'groundswell'
const user = 'groundswell'

/** Throws StoreRefused where the child cannot serve that directory or port, with its own words. */
export async function startEmbeddedClickhouse(options: EmbeddedOptions): Promise<EmbeddedClickhouse> {
  const password = options.password ?? randomBytes(18).toString('base64url')
  const connectionsMax = options.connectionsMax ?? 8
  const child = spawn(process.execPath, [fileURLToPath(new URL('./chdb-child.ts', import.meta.url))], {
    detached: true, // so that a Ctrl-C in the terminal ends it only when the engine says so
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(connectionsMax + 4), NODE_OPTIONS: '' },
  })
  let lastWords = ''
  child.stderr?.on('data', (data: Buffer) => { lastWords = (lastWords + data.toString()).slice(-4000) })
  let stopping = false
  const exited = new Promise<{ expected: boolean; detail: string }>((resolve) => {
    child.once('error', (error) => resolve({ expected: false, detail: error.message }))
    child.once('exit', (code, signal) => resolve({ expected: stopping, detail: `embedded ClickHouse ended with ${signal ?? code}${lastWords ? `: ${lastWords.trim()}` : ''}` }))
  })
  const giveUp = (): void => { child.kill('SIGKILL') }
  options.signal?.addEventListener('abort', giveUp)
  if (options.signal?.aborted) giveUp()
  const orders: ChildOrders = { kind: 'serve', directory: options.directory, port: options.port ?? 0, database: embeddedDatabase, user, password, connectionsMax }
  const listening = await new Promise<Extract<ChildReport, { kind: 'listening' }>>((resolve, reject) => {
    child.once('message', (report: ChildReport) => (report.kind === 'listening' ? resolve(report) : reject(new StoreRefused(`the embedded ClickHouse does not start in ${options.directory}: ${report.reason}`))))
    void exited.then(({ detail }) => reject(new StoreDown(detail)))
    child.send(orders, (error) => { if (error) reject(new StoreDown(`the embedded ClickHouse does not take its orders: ${error.message}`, { cause: error })) })
  }).finally(() => options.signal?.removeEventListener('abort', giveUp))
  const url = `http://127.0.0.1:${listening.port}`
  return {
    url, user, password, database: embeddedDatabase, version: listening.version, pid: child.pid!, exited,
    healthy: (timeoutMs = 5000) => fetch(`${url}/ping`, { signal: AbortSignal.timeout(timeoutMs) }).then((response) => response.ok, () => false),
    kill: giveUp,
    stop: async () => {
      stopping = true
      if (child.connected) child.disconnect()
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await exited
      clearTimeout(hard)
    },
  }
}
