// A backup of an engine that runs: the state is taken where an insert ends, and the store is held there until its tables are frozen. Whoever
// asked copies what was frozen, beside the engine, and says when that is done.
//
//   insert ends at P ── state copied, inserts held ── … the store is at P … ── tables frozen, journal copied ── inserts go on ── checkpoint written
//                                                     └────────── milliseconds; at most holdMs ──────────┘
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatName } from '../cli/data-format.ts'
import type { Clock } from '../clock.ts'
import type { Engine } from '../core/engine.ts'
import { accountSecretName } from '../io/access/account-key.ts'
import type { NewCheckpoint } from '../io/checkpoint/checkpoint-files.ts'
import { BackupRefused, type Frozen } from '../io/http/backup.ts'
import type { Log } from '../io/log/log.ts'
import type { Hold, Inserter } from '../pipeline/inserts.ts'

export const onlineLimits = { endMs: 30_000, reachMs: 60_000, holdMs: 10_000, lookMs: 5000, copyMs: 12 * 3_600_000 } as const
/** Folder in the data folder of what is copied for a backup; what lies in it at a start is a leftover. */
export const stagingName = 'online-backup'

/** The tables, where they lie in the data folder. */
export interface Freezer {
  /** Answers the folder of the links. */
  freeze(name: string, into: string): Promise<string>
  remove(name: string): Promise<void>
}

export interface OnlineBackupsOptions {
  readonly folder: string // the data folder
  readonly stored: number // the newest position that the store held at the start: before it, the store is ahead of the core
  readonly engine: Pick<Engine, 'position'>
  readonly inserter: Pick<Inserter, 'hold' | 'reached'>
  readonly take: (seq: number) => NewCheckpoint
  readonly keep: (checkpoint: NewCheckpoint, folder: string) => Promise<void>
  readonly freezer: Freezer | null // null: ClickHouse is a server of its own
  readonly clock: Clock
  readonly isAlive: (pid: number) => boolean
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
}

interface UnderWay { readonly name: string; readonly over: AbortController }
interface Standing { readonly seq: number; readonly hold: Hold | null; readonly checkpoint: NewCheckpoint }

const again = 'the engine goes on as ever; see its log, and make the backup again'

export class OnlineBackups {
  readonly #options: OnlineBackupsOptions
  readonly #closed = new AbortController()
  #underWay: UnderWay | null = null
  #preparing: Promise<unknown> = Promise.resolve()
  #wanted: ((seq: number) => void) | null = null
  #endedAt = -1

