// Cascades stored and read back on the embedded store: every byte, lists by time, topic and platform, ids on demand, and what is left when somebody is forgotten.
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { decodeTree, encodeTree } from '@groundswell/schemas/cascade-binary.ts'
import { cascadeRowSchema } from '@groundswell/schemas/cascade.ts'
import { IdHash } from '../../core/1-decode/hash.ts'
import { authorHashOf } from '../../core/2-enrich/spread-columns.ts'
import type { CascadeTree } from '../../core/3-measure/cascades/cascade-tree.ts'
import { layOut, makeUpOf, shapeOf } from '../../core/3-measure/cascades/measure-tree.ts'
import { treeArbitrary, treeOf, type TreeNode } from '../../core/3-measure/cascades/trees.testing.ts'
import { mentionsOfNodes, storedCascades, storedIds, storedOf, storedTree, type StoredQuestion } from './cascade-reads.ts'
import { rowOfCascade, type EvictedCascade } from './cascade-rows.ts'
import { forget } from './forget.ts'
import { rootWordsOf } from './root-words.ts'
import { rootsOfStory } from './story-roots.ts'
import { mentionBlocks } from './native-rows.testing.ts'
import { testStore } from './store.testing.ts'

const { store } = await testStore()
beforeEach(async () => { for (const table of ['cascades', 'mentions', 'forgotten']) await store.command(`TRUNCATE TABLE ${table}`) })

const begin = Date.parse('2026-01-01T08:00:00.250Z')
const evictedAt = Date.parse('2026-01-03T09:00:00.007Z')
const hash = new IdHash()
const hashOf = (id: string): readonly [number, number] => { hash.ofText(id); return [hash.low, hash.high] }
/** A root and mentions under it, each 700 ms after the one before. */
function cascade(ids: readonly string[], of: (node: number) => Partial<TreeNode> = () => ({})): CascadeTree {
  return treeOf(ids.map((id, node) => ({ parent: node === 0 ? -1 : 0, at: begin + 700 * node, id: hashOf(id), ...of(node) })), { root: ids[0]!, platforms: ['weibo', 'zhihu'] })
}
let token = 0
const insert = (...cascades: EvictedCascade[]) => store.insertRows('cascades', `t${token++}`, cascades.map(rowOfCascade))
const anything: StoredQuestion = { topic: null, platform: null, fromMs: null, toMs: null, limit: 100 }

test('a tree of any form comes back byte by byte, with its measures and the hashes of its ids', async () => {
  const trees = fc.sample(treeArbitrary(), { numRuns: 60, seed: 7 }).map((tree, i) => ({ ...tree, root: `${i}:${tree.root}`, at: tree.at.map((ms) => Math.min(ms, 4_000_000_000_000)) }))
  await insert(...trees.map((tree) => ({ tree, topics: ['a'], evictedAt })))
  for (const tree of trees) {
    const [stored, ...others] = await storedOf(store, tree.root)
    expect(others).toEqual([])
    const makeUp = makeUpOf(tree)
    expect(cascadeRowSchema.parse(stored!.row)).toEqual({
      ...shapeOf(tree, layOut(tree), makeUp), firstAt: new Date(makeUp.firstMs).toISOString(), lastAt: new Date(makeUp.lastMs).toISOString(), live: false, lastHour: 0, reproduction: null, topics: ['a'],
      authors: makeUp.authors, followersKnownShare: makeUp.followersKnown / tree.size, textShare: makeUp.withText / tree.size, negative: makeUp.negative, neutral: makeUp.neutral, positive: makeUp.positive, unknownEdges: makeUp.unknownEdges,
      platforms: makeUp.platforms.map(({ platform, mentions, firstMs, lagMs }) => ({ platform, mentions, firstAt: new Date(firstMs).toISOString(), lagSeconds: lagMs / 1000 })),
    })
    expect(Buffer.from((await storedTree(store, tree.root, evictedAt))!).equals(encodeTree(tree))).toBe(true)
    expect(await storedIds(store, tree.root, evictedAt)).toMatchObject({ idLow: tree.idLow, idHigh: tree.idHigh, accounts: new Uint32Array() })
  }
  expect([await storedTree(store, 'nobody', evictedAt), await storedIds(store, trees[0]!.root, 1), await storedOf(store, 'nobody')]).toEqual([null, null, []])
})

