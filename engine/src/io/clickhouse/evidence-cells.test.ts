// Pages by time out of cells: wherever the page lies, the few cells that are read hold it whole.
import fc from 'fast-check'
import type { EvidenceFilter } from '@groundswell/schemas/evidence.ts'
import { expect, test } from 'vitest'
import { spanOfPage } from './evidence-cells.ts'

const filter: EvidenceFilter = { from: 90_000, to: 3_570_001, by: 'event', asOf: null, platforms: [], sentiments: [], kinds: [], verified: null, geo: null, author: null, root: null, text: null }
const asked = fc.record({
  times: fc.array(fc.integer({ min: filter.from, max: filter.to - 1 }), { maxLength: 80 }), widthMs: fc.constantFrom(60_000, 120_000, 600_000), order: fc.constantFrom('newest', 'oldest'), offset: fc.nat(90), limit: fc.integer({ min: 1, max: 30 }),
})

test('a page of the cells is that of all mentions, and what is read beside it is of its first and last cell', () => {
  fc.assert(fc.property(asked, ({ times, widthMs, order, offset, limit }) => {
    const sorted = times.toSorted((a, b) => (order === 'oldest' ? a - b : b - a))
    const numbers = [...new Set(times.map((time) => Math.floor(time / widthMs)))].sort((a, b) => a - b)
    const counts = Float64Array.from(numbers, (number) => times.filter((time) => Math.floor(time / widthMs) === number).length)
    const span = spanOfPage(filter, { widthMs, total: times.length, at: Float64Array.from(numbers), counts }, { order, offset, limit })
    const page = sorted.slice(offset, offset + limit)
    expect(span === null).toBe(page.length === 0)
    if (page.length === 0) return
    const read = sorted.filter((time) => time >= span!.filter.from && time < span!.filter.to)
    expect(read.slice(span!.offset, span!.offset + limit)).toEqual(page)
    const cells = new Set([page[0]!, page.at(-1)!].map((time) => Math.floor(time / widthMs)))
    expect(read.filter((time) => !cells.has(Math.floor(time / widthMs))).every((time) => page.includes(time))).toBe(true)
    expect([span!.filter.from >= filter.from, span!.filter.to <= filter.to]).toEqual([true, true])
  }))
})
