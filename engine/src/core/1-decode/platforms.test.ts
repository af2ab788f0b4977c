// Platforms are numbered as a Map of their names would number them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Platforms } from './platforms.ts'

test('numbers platforms in the order of their first appearance, anew after clear()', () => {
  const platforms = new Platforms()
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-c_]{1,3}$/), { minLength: 1 }), (names) => {
    platforms.clear()
    const distinct = [...new Set(names)]
    const bytes = new TextEncoder().encode(names.join(''))
    let end = 0
    for (const name of names) expect(platforms.idOf(bytes, end, (end += name.length))).toBe(distinct.indexOf(name))
    expect(platforms.names).toEqual(distinct)
  }))
})

test('a batch with more platforms than numbers gives the last one to the rest', () => {
  const platforms = new Platforms()
  const bytes = new TextEncoder().encode(Array.from({ length: 65_540 }, (_, n) => n.toString(36).padStart(4, '0')).join(''))
  const ids = Array.from({ length: 65_540 }, (_, n) => platforms.idOf(bytes, 4 * n, 4 * n + 4))
  expect(ids.slice(65_534)).toEqual([65_534, 65_535, 65_535, 65_535, 65_535, 65_535])
  expect(platforms.names).toHaveLength(65_536)
})
