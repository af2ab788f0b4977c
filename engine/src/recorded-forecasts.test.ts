// Forecasts of files look at nothing later than the age they are asked at, whatever the order of the lines.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { naiveTrees, type NaiveMention } from '../test/naive-cascades.ts'
import { IdHash } from './core/1-decode/hash.ts'
import { readForecasts } from './recorded-forecasts.ts'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'recorded-forecasts-')) })
afterAll(() => { rmSync(folder, { recursive: true }) })

const begin = Date.UTC(2015, 5, 15)
const hour = 3_600_000
const idArbitrary = fc.nat(17).map((n) => `weibo:${n}`)
const mentionArbitrary = fc.record({
  id: idArbitrary, parent: fc.option(idArbitrary, { nil: undefined, freq: 4 }), root: fc.option(idArbitrary, { nil: undefined }),
  at: fc.oneof(fc.nat(5).map((hours) => hours * hour), fc.nat(5 * hour), fc.nat(400_000_000_000)).map((after) => begin + after), // beyond 2026: skewed
})
type Mention = Readonly<{ id: string; at: number; parent?: string | undefined; root?: string | undefined }>
function hashOf(id: string): bigint {
  const hash = new IdHash()
  hash.ofText(id)
  return (BigInt(hash.high) << 32n) | BigInt(hash.low)
}
const naive = (mentions: readonly Mention[]): NaiveMention[] => mentions.map(({ id, parent, root, at }) => ({ id, parent, root, at, rank: hashOf(id) }))
async function linesOf(mentions: readonly Mention[], ageSeconds: number) {
  const file = join(folder, 'recording.ndjson')
  writeFileSync(file, mentions.map(({ at, ...mention }) => JSON.stringify({ ...mention, ts: at, text: '', platform: 'weibo' })).join('\n'))
  const forecasts = await readForecasts({ files: [file], startedAt: Date.UTC(2026, 0, 1) })
  return [...forecasts.at(ageSeconds)]
}
/** Of mentions with one id the first counts. */
const withoutDuplicates = (mentions: readonly Mention[]): Mention[] => [...new Map(mentions.toReversed().map((mention) => [mention.id, mention])).values()].toReversed()

test('a line each cascade of the whole that is old enough, in order; observed are those that the mentions until then place below its root', async () => {
  await fc.assert(fc.asyncProperty(fc.array(mentionArbitrary, { minLength: 1, maxLength: 40 }), fc.constantFrom(60, 3600, 7200), async (mentions, age) => {
    const counted = withoutDuplicates(mentions), newest = Math.max(...counted.map(({ at }) => at)), atOf = new Map(counted.map(({ id, at }) => [id, at]))
    const expected = [...naiveTrees(naive(counted)).keys()].filter((root) => atOf.get(root)! + age * 1000 <= newest)
      .sort((a, b) => atOf.get(a)! - atOf.get(b)! || (a < b ? -1 : 1))
      .map((root) => {
        const until = naiveTrees(naive(counted.filter(({ at }) => at <= atOf.get(root)! + age * 1000)))
        return { root, observed: [...until.values()].find(({ subtree }) => subtree.has(root))!.subtree.get(root)! }
      })
    const lines = await linesOf(mentions, age)
    expect(lines.map(({ root, observed }) => ({ root, observed }))).toEqual(expected)
    for (const { observed, predicted, low, high } of lines) expect([observed, low, predicted, high]).toEqual([observed, low, predicted, high].toSorted((a, b) => a! - b!))
  }), { numRuns: 200 })
})

test('what comes later than the age changes no line; it only takes one away where the root turns out to have a parent', async () => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(mentionArbitrary, { selector: ({ id }) => id, minLength: 1, maxLength: 18 }), fc.nat(17), async (mentions, at) => {
    const until = mentions[at % mentions.length]!.at
    const before = await linesOf(mentions.filter((mention) => mention.at <= until), 3600)
    const after = new Map((await linesOf(mentions, 3600)).map((line) => [line.root, line]))
    const roots = naiveTrees(naive(mentions))
    for (const line of before) {
      if (roots.has(line.root)) expect(after.get(line.root)).toEqual(line)
      else expect(after.has(line.root)).toBe(false)
    }
  }), { numRuns: 150 })
})

test('the order of the lines changes nothing', async () => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(mentionArbitrary, { selector: ({ id }) => id, minLength: 1, maxLength: 18 }).chain((mentions) => fc.tuple(fc.constant(mentions), fc.shuffledSubarray(mentions, { minLength: mentions.length }))), async ([mentions, shuffled]) => {
    expect(await linesOf(shuffled, 3600)).toEqual(await linesOf(mentions, 3600))
  }), { numRuns: 60 })
})

test('a mention whose parent comes after the age is not seen, one that names the root as well is', async () => {
  const mentions = [{ id: 'r', at: begin }, { id: 'a', at: begin + 1000, parent: 'late' }, { id: 'b', at: begin + 2000, parent: 'late', root: 'r' }, { id: 'late', at: begin + 2 * hour, parent: 'r' }]
  expect((await linesOf(mentions, 3600)).map(({ root, observed }) => [root, observed])).toEqual([['r', 2]])
  expect((await linesOf(mentions, 7200)).map(({ root, observed }) => [root, observed])).toEqual([['r', 4]])
})

test('an empty recording has no forecasts', async () => {
  expect(await linesOf([], 3600)).toEqual([])
})
