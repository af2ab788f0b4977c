// Cascades of memory and store together, with a store that answers from rows and no thread but this one.
import { expect, test } from 'vitest'
import { encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { workOn } from '../cascade-worker.ts'
import type { CascadeTree } from '../core/3-measure/cascades/cascade-tree.ts'
import { treeOf } from '../core/3-measure/cascades/trees.testing.ts'
import type { LiveCascadeRow, LiveCascades, LiveQuestion } from '../core/live-cascades.ts'
import { CascadesBusy, type CascadeThread } from '../io/cascade-thread/cascade-thread.ts'
import type { StoredCascadeRow } from '../io/clickhouse/cascade-rows.ts'
import { Cascades } from './cascades.ts'

const begin = 1_700_000_000_000
const rowOf = (root: string, size: number, of: Partial<LiveCascadeRow> = {}): LiveCascadeRow => ({
  root, size, depth: 1, maxBreadth: size - 1, leaves: size - 1, structuralVirality: 2, durationSeconds: 1, reach: 0, firstAt: '2023-11-14T22:13:20.000Z', lastAt: '2023-11-14T22:13:21.000Z', authors: 1, followersKnownShare: 0, textShare: 0,
  negative: 0, neutral: size, positive: 0, unknownEdges: 0, lastHour: 0, topics: [], platforms: [], ...of,
})
const storedOf = (root: string, size: number, which = 5): StoredCascadeRow => ({
  root, which, size, depth: 1, maxBreadth: size - 1, leaves: size - 1, structuralVirality: 2, durationSeconds: 1, reach: 0, rootMs: begin, firstMs: begin, lastMs: begin, authors: 1, followersKnown: 0, withText: 0, negative: 0, neutral: size, positive: 0,
  unknownEdges: 0, spread: [], topics: [],
})
/** Mentions that come the faster the larger `pace`, for 30 minutes. */
const starOf = (root: string, size: number, pace: number): CascadeTree => treeOf(Array.from({ length: size }, (_, node) => ({ parent: node === 0 ? -1 : 0, at: begin + Math.floor(1_800_000 * (node / size) ** pace) })), { root })

function room(trees: readonly CascadeTree[], stored: readonly StoredCascadeRow[] = [], run: CascadeThread['run'] = (async (task) => workOn(task)) as CascadeThread['run']) {
  const asked: LiveQuestion[] = []
  const away = Promise.withResolvers<never>() // what looks after the store finds it so
  let said = (_params: Readonly<Record<string, unknown>>): readonly object[] => []
  const inMemory = new Map(trees.map((tree) => [tree.root, tree]))
  const live: LiveCascades = {
    * rankCascades(question) { asked.push(question); yield; return [...inMemory.values()].map((tree) => rowOf(tree.root, tree.size, { lastHour: tree.root === 'quiet' ? 0 : tree.size })).sort((a, b) => b.size - a.size).slice(0, question.max) },
    cascade: (root) => { const tree = inMemory.get(root); return tree ? rowOf(root, tree.size) : null },
    sizeOf: (root) => inMemory.get(root)?.size ?? null, rootAtOf: (root) => inMemory.get(root)?.at[0] ?? null, * cascadeTree(root) { yield; return inMemory.get(root) ?? null }, rootOf: () => null,
  }
  const bytes = (root: string): string => Buffer.from(encodeTree(starOf(root, 3, 1))).toString('base64')
  const query = async <Row>(sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<Row[]> => {
    if (sql.includes('base64Encode(tree)')) return [{ bytes: bytes(String(params['root'])) }] as Row[]
    if (sql.includes('base64Encode(hashes)')) return []
    if (sql.includes('FROM mentions')) return said(params) as Row[]
    return stored.filter(({ root }) => params['root'] === undefined || params['root'] === root) as Row[]
  }
  return { cascades: new Cascades({ live, clock: () => begin / 1000 + 1800, store: { query }, told: (work) => Promise.race([work, away.promise]), thread: { run }, pseudonym: (hash) => (hash === '' ? '' : `p:${hash}`), keys: { of: (platform, author) => `k:${platform}:${author}` }, now: () => 0 }), inMemory, asked, away, say: (rows: typeof said) => { said = rows } }
}
const anything = { topic: null, platform: null, from: null, to: null, limit: 10, words: false } as const

test('stored ones are listed among those in memory where a time is asked for, and only by size', async () => {
  const { cascades } = room([starOf('a', 40, 1), starOf('b', 20, 1)], [storedOf('c', 30), storedOf('d', 10)])
  const roots = async (of: object) => (await cascades.list({ ...anything, by: 'size', ...of })).cascades.map(({ root, live }) => `${root} ${live ? 'live' : 'stored'}`)
  expect(await roots({})).toEqual(['a live', 'b live'])
  expect(await roots({ from: begin })).toEqual(['a live', 'c stored', 'b live', 'd stored'])
  expect(await roots({ to: begin, limit: 2 })).toEqual(['a live', 'c stored'])
  expect(await roots({ from: begin, by: 'speed' })).toEqual(['a live', 'b live'])
})

test('roots are named by their first words, asked of the store once a while, and their accounts by keys', async () => {
  const { cascades, say } = room([starOf('a', 40, 1), starOf('b', 20, 1)], [storedOf('c', 30)])
  const asks: unknown[] = []
  say((params) => { asks.push(params['ids']); return [{ id: 'a', at: begin, words: '断网了', cut: 1, platform: 'weibo', kind: 'post', author: 'w', of: '' }, { id: 'c', at: begin, words: '转发', cut: 0, platform: 'x', kind: 'repost', author: '', of: 'gone' }] })
  const asked = { ...anything, by: 'size', from: begin, words: true } as const
  const words = [
    { text: '断网了', cut: true, at: '2023-11-14T22:13:20.000Z', platform: 'weibo', kind: 'post', account: 'k:weibo:w', of: null },
    { text: '转发', cut: false, at: '2023-11-14T22:13:20.000Z', platform: 'x', kind: 'repost', account: 'k:x:', of: 'gone' }, null,
  ]
  expect((await cascades.list(asked)).words).toEqual(words)
  expect((await cascades.list(asked)).words).toEqual(words)
  expect(asks).toEqual([['a', 'c', 'b']])
  expect(await cascades.list({ ...asked, words: false })).not.toHaveProperty('words')
})

test('a store that is away costs the words and never the list', async () => {
  const { cascades, say } = room([starOf('a', 40, 1)])
  say(() => { throw new Error('ECONNREFUSED') })
  expect(await cascades.list({ ...anything, by: 'size', words: true })).toMatchObject({ cascades: [{ root: 'a' }], words: null })
})

test('nor does one that leaves them unanswered, and is found to be away meanwhile', async () => {
  const { cascades, say, away } = room([starOf('a', 40, 1)])
  say(() => {
    away.reject(new Error('a ping was not answered'))
    return new Promise<never>((_, reject) => { setImmediate(() => { reject(new Error('given up')) }) }) as unknown as readonly object[]
  })
  expect(await cascades.list({ ...anything, by: 'size', words: true })).toMatchObject({ cascades: [{ root: 'a' }], words: null })
})

test('an account that is no public one is called by its pseudonym, never by the hash that its name gives', async () => {
  const tree = treeOf([{ parent: -1, at: begin, author: 7 }, { parent: 0, at: begin + 1000, author: 8 }, { parent: 1, at: begin + 2000 }], { root: 'a' })
  const { cascades } = room([tree])
  expect((await cascades.detail('a', null))!.spreaders.map(({ account }) => account).sort()).toEqual(['p:0000-0007', 'p:0000-0008'])
})

test('by R the one that grows comes before a larger one that fades', async () => {
  const { cascades, asked } = room([starOf('fades', 200, 4), starOf('grows', 100, 0.4), starOf('young', 3, 1)])
  const { cascades: rows } = await cascades.list({ ...anything, by: 'R' })
  expect(rows.map(({ root }) => root)).toEqual(['grows', 'fades'])
  expect(asked[0]).toMatchObject({ by: 'speed', max: 100 })
})

test('R of a list is R of the page, where nobody speaks of the cascade any more too', async () => {
  const { cascades } = room([starOf('quiet', 300, 1), starOf('b', 40, 1)])
  const R = new Map((await cascades.list({ ...anything, by: 'size' })).cascades.map(({ root, reproduction }) => [root, reproduction]))
  for (const root of ['quiet', 'b']) {
    expect(R.get(root)).not.toBeNull()
    expect((await cascades.detail(root, null))?.cascade.reproduction).toEqual(R.get(root))
  }
})

test('the one in memory is answered unless another is asked for, and all under the root are named', async () => {
  const { cascades, inMemory } = room([starOf('a', 40, 1)], [storedOf('a', 3, 9), storedOf('a', 3, 5)])
  expect(await cascades.detail('a', null)).toMatchObject({ which: 'live', cascade: { size: 40, live: true }, all: [{ which: 'live', size: 40 }, { which: 9 }, { which: 5 }] })
  expect(await cascades.detail('a', 5)).toMatchObject({ which: 5, cascade: { size: 3, live: false, reproduction: null }, forecast: null })
  expect([await cascades.detail('a', 7), await cascades.detail('b', null), await cascades.tree('b', 'live')]).toEqual([null, null, null])
  inMemory.delete('a')
  expect(await cascades.detail('a', null)).toMatchObject({ which: 9 })
  expect(await cascades.tree('a', 'live')).toBe(null)
})

test('what is asked again at once is not worked out again, until another mention comes', async () => {
  let runs = 0
  const { cascades, inMemory } = room([starOf('a', 40, 1)], [], (async (task) => { runs++; return workOn(task) }) as CascadeThread['run'])
  for (let time = 0; time < 3; time++) await cascades.detail('a', null)
  expect(runs).toBe(1)
  inMemory.set('a', starOf('a', 41, 1))
  expect((await cascades.detail('a', null))?.cascade.size).toBe(41)
  expect(runs).toBe(2)
})

test('too much at once is refused with 503', async () => {
  const { cascades } = room([starOf('a', 40, 1)], [], async () => { throw new CascadesBusy('too many ask at once') })
  await expect(cascades.detail('a', null)).rejects.toMatchObject({ status: 503, body: { error: 'busy' } })
})
