// The turn of a backup while the engine runs: where it takes the state, how long it holds inserts, and that it always lets go.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import type { NewCheckpoint } from '../io/checkpoint/checkpoint-files.ts'
import { Gather, Inserter } from '../pipeline/inserts.ts'
import { onlineLimits, OnlineBackups, stagingName } from './online-backup.ts'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'groundswell-online-')) })
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

/** Time goes on only when a test says so. */
class HeldClock implements Clock {
  #now = 1_700_000_000_000
  #sleeping: { readonly until: number; readonly wake: () => void }[] = []
  now(): number { return this.#now }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      this.#sleeping.push({ until: this.#now + ms, wake })
      if (signal?.aborted) wake()
      signal?.addEventListener('abort', () => wake())
    })
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms
    for (const { until, wake } of this.#sleeping) if (until <= this.#now) wake()
    await settled()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })
/** Until what waits for no file has come to where it waits. */
async function settled(): Promise<void> { for (let turns = 0; turns < 20; turns++) await turn() }
/** For what comes after files were read, written or removed. */
async function until(so: () => boolean): Promise<void> { while (!so()) await turn() }

interface World { elsewhere: boolean; stored: number; away: boolean; inserted: number[]; frozen: PromiseWithResolvers<string> | null; removed: string[]; alive: boolean; log: string[]; freezes: number }

function house(over: Partial<World> = {}) {
  const world: World = { elsewhere: false, stored: 0, away: false, inserted: [], frozen: null, removed: [], alive: true, log: [], freezes: 0, ...over }
  const clock = new HeldClock()
  const inserter = new Inserter({
    store: { insertMentions: async () => undefined, insertDeadLetters: async () => undefined, insertRows: async (table, token) => {
      if (world.away) throw new Error('the store is away')
      if (table === 'positions') world.inserted.push(Number(token.split('-').at(-1)))
    } },
    stream: 7, waitingMax: 4, onStored: () => undefined, onTrouble: () => undefined, clock,
  }, 0)
  const running = inserter.run()
  const engine = { position: { stream: 7, seq: 0 } }
  const note = (text: string): void => { world.log.push(text) }
  const backups = new OnlineBackups({
    folder, stored: world.stored, engine, inserter, clock, isAlive: () => world.alive, log: { info: note, warn: note, error: note },
    take: (seq) => ({ header: { seq } }) as NewCheckpoint,
    keep: async (checkpoint, into) => { mkdirSync(into); writeFileSync(join(into, 'checkpoint'), String(checkpoint.header.seq)) },
    freezer: world.elsewhere ? null : {
      freeze: async (name) => { world.freezes++; return await world.frozen?.promise ?? `/shadow/${name}/store` },
      remove: async (name) => { world.removed.push(name) },
    },
  })
  const gather = new Gather(1)
  /** As the loop does it. */
  const insertEnds = async (seq: number): Promise<void> => {
    gather.row('spikes', { seq })
    engine.position.seq = seq
    const insert = gather.end(seq)!
    backups.insertEnded(seq)
    await inserter.push(insert)
    await settled()
  }
  const end = async (): Promise<void> => { await backups.close(); inserter.abort(); await running }
  return { world, clock, inserter, backups, insertEnds, end, engine }
}

test('the state is that of the next end of an insert; inserts behind it wait until the tables are frozen, and no longer', async () => {
  mkdirSync(join(folder, 'outbox'))
  writeFileSync(join(folder, 'outbox', 'alerts.ndjson'), '{"k":"known","id":"a"}\n{"k":"done"')
  writeFileSync(join(folder, 'format.json'), '{}')
  for (const name of ['account-key', 'tokens.json']) writeFileSync(join(folder, name), name)
  const { world, backups, insertEnds, end } = house({ frozen: Promise.withResolvers<string>() })
  const asked = backups.begin(null)
  await insertEnds(5)
  await insertEnds(8)
  await until(() => world.freezes === 1)
  expect(world.inserted).toEqual([5])
  world.frozen!.resolve('/links')
  const { name, position, folders } = await asked
  await settled()
  expect(world.inserted).toEqual([5, 8])
  const staging = join(folder, stagingName, name)
  expect([position, folders]).toEqual([{ stream: 7, seq: 5 }, [{ path: staging, as: '' }, { path: '/links', as: 'clickhouse/store' }]])
  const read = (file: string): string => readFileSync(join(staging, file), 'utf8')
  expect([read('checkpoints/checkpoint'), read('outbox/alerts.ndjson'), read('format.json')]).toEqual(['5', '{"k":"known","id":"a"}\n', '{}'])
  expect([read('account-key'), existsSync(join(staging, 'tokens.json'))]).toEqual(['account-key', false])
  await expect(backups.begin(null)).rejects.toThrow(`backup ${name} is under way`)
  await expect(backups.end('groundswell_1')).rejects.toThrow('no backup groundswell_1 is under way')
  await backups.end(name)
  expect([world.removed, existsSync(staging)]).toEqual([[name], false])
  await end()
})

