// The engine that is being harmed: started as a user starts it, its parts found and killed, started again where it is down.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Chance } from '../../src/drill/chance.ts'
import { isAlive, spawnCli, waitUntil, type ProcessRow } from '../processes.ts'
import { startEngine, type RunningEngine } from '../running-engine.ts'

export const harms = ['engine', 'start', 'stop', 'chdb', 'worker', 'nats', 'guardian', 'pause'] as const
export type Harm = (typeof harms)[number]

export interface PatientOptions { readonly folder: string; readonly natsPort: number; readonly rules: string; readonly settings: string }

const preload = fileURLToPath(new URL('kill-a-worker.mjs', import.meta.url))
const env = { NODE_OPTIONS: `--import ${preload}` }
const startTries = 3
const natsBackMs = 20_000

export class Patient {
  /** What should not have happened: an end with a code of its own that nobody asked for, a start that failed. */
  readonly complaints: string[] = []
  readonly #options: PatientOptions
  #engine: RunningEngine | null = null
  #expected = false // that it ends now

  constructor(options: PatientOptions) { this.#options = options }

  get url(): string | null { return this.#engine?.url ?? null }
  get engine(): RunningEngine {
    if (!this.#engine) throw new Error('no engine runs now')
    return this.#engine
  }

  /** Starts it where none runs. */
  async start(): Promise<void> {
    const { folder, natsPort } = this.#options
    for (let tries = 1; this.#engine === null; tries++) {
      try {
        this.#expected = false
        const engine = await startEngine({ folder, natsPort, env, rules: this.#options.rules, settings: this.#options.settings, fromNothing: true })
        this.#engine = engine
        void this.#ended(engine)
      } catch (error) {
        this.complaints.push(`a start failed: ${(error as Error).message.slice(-1500)}`)
        if (tries === startTries) throw error
        await pause(500)
      }
    }
  }

  async #ended(engine: RunningEngine): Promise<void> {
    const { code, stderr } = await engine.over
    appendFileSync(join(this.#options.folder, 'engine.log'), `${stderr}── ended with ${code ?? 'a signal'}\n`)
    if (!this.#expected) this.complaints.push(`the engine ended by itself with ${code ?? 'a signal'}: ${stderr.trim().split('\n').slice(-2).join(' | ').slice(0, 600)}`)
    if (this.#engine === engine) this.#engine = null
  }

  async harm(harm: Harm, chance: Chance): Promise<void> {
    if (this.#engine === null) await this.start()
    switch (harm) {
      case 'engine': return this.#killEngine()
      case 'start': {
        await this.#killEngine()
        return this.#killStarting(300 + chance.below(2500))
      }
      case 'stop': return this.stop()
      case 'chdb': {
        process.kill(this.engine.part('chdb-child').pid, 'SIGKILL')
        return
      }
      case 'worker': {
        process.kill(this.engine.pid, 'SIGUSR2')
        return
      }
      case 'nats': {
        process.kill(this.engine.part('nats-server').pid, 'SIGKILL')
        return
      }
      case 'guardian': return this.#killGuardian()
      case 'pause': {
        const { pid } = this.engine.part('nats-server')
        process.kill(pid, 'SIGSTOP')
        await pause(500 + chance.below(4000))
        process.kill(pid, 'SIGCONT')
        return
      }
      default: harm satisfies never
    }
  }

  /** SIGTERM; a code other than 0 is a complaint. */
  async stop(): Promise<void> {
    const engine = this.engine
    const children = engine.below
    this.#expected = true
    process.kill(engine.pid, 'SIGTERM')
    const { code, stderr } = await engine.over
    if (code !== 0) this.complaints.push(`SIGTERM ended it with ${code}: ${stderr.trim().split('\n').at(-1)?.slice(0, 400) ?? ''}`)
    await gone(children)
  }

  async #killEngine(): Promise<void> {
    const engine = this.engine
    const children = engine.below
    this.#expected = true
    process.kill(engine.pid, 'SIGKILL')
    await engine.over
    await gone(children)
  }

  /** An engine that is killed while it starts, which may be at any step of it. */
  async #killStarting(afterMs: number): Promise<void> {
    const { folder, natsPort } = this.#options
    const child = spawnCli(['start', '--data', 'data', '--http', '0', '--nats-port', String(natsPort), '--rules', 'rules.yml'], { cwd: folder, env })
    child.stdout.resume()
    child.stderr.resume()
    const over = new Promise((resolve) => { child.once('close', resolve) })
    await pause(afterMs)
    child.kill('SIGKILL')
    await over
  }

  /** The guardian takes nats-server with it; an engine that does not get it back says that it is to be started again, and is. */
  async #killGuardian(): Promise<void> {
    const engine = this.engine
    const guardian = engine.below.find(({ command }) => command.includes('guardian'))
    if (!guardian) throw new Error(`no guardian runs below the engine: ${JSON.stringify(engine.below)}`)
    process.kill(guardian.pid, 'SIGKILL')
    await gone([guardian])
    const back = () => this.#engine !== engine || engine.below.some(({ command, pid }) => /nats-server\S* -c/.test(command) && !command.includes('guardian') && pid !== guardian.pid)
    await waitUntil('nats-server runs again', back, natsBackMs).catch(() => undefined)
    if (!back()) await this.stop()
  }

  /** For cleaning up, however it is. */
  async end(): Promise<void> {
    if (this.#engine !== null) await this.#killEngine()
  }
}

const gone = (rows: readonly ProcessRow[]): Promise<unknown> => waitUntil(`all below the engine have ended: ${rows.map(({ command }) => command).join(' | ')}`, () => !rows.some(isAlive), 20_000)
