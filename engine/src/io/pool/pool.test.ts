import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../clock.ts'
import type { RawBatch } from '../../core/batch.ts'
import { openPool, shareRules, type EnrichPool, type PoolOptions } from './pool.ts'
import { PoolClosed, WorkerFailed } from './slot.ts'

const rules = shareRules(1, 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: 断网 }\n')
const worker = new URL('poison-worker.testing.ts', import.meta.url)

function batchOf(...texts: readonly string[]): RawBatch {
  const messages = texts.map((text, i) => Buffer.from(JSON.stringify({ id: `${text}:${i}`, ts: 1_767_225_600_000, text })))
  let end = 0
  return {
    bytes: new Uint8Array(Buffer.concat(messages)), ends: Uint32Array.from(messages, ({ length }) => (end += length)), platforms: texts.map(() => 'weibo'),
    seqs: Float64Array.from(texts, (_, i) => i + 1), times: Float64Array.from(texts, () => 1_767_225_600_000), stream: 1, skewCheck: false,
  }
}

/** Time that the test lets pass: no batch hangs on its own. */
class Held implements Clock {
  readonly #sleepers: (() => void)[] = []
  now(): number { return 0 }
  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => { this.#sleepers.push(resolve); signal?.addEventListener('abort', () => resolve()) })
  }
  pass(): void { for (const wake of this.#sleepers.splice(0)) wake() }
}

function opened(workers: number, options: PoolOptions = {}) {
  const clock = new Held()
  const replaced: string[] = []
  const pool = openPool(workers, { worker, clock, lookMs: 1000, onReplaced: (why) => replaced.push(why), ...options })
  onTestFinished(() => pool.close())
  return { pool, clock, replaced }
}

async function failureOf(pool: EnrichPool, raw: RawBatch, limitMs?: number): Promise<WorkerFailed> {
  const error: unknown = await pool.run(raw, rules, limitMs).then(() => null, (failed: unknown) => failed)
  return error instanceof WorkerFailed ? error : expect.fail(`the batch ended with ${String(error)}`)
}

test.each([
  { how: 'ends its thread', mark: 'MARK-EXIT', cause: /exited with code: 3/, dies: true },
  { how: 'throws', mark: 'MARK-THROW', cause: /a bug of ours/, dies: false },
  { how: 'fills its heap', mark: 'MARK-HEAP', cause: /memory/, dies: true },
])('a batch that $how fails alone, comes back whole, and others do not notice', async ({ mark, cause, dies }) => {
  const { pool, replaced } = opened(2, { heapMbMax: 32 })
  const bad = batchOf('断网', mark)
  const expected = { ...bad, bytes: bad.bytes.slice(), ends: bad.ends.slice(), seqs: bad.seqs.slice(), times: bad.times.slice() }
  const good = Array.from({ length: 12 }, (_, i) => pool.run(batchOf(`断网 ${i}`, 'x'), rules))
  const failed = await failureOf(pool, bad)
  expect(failed).toMatchObject({ why: 'crashed', raw: expected })
  expect((failed.cause as Error).message).toMatch(cause)
  expect((await Promise.all(good)).map(({ rows, topicIds }) => [rows, [...topicIds]])).toEqual(good.map(() => [2, [0]]))
  await expect.poll(() => replaced).toEqual(dies ? ['crashed'] : []) // told when the thread has ended, which may be after its batch
  expect((await pool.run(batchOf('断网'), rules)).rows).toBe(1)
})

test('a batch that takes longer than its limit is ended, and only it', async () => {
  const { pool, clock, replaced } = opened(2, { lookMs: 1 })
  await Promise.all([pool.run(batchOf('a'), rules), pool.run(batchOf('b'), rules)]) // both have started: 60,000 looks are for that
  const over = new AbortController()
  const hanging = failureOf(pool, batchOf('MARK-SPIN'), 5).finally(() => over.abort())
  const good = pool.run(batchOf('断网'), rules)
  expect((await good).rows).toBe(1)
  while (!over.signal.aborted) {
    clock.pass()
    await new Promise<void>((resolve) => { setImmediate(resolve) })
  }
  expect(await hanging).toMatchObject({ why: 'hung' })
  await expect.poll(() => replaced).toEqual(['hung'])
  expect((await Promise.all([pool.run(batchOf('a'), rules), pool.run(batchOf('b'), rules)])).map(({ rows }) => rows)).toEqual([1, 1])
})

test('a worker that dies while it starts fails its batches, and holds none of them for ever', async () => {
  const { pool } = opened(1, { worker: new URL('no-such-worker.ts', import.meta.url) })
  const failures = await Promise.all(Array.from({ length: 4 }, () => failureOf(pool, batchOf('a'))))
  expect(failures.map(({ why }) => why)).toEqual(['crashed', 'crashed', 'crashed', 'crashed'])
})

test('a worker that ends before it has looked at its batch costs the batch nothing', async () => {
  const { pool, replaced } = opened(1)
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-pool-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  expect((await pool.run(batchOf(`MARK-EARLY ${join(folder, 'starts')}`), rules)).rows).toBe(1)
  expect(readFileSync(join(folder, 'starts'), 'utf8')).toBe('xxx')
  expect(replaced).toEqual(['crashed', 'crashed'])
})

test('rules that no worker can compile fail the batch', async () => {
  const { pool } = opened(1)
  await expect(pool.run(batchOf('a'), shareRules(2, 'topics: 7'))).rejects.toThrow(/rules 2 came to a worker unchecked/)
})

test('batches are taken in the order in which they came', async () => {
  const { pool } = opened(1)
  const order: number[] = []
  await Promise.all(Array.from({ length: 20 }, (_, i) => pool.run(batchOf('a'), rules).then(() => order.push(i))))
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i))
})

test('closing fails what is under way and what waits, with a reason that blames no mention', async () => {
  const { pool } = opened(1)
  const running = [pool.run(batchOf('MARK-SPIN'), rules), pool.run(batchOf('a'), rules)]
  const ends = Promise.allSettled(running)
  await pool.close()
  for (const end of await ends) expect(end.status === 'rejected' && end.reason).toBeInstanceOf(PoolClosed)
  await expect(pool.run(batchOf('a'), rules)).rejects.toThrow(PoolClosed)
})