test('a repeated insert is stored once, and a root whose id was not kept is named by its hash', async () => {
  const tree = { ...cascade(['', 'weibo:2']), root: '' }
  for (let time = 0; time < 2; time++) await store.insertRows('cascades', 'same', [rowOfCascade({ tree, topics: [], evictedAt })])
  const stored = await storedCascades(store, anything)
  expect(stored).toMatchObject([{ which: evictedAt, row: { size: 2 } }])
  expect(stored[0]!.row.root).toMatch(/^hash:[0-9a-f]{16}$/)
})

test('lists are by size, of a topic, a platform and a time; rows of one root are told apart by when they were evicted', async () => {
  const small = cascade(['weibo:1', 'weibo:2'])
  const large = cascade(['weibo:9 ?/#%', 'a', 'b', 'c'], (node) => ({ platform: node === 3 ? 1 : 0 }))
  await insert({ tree: small, topics: ['outage'], evictedAt }, { tree: large, topics: ['outage', 'price'], evictedAt }, { tree: { ...small, at: small.at.map((ms) => ms + 86_400_000) }, topics: [], evictedAt: evictedAt + 1 })
  const roots = async (asked: Partial<StoredQuestion>) => (await storedCascades(store, { ...anything, ...asked })).map(({ row: { root, size } }) => `${root} ${size}`)
  expect(await roots({})).toEqual(['weibo:9 ?/#% 4', 'weibo:1 2', 'weibo:1 2'])
  expect(await roots({ limit: 1 })).toEqual(['weibo:9 ?/#% 4'])
  expect(await roots({ topic: 'price' })).toEqual(['weibo:9 ?/#% 4'])
  expect(await roots({ platform: 'zhihu' })).toEqual(['weibo:9 ?/#% 4'])
  expect(await roots({ fromMs: begin + 2101 })).toEqual(['weibo:1 2'])
  expect(await roots({ toMs: begin })).toEqual([])
  expect(await roots({ fromMs: begin + 2100, toMs: begin + 1 })).toEqual(['weibo:9 ?/#% 4'])
  expect((await storedOf(store, 'weibo:1')).map(({ which }) => which)).toEqual([evictedAt + 1, evictedAt])
})

test('ids are found among the stored mentions of that moment, by their hash alone', async () => {
  const ids = Array.from({ length: 30 }, (_, node) => `weibo:${node}`)
  const tree = cascade(ids)
  await store.insertMentions('1:mentions:ids', mentionBlocks(60, 20, (i) => ({ id: i < 30 ? ids[i]! : `other:${i}`, ts: begin + 700 * (i % 30), line: i, fate: i === 5 ? 3 : 0 })))
  await insert({ tree, topics: [], evictedAt })
  const { at } = decodeTree((await storedTree(store, ids[0]!, evictedAt))!)
  const hashes = (await storedIds(store, ids[0]!, evictedAt))!
  const found = async (from: number, to: number) => (await mentionsOfNodes(store, { ids: hashes, nodes: Array.from(at.subarray(from, to), (ms, i) => ({ node: from + i, at: ms })) })).map((mention) => mention?.id ?? null)
  expect(await found(0, 30)).toEqual(ids.map((id, node) => (node === 5 ? null : id)))
  expect(await found(28, 30)).toEqual(ids.slice(28))
  expect(await found(30, 30)).toEqual([])
  expect(await mentionsOfNodes(store, { ids: hashes, nodes: [{ node: 1, at: at[1]! }, { node: 99, at: at[1]! }] })).toEqual([{ id: ids[1], account: authorHashOf('weibo', 'a'), name: '', verified: -1 }, null])
})

