import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentPages } from './recent-pages.ts'

const size = 10
const max = 3
const pagesOf = (from: number, to: number): number[] => Array.from({ length: Math.max(0, Math.ceil(to / size) - Math.floor(from / size)) }, (_, index) => Math.floor(from / size) + index)

test('what is kept is what was looked at last, and all that is in sight, whatever the order in which pages come', () => {
  const step = fc.record({ from: fc.nat(150), rows: fc.integer({ min: 1, max: 45 }), arrive: fc.array(fc.nat(5), { maxLength: 4 }) })
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const recent = new RecentPages<string>({ size, max })
    const lookedAt = new Map<number, number>() // naively: when each page was looked at last
    const here = new Set<number>()
    let asked: number[] = []
    let time = 0
    for (const { from, rows, arrive } of steps) {
      const sight = [from, from + rows] as const
      const inSight = pagesOf(...sight)
      expect(recent.look(sight)).toEqual(inSight)
      for (const page of inSight) lookedAt.set(page, ++time)
      asked = [...new Set([...asked, ...inSight.filter((page) => !here.has(page))])]
      for (const which of arrive) {
        const page = asked[which % Math.max(1, asked.length)]
        if (page === undefined) continue
        asked = asked.filter((one) => one !== page)
        recent.keep(page, Array.from({ length: size }, (_, row) => `${page}.${row}`), sight)
        here.add(page)
        for (const old of [...here].toSorted((a, b) => lookedAt.get(a)! - lookedAt.get(b)!)) if (here.size > max && !inSight.includes(old)) here.delete(old)
        expect([...recent.entries].map(([one]) => one).toSorted((a, b) => a - b)).toEqual([...here].toSorted((a, b) => a - b))
        for (const one of here) expect([recent.at(one * size), recent.at(one * size + size - 1)]).toEqual([`${one}.0`, `${one}.${size - 1}`])
      }
    }
  }))
})

test('a page that is looked at again and again outlives newer ones that are not', () => {
  const recent = new RecentPages<number>({ size, max })
  for (let page = 0; page < 50; page++) {
    recent.look([page * size, page * size + size])
    recent.keep(page, [page], [page * size, page * size + size])
    recent.look([0, size])
  }
  expect(recent.at(0)).toBe(0)
  expect([...recent.entries]).toHaveLength(max)
})