  constructor(options: OnlineBackupsOptions) { this.#options = options }

  /** To be called where an insert has ended with `seq`, before it is pushed. */
  insertEnded(seq: number): void {
    this.#endedAt = seq
    if (seq >= this.#options.stored) this.#wanted?.(seq)
  }

  /** Freezes; `by` is the process that will copy. Throws BackupRefused. */
  async begin(by: number | null): Promise<Frozen> {
    if (this.#underWay) throw new BackupRefused(409, `backup ${this.#underWay.name} is under way`, 'wait until it is done; where whoever made it is gone, the engine lets it go by itself')
    if (this.#closed.signal.aborted) throw new BackupRefused(503, 'the engine is being stopped', 'make the backup of the stopped engine')
    const underWay: UnderWay = { name: `groundswell_${this.#options.clock.now()}`, over: new AbortController() }
    this.#underWay = underWay
    try {
      const preparing = this.#prepare(underWay.name)
      this.#preparing = preparing.catch(() => undefined)
      const frozen = await preparing
      void this.#watch(underWay, by)
      return frozen
    } catch (error) {
      this.#options.log.error('a backup of the running engine was not made; inserts go on', { error })
      await this.#letGo(underWay)
      throw error instanceof BackupRefused ? error : new BackupRefused(503, `the state could not be frozen: ${(error as Error).message}`, again)
    }
  }

  /** It is copied. Throws BackupRefused. */
  async end(name: string): Promise<void> {
    if (this.#underWay?.name !== name) throw new BackupRefused(404, `no backup ${name} is under way`, 'it was let go already, or another engine answers here')
    await this.#letGo(this.#underWay)
  }

  /** Inserts go on; what is being copied stays where it is, and the next start removes it. */
  async close(): Promise<void> {
    this.#closed.abort()
    await this.#preparing
  }

  async #prepare(name: string): Promise<Frozen> {
    const { folder, engine, clock, keep, log } = this.#options
    const staging = join(folder, stagingName, name)
    const ending = this.#nextEnd()
    const standing = await this.#within(onlineLimits.endMs, 'no insert has ended', ending).catch((error: unknown) => {
      this.#wanted = null
      void ending.then(({ hold }) => hold?.release(), () => undefined) // it came in the moment in which it was given up
      throw error
    })
    const at = new Date(clock.now()).toISOString()
    const { links, heldMs } = await this.#frozenAt(standing, name, staging)
    await keep(standing.checkpoint, join(staging, 'checkpoints'))
    for (const name of [formatName, accountSecretName]) await copyFile(join(folder, name), join(staging, name)).catch(unlessMissing)
    const position = { stream: engine.position.stream, seq: standing.seq }
    log.info('the state is frozen for a backup', { ...position, heldMs })
    return { name, at, position, heldMs, folders: [{ path: staging, as: '' }, ...(links === null ? [] : [{ path: links, as: 'clickhouse/store' }])] }
  }

  /** State and hold of one place. Where nothing came since the last insert ended, that is the place: a stream that is away sends no tick. */
  #nextEnd(): Promise<Standing> {
    const { engine, inserter, stored, take, freezer } = this.#options
    const standing = Promise.withResolvers<Standing>()
    this.#wanted = (seq) => {
      this.#wanted = null
      try {
        const checkpoint = take(seq)
        standing.resolve({ seq, checkpoint, hold: freezer && inserter.hold(seq) })
      } catch (error) {
        standing.reject(error) // the loop, which calls this, has nothing to do with it
      }
    }
    if (engine.position.seq <= this.#endedAt && this.#endedAt >= stored) this.#wanted(this.#endedAt)
    return standing.promise
  }

  async #frozenAt({ seq, hold }: Standing, name: string, staging: string): Promise<{ readonly links: string | null; readonly heldMs: number }> {
    const { inserter, clock, freezer, folder } = this.#options
    try {
      const reached = await this.#within(onlineLimits.reachMs, `the store has not come to message ${seq}`, hold?.reached ?? inserter.reached(seq))
      if (!reached) throw new Error('the engine ends')
      const began = clock.now()
      const freezing = mkdir(staging, { recursive: true, mode: 0o700 }).then(() => copyJournal(folder, staging)).then(() => freezer?.freeze(name, join(staging, 'clickhouse')) ?? null)
      const links = await this.#within(onlineLimits.holdMs, 'the tables were not frozen', freezing).catch(async (error: unknown) => {
        hold?.release()
        await freezing.catch(() => undefined) // what it still makes must be there to be removed
        throw error
      })
      if (hold && !hold.release()) throw new Error('the engine was stopped meanwhile')
      return { links, heldMs: Math.round(clock.now() - began) }
    } finally {
      hold?.release()
    }
  }

  async #within<Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> {
    const done = new AbortController()
    const signal = AbortSignal.any([done.signal, this.#closed.signal])
    const late = this.#options.clock.sleep(ms, signal).then((): Promise<Value> => {
      if (this.#closed.signal.aborted) throw new Error('the engine is being stopped')
      throw new Error(`${what} within ${ms / 1000} s`)
    })
    late.catch(() => undefined) // it is late for nobody once the other has come
    return Promise.race([promise, late]).finally(() => done.abort())
  }

  /** Who copies may be killed: then nobody says that it is done. */
  async #watch(underWay: UnderWay, by: number | null): Promise<void> {
    const { clock, isAlive, log } = this.#options
    const signal = AbortSignal.any([underWay.over.signal, this.#closed.signal])
    for (const began = clock.now(); !signal.aborted; await clock.sleep(onlineLimits.lookMs, signal)) {
      const isGone = by !== null && !isAlive(by)
      if (!isGone && clock.now() - began < onlineLimits.copyMs) continue
      log.warn(isGone ? `process ${by}, which copied backup ${underWay.name}, is gone without a word: its frozen parts are removed` : `backup ${underWay.name} was not copied within ${onlineLimits.copyMs / 3_600_000} h: its frozen parts are removed`)
      return this.#letGo(underWay)
    }
  }

  async #letGo(underWay: UnderWay): Promise<void> {
    const { folder, freezer, log } = this.#options
    underWay.over.abort()
    try {
      await rm(join(folder, stagingName), { recursive: true, force: true })
      await freezer?.remove(underWay.name)
    } catch (error) {
      log.warn('what was frozen for a backup could not be removed; the next start does it', { error })
    }
    if (this.#underWay === underWay) this.#underWay = null
  }
}

/** Up to its last whole line: the journal of alerts is only added to, or replaced at once. */
async function copyJournal(from: string, to: string): Promise<void> {
  const bytes = await readFile(join(from, 'outbox', 'alerts.ndjson')).catch(unlessMissing)
  if (!bytes) return
  await mkdir(join(to, 'outbox'), { recursive: true, mode: 0o700 })
  await writeFile(join(to, 'outbox', 'alerts.ndjson'), bytes.subarray(0, bytes.lastIndexOf(10) + 1), { mode: 0o600 })
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
