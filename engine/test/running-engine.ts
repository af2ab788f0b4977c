// `groundswell start` as a user starts it: a process of its own with everything embedded, on free ports, in a folder of the test's.
// stop() asserts that it ends with 0 and that nothing below it is left.
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stats } from '@groundswell/schemas/stats.ts'
import type { TopicRow } from '@groundswell/schemas/live.ts'
import { expect } from 'vitest'
import { beginFormat } from '../src/cli/data-format.ts'
import { version } from '../src/cli/version.ts'
import { startEmbeddedClickhouse } from '../src/io/clickhouse/embedded.ts'
import { prepareStore } from '../src/io/clickhouse/prepared-store.testing.ts'
import { openStore, type ClickhouseStore } from '../src/io/clickhouse/store.ts'
import { below, finished, isAlive, spawnCli, waitUntil, type Finished, type ProcessRow } from './processes.ts'

export interface StartOptions {
  readonly folder: string // its rules.yml and groundswell.yml, its data
  readonly rules?: string // text; what lies there stays where absent
  readonly settings?: string // groundswell.yml
  readonly natsPort?: number // any free one where absent
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly within?: readonly string[] // a command that runs it, such as unshare
  readonly fromNothing?: boolean // its tables are made by itself; otherwise they lie in a new data folder
}

export interface Intake { readonly accepted: number; readonly seqs: readonly number[]; readonly refused: readonly { readonly line: number; readonly reason: string }[]; readonly refusedTotal: number; readonly error?: string }
export interface Posted { readonly status: number; readonly answer: Intake }

const retentionDays = 180 // the setting's own

/** A store that keeps who asks waiting for seconds is told as 503, which a busy machine brings about by itself: then it is asked again. */
export async function answered<T>(url: string, path: string): Promise<T> {
  const asked = await waitUntil(`${path} is answered by a store that is there`, async () => {
    const answer = await fetch(url + path)
    const text = await answer.text()
    if (answer.status === 503 && text.includes('"store-down"')) throw new Error(text)
    return { answer, text }
  })
  if (!asked.answer.ok) throw new Error(`${path} answered ${asked.answer.status}: ${asked.text}`)
  return JSON.parse(asked.text) as T
}

export const dataOf = (folder: string): string => join(folder, 'data')

export class RunningEngine {
  readonly url: string
  readonly nats: string
  readonly #child: ChildProcessWithoutNullStreams
  readonly #over: Promise<Finished>
  readonly #log: string[]

  constructor(child: ChildProcessWithoutNullStreams, { url, nats, over, log }: { readonly url: string; readonly nats: string; readonly over: Promise<Finished>; readonly log: string[] }) {
    this.url = url
    this.nats = nats
    this.#child = child
    this.#over = over
    this.#log = log
  }

