import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Queue } from './queue.ts'

test('everything pushed comes out once and in order, never more than the bound at a time', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.boolean(), { maxLength: 60 }), async (max, slow) => {
    const queue = new Queue<number>(max)
    const taken: number[] = []
    const taker = (async () => {
      for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
        taken.push(item)
        if (slow[item]) await new Promise((resolve) => { setImmediate(resolve) })
      }
    })()
    for (let i = 0; i < slow.length; i++) {
      await queue.push(i)
      expect(queue.size).toBeLessThanOrEqual(max)
    }
    queue.close()
    await taker
    expect(taken).toEqual(slow.map((_, i) => i))
  }), { numRuns: 50 })
})

test('a push that waits is let go by close', async () => {
  const queue = new Queue<number>(1)
  await queue.push(1)
  const waiting = queue.push(2)
  queue.close()
  await waiting
  expect(await queue.take()).toBe(1)
  expect(await queue.take()).toBeUndefined()
})
