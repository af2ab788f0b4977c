// Starts the engine as a user would, with everything embedded, in a folder of its own; ends it and every process below it.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Stats } from '@groundswell/schemas/stats.ts'
import { descendants } from './processes.ts'

export interface EngineUnderTest {
  readonly pid: number
  readonly http: string // http://127.0.0.1:port
  readonly nats: string
  readonly data: string
  stats(): Promise<Stats>
  /** The end of what it wrote to stderr. */
  lastWords(): string
  /** Ends it and every process below it; the data stay. */
  stop(): Promise<void>
  /** Removes its folder. */
  remove(): Promise<void>
}

const repository = resolve(fileURLToPath(new URL('../..', import.meta.url)))
const readyMs = 60_000
const stopMs = 30_000

/** Throws with the engine's last words where it does not come up. `workers` is the engine's own choice where absent. */
export async function startEngine(options: { readonly rules: string; readonly workers?: number; readonly env?: Readonly<Record<string, string>> }): Promise<EngineUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-bench-'))
  const [httpPort, natsPort] = await Promise.all([freePort(), freePort()])
  const rulesFile = join(folder, 'rules.yml')
  await writeFile(rulesFile, options.rules)
  const child = spawnEngine({ folder, rulesFile, httpPort, natsPort, workers: options.workers, env: options.env ?? {} })
  let lastWords = ''
  const log = createWriteStream(join(folder, 'engine.log'))
  child.stderr!.on('data', (chunk: Buffer) => { log.write(chunk); lastWords = (lastWords + chunk.toString('utf8')).slice(-4000) })
  const http = `http://127.0.0.1:${httpPort}`
  const stop = async () => {
    await endAll(child)
    log.end()
  }
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await untilHealthy(http, child)
  } catch (cause) {
    await stop()
    await remove()
    throw new Error(`the engine does not come up: ${(cause as Error).message}\n${lastWords}`, { cause })
  }
  return { pid: child.pid!, http, nats: `nats://127.0.0.1:${natsPort}`, data: join(folder, 'data'), stop, remove, lastWords: () => lastWords, stats: async () => await (await fetch(`${http}/api/stats`)).json() as Stats }
}

interface SpawnOptions { readonly folder: string; readonly rulesFile: string; readonly httpPort: number; readonly natsPort: number; readonly workers: number | undefined; readonly env: Readonly<Record<string, string>> }

/** The one place that knows the command line of `groundswell start`. */
function spawnEngine({ folder, rulesFile, httpPort, natsPort, workers, env: settings }: SpawnOptions): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, GROUNDSWELL_STREAM_MAX_BYTES: '4GiB', GROUNDSWELL_LOG_LEVEL: 'info', ...settings, GROUNDSWELL_NATS_PORT: String(natsPort) }
  if (workers !== undefined) env['GROUNDSWELL_WORKERS'] = String(workers)
  const main = join(repository, 'engine', 'src', 'cli', 'main.ts')
  return spawn(process.execPath, [main, 'start', '--data', join(folder, 'data'), '--http', String(httpPort), '--rules', rulesFile], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
}

async function untilHealthy(http: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyMs
  for (let problem = 'no answer'; ; await pause(200)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`)
    if (Date.now() > deadline) throw new Error(`${http}/api/health: ${problem} within ${readyMs / 1000} s`)
    try {
      const answer = await fetch(`${http}/api/health`)
      if (answer.ok) return
      problem = `${answer.status} ${(await answer.text()).slice(0, 200)}`
    } catch (error) {
      problem = (error as Error).message
    }
  }
}

/** SIGTERM, and SIGKILL for what is left: neither the engine nor anything below it outlives the bench. */
async function endAll(child: ChildProcess): Promise<void> {
  const below = child.pid === undefined ? [] : descendants(child.pid)
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((done) => { child.once('exit', done) })
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await gone
    clearTimeout(late)
  }
  for (const pid of below.filter((pid) => child.pid !== undefined && isAlive(pid))) {
    console.error(`bench: process ${pid} outlived the engine; ending it`)
    try { process.kill(pid, 'SIGKILL') } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error }
  }
}

function isAlive(pid: number): boolean {
  try { process.kill(pid, 0); return true } catch { return false }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail)
    probe.listen(0, '127.0.0.1', () => { const { port } = probe.address() as AddressInfo; probe.close(() => { done(port) }) })
  })
}
