import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EnrichedBatch } from '../core/batch.ts'
import { Gather, Inserter, insertsAPosition, type Insert, type InserterOptions } from './inserts.ts'

const batch = (fates: number[], dead = 0): EnrichedBatch => ({
  rows: fates.length, native: Uint8Array.from([9, 9, ...fates]), fateOffset: 2, rejected: { count: dead, native: new Uint8Array(dead), reasons: {} },
}) as unknown as EnrichedBatch

function store() {
  const calls: string[] = []
  let failures = 0
  const call = async (name: string, token: string) => {
    if (failures > 0) {
      failures--
      throw new Error('the store is away')
    }
    calls.push(`${name} ${token}`)
  }
  return {
    calls,
    failNext(n: number) { failures = n },
    insertMentions: (token: string) => call('mentions', token),
    insertDeadLetters: (token: string) => call('dead', token),
    insertRows: (table: string, token: string) => call(table, token),
  }
}

function inserter(of: ReturnType<typeof store>, stored: Insert[] = [], troubles: (string | null)[] = []) {
  return new Inserter({
    store: of, stream: 42, waitingMax: 4, onStored: (insert) => stored.push(insert), onTrouble: (t) => troubles.push(t && t.error.message),
  }, 0)
}

test('duplicates are not rows of an insert; late and skewed mentions are', () => {
  const gather = new Gather(1)
  gather.batch(batch([0, 3, 1, 2, 3]))
  expect(gather.end(9)).toMatchObject({ first: 1, last: 9, rows: 3, deadRows: 0 })
})

test('nothing came: no insert, and the next one starts behind it', () => {
  const gather = new Gather(1)
  expect(gather.end(4)).toBeNull()
  gather.batch(batch([0]))
  expect(gather.end(6)).toMatchObject({ first: 5, last: 6 })
})

test('rows first, the position last, each with its token', async () => {
  const to = store()
  const run = inserter(to)
  const gather = new Gather(1)
  gather.batch(batch([0], 1))
  gather.row('spikes', { id: 'a' })
  await run.push(gather.end(7)!)
  run.close()
  await run.run()
  expect(to.calls).toEqual(['mentions 42:mentions:1-7', 'dead 42:dead_letters:1-7', 'spikes 42:spikes:1-7', 'positions 42:positions:1-7'])
  expect(run.position).toBe(7)
})

test('a store that is away is tried again with the same tokens, and what waits for the rows runs once, after them', async () => {
  const to = store()
  const troubles: (string | null)[] = []
  const run = inserter(to, [], troubles)
  const gather = new Gather(1)
  let after = 0
  gather.batch(batch([0]))
  gather.after(() => { after++; expect(to.calls.at(-1)).toBe('positions 42:positions:1-3') })
  to.failNext(1)
  await run.push(gather.end(3)!)
  run.close()
  await run.run()
  expect(troubles).toEqual(['the store is away', null])
  expect(after).toBe(1)
})

test('the position does not move before announcements are safe', async () => {
  const to = store()
  const run = inserter(to)
  const gather = new Gather(1)
  let safe: () => void = () => undefined
  const announced = new Promise<void>((resolve) => { safe = resolve })
  gather.wait(() => announced)
  await run.push(gather.end(2)!)
  run.close()
  const ended = run.run()
  await new Promise((resolve) => { setImmediate(resolve) })
  expect(run.position).toBe(0)
  safe()
  await ended
  expect(run.position).toBe(2)
})

test('idle input moves the position only when nothing waits', async () => {
  const to = store()
  const run = inserter(to)
  run.idle(3)
  expect(run.position).toBe(3)
  const gather = new Gather(4)
  gather.batch(batch([0]))
  await run.push(gather.end(5)!)
  run.idle(6)
  expect(run.position).toBe(3)
})

test('what failed once is asked again with the next try', async () => {
  const to = store()
  const troubles: (string | null)[] = []
  const run = inserter(to, [], troubles)
  const gather = new Gather(1)
  let asked = 0
  gather.wait(async () => { if (++asked === 1) throw new Error('the disk is full') })
  await run.push(gather.end(2)!)
  run.close()
  await run.run()
  expect(asked).toBe(2)
  expect(troubles).toEqual(['the disk is full', null])
  expect(run.position).toBe(2)
})

test('a bug of ours ends the run instead of being tried for ever', async () => {
  const run = inserter(store())
  const gather = new Gather(1)
  gather.step(async () => { throw new TypeError('neither a mention nor an author') })
  await run.push(gather.end(2)!)
  run.close()
  await expect(run.run()).rejects.toThrow('neither a mention')
})

test('idle input behind an insert that is being written moves the position when that is in', async () => {
  const run = inserter(store())
  const gather = new Gather(1)
  gather.batch(batch([0]))
  await run.push(gather.end(5)!)
  run.idle(9)
  const reached = run.reached(9)
  run.close()
  await run.run()
  expect([run.position, await reached]).toEqual([9, true])
})

