// A child that dies, hangs, keeps dying or is being started when the engine stops or is killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock, type Clock } from '../../clock.ts'
import type { EmbeddedClickhouse, EmbeddedOptions } from './embedded.ts'
import { mentionBlocks } from './native-rows.testing.ts'
import { openStore } from './store.ts'
import { startSupervisedClickhouse, type Death, type SupervisedOptions } from './supervised.ts'

let directory: string
beforeEach(() => { directory = process.env['OF_TEST'] = directory = mkdtempSync(join(tmpdir(), 'groundswell-supervised-')) })
afterEach(() => { rmSync(directory, { recursive: true, force: true, maxRetries: 5 }) })

/** A supervisor and what it told; `next` resolves when it tells that word again. */
async function supervised(more: Partial<SupervisedOptions> = {}) {
  const deaths: Death[] = []
  const backs: number[] = []
  let wake = (): void => undefined
  const child = await startSupervisedClickhouse({ directory, onDeath: (death) => { deaths.push(death); wake() }, onBack: () => { backs.push(child.pid); wake() }, ...more })
  const until = async (so: () => boolean): Promise<void> => { while (!so()) await new Promise<void>((resolve) => { wake = resolve }) }
  return { child, deaths, backs, until }
}

/** The living chDB children that were started in an environment with these words. */
const childrenOf = (words: string): number[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('chdb-child') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(words)
  } catch {
    return false // it ended while we looked
  }
})

test('a child that is killed is followed by another: same address, same password, same data, and both are told', async () => {
  const { child, deaths, backs, until } = await supervised()
  const store = await openStore({ ...child, retentionDays: 3650 })
  await store.insertMentions('1:mentions:1-10', mentionBlocks(10, 10, () => ({})))
  const first = child.pid
  process.kill(first, 'SIGKILL')
  await until(() => backs.length === 1)
  expect(deaths).toEqual([{ detail: expect.stringContaining('SIGKILL'), againInMs: 250, often: false }])
  expect(child.pid).not.toBe(first)
  expect(await store.query('SELECT count() AS n FROM mentions')).toEqual([{ n: 10 }])
  await store.close()
  await child.stop()
  expect(deaths).toHaveLength(1)
})

test('a child that hangs is killed after the pings it may miss, and another serves', async () => {
  const { child, deaths, backs, until } = await supervised({ hang: { everyMs: 50, timeoutMs: 300, pingsMax: 3 } })
  process.kill(child.pid, 'SIGSTOP')
  await until(() => backs.length === 1)
  expect(deaths.map(({ detail }) => detail)).toEqual(['embedded ClickHouse left 3 pings in a row without an answer and was killed'])
  await child.stop()
})

/** Children that end when they are told to, and a clock that stands until it is moved. */
function withoutProcesses() {
  const ends: ((detail: string) => void)[] = []
  const sleeping: { ms: number; wake: () => void }[] = []
  let now = 0
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) => new Promise((resolve) => { sleeping.push({ ms, wake: resolve }); signal?.addEventListener('abort', () => resolve()) }),
  }
  const start = async (options: EmbeddedOptions): Promise<EmbeddedClickhouse> => {
    const { promise: exited, resolve } = Promise.withResolvers<{ expected: boolean; detail: string }>()
    ends.push((detail) => resolve({ expected: false, detail }))
    return { url: `http://127.0.0.1:${options.port ?? 4711}`, user: 'u', password: options.password ?? 'p', database: 'd', version: '1', pid: ends.length, exited, healthy: async () => true, kill: () => undefined, stop: async () => { resolve({ expected: true, detail: '' }); await exited } }
  }
  const settle = () => new Promise((resolve) => { setImmediate(resolve) })
  return {
    ends, clock, start,
    /** Lets time pass; whoever sleeps no longer than that is woken. */
    pass: async (ms: number) => {
      await settle()
      now += ms
      for (const one of sleeping.splice(0)) { if (one.ms <= ms) one.wake(); else sleeping.push({ ms: one.ms - ms, wake: one.wake }) }
      await settle()
    },
  }
}

