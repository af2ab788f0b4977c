import { expect, test } from 'vitest'
import { knownPast, knownSince, matchedAgain } from './known-past.ts'

const hours = [
  { hour: 100, mentions: 9, first: 360_000, last: 363_000 }, { hour: 101, mentions: 5, first: 364_000, last: 366_000 },
  { hour: 104, mentions: 4, first: 374_500, last: 374_500 }, // 8500 s later
  { hour: 107, mentions: 2, first: 385_200, last: 385_900 }, { hour: 109, mentions: 1, first: 393_100, last: 393_200 }, // exactly two hours later
]

test('over two hours without a mention of anybody are not known; two hours are calm', () => {
  expect(knownPast(hours, { clock: 393_200, fromHour: 0 })).toEqual({ from: 0, known: [[360_000, 366_000], [374_500, 374_500], [385_200, 393_200]], cut: 0 })
})

test.each([
  { clock: 400_400, to: 400_400, why: 'an idle clock went on for two hours: that was calm' },
  { clock: 400_401, to: 393_200, why: 'it went on for longer: nobody knows' },
])('what is known ends with $to where the clock shows $clock: $why', ({ clock, to }) => {
  expect(knownPast(hours, { clock, fromHour: 0 }).known.at(-1)).toEqual([385_200, to])
})

test.each([
  { olderMax: 100, from: 360_000, cut: 0 }, { olderMax: 11, from: 364_000 - 400, cut: 9 }, { olderMax: 10, from: 374_400, cut: 14 }, { olderMax: 5, from: 385_200, cut: 18 }, { olderMax: 1, from: 108 * 3600, cut: 20 },
])('of what is older than the seven days, whole hours are read while they hold at most $olderMax mentions: $cut are left out', ({ olderMax, from, cut }) => {
  const known = knownPast(hours, { clock: 393_200, fromHour: 108, olderMax })
  expect([known.from, known.cut, known.known[0]![0] >= from]).toEqual([from, cut, true])
})

test('an empty store knows nothing', () => {
  expect(knownPast([], { clock: 5, fromHour: 3 })).toEqual({ from: 10_800, known: [], cut: 0 })
})

test('of known stretches the part since a second is left', () => {
  expect(knownSince([[1, 5], [9, 12], [20, 30]], 10)).toEqual([[10, 12], [20, 30]])
})

test('what is too much to match again is said to be left out, and not read', async () => {
  const clock = 100 * 86_400
  const day = (ago: number, mentions: number) => ({ hour: (clock - ago * 86_400) / 3600, mentions, first: clock - ago * 86_400, last: clock - ago * 86_400 + 3599 })
  const asked: unknown[] = []
  const none: Uint8Array[] = []
  const store = {
    query: async <Row>() => [day(20, 3_000_000), day(19, 3_000_000), day(8, 1_000_000), day(1, 9_000_000)] as Row[],
    queryChunks: async function* (_: string, params?: Readonly<Record<string, unknown>>) {
      asked.push(params?.['from'])
      yield* none
    },
  }
  const told: string[] = []
  const { known, past } = await matchedAgain(store, { stream: 1, beforeSeq: 5, newestSecond: clock }, { warn: (words: string) => { told.push(words) } })
  for await (const chunk of past) none.push(chunk)
  expect([asked, known.length, told]).toEqual([[clock - 19 * 86_400], 3, [expect.stringMatching(/^3000000 stored mentions from before 1970-03-23T00:00:00\.000Z are too many/)]])
})