test('what the store holds already is not written again, and what waits for the rows runs all the same', async () => {
  const to = store()
  const stored: Insert[] = []
  const run = new Inserter({ store: to, stream: 42, stored: 7, waitingMax: 4, onStored: (insert) => stored.push(insert), onTrouble: () => undefined }, 3)
  const gather = new Gather(4, 2)
  let after = 0
  expect([run.position, gather.lastInsert]).toEqual([7, 2])
  gather.batch(batch([0]))
  gather.after(() => after++)
  await run.push(gather.end(7)!)
  gather.batch(batch([0]))
  await run.push(gather.end(9)!)
  run.close()
  await run.run()
  expect(to.calls).toEqual(['mentions 42:mentions:8-9', 'positions 42:positions:8-9'])
  expect([after, stored.length, run.position, gather.lastInsert, run.bytesWaiting]).toEqual([1, 1, 9, 9, 0])
})

test('who waits for a position is told when it is reached, or that it never will be', async () => {
  const run = inserter(store())
  const gather = new Gather(1)
  gather.batch(batch([0]))
  const told = Promise.all([run.reached(3), run.reached(5), run.reached(6)])
  await run.push(gather.end(5)!)
  run.close()
  await run.run()
  expect(await told).toEqual([true, true, false])
  expect(await Promise.all([run.reached(5), run.reached(6)])).toEqual([true, false])
})

/** `count` inserts of a row each, the n-th ends with n; those of `effects` announce something too. */
function inserts(count: number, effects: ReadonlySet<number> = new Set(), announce: (at: number) => Promise<void> = async () => undefined, from = 1): Insert[] {
  const gather = new Gather(from)
  return Array.from({ length: count + 1 - from }, (_, i) => {
    gather.batch(batch([0]))
    if (effects.has(from + i)) gather.wait(() => announce(from + i))
    return gather.end(from + i)!
  })
}

test('one row of positions speaks of inserts that waited behind each other, and the position moves with it', async () => {
  const to = store()
  const at: [number, number][] = []
  const run = new Inserter({ store: to, stream: 42, waitingMax: 20, onStored: ({ last }) => { at.push([last, run.position]) }, onTrouble: () => undefined }, 0)
  for (const insert of inserts(11, new Set([2]))) await run.push(insert)
  run.close()
  await run.run()
  expect(to.calls.filter((call) => call.startsWith('positions'))).toEqual(['1-2', '3-10', '11-11'].map((span) => `positions 42:positions:${span}`))
  expect(to.calls.filter((call) => call.startsWith('mentions'))).toHaveLength(11)
  expect(at.map(([, position]) => position)).toEqual([0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 10])
  expect(run.position).toBe(11)
})

/** What outlives a crash: a store that knows tokens, and what was announced. Ends the life that runs at the call that is due. */
function world() {
  const tokens = new Set<string>()
  const announced = new Set<number>()
  const broken: string[] = []
  let position = 0
  let untilCrash = Infinity
  let crash = (): void => undefined
  let takesEffect = false
  const call = async (token: string): Promise<void> => {
    await Promise.resolve()
    const isLast = --untilCrash === 0
    if (isLast) crash()
    if (untilCrash < 0 || (isLast && !takesEffect)) throw new Error('nobody is there any more')
    const last = Number(token.split('-').at(-1))
    tokens.add(token)
    if (token.includes('positions')) position = Math.max(position, last)
    if (isLast) throw new Error('the answer never came')
    if (last > position + insertsAPosition) broken.push(`${token} is ahead of position ${position}`)
  }
  const rows: InserterOptions['store'] = { insertMentions: call, insertDeadLetters: call, insertRows: (_, token) => call(token) }
  return {
    tokens, announced, broken, rows, get position() { return position },
    live(inserter: Inserter, calls: number, last: boolean) { [untilCrash, takesEffect, crash] = [calls, last, () => inserter.abort()] },
  }
}

test('whenever the engine dies, the stored position has all rows and effects before it, and the next life sends the others under the same tokens', async () => {
  const life = fc.record({ calls: fc.integer({ min: 1, max: 40 }), takesEffect: fc.boolean() })
  const scenario = fc.record({ count: fc.integer({ min: 1, max: 40 }), effects: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }), lives: fc.array(life, { maxLength: 4 }), waitingMax: fc.integer({ min: 1, max: 12 }) })
  await fc.assert(fc.asyncProperty(scenario, async ({ count, effects, lives, waitingMax }) => {
    const all = world()
    const announcing = new Set(effects.filter((at) => at <= count))
    const wholeUpTo = (position: number): boolean =>
      Array.from({ length: position }, (_, i) => i + 1).every((at) => all.tokens.has(`1:mentions:${at}-${at}`) && (!announcing.has(at) || all.announced.has(at)))
    for (const { calls, takesEffect } of [...lives, { calls: Infinity, takesEffect: true }]) {
      const stored = all.position
      const inserter = new Inserter({ store: all.rows, stream: 1, waitingMax, stored, onStored: () => undefined, onTrouble: () => undefined }, stored)
      all.live(inserter, calls, takesEffect)
      const running = inserter.run()
      for (const insert of inserts(count, announcing, async (at) => { await Promise.resolve(); all.announced.add(at) }, stored + 1)) await inserter.push(insert)
      inserter.close()
      await running
      expect([all.broken, wholeUpTo(all.position), inserter.position <= all.position]).toEqual([[], true, true])
    }
    expect([all.position, [...all.tokens].filter((token) => token.includes('mentions')).length]).toEqual([count, count])
  }), { numRuns: 300 })
})
