// A request to forget reaches the cascades in memory: through the engine, a checkpoint and eviction.
import { expect, test } from 'vitest'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { IdHash } from './1-decode/hash.ts'
import { authorHashOf } from './2-enrich/spread-columns.ts'
import { forgottenName } from './3-measure/cascades/forgotten-name.ts'
import { Engine } from './engine.ts'
import type { Effect } from './input.ts'
import { StateReader, StateWriter } from './state.ts'

const t0 = 1_700_000_040
const options = { rules: { topics: [] }, rulesSeq: 0, stream: 1, cascades: { nodesMax: 100, quietSeconds: 600 } }
const id = { 1: 'weibo:1', 2: 'weibo:2', 3: 'zhihu:3', 4: 'weibo:4' } as Readonly<Record<number, string>>

function hashOf(text: string): { readonly low: number; readonly high: number } {
  const hash = new IdHash()
  hash.ofText(text)
  return { low: hash.low, high: hash.high }
}

/** Rows whose ids are texts, as workers hand them over. */
function batchOf(rows: readonly PlainRow[], seq: number) {
  const batch = preparedBatch(rows, { seq, time: t0 * 1000 })
  let end = 0
  const bytes = rows.map((row) => Buffer.from(id[row.id]!))
  rows.forEach((row, i) => {
    const own = hashOf(id[row.id]!)
    batch.idLow[i] = own.low
    batch.idHigh[i] = own.high
    if (row.parent === undefined) return
    const parent = hashOf(id[row.parent]!)
    batch.parentLow[i] = parent.low
    batch.parentHigh[i] = parent.high
  })
  return { kind: 'batch' as const, batch: { ...batch, idBytes: new Uint8Array(Buffer.concat(bytes)), idEnds: Uint32Array.from(bytes, ({ length }) => (end += length)) } }
}

function engineWith(): Engine {
  const engine = new Engine(options)
  engine.step(batchOf([
    { id: 1, second: t0, author: authorHashOf('weibo', 'u1') }, { id: 2, second: t0 + 1, author: authorHashOf('weibo', 'u2'), parent: 1 },
    { id: 3, second: t0 + 2, platform: 'zhihu', author: authorHashOf('zhihu', 'u1'), parent: 2 },
  ], 1))
  return engine
}

function evicted(engine: Engine): Extract<Effect, { kind: 'cascade' }> {
  const out = new StateWriter()
  engine.save(out)
  const other = new Engine(options)
  other.load(new StateReader(out.written.slice()), () => { throw new Error('no segment is full') })
  const effects = other.step(batchOf([{ id: 4, second: t0 + 7200 }], 3))
  return effects.find((effect) => effect.kind === 'cascade')!
}

test('an author is no longer in a tree that leaves memory, on any platform, and its root has no id', () => {
  const engine = engineWith()
  expect(engine.step({ kind: 'command', seq: 2, now: 5, command: { kind: 'forget', author: 'u1' } })).toEqual([{ kind: 'forget', author: 'u1' }])
  const { tree } = evicted(engine)
  const two = hashOf('weibo:2')
  expect(tree).toMatchObject({ root: forgottenName('weibo:1'), size: 3, author: Uint32Array.of(0, authorHashOf('weibo', 'u2'), 0), idLow: Uint32Array.of(0, two.low, 0), idHigh: Uint32Array.of(0, two.high, 0) })
})

test('a mention is no longer in a tree that leaves memory, and what hung below it stays there', () => {
  const engine = engineWith()
  engine.step({ kind: 'command', seq: 2, now: 5, command: { kind: 'forget', mention: 'weibo:2' } })
  const { tree } = evicted(engine)
  expect(tree).toMatchObject({ root: 'weibo:1', parent: Int32Array.of(-1, 0, 1), author: Uint32Array.of(authorHashOf('weibo', 'u1'), 0, authorHashOf('zhihu', 'u1')) })
  expect([tree.idLow[1], tree.idHigh[1]]).toEqual([0, 0])
})

test('who asks for what was forgotten is told that nothing is here; the tree is found by the name that it has now', () => {
  const engine = engineWith()
  engine.step({ kind: 'command', seq: 2, now: 5, command: { kind: 'forget', author: 'u1' } })
  const { cascades } = engine
  expect([cascades.cascade('weibo:1'), cascades.rootOf('weibo:1'), cascades.rootOf('zhihu:3')]).toEqual([null, null, null])
  expect(cascades.rootOf('weibo:2')).toBe(forgottenName('weibo:1'))
  expect(cascades.cascade(forgottenName('weibo:1'))).toMatchObject({ root: forgottenName('weibo:1'), size: 3, authors: 1 })
  expect(cascades.sizeOf(forgottenName('weibo:1'))).toBe(3)
  expect(cascades.cascade(forgottenName('weibo:9'))).toBe(null)
})
