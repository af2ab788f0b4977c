// The operator's day: the doctor names each thing that was broken on purpose and how it is mended; a backup becomes another room that goes on.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Check } from '../src/doctor/check.ts'
import { groundswell, tempFolder, waitUntil, type Finished } from './processes.ts'
import { dataOf, heldIn, startEngine, withStore, type RunningEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 50, within: 2h } ] }\n'
let engine: RunningEngine
let folder = ''
let remove: () => Promise<void>
beforeAll(async () => {
  ({ folder, remove } = await tempFolder('e2e-operating'))
  engine = await startEngine({ folder, rules, settings: 'checkpointEvery: 1s\n' })
})
afterAll(async () => {
  await engine?.end()
  await remove?.()
})

const lines = (from: number, count: number): string => Array.from({ length: count }, (_, index) => JSON.stringify({ id: `m${from + index}`, ts: Date.now(), text: '断网了' })).join('\n')

/** What the doctor finds with these states; `port`: of the API of the engine that runs. */
async function doctor(...more: string[]): Promise<Finished & { readonly checks: Check[]; readonly bad: string[] }> {
  const done = await groundswell(['doctor', '--data', 'data', '--rules', 'rules.yml', ...more], { cwd: folder })
  const checks = done.stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Check)
  return { ...done, checks, bad: checks.filter(({ state }) => state === 'wrong').map(({ check }) => check) }
}
const http = (): string[] => ['--http', new URL(engine.url).port]
const mendOf = (checks: readonly Check[], check: string): string => checks.find((one) => one.check === check && one.mend !== '')?.mend ?? ''

test('a running engine that is well: nothing is wrong, and what it knows is told', async () => {
  await engine.post(`${lines(0, 60)}\nno mention\n`)
  await engine.until('60 stored', ({ stored, deadLetters }) => stored === 60 && deadLetters === 1)
  await waitUntil('the store has the letter', async () => (await engine.get<{ reasons: unknown[] }>('/api/dead-letters/reasons')).reasons.length === 1)
  const { code, bad, checks, stderr } = await doctor(...http())
  expect([code, bad], stderr).toEqual([0, []])
  const told = new Map(checks.map(({ check, state, found }) => [check, `${state} ${found}`]))
  expect(told.get('engine')).toMatch(/^ok process \d+ works/)
  expect(told.get('migrations')).toMatch(/^ok /)
  expect(told.get('stream config')).toMatch(/^ok /)
  expect(told.get('rules')).toMatch(/^ok .* in force$/)
  expect(told.get('format')).toMatch(/^ok 1,/)
  expect(told.get('position')).toMatch(/^ok /)
  expect(told.get('dead letters')).toMatch(/^warn not-json: 1 in the last 24 h/)
  expect(stderr).toMatch(/\n\d+ warnings? in \d+ checks\n$/)
})

test('an engine whose API is elsewhere, a folder that is open to others, and rules that are torn are named', async () => {
  await chmod(dataOf(folder), 0o755)
  await writeFile(join(folder, 'torn.yml'), 'topics: [\n')
  const { code, bad, checks } = await doctor('--http', '1', '--rules', 'torn.yml')
  expect([code, bad.toSorted()]).toEqual([1, ['api', 'rules']])
  for (const check of ['clickhouse', 'position', 'dead letters']) expect(checks).toContainEqual({ check, state: 'note', found: 'not looked at: the engine was not asked', mend: '' })
  expect(mendOf(checks, 'folder mode')).toBe(`chmod 700 ${dataOf(folder)}`)
  await chmod(dataOf(folder), 0o700)
})