test('where nothing came since the last insert ended, nothing is waited for', async () => {
  const { backups, insertEnds, end } = house()
  await insertEnds(5)
  expect((await backups.begin(null)).position.seq).toBe(5)
  await end()
})

test('while what is stored is read again the store is ahead of the core: the state is taken behind that', async () => {
  const { backups, insertEnds, end } = house({ stored: 9 })
  const asked = backups.begin(null)
  for (const seq of [5, 9, 12]) await insertEnds(seq)
  expect((await asked).position.seq).toBe(9)
  await end()
})

test('tables that are not frozen in time let the inserts go, and nothing of the backup is left', async () => {
  const { world, clock, backups, insertEnds, end } = house({ frozen: Promise.withResolvers<string>() })
  const asked = backups.begin(null)
  const refused = expect(asked).rejects.toThrow('the tables were not frozen within 10 s')
  await insertEnds(5)
  await insertEnds(8)
  await until(() => world.freezes === 1)
  await clock.pass(onlineLimits.holdMs - 1)
  expect(world.inserted).toEqual([5])
  await clock.pass(1)
  expect([world.inserted, world.removed]).toEqual([[5, 8], []])
  world.frozen!.resolve('/links') // what is made too late is removed too
  await refused
  expect([world.removed.length, existsSync(join(folder, stagingName))]).toEqual([1, false])
  world.frozen = null
  expect((await backups.begin(null)).position.seq).toBe(8)
  await end()
})

test('a store that is away, or a loop that stands still, ends the backup and not the engine', async () => {
  const { world, clock, backups, insertEnds, end, engine } = house()
  engine.position.seq = 3
  const still = expect(backups.begin(null)).rejects.toThrow('no insert has ended within 30 s')
  await clock.pass(onlineLimits.endMs)
  await still
  world.away = true
  const away = expect(backups.begin(null)).rejects.toThrow('the store has not come to message 5 within 60 s')
  await insertEnds(5)
  await clock.pass(onlineLimits.reachMs)
  await away
  world.away = false
  await insertEnds(8)
  await clock.pass(5000)
  expect([world.inserted, world.freezes]).toEqual([[5, 8], 0])
  await end()
})

test('who copies and is gone, or takes too long, has it taken away', async () => {
  const { world, clock, backups, insertEnds, end } = house()
  await insertEnds(5)
  await backups.begin(123)
  await clock.pass(onlineLimits.lookMs)
  expect(world.removed).toEqual([])
  world.alive = false
  await clock.pass(onlineLimits.lookMs)
  await until(() => world.removed.length > 0)
  expect([world.removed.length, world.log.at(-1)]).toEqual([1, expect.stringContaining('process 123') as string])
  await backups.begin(null)
  for (let hours = 0; hours < 12; hours++) await clock.pass(3_600_000)
  await until(() => world.removed.length > 1)
  expect([world.removed.length, world.log.at(-1)]).toEqual([2, expect.stringContaining('not copied within 12 h') as string])
  await end()
})

test('an engine that is stopped while it is held ends the backup', async () => {
  const { world, backups, insertEnds, inserter, end } = house({ frozen: Promise.withResolvers<string>() })
  const refused = expect(backups.begin(null)).rejects.toThrow('the engine is being stopped')
  await insertEnds(5)
  await insertEnds(8)
  await until(() => world.freezes === 1)
  const closing = backups.close()
  await settled()
  expect(world.inserted).toEqual([5, 8])
  world.frozen!.resolve('/links')
  await Promise.all([closing, refused])
  expect([world.removed.length, inserter.position]).toEqual([1, 8])
  await expect(backups.begin(null)).rejects.toThrow('the engine is being stopped')
  await end()
})

test('with a ClickHouse of one\'s own only what is ours is taken, once the store is there, and no insert waits for it', async () => {
  const { world, clock, backups, insertEnds, end } = house({ elsewhere: true, away: true })
  const asked = backups.begin(null)
  await insertEnds(5)
  expect(world.inserted).toEqual([])
  world.away = false
  await insertEnds(8)
  await clock.pass(5000)
  expect(world.inserted).toEqual([5, 8])
  const { name, position, folders } = await asked
  expect([position.seq, folders, world.freezes]).toEqual([5, [{ path: join(folder, stagingName, name), as: '' }], 0])
  await end()
})
