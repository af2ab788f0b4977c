import { expect, test } from 'vitest'
import type { Clock } from '../../clock.ts'
import type { Room } from './free.ts'
import { inWords, watchDisk, type Low } from './watch-disk.ts'

const GiB = 2 ** 30

/** Disks whose room is told look by look, ten seconds apart. */
async function looked(rooms: readonly (Room | Error)[], folders: readonly string[] = ['/data']): Promise<{ told: (Low | null)[]; free: number | null }> {
  const told: (Low | null)[] = []
  const left = [...rooms]
  const over = Promise.withResolvers<void>()
  let at = 0
  const clock: Clock = { now: () => at, sleep: async (ms) => {
    at += ms
    if (left.length > 0) return
    over.resolve()
    await new Promise<never>(() => undefined) // nobody looks any more
  } }
  const watch = watchDisk({ folders, clock, onLow: (low) => told.push(low), look: async () => {
    const room = left.shift()!
    if (room instanceof Error) throw room
    return room
  } })
  await over.promise
  watch.stop()
  return { told, free: watch.free }
}

test.each([
  { what: 'half of a small disk', free: 5 * GiB, total: 10 * GiB, low: false },
  { what: 'under 2 GiB of a small disk', free: 1.9 * GiB, total: 10 * GiB, low: true },
  { what: 'under 5 % of a middling disk', free: 4.9 * GiB, total: 100 * GiB, low: true },
  { what: 'over 5 % of a middling disk', free: 5.1 * GiB, total: 100 * GiB, low: false },
  { what: '1 % of a huge disk, which is 100 GiB', free: 100 * GiB, total: 10_000 * GiB, low: false },
  { what: 'half of a disk of 2 GiB', free: GiB, total: 2 * GiB, low: false },
])('$what is low: $low', async ({ free, total, low }) => {
  expect((await looked([{ free, total }])).told.length > 0).toBe(low)
})

test('it is told when it becomes low, with pace and who must act, again with newer figures, and its end only at a quarter more', async () => {
  const at = (free: number): Room => ({ free, total: 20 * GiB })
  const { told } = await looked([at(2.2e9), at(2.0e9), at(1.8e9), at(2.4e9), at(2.8e9)])
  expect(told.map((low) => low && low.free)).toEqual([2.0e9, 1.8e9, 2.4e9, null])
  expect(told[1]?.detail).toBe('1.8 GB of 21 GB are free on the disk of /data; it loses 1.2 GB a minute and is full in 90 s. Whoever looks after this machine must make room: when nothing is left, publishers are refused and nothing is stored')
  expect(told[2]?.detail).toContain('does not shrink')
})

test('of several disks the one with least room is told of, and a folder that is not there yet is left out', async () => {
  const { told, free } = await looked([{ free: 500 * GiB, total: 1000 * GiB }, { free: GiB, total: 10 * GiB }, new Error('ENOENT')], ['/data', '/data/clickhouse', '/data/nats'])
  expect([told.map((low) => low?.folder), free]).toEqual([['/data/clickhouse'], GiB])
})

test.each([[0, '0 bytes'], [999, '999 bytes'], [1500, '1.5 kB'], [20e6, '20 MB'], [3.24e12, '3.2 TB'], [5e15, '5000 TB']])('%d bytes are %s', (bytes, words) => {
  expect(inWords(bytes)).toBe(words)
})
