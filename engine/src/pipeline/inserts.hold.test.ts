// The hold, at whatever moment it comes: the store stands still at its place, and nothing is lost or written twice by it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Gather, Inserter, type Hold, type InserterOptions } from './inserts.ts'

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })
const turns = async (count: number): Promise<void> => { for (let i = 0; i < count; i++) await turn() }

/** A store that takes a turn for each insert and fails where it is told to. */
function slowStore(failures: readonly boolean[], onBegin: (last: number) => void): { readonly positions: number[]; readonly store: InserterOptions['store'] } {
  const positions: number[] = []
  let calls = 0
  const insertRows = async (table: string, token: string): Promise<void> => {
    const last = Number(token.split('-').at(-1))
    onBegin(last)
    await turn()
    if (failures[calls++]) throw new Error('the store is away')
    if (table === 'positions') positions.push(last)
  }
  return { positions, store: { insertMentions: async () => undefined, insertDeadLetters: async () => undefined, insertRows } }
}

const inserterTo = (store: InserterOptions['store']): Inserter => new Inserter({
  store, stream: 1, waitingMax: 2, onStored: () => undefined, onTrouble: () => undefined, clock: { now: () => 0, sleep: turn },
}, 0)

const end = fc.record({ isIdle: fc.boolean(), pause: fc.nat(3), hold: fc.option(fc.nat(8), { nil: null, freq: 2 }) })

test('while it is held no insert behind its place is begun and the position stays; afterwards everything is in, once and in order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(end, { maxLength: 25 }), fc.array(fc.boolean(), { maxLength: 30 }), async (ends, failures) => {
    let heldAt: number | null = null
    const broken: string[] = []
    const begun: number[] = []
    const { positions, store } = slowStore(failures, (last) => {
      begun.push(last)
      if (heldAt !== null && last > heldAt) broken.push(`${last} begun while held at ${heldAt}`)
    })
    const inserter = inserterTo(store)
    const running = inserter.run()
    const gather = new Gather(1)
    const pushed: number[] = []
    const holding: Promise<void>[] = []
    const stand = async (hold: Hold, seq: number, forTurns: number): Promise<void> => {
      if (!await hold.reached || inserter.position !== seq) broken.push(`not at ${seq} but at ${inserter.position}`)
      for (let i = 0; i < forTurns; i++) {
        await turn()
        if (inserter.position !== seq) broken.push(`moved from ${seq} to ${inserter.position}`)
      }
      heldAt = null
      if (!hold.release() || hold.release()) broken.push('a hold lasts until it is released')
    }
    for (const [at, { isIdle, pause, hold }] of ends.entries()) {
      const seq = 3 * (at + 1)
      if (!isIdle) gather.row('spikes', { at })
      const insert = gather.end(seq)
      if (hold !== null && heldAt === null) {
        heldAt = seq
        holding.push(stand(inserter.hold(seq), seq, hold))
      }
      if (insert) {
        pushed.push(seq)
        await inserter.push(insert)
      } else inserter.idle(seq)
      await turns(pause)
    }
    await Promise.all(holding)
    inserter.close()
    await running
    expect(broken).toEqual([])
    expect([begun.at(-1), positions.at(-1)]).toEqual([pushed.at(-1), pushed.at(-1)])
    expect([...new Set(begun)]).toEqual(pushed)
    expect([inserter.position, inserter.bytesWaiting]).toEqual([3 * ends.length, 0])
  }), { numRuns: 150 })
})

async function heldWithOneBehind(): Promise<{ readonly inserter: Inserter; readonly positions: number[]; readonly hold: Hold; readonly running: Promise<void> }> {
  const { positions, store } = slowStore([], () => undefined)
  const inserter = inserterTo(store)
  const running = inserter.run()
  inserter.idle(2)
  const hold = inserter.hold(2)
  const gather = new Gather(3)
  gather.row('spikes', { at: 1 })
  await inserter.push(gather.end(5)!)
  inserter.idle(9)
  await turns(5)
  expect([positions, inserter.position]).toEqual([[], 2])
  return { inserter, positions, hold, running }
}

test('an engine that ends while it is held writes what waits, and whoever held it knows that it did not last', async () => {
  const { inserter, positions, hold, running } = await heldWithOneBehind()
  inserter.close()
  await running
  expect([hold.release(), positions, inserter.position]).toEqual([false, [5], 9])
})

test('an engine that gives up while it is held begins nothing any more', async () => {
  const { inserter, positions, hold, running } = await heldWithOneBehind()
  inserter.abort()
  await running
  expect([hold.release(), positions, inserter.position]).toEqual([false, [], 2])
})

test('there is one hold at a time', async () => {
  const { inserter, hold, running } = await heldWithOneBehind()
  expect(() => inserter.hold(9)).toThrow('inserts are held at 2 already')
  hold.release()
  inserter.close()
  await running
})
