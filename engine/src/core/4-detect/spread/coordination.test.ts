// What is evidence of coordinated behaviour and what is not, how it is told, and what happens where there is no room.
import { expect, test } from 'vitest'
import { loadAll, savedBytes } from '../../../../test/saved.ts'
import { StateUnreadable } from '../../state.ts'
import { isLinked, poissonTail } from './coordination-chance.ts'
import type { Shared } from './coordination-evidence.ts'
import { Coordination, type CoordinationRoom } from './coordination.ts'
import { RecentRows } from './recent-rows.ts'

const begin = 1_700_000_000
const room: CoordinationRoom = { onceMax: 4096, objectsMax: 256, pairsMax: 16_384, candidatesMax: 4096, accountsMax: 4096 }
const topicsOf = (set: number): readonly string[] => (set === 1 ? ['bank'] : [])
const hashed = (n: number): number => Math.imul(n, 0x9e3779b1) >>> 0

interface One { readonly account: number; readonly second: number; readonly text?: number; readonly link?: number; readonly root?: number }

function share(part: Coordination, { account, second, text = 0, link = 0, root = 0 }: One): void {
  const one: Shared = { topics: 1, author: account, second, textLow: text, textHigh: hashed(text), link: hashed(link), rootLow: root, rootHigh: hashed(root) }
  part.share(one)
}

/** So many accounts share each object within 30 s, an object an hour. */
function play(part: Coordination, { accounts, objects, kind, first = 1 }: { readonly accounts: number; readonly objects: number; readonly kind: 'text' | 'link' | 'root'; readonly first?: number }): void {
  for (let object = 0; object < objects; object++) {
    for (let i = 0; i < accounts; i++) share(part, { account: first + i, second: begin + 3600 * object + Math.floor((30 * i) / accounts), [kind]: 100 * first + object })
  }
}

test.each(['text', 'link'] as const)('ten accounts that share the same three %ss at once are evidence, and with two they are none', (kind) => {
  const part = new Coordination(room)
  play(part, { accounts: 10, objects: 2, kind })
  expect(part.close(begin + 7200, topicsOf)).toEqual([])
  play(part, { accounts: 10, objects: 3, kind })
  expect(part.close(begin + 7300, topicsOf)).toEqual([{ topic: 'bank', accounts: 10, shares: 135, objects: 3, capped: false, since: begin + 3 }])
  expect([1, 10, 11].map((account) => part.isCoordinated(account))).toEqual([true, true, false])
})

test('evidence is told again where it has grown by half, and not before', () => {
  const part = new Coordination(room)
  play(part, { accounts: 4, objects: 3, kind: 'text' })
  expect(part.close(begin + 8000, topicsOf)).toMatchObject([{ accounts: 4 }])
  play(part, { accounts: 5, objects: 3, kind: 'text', first: 1 })
  expect(part.close(begin + 9000, topicsOf)).toEqual([])
  play(part, { accounts: 4, objects: 3, kind: 'text', first: 50 })
  expect(part.close(begin + 9100, topicsOf)).toMatchObject([{ accounts: 9, objects: 6 }])
})

test('two accounts are no group, and accounts that are not known are nobody', () => {
  const part = new Coordination(room)
  play(part, { accounts: 2, objects: 8, kind: 'text' })
  for (let i = 0; i < 50; i++) share(part, { account: 0, second: begin + 20 + i, text: 900 + (i % 5) })
  expect(part.close(begin + 40_000, topicsOf)).toEqual([])
})

test('twenty-five accounts that paste one text under ten roots are all told, though twenty others answer each root', () => {
  const part = new Coordination(room)
  const told = Array.from({ length: 10 }, (_, at) => {
    const second = begin + 600 * at
    const all = [
      ...Array.from({ length: 25 }, (__, i): One => ({ account: 1 + i, second: second + 5 + Math.floor(1.5 * i), text: 7, root: 100 + at })),
      ...Array.from({ length: 20 }, (__, i): One => ({ account: 1000 + 100 * at + i, second: second + 5 + 20 * i, root: 100 + at })),
    ]
    for (const one of all.toSorted((a, b) => a.second - b.second)) share(part, one)
    return part.close(second + 500, topicsOf).map(({ accounts }) => accounts)
  })
  expect(told.slice(0, 5)).toEqual([[], [], [16], [25], []])
  expect([1, 25, 26, 1000].map((account) => part.isCoordinated(account))).toEqual([true, true, false, false])
})

