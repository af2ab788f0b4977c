import { expect, test } from 'vitest'
import { StoreDown } from '../io/clickhouse/store-errors.ts'
import { screenReads, type ScreenReads } from './screen-reads.ts'
import { topicHistories } from './topic-history.ts'

const limits = { calmMs: 5, pingMs: 5 }
const hangs = () => new Promise<never>(() => undefined)
const away = async () => { throw new StoreDown('pinging: ClickHouse has not answered within 2 s') }
const chunks = async function* () { yield new Uint8Array() }
const reads = (query: () => Promise<unknown>, ping: () => Promise<void> = async () => undefined): ScreenReads => screenReads({ query: query as never, queryChunks: chunks, ping }, limits)
const refused = (says: string) => ({ name: 'Refusal', status: 503, body: { error: 'store-down', detail: `ClickHouse cannot be read now: ${says}` } })

test.each([
  { how: 'says no', query: async () => { throw new StoreDown('reading: ClickHouse does not answer') }, ping: hangs, says: 'reading: ClickHouse does not answer' },
  { how: 'hangs, pings too', query: hangs, ping: away, says: 'pinging: ClickHouse has not answered within 2 s' },
])('a store that $how is told as 503, in a sentence that says so', async ({ query, ping, says }) => {
  const { reader, told } = reads(query, ping)
  await expect(told(reader.query('SELECT 1'))).rejects.toMatchObject(refused(says))
})

test('a busy store that answers pings is waited for', async () => {
  const answer = Promise.withResolvers<unknown>()
  let pings = 0
  const { reader, told } = reads(() => answer.promise, async () => { if (++pings === 3) answer.resolve(['row']) })
  expect(await told(reader.query('SELECT 1'))).toEqual(['row'])
})

test('many who wait share one ping', async () => {
  let pings = 0
  const { told } = reads(hangs, async () => { pings++; await away() })
  await Promise.allSettled(Array.from({ length: 50 }, () => told(hangs())))
  expect(pings).toBe(1)
})

test('a bug of ours stays one', async () => {
  await expect(reads(hangs).told(Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError)
})

test('all who ask for a history of a store that is away are told so, those who wait for their turn too; the next is answered when it is back', async () => {
  let isAway = true
  const { reader, told } = reads(() => (isAway ? hangs() : Promise.resolve([])), () => (isAway ? away() : Promise.resolve()))
  const histories = topicHistories(reader)
  const asked = { rules: { id: 'a', name: { zh: '题', en: 'topic' }, query: 'x' }, from: 1_700_000_000, to: 1_700_000_600, stepSeconds: 60, clock: 1_700_000_599 } as const
  const turns = Array.from({ length: 8 }, () => histories(asked))
  const answers = await Promise.allSettled(turns.map((turn) => told(turn)))
  expect(answers).toMatchObject(Array.from({ length: 8 }, () => ({ status: 'rejected', reason: refused('pinging: ClickHouse has not answered within 2 s') })))
  await Promise.allSettled(turns)
  isAway = false
  await expect.poll(() => told(histories(asked)).then(({ points }) => points.length, () => null)).toBe(10)
})