  get pid(): number { return this.#child.pid! }
  get natsPort(): number { return Number(new URL(this.nats).port) }
  /** What it wrote to stderr so far, a line each. */
  get log(): readonly string[] { return this.#log }
  /** Everything below it: guardian, nats-server, the embedded ClickHouse. */
  get below(): ProcessRow[] { return below(this.#child.pid!) }
  /** How it ended, by whatever reason. */
  get over(): Promise<Finished> { return this.#over }

  part(name: 'nats-server' | 'chdb-child'): ProcessRow {
    const found = this.below.find(({ command }) => (name === 'nats-server' ? /nats-server\S* -c/.test(command) && !command.includes('guardian') : command.includes(name)))
    return found ?? expect.fail(`${name} does not run below the engine: ${JSON.stringify(this.below)}`)
  }

  get<T>(path: string): Promise<T> { return answered(this.url, path) }

  stats(): Promise<Stats> { return this.get('/api/stats') }

  async topic(id: string): Promise<TopicRow | null> {
    const { topics } = await this.get<{ topics: { id: string; now: TopicRow | null }[] }>('/api/topics')
    return topics.find((topic) => topic.id === id)?.now ?? null
  }

  async post(body: string | Uint8Array): Promise<Posted> {
    const answer = await fetch(`${this.url}/api/mentions`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: body as BodyInit })
    return { status: answer.status, answer: await answer.json() as Intake }
  }

  /** Waits for the stats to be so, and answers them. */
  async until(what: string, so: (stats: Stats) => boolean, withinMs?: number): Promise<Stats> {
    let last: Stats | undefined
    try {
      return await waitUntil(what, async () => { last = await this.stats(); return so(last) && last }, withinMs)
    } catch (error) {
      throw new Error(`${(error as Error).message}; the stats are ${JSON.stringify(last)}`, { cause: error })
    }
  }

  /** SIGTERM; it must end with 0 and leave nobody. */
  async stop(): Promise<void> {
    const children = this.below
    this.#child.kill('SIGTERM')
    const { code, stderr } = await this.#over
    expect(code, stderr).toBe(0)
    await expectGone(children)
  }

  /** As a power cut of this process alone; whoever is below it must end by itself. */
  async kill(): Promise<void> {
    const children = this.below
    this.#child.kill('SIGKILL')
    await this.#over
    await expectGone(children)
  }

  /** For cleaning up: ends it however it is. */
  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill()
  }
}

/** The dead are given a moment: a server finishes its files before it ends. */
async function expectGone(children: readonly ProcessRow[]): Promise<void> {
  await waitUntil(`all below the engine have ended: ${children.map(({ command }) => command).join(' | ')}`, () => !children.some(isAlive))
}

/** As a first start leaves it that was ended when it had made its tables. */
async function prepareData(data: string): Promise<void> {
  await mkdir(data, { mode: 0o700 })
  await prepareStore(join(data, 'clickhouse'), retentionDays)
  beginFormat(data, version)
}

/** Throws with its own words where it does not come up. */
export async function startEngine({ folder, rules, settings, natsPort = 0, args = [], env = {}, within = [], fromNothing = false }: StartOptions): Promise<RunningEngine> {
  if (!fromNothing && !existsSync(dataOf(folder)) && !args.includes('--clickhouse')) await prepareData(dataOf(folder))
  if (rules !== undefined) await writeFile(join(folder, 'rules.yml'), rules)
  if (settings !== undefined) await writeFile(join(folder, 'groundswell.yml'), settings)
  const rulesFile = existsSync(join(folder, 'rules.yml')) ? ['--rules', 'rules.yml'] : []
  const child = spawnCli(['start', '--data', 'data', '--http', '0', '--nats-port', String(natsPort), ...rulesFile, ...args], { cwd: folder, env: { GROUNDSWELL_LAUNCHER: String(process.pid), ...env }, within })
  const log: string[] = []
  let rest = ''
  const over = finished(child, { endAfterMs: null })
  child.stderr.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    log.push(...lines)
  })
  const said = (words: RegExp): string | undefined => log.map((line) => words.exec(line)?.[1]).find((found) => found !== undefined)
  const url = await Promise.race([
    waitUntil('the engine says where the wall is', () => said(/"the wall is at (\S+?)\/?"/)),
    over.then(({ code, stderr }) => { throw new Error(`the engine ended with ${code} before it was ready:\n${stderr}`) }),
  ]).catch((error: unknown) => { child.kill('SIGKILL'); throw error })
  return new RunningEngine(child, { url, nats: said(/(nats:\/\/127\.0\.0\.1:\d+)/) ?? '', over, log })
}

/** Opens the data of an engine that has stopped, for counting with SQL. */
export async function withStore<T>(folder: string, use: (store: ClickhouseStore) => Promise<T>): Promise<T> {
  const embedded = await startEmbeddedClickhouse({ directory: join(dataOf(folder), 'clickhouse') })
  try {
    const store = await openStore({ ...embedded, retentionDays })
    try { return await use(store) } finally { await store.close() }
  } finally {
    await embedded.stop()
  }
}

export interface Held { readonly rows: number; readonly ids: number }

/** How many mentions are stored, and how many different ones. */
export async function heldIn(store: Pick<ClickhouseStore, 'query'>, where = '1'): Promise<Held> {
  const [row] = await store.query<Held>(`SELECT count() AS rows, count(DISTINCT id) AS ids FROM mentions WHERE ${where}`)
  return row!
}

export interface Publishing { write(lines: string): Promise<void>; end(): Promise<Finished> }

/** `groundswell publish -`: a publisher that is fed by hand, so that something can happen half-way. */
export function publishByHand(nats: string, folder: string): Publishing {
  const child = spawnCli(['publish', '-', '--nats', nats], { cwd: folder })
  const over = finished(child)
  return {
    write: async (lines) => { if (!child.stdin.write(lines)) await Promise.race([once(child.stdin, 'drain'), over]) },
    end: () => { child.stdin.end(); return over },
  }
}