test('a backup of an engine that runs but cannot be asked is refused; of a stopped one it becomes a room that goes on where the old one was', async () => {
  const refused = await groundswell(['backup', 'b.tar', '--data', 'data', '--http', '1'], { cwd: folder })
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toMatch(/in use by the engine with process id \d+, but it cannot be asked: .*name its port with --http PORT/)
  await engine.stop()
  const made = await groundswell(['backup', 'b.tar', '--data', 'data'], { cwd: folder })
  expect(made.code, made.stderr).toBe(0)
  expect(JSON.parse(made.stdout)).toMatchObject({ position: { stream: expect.any(Number) as number }, elsewhere: [] })
  const again = await groundswell(['backup', 'b.tar', '--data', 'data'], { cwd: folder })
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is there already') as string])

  await mkdir(join(folder, 'other'))
  await rename(join(folder, 'b.tar'), join(folder, 'other', 'b.tar'))
  const restored = await groundswell(['restore', 'b.tar', '--data', 'data'], { cwd: join(folder, 'other') })
  expect(restored.code, restored.stderr).toBe(0)
  const taken = await groundswell(['restore', 'b.tar', '--data', 'data'], { cwd: join(folder, 'other') })
  expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining('is not empty') as string])

  const room = await startEngine({ folder: join(folder, 'other'), rules })
  try {
    expect(await room.stats()).toMatchObject({ stored: 60 })
    await room.post(lines(50, 20)) // ten of them are known
    await room.until('ten more', ({ stored }) => stored === 70)
    expect((await room.topic('outage'))?.count).toBe(70)
    await room.stop()
  } finally {
    await room.end()
  }
  expect(await withStore(join(folder, 'other'), (store) => heldIn(store))).toEqual({ rows: 70, ids: 70 })
})

test('of a stopped engine: a checkpoint with a flipped byte and a table without a dedup window are named, with how to mend them', async () => {
  await withStore(folder, (store) => store.command('ALTER TABLE spikes MODIFY SETTING non_replicated_deduplication_window = 0'))
  const checkpoints = join(dataOf(folder), 'checkpoints')
  const newest = (await readdir(checkpoints).catch(() => [])).filter((name) => /^checkpoint-\d+$/.test(name)).toSorted().at(-1)
  expect(newest, 'the engine has left a checkpoint').toBeDefined()
  const bytes = await readFile(join(checkpoints, newest!))
  bytes[bytes.length - 5]! ^= 4
  await writeFile(join(checkpoints, newest!), bytes)
  const { code, bad, checks } = await doctor()
  expect([code, bad.toSorted()]).toEqual([1, ['checkpoints', 'dedup windows']])
  expect(mendOf(checks, 'dedup windows')).toContain('ALTER TABLE spikes MODIFY SETTING non_replicated_deduplication_window = 10000')
  expect(checks.find(({ check, state }) => check === 'checkpoints' && state === 'wrong')?.found).toContain(newest!)
  const start = await groundswell(['start', '--data', 'data', '--http', '0', '--nats-port', '0'], { cwd: folder })
  expect([start.code, start.stderr], 'such a table is no table to count with').toEqual([1, expect.stringContaining('groundswell doctor --mend') as string])
  const mended = await doctor('--mend')
  expect([mended.bad, mended.stderr]).toEqual([['checkpoints'], expect.stringContaining('done: ALTER TABLE spikes') as string])
})

test('a folder from before there was a format is upgraded and the log says so; one of a newer version is refused by start, backup and doctor', async () => {
  const format = join(dataOf(folder), 'format.json')
  await rm(format)
  engine = await startEngine({ folder })
  await waitUntil('the log says what was upgraded', () => engine.log.some((line) => line.includes('brought from format 0')))
  expect(await engine.stats()).toMatchObject({ stored: 60 })
  await engine.stop()
  await writeFile(format, '{"format":8,"version":"7.0.0"}')
  const start = await groundswell(['start', '--data', 'data', '--http', '0', '--nats-port', '0'], { cwd: folder })
  expect([start.code, start.stderr]).toEqual([1, expect.stringMatching(/written by groundswell 7\.0\.0 in format 8; this is groundswell \S+, which knows formats up to 1/) as string])
  expect((await doctor()).bad).toContain('format')
})
