// Cascades of files are those of the rule read literally, whatever the order, form and number of the files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { naiveTrees } from '../test/naive-cascades.ts'
import { IdHash } from './core/1-decode/hash.ts'
import { readCascades } from './recorded-cascades.ts'
import { RecordingTooLarge } from './recorded-rows.ts'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'recorded-cascades-')) })
afterAll(() => { rmSync(folder, { recursive: true }) })

const begin = Date.UTC(2015, 5, 15)
const idArbitrary = fc.nat(14).map((n) => `weibo:${n}`)
const mentionArbitrary = fc.record({
  id: idArbitrary, parent: fc.option(idArbitrary, { nil: undefined, freq: 4 }), root: fc.option(idArbitrary, { nil: undefined }),
  at: fc.oneof(fc.nat(5), fc.nat(400_000_000_000)).map((after) => begin + after), // beyond 2026: skewed
  followers: fc.option(fc.oneof(fc.nat(5000), fc.nat(2 ** 40)), { nil: undefined }), author: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
})
function hashOf(id: string): bigint {
  const hash = new IdHash()
  hash.ofText(id)
  return (BigInt(hash.high) << 32n) | BigInt(hash.low)
}
const lineOf = ({ at, ...mention }: Readonly<Record<string, unknown>> & { readonly at: number }): string => JSON.stringify({ ...mention, ts: at, text: '', platform: 'weibo' })
async function shapesOf(contents: readonly (readonly string[])[]) {
  const files = contents.map((lines, i) => {
    const file = join(folder, `${i}.ndjson`)
    writeFileSync(file, lines.join('\n'))
    return file
  })
  const cascades = await readCascades({ files, startedAt: Date.UTC(2026, 0, 1) })
  return { cascades, shapes: [...cascades.shapes()] }
}

test('every line is that of the rule read literally, in the order of root times and ids', async () => {
  await fc.assert(fc.asyncProperty(fc.array(mentionArbitrary, { minLength: 1, maxLength: 40 }), async (mentions) => {
    const { cascades, shapes } = await shapesOf([mentions.map(lineOf)])
    const trees = naiveTrees(mentions.map(({ id, parent, root, at, followers = -1 }) => ({ id, parent, root, at, followers, rank: hashOf(id) })))
    const firsts = new Map(mentions.toReversed().map((mention) => [mention.id, mention.at]))
    const expected = [...trees.values()].map(({ root, size, depth, breadth, leaves, structuralVirality, firstAt, lastAt, reach }) =>
      ({ root, size, depth, maxBreadth: Math.max(...breadth), leaves, structuralVirality: expect.closeTo(structuralVirality, 9), durationSeconds: (lastAt - firstAt) / 1000, reach }))
      .sort((a, b) => firsts.get(a.root)! - firsts.get(b.root)! || (a.root < b.root ? -1 : 1))
    expect(shapes).toEqual(expected)
    expect(cascades.summary).toEqual({ mentions: firsts.size, duplicates: mentions.length - firsts.size, deadLetters: 0, reasons: {} })
    for (const root of cascades.roots) {
      const tree = cascades.treeOf(root)
      expect(new Set([...tree.idLow].map((low, node) => (BigInt(tree.idHigh[node]!) << 32n) | BigInt(low)))).toEqual(new Set(trees.get(tree.root)!.nodes.map(hashOf)))
    }
  }), { numRuns: 150 })
})

test('the same lines in any number of files, each in order of time, are the same cascades', async () => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(mentionArbitrary, { selector: ({ id }) => id, maxLength: 14 }), fc.array(fc.nat(2), { minLength: 14, maxLength: 14 }), async (mentions, file) => {
    const sorted = mentions.toSorted((a, b) => a.at - b.at)
    const { shapes } = await shapesOf([sorted.map(lineOf)])
    expect((await shapesOf([0, 1, 2].map((which) => sorted.filter((_, i) => file[i] === which).map(lineOf)))).shapes).toEqual(shapes)
  }), { numRuns: 60 })
})

test('batches follow each other and ids are found in each', async () => {
  const lines = Array.from({ length: 9000 }, (_, i) => lineOf({ id: `第${i}`, at: begin + i, ...(i % 3 === 0 ? {} : { parent: `第${i - (i % 3)}` }), followers: 1, author: 'x'.repeat(200) }))
  const { shapes } = await shapesOf([lines])
  expect(shapes).toEqual(Array.from({ length: 3000 }, (_, i) => ({ root: `第${3 * i}`, size: 3, depth: 1, maxBreadth: 2, leaves: 2, structuralVirality: 4 / 3, durationSeconds: 0.002, reach: 3 })))
})

test('a recording that holds too much is refused before it is kept', async () => {
  const file = join(folder, 'large.ndjson')
  writeFileSync(file, Array.from({ length: 11 }, (_, i) => lineOf({ id: String(i), at: begin })).join('\n'))
  await expect(readCascades({ files: [file], startedAt: begin, mentionsMax: 10 })).rejects.toThrow(RecordingTooLarge)
})