test('several roots of one story are told of each other: the same words or link within two days, and no reposts', async () => {
  const words = '某地今早停电，供电局说正在抢修'
  const rows = [
    { id: 'a', text: words, url: 'https://x/1' }, { id: 'b', text: words }, { id: 'c', text: '别的话', url: 'https://x/1' }, { id: 'd', text: words, url: 'https://x/1' },
    { id: 'e', text: words, parent: 'a', root: 'a' }, { id: 'f', text: words, ts: begin + 49 * 3_600_000 }, { id: 'g', text: '短' }, { id: 'h', text: '短' },
  ]
  await store.insertMentions('1:mentions:story', mentionBlocks(rows.length, rows.length, (i) => ({ ts: begin + i, line: i, ...rows[i]! })))
  await insert({ tree: cascade(['b', 'x', 'y']), topics: [], evictedAt })
  expect(await rootsOfStory(store, 'a')).toEqual({ counted: 3, others: [
    { root: 'b', at: '2026-01-01T08:00:00Z', platform: 'weibo', same: 'text', size: 3 }, { root: 'c', at: '2026-01-01T08:00:00Z', platform: 'weibo', same: 'link', size: null }, { root: 'd', at: '2026-01-01T08:00:00Z', platform: 'weibo', same: 'both', size: null },
  ] })
  expect([await rootsOfStory(store, 'g'), await rootsOfStory(store, 'nobody')]).toEqual([{ counted: 0, others: [] }, null])
})

const masked = () => store.query('SELECT count() AS n FROM system.parts WHERE active AND table = \'cascades\' AND database = currentDatabase() AND has_lightweight_delete')

test('a mention that is forgotten stays a node without an id, in every tree, and the shape is as it was', async () => {
  const one = cascade(['weibo:1', 'weibo:2', 'weibo:3']), other = cascade(['weibo:7', 'weibo:2'])
  await insert({ tree: one, topics: ['outage'], evictedAt }, { tree: other, topics: [], evictedAt }, { tree: cascade(['weibo:8', 'weibo:9']), topics: [], evictedAt })
  for (let time = 0; time < 2; time++) await forget(store, { mention: 'weibo:2', token: '1:forget:1' })
  for (const tree of [one, other]) {
    const { idLow, idHigh } = (await storedIds(store, tree.root, evictedAt))!
    expect([...idLow]).toEqual([...tree.idLow].map((low, node) => (node === 1 ? 0 : low)))
    expect([...idHigh]).toEqual([...tree.idHigh].map((high, node) => (node === 1 ? 0 : high)))
    expect(Buffer.from((await storedTree(store, tree.root, evictedAt))!).equals(encodeTree(tree))).toBe(true)
  }
  expect(await store.query('SELECT root, edition FROM cascades ORDER BY root')).toEqual([{ root: 'weibo:1', edition: 1 }, { root: 'weibo:7', edition: 1 }, { root: 'weibo:8', edition: 0 }])
  expect([await masked(), (await storedOf(store, 'weibo:1')).map(({ row }) => row.topics)]).toEqual([[{ n: 0 }], [['outage']]])
})

test('a root that is forgotten loses its name everywhere, and what hung below it stays', async () => {
  const tree = cascade(['weibo:1', 'weibo:2', 'weibo:3'])
  await insert({ tree, topics: [], evictedAt })
  await forget(store, { mention: 'weibo:1', token: '1:forget:1' })
  const row = (await storedCascades(store, anything))[0]!.row
  expect([row.size, row.root]).toEqual([3, expect.stringMatching(/^forgotten:[0-9a-f]{32}$/)])
  const bytes = (await storedTree(store, row.root, evictedAt))!
  expect(decodeTree(bytes)).toEqual({ ...decodeTree(encodeTree(tree)), root: row.root })
  expect(await store.query('SELECT count() AS n FROM cascades WHERE position(tree, {id:String}) > 0 OR position(root, {id:String}) > 0', { id: 'weibo:1' })).toEqual([{ n: 0 }])
  expect([await storedOf(store, 'weibo:1'), await masked()]).toEqual([[], [{ n: 0 }]])
})