test('one text under different roots is no object that anybody shared', () => {
  const part = new Coordination(room)
  for (let i = 0; i < 200; i++) share(part, { account: 1 + (i % 10), second: begin + i, text: 7, root: 1000 + i })
  expect(part.close(begin + 300, topicsOf)).toEqual([])
})

test('followers who rush to every new post of one account are no evidence, however many posts there are', () => {
  const part = new Coordination(room)
  for (let post = 1; post <= 20; post++) {
    for (let i = 0; i < 200; i++) share(part, { account: 1 + hashed(i * 31 + post * 7) % 200, second: begin + 3600 * post + Math.floor(i * i / 100), root: post })
    expect(part.close(begin + 3600 * post + 1000, topicsOf)).toEqual([])
  }
})

test('what is as old as two days is forgotten', () => {
  const part = new Coordination(room)
  play(part, { accounts: 5, objects: 3, kind: 'text' })
  expect(part.close(begin + 8000, topicsOf)).toHaveLength(1)
  expect(part.close(begin + 2 * 86_400 + 8000, topicsOf)).toEqual([])
  expect(part.isCoordinated(1)).toBe(false)
})

test('an object of more sharers at once than are remembered makes no more pairs, and is said to be capped', () => {
  const part = new Coordination(room)
  play(part, { accounts: 60, objects: 12, kind: 'text' })
  expect(part.close(begin + 50_000, topicsOf)).toMatchObject([{ topic: 'bank', capped: true }])
})

test('no room is ever exceeded; what is given up is counted', () => {
  const small = { onceMax: 16, objectsMax: 16, pairsMax: 16, candidatesMax: 4, accountsMax: 16 }
  const part = new Coordination(small)
  for (let i = 0; i < 20_000; i++) share(part, { account: 1 + hashed(i) % 97, second: begin + Math.floor(i / 10), text: 1 + hashed(i * 3) % 40, root: 1 + hashed(i * 5) % 9 })
  part.close(begin + 3000, topicsOf)
  expect(part.givenUp.objects).toBeGreaterThan(0)
  expect(part.givenUp.pairs).toBeGreaterThan(0)
  expect(savedBytes(part).length).toBeLessThan(16 * 4 * (6 + 72 + 40 + 10) + 2000)
})

test('a full bucket gives up its lightest row, of these the least recent', () => {
  const rows = new RecentRows('rows', { max: 16, stride: 3 })
  for (let i = 1; i <= 200; i++) {
    const at = rows.claim(i, 7, begin + i)
    rows.words[at + 1] = i === 3 ? 2 : 1
  }
  expect(rows.size).toBe(16)
  expect(rows.givenUp).toBe(184)
  expect(rows.find(3, 7)).toBeGreaterThanOrEqual(0)
  expect(rows.find(200, 7)).toBeGreaterThanOrEqual(0)
  expect(rows.find(4, 7)).toBe(-1)
  expect(() => new RecentRows('rows', { max: 17, stride: 3 })).toThrow(RangeError)
})

test('what is no saved state is refused', () => {
  const part = new Coordination(room)
  play(part, { accounts: 5, objects: 3, kind: 'text' })
  part.close(begin + 8000, topicsOf)
  const bytes = savedBytes(part)
  for (const length of [0, 10, bytes.length - 1]) expect(() => loadAll(bytes.subarray(0, length), (from) => new Coordination(room).load(from))).toThrow(StateUnreadable)
  expect(() => loadAll(bytes, (from) => new Coordination({ ...room, pairsMax: 64 }).load(from))).toThrow(StateUnreadable)
})

test.each([
  { count: 3, mean: 0.1, tail: 1.5465e-4 }, { count: 1, mean: 0.5, tail: 0.393469 }, { count: 20, mean: 5, tail: 3.4521e-7 }, { count: 2, mean: 3, tail: 1 }, { count: 4, mean: 0, tail: 0 },
])('P(X ≥ $count) of a Poisson variable of mean $mean is $tail', ({ count, mean, tail }) => {
  expect(poissonTail(count, mean) / (tail || 1)).toBeCloseTo(tail === 0 ? 0 : 1, 3)
})

test('who shares everything meets everybody: the same meetings are evidence of those who share little only', () => {
  const three = { objects: 3, chance: 0.045, logSharers: 3 * Math.log(10) }
  const nothing = { objects: 3, chance: 3, logSharers: 0, trials: 3 }
  expect(isLinked({ ...three, trials: 3 }, nothing)).toBe(true)
  expect(isLinked({ ...three, trials: 60 }, nothing)).toBe(false)
})