test('pauses double up to five seconds; after five deaths within a minute it is called often, and believed only when it has lived for ten seconds', async () => {
  const { ends, clock, start, pass } = withoutProcesses()
  const { child, deaths, backs } = await supervised({ clock, start, hang: { everyMs: 1e9, timeoutMs: 1, pingsMax: 1e9 } })
  for (const detail of ['a', 'b', 'c', 'd', 'e', 'f']) {
    ends.at(-1)!(detail)
    await pass(0)
    await pass(deaths.at(-1)!.againInMs)
  }
  expect(deaths).toEqual([['a', 250, false], ['b', 500, false], ['c', 1000, false], ['d', 2000, false], ['e', 4000, true], ['f', 5000, true]].map(([detail, againInMs, often]) => ({ detail, againInMs, often })))
  expect(backs).toHaveLength(4)
  await pass(9999)
  expect(backs).toHaveLength(4)
  await pass(1)
  expect(backs).toHaveLength(5)
  await pass(60_000)
  ends.at(-1)!('g')
  await pass(0)
  expect(deaths.at(-1)).toEqual({ detail: 'g', againInMs: 250, often: false })
  await child.stop()
  expect([deaths.length, ends.length]).toEqual([7, 7])
})

test('a child that does not come to open its folder is given up after five minutes, and another is tried', async () => {
  const { ends, clock, start, pass } = withoutProcesses()
  let tries = 0
  const stuckOnce = (options: EmbeddedOptions): Promise<EmbeddedClickhouse> => {
    if (++tries !== 2) return start(options)
    return new Promise((_, reject) => { options.signal!.addEventListener('abort', () => reject(new Error('killed'))) })
  }
  const { child, deaths, backs } = await supervised({ clock, start: stuckOnce, hang: { everyMs: 1e9, timeoutMs: 1, pingsMax: 1e9 } })
  ends[0]!('a')
  await pass(0)
  await pass(250)
  await pass(299_999)
  expect(deaths).toHaveLength(1)
  await pass(1)
  expect(deaths.at(-1)!.detail).toBe('embedded ClickHouse did not open its folder within 300 s and was killed')
  await pass(500)
  expect([tries, backs.length]).toEqual([3, 1])
  await child.stop()
})

test.each(['between two children', 'while the next is being started'])('stopping %s leaves none', async (when) => {
  const { child, deaths, until } = await supervised(when === 'between two children' ? {} : { clock: { now: Date.now, sleep: (ms, signal) => systemClock.sleep(ms === 250 ? 0 : ms, signal) } })
  process.kill(child.pid, 'SIGKILL')
  await until(() => deaths.length === 1)
  if (when !== 'between two children') await expect.poll(() => childrenOf(directory)).toHaveLength(1)
  await child.stop()
  expect(childrenOf(directory)).toEqual([])
  expect(deaths).toHaveLength(1)
})

test.each([20, 150, 400])('an engine that is killed with -9 %d ms after its child died leaves none', async (ms) => {
  const script = `const { startSupervisedClickhouse } = await import(${JSON.stringify(new URL('./supervised.ts', import.meta.url).href)})
    const clock = { now: Date.now, sleep: (ms, signal) => new Promise((resolve) => { setTimeout(resolve, ms === 250 ? 0 : ms) }) }
    const child = await startSupervisedClickhouse({ directory: ${JSON.stringify(directory)}, clock, onBack: () => {}, onDeath: () => { setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms}) } })
    process.kill(child.pid, 'SIGKILL')`
  const engine = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit', env: { ...process.env, OF_TEST: directory } })
  await once(engine, 'exit')
  await expect.poll(() => childrenOf(directory)).toEqual([])
  const { child } = await supervised() // the folder is free
  await child.stop()
})