test('of an author all mentions are found in stored trees, however many there are', async () => {
  const ids = Array.from({ length: 700 }, (_, node) => `weibo:${node}`)
  const trees = [cascade(ids), cascade([ids[3]!, 'x'])]
  await store.insertMentions('1:mentions:author', mentionBlocks(700, 100, (i) => ({ id: ids[i]!, ts: begin + 700 * i, author: i % 2 === 1 ? 'gone' : 'here' })))
  await insert(...trees.map((tree) => ({ tree, topics: [], evictedAt })))
  expect(await forget(store, { author: 'gone', token: '1:forget:1' })).toEqual({ mentions: 350, deadLetters: 0 })
  const { idLow } = (await storedIds(store, ids[0]!, evictedAt))!
  expect([...idLow]).toEqual([...trees[0]!.idLow].map((low, node) => (node % 2 === 1 ? 0 : low)))
  expect((await storedCascades(store, anything)).map(({ row: { root } }) => root)).toEqual([ids[0], expect.stringMatching(/^forgotten:/)])
})

test('forgetting that is cut short between writing again and deleting is finished by the next try', async () => {
  const tree = cascade(['weibo:1', 'weibo:2'])
  await insert({ tree, topics: [], evictedAt })
  const dying = { query: store.query.bind(store), insertRows: store.insertRows.bind(store), command: () => Promise.reject(new Error('killed')) }
  await expect(forget(dying, { mention: 'weibo:2', token: '1:forget:1' })).rejects.toThrow('killed')
  expect((await storedCascades(store, anything)).length).toBe(1)
  await forget(store, { mention: 'weibo:2', token: '1:forget:1' })
  expect(await store.query('SELECT edition FROM cascades')).toEqual([{ edition: 1 }])
  expect([(await storedIds(store, 'weibo:1', evictedAt))!.idLow[1], await masked()]).toEqual([0, [{ n: 0 }]])
})

test('roots say their first words, those of one list in one query; what is counted before what is not', async () => {
  const rows = [
    { id: 'weibo:1', text: `${'话'.repeat(59)}\n尾巴`, author: '甲' }, { id: 'weibo:2', text: '😀'.repeat(60), parent: 'weibo:gone', root: 'weibo:older' }, { id: 'weibo:3', root: 'weibo:older' },
    { id: 'weibo:1', text: 'late', fate: 1 }, { id: 'weibo:4', ts: begin + 600_000 }, { id: 'weibo:5', root: 'weibo:5', parent: 'weibo:5' },
  ]
  await store.insertMentions('1:mentions:roots', mentionBlocks(rows.length, rows.length, (i) => ({ ts: begin, line: i, ...rows[i]! })))
  const found = await rootWordsOf(store, ['weibo:1', 'weibo:2', 'weibo:3', 'weibo:4', 'weibo:5', 'hash:00', "it's"].map((root) => ({ root, at: begin })))
  expect([...found.keys()].sort()).toEqual(['weibo:1', 'weibo:2', 'weibo:3', 'weibo:5'])
  expect(found.get('weibo:1')).toMatchObject({ words: `${'话'.repeat(59)}\n`, cut: 1, author: '甲', at: begin, of: '' })
  expect(found.get('weibo:2')).toMatchObject({ words: '😀'.repeat(60), cut: 0, of: 'weibo:gone' })
  expect([found.get('weibo:3')!.of, found.get('weibo:5')!.of]).toEqual(['weibo:older', ''])
  expect(await rootWordsOf(store, [])).toEqual(new Map())
})

test('rows of more than an insert takes are stored in several, each once', async () => {
  const tree = cascade(['weibo:1', 'weibo:2'])
  const rows = Array.from({ length: 3 }, (_, i) => ({ ...rowOfCascade({ tree, topics: [], evictedAt: evictedAt + i }), treeBase64: 'AAAA'.repeat(4 * 1024 * 1024) }))
  await store.command('SYSTEM STOP MERGES cascades')
  for (let time = 0; time < 2; time++) await store.insertRows('cascades', 'large', rows)
  expect(await store.query('SELECT count() AS n, min(length(tree)) AS bytes FROM cascades')).toEqual([{ n: 3, bytes: 12 * 1024 * 1024 }])
  expect(await store.query('SELECT count() AS inserts FROM system.parts WHERE table = \'cascades\' AND active')).toEqual([{ inserts: 3 }])
  await store.command('SYSTEM START MERGES cascades')
})
