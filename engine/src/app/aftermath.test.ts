import { expect, test } from 'vitest'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { StoreDown, StoreRefused } from '../io/clickhouse/store-errors.ts'
import { InProcessStream } from '../io/in-process/stream.ts'
import { createLog } from '../io/log/log.ts'
import { waitUntil } from '../../test/processes.ts'
import { createForget } from './aftermath.ts'
import type { House } from './house.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A stream with mentions 1 and 2, a forget command 3, and a mention 4; and the part of a house that forgetting needs, over a store that holds nothing. */
async function room(position: number) {
  const stream = new InProcessStream({ now: () => 1000, keepProcessed: true })
  const inserter = { position }
  for (const text of ['1', '2']) await stream.publish('mentions.weibo', bytes(text))
  const { seq } = await stream.publish(subjects.command('forget'), bytes('{"kind":"forget","author":"somebody"}'))
  await stream.publish('mentions.weibo', bytes('4'))
  const store = { query: async (sql: string) => (sql.includes('count()') ? [{ rows: 0, stored: 0, records: 1 }] : []), insertRows: async () => undefined, command: async () => undefined }
  const house = { stream, inserter, store, log: createLog({ level: 'error' }), engine: { position: { stream: stream.created, seq } }, figures: { storedRows: 9 } }
  return { stream, inserter, seq, house: house as unknown as House }
}
const firstSeq = async (stream: InProcessStream): Promise<number> => (await stream.state()).firstSeq

test('the stream is purged once the position is stored, and no earlier: until then a crash must find everything again', async () => {
  const { stream, inserter, seq, house } = await room(2)
  const forget = createForget(house)
  await forget({ kind: 'forget', author: 'somebody' })()
  expect([seq, await firstSeq(stream), house.figures.storedRows]).toEqual([3, 1, 0])
  inserter.position = seq
  await waitUntil('mentions and command are off the stream', async () => await firstSeq(stream) === 4)
})

test('a purge that a crash left undone is done at the next start, and none that is still to be carried out', async () => {
  const before = await room(2)
  createForget(before.house)
  const after = await room(3)
  createForget(after.house)
  await waitUntil('the purge', async () => await firstSeq(after.stream) === 4)
  expect(await firstSeq(before.stream)).toBe(1)
})

test('where checkpoints are made, nothing is purged before one is as far as the command: an older one would need what is gone', async () => {
  const { stream, inserter, seq, house } = await room(2)
  const durable = Promise.withResolvers<boolean>()
  const asked: number[] = []
  const checkpointer = { reached: (at: number) => { asked.push(at); return durable.promise } }
  await createForget({ ...house, checkpointer } as unknown as House)({ kind: 'forget', author: 'somebody' })()
  inserter.position = seq
  await waitUntil('a checkpoint is asked for', () => asked.length === 1)
  expect([asked, await firstSeq(stream)]).toEqual([[seq], 1])
  durable.resolve(true)
  await waitUntil('mentions and command are off the stream', async () => await firstSeq(stream) === 4)
})

test('a request that the store refuses again and again is set aside by name, also across its absences, and nothing is purged for it', async () => {
  const { stream, inserter, seq, house } = await room(2)
  const lines: string[] = []
  const waits: number[] = []
  const answers = [new StoreRefused('part p is damaged'), new StoreDown('away'), ...Array.from({ length: 4 }, () => new StoreRefused('part p is damaged'))]
  const store = { query: async () => { throw answers.shift() ?? new Error('one try too many') } }
  const clock = { now: () => 0, sleep: async (ms: number) => { waits.push(ms) } }
  const step = createForget({ ...house, store, log: createLog({ write: (line) => lines.push(line), readable: false, level: 'error' }) } as unknown as House, { clock })({ kind: 'forget', author: 'somebody' })
  await expect(step()).rejects.toThrow('away') // the insert waits for the store, and comes again
  await step()
  inserter.position = seq
  expect([answers.length, waits]).toEqual([0, [2000, 4000, 8000, 16_000]])
  expect(house.figures.forgotten).toEqual({ seq, mentions: 0, deadLetters: 0, failure: 'part p is damaged' })
  expect(lines.join('')).toMatch(new RegExp(`command ${seq} of the stream, is set aside.*groundswell doctor --deep.*part p is damaged`))
  await new Promise(setImmediate)
  expect(await firstSeq(stream)).toBe(1)
})

test('what was set aside is not purged at a later start: the store has no record that it is forgotten', async () => {
  const { stream, house } = await room(3)
  let asked = 0
  createForget({ ...house, store: { query: async () => { asked++; return [{ records: 0 }] } } } as unknown as House)
  await waitUntil('the store is asked', () => asked === 1)
  await new Promise(setImmediate)
  expect(await firstSeq(stream)).toBe(1)
})
