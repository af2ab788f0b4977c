// A disk that is really full: the data folder is a small tmpfs in a mount namespace of its own, which needs no rights where the system lets
// users have namespaces. Nothing that was acknowledged is lost, the engine lives, and goes on by itself when there is room.
import { execFileSync } from 'node:child_process'
import { writeFileSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { openLink } from '../src/io/nats/link.ts'
import { Publisher } from '../src/io/nats/publisher.ts'
import { testFolder, waitUntil } from './processes.ts'
import { dataOf, startEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1000000, within: 2h } ] }\n'
const linesEach = 100

/** Why there can be no such test here; null where there can. */
function obstacle(): string | null {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'pipe' })
    return null
  } catch (error) {
    return `users have no namespaces here: ${(error as Error).message.split('\n').at(-2) ?? ''}`
  }
}

const start = Date.parse('2024-05-20T12:00:00Z')
const bodyOf = (n: number): string => Array.from({ length: linesEach }, (_, i) => `{"id":"d:${n}:${i}","ts":${start + n},"platform":"weibo","text":"断网了 ${'很久'.repeat(100)} ${n}"}`).join('\n')
const why = obstacle()

test.skipIf(why !== null)(`the disk is full while mentions come in, then there is room again: what was acknowledged is stored once${why === null ? '' : ` (${why})`}`, async () => {
  const folder = await testFolder('e2e-disk-full')
  const data = dataOf(folder)
  mkdirSync(data)
  const engine = await startEngine({ folder, rules, settings: 'streamMaxBytes: 128MiB\n', within: ['unshare', '-rm', 'sh', '-c', `mount -t tmpfs -o size=400m none '${data}' && exec "$@"`, 'sh'] })
  onTestFinished(() => engine.end())
  onTestFailed(() => { process.stderr.write(`${engine.log.join('\n')}\n`) })
  const inside = join('/proc', String(engine.pid), 'root', data) // the folder as the engine sees it
  const acknowledged = new Set<number>()
  let sent = 0
  const link = await openLink({ url: engine.nats })
  const hasty = new Publisher(link, { whenFull: 'throw', downMs: 1000 }) // while the disk is full: each refusal is waited for
  const patient = new Publisher(link, { whenFull: 'throw', downMs: 60_000 })
  onTestFinished(async () => { hasty.close(); patient.close(); await link.close() })
  /** Publishes one message; whether it was acknowledged. */
  const publish = async (publisher: Publisher): Promise<boolean> => {
    const n = sent++
    try {
      await publisher.publish('mentions.weibo', Buffer.from(bodyOf(n)), `d:${n}`)
      acknowledged.add(n)
      return true
    } catch (error) {
      expect((error as Error).name).toMatch(/^Stream(Full|Down|Refused)$/)
      return false
    }
  }
  for (let i = 0; i < 20; i++) await publish(patient)
  expect(acknowledged.size).toBe(20)
  await engine.until('the first are stored', ({ stored }) => stored === 20 * linesEach)

  const filler = join(inside, 'filler')
  const fill = (): void => {
    const { bavail, bsize } = statfsSync(inside)
    try {
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize)), { flag: 'a' })
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC')
    }
  }
  let refusedInARow = 0
  await waitUntil('publishers are refused', async () => {
    fill()
    refusedInARow = await publish(hasty) ? 0 : refusedInARow + 1
    return refusedInARow >= 2
  })
  await waitUntil('the room is told', () => engine.log.some((line) => /"level":"error".*the disk is nearly full/.test(line)))
  await waitUntil('health says so', async () => (await fetch(`${engine.url}/api/health`)).status === 503)

  rmSync(filler)
  await waitUntil('publishers are taken again', () => publish(hasty))
  for (let i = 0; i < 20; i++) await publish(patient)
  const total = acknowledged.size * linesEach
  await engine.until('all that was acknowledged is stored', ({ stored }) => stored >= total)
  await waitUntil('the engine is well again', async () => (await engine.get<{ ok: boolean }>('/api/health')).ok)
  // Everything once more: what is in already is a duplicate, what was refused is stored now. So each id was and is there once.
  const { state: { last_seq: newest } } = await (await jetstreamManager(link.nc)).streams.info('GROUNDSWELL')
  const before = await engine.until('all that the stream holds is carried out, what nobody was told of included', ({ position }) => position.seq >= newest)
  expect(before).toMatchObject({ duplicates: 0, counted: before.stored })
  for (let n = 0; n < sent; n++) await patient.publish('mentions.weibo', Buffer.from(bodyOf(n)), `again:${n}`)
  const after = await engine.until('all is applied and stored', ({ stored, counted, duplicates }) => counted + duplicates === before.stored + sent * linesEach && stored === counted)
  expect(after).toMatchObject({ stored: sent * linesEach, duplicates: before.stored })
  expect(engine.log.filter((line) => /"level":"fatal"|the engine stops/.test(line))).toEqual([])
  await engine.stop()
})
