// Real trees through `groundswell cascades`: every line is that of a recomputation that shares no code with it, and what the data's own makers counted.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { CascadeShape } from '@groundswell/schemas/cascade.ts'
import { decodeHashes, decodeTree, encodeHashes, encodeTree, withHashes } from '@groundswell/schemas/cascade-binary.ts'
import type { Mention } from '@groundswell/schemas/mention.ts'
import { expect, test } from 'vitest'
import { readCascades } from '../src/recorded-cascades.ts'
import { groundswell, testFolder } from './processes.ts'

const data = (path: string): string => fileURLToPath(new URL(`../../../shared/data/${path}`, import.meta.url))
const weibo = data('weibo-cascades/'), twitter = data('twitter-retweets/')
for (const folder of [weibo, twitter]) if (!existsSync(folder)) console.warn(`${folder.split('/').slice(-4).join('/')} is not beside this repository: the test on its real cascades is skipped.`)

async function cascadesOf(file: string): Promise<CascadeShape[]> {
  const { code, stdout, stderr } = await groundswell(['cascades', '--input', file], { cwd: await testFolder('real-cascades') })
  expect(code, stderr).toBe(0)
  return stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as CascadeShape)
}

/** Every parent is there and no mention is under itself, in all of these data: trees by the parents alone. */
function recomputed(file: string): CascadeShape[] {
  const mentions = new Map<string, Mention>()
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
    if (line === '') continue
    const mention = JSON.parse(line) as Mention
    mentions.set(mention.id, mention)
  }
  const members = new Map<string, string[]>()
  const depths = new Map<string, number>()
  for (const { id } of mentions.values()) {
    let root = id
    let depth = 0
    for (let parent = mentions.get(root)!.parent; parent; parent = mentions.get(root)!.parent) { root = parent; depth++ }
    if (!members.has(root)) members.set(root, [])
    members.get(root)!.push(id)
    depths.set(id, depth)
  }
  const ms = (id: string): number => new Date(mentions.get(id)!.ts).getTime()
  return [...members].map(([root, ids]) => {
    const breadth = Map.groupBy(ids, (id) => depths.get(id)!)
    const times = ids.map(ms)
    return {
      root, size: ids.length, depth: Math.max(...breadth.keys()), maxBreadth: Math.max(...[...breadth.values()].map(({ length }) => length)),
      leaves: ids.length - new Set(ids.map((id) => mentions.get(id)!.parent).filter((parent) => parent != null)).size,
      structuralVirality: meanDistance(ids.map((id) => ids.indexOf(mentions.get(id)!.parent ?? ''))),
      durationSeconds: (times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b))) / 1000,
      reach: ids.reduce((sum, id) => sum + (mentions.get(id)!.followers ?? 0), 0),
    }
  }).sort((a, b) => ms(a.root) - ms(b.root) || (a.root < b.root ? -1 : 1))
}

/** Over all pairs, by walking the tree from each node in turn; −1: the root. Where all are right under the root it is 2 (n − 1) / n. */
function meanDistance(parents: readonly number[]): number {
  const n = parents.length
  if (n < 2) return 0
  const root = parents.indexOf(-1)
  if (parents.every((parent, node) => node === root || parent === root)) return (2 * (n - 1)) / n
  const neighbours = parents.map((): number[] => [])
  for (const [node, parent] of parents.entries()) if (parent >= 0) { neighbours[node]!.push(parent); neighbours[parent]!.push(node) }
  const distance = new Int32Array(n), queue = new Int32Array(n)
  let sum = 0
  for (let start = 0; start < n; start++) {
    distance.fill(-1)
    distance[start] = 0
    queue[0] = start
    for (let i = 0, end = 1; i < end; i++) {
      sum += distance[queue[i]!]!
      for (const next of neighbours[queue[i]!]!) if (distance[next] === -1) { distance[next] = distance[queue[i]!]! + 1; queue[end++] = next }
    }
  }
  return sum / (n * (n - 1))
}

function expectEqual(told: readonly CascadeShape[], expected: readonly CascadeShape[]): void {
  const rest = (cascades: readonly CascadeShape[]): CascadeShape[] => cascades.map((cascade) => ({ ...cascade, structuralVirality: 0 }))
  expect(rest(told)).toEqual(rest(expected))
  const apart = told.map(({ structuralVirality }, i) => Math.abs(structuralVirality - expected[i]!.structuralVirality))
  expect(Math.max(...apart)).toBeLessThanOrEqual(1e-9)
}

test.skipIf(!existsSync(weibo))('all trees of Weibo: as a recomputation has them, and as their makers counted', async () => {
  const told = await cascadesOf(`${weibo}mentions.ndjson.gz`)
  expect(told.reduce((sum, { size }) => sum + size, 0)).toBe(660_518)
  expectEqual(told, recomputed(`${weibo}mentions.ndjson.gz`))
  const byRoot = new Map(told.map((cascade) => [cascade.root, cascade]))
  const rows = columnsOf(`${weibo}cascades.csv`, ['root', 'final', 'max_depth'])
  expect(rows).toHaveLength(told.length)
  // They count reposts, so their size is without the root.
  expect(rows.map(([root, final, depth]) => ({ root, size: Number(final) + 1, depth: Number(depth) }))).toEqual(rows.map(([root]) => {
    const { size, depth } = byRoot.get(root!)!
    return { root, size, depth }
  }))
})

test.skipIf(!existsSync(twitter))('all trees of retweets: as a recomputation has them, and as their makers counted', async () => {
  const told = await cascadesOf(`${twitter}mentions.ndjson.gz`)
  expect(told.reduce((sum, { size }) => sum + size, 0)).toBe(206_455)
  expectEqual(told, recomputed(`${twitter}mentions.ndjson.gz`))
  expect(told.every(({ depth, leaves, maxBreadth, size }) => depth === 1 && leaves === size - 1 && maxBreadth === size - 1)).toBe(true)
  const rows = columnsOf(`${twitter}cascades.csv`, ['cascade', 'final', 'last_s'])
  expect(rows).toHaveLength(told.length)
  const byRoot = new Map(told.map((cascade) => [cascade.root, cascade]))
  for (const [cascade, final, last] of rows) expect(byRoot.get(`${cascade!}-0`)).toMatchObject({ size: Number(final) + 1, durationSeconds: Number(last) })
})

test.skipIf(!existsSync(weibo))('every tree of Weibo comes back from its bytes, which are five a node', async () => {
  const cascades = await readCascades({ files: [`${weibo}mentions.ndjson.gz`], startedAt: Date.UTC(2026, 0, 1) })
  let bytes = 0
  for (const root of cascades.roots) {
    const tree = cascades.treeOf(root)
    const encoded = encodeTree(tree)
    bytes += encoded.length
    expect(withHashes(decodeTree(encoded), decodeHashes(encodeHashes(tree)))).toEqual(tree)
  }
  expect(bytes / cascades.summary.mentions).toBeLessThan(5)
})

/** Those columns of every row; texts, in which commas mean nothing, stand behind them. */
function columnsOf(file: string, names: readonly string[]): string[][] {
  const [header, ...rows] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/)
  const places = names.map((name) => header!.split(',').indexOf(name))
  return rows.map((row) => { const values = row.split(','); return places.map((place) => values[place]!) })
}
