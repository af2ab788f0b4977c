import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alertKey, alertKeys, foldedRow, noChoice, type Choice } from './alert-keys.ts'
import { alertsQuery, alertsViewOf } from './alerts-address.ts'
import { stateFilters } from './alert-groups.ts'
import { grades } from '@groundswell/schemas/grade.ts'

const rows = { shown: ['a', 'b', 'c'], folded: [] }
const folding = { shown: ['a', 'b', 'c'], folded: ['d', 'e'] }
const chosen = (topic: string | null, ...selected: string[]): Choice => ({ chosen: topic, selected: new Set(selected) })

describe('moving', () => {
  test.each([
    ['j', null, 'a'], ['j', 'a', 'b'], ['ArrowDown', 'c', 'c'], ['k', 'b', 'a'], ['ArrowUp', 'a', 'a'], ['Home', 'c', 'a'], ['End', 'a', 'c'], ['PageDown', 'a', 'c'], ['j', 'gone', 'a'], ['End', null, 'c'], ['k', null, 'a'],
  ])('%s from %s is %s', (key, from, to) => expect(alertKey(key, chosen(from), rows)).toEqual({ kind: 'choose', choice: chosen(to) }))
  test('reaches the folded row, which opens in place', () => {
    expect(alertKey('j', chosen('c'), folding)).toEqual({ kind: 'choose', choice: chosen(foldedRow) })
    expect(alertKey('Enter', chosen(foldedRow), folding)).toEqual({ kind: 'unfold' })
    expect(alertKey('a', chosen(foldedRow), folding)).toBeNull()
  })
  test('through nothing is nothing', () => expect(alertKey('j', noChoice, { shown: [], folded: [] })).toBeNull())
  test('a walk of steps never leaves the rows', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('j', 'k', 'Home', 'End', 'PageUp', 'PageDown', 'x')), fc.nat(5), (keys, length) => {
      const of = { shown: ['a', 'b', 'c', 'd', 'e'].slice(0, length), folded: length > 3 ? ['z'] : [] }
      let choice = noChoice
      for (const key of keys) {
        const does = alertKey(key, choice, of)
        if (does?.kind === 'choose') choice = does.choice
        if (choice.chosen !== null) expect([...of.shown, ...(of.folded.length > 0 ? [foldedRow] : [])]).toContain(choice.chosen)
        expect(choice.selected.has(foldedRow)).toBe(false)
      }
    }))
  })
})

describe('deeds', () => {
  test.each(Object.entries(alertKeys))('%s is %s, of the chosen one', (key, deed) => expect(alertKey(key, chosen('b'), rows)).toEqual({ kind: 'deed', deed, topics: ['b'] }))
  test('need somebody to be about', () => expect(alertKey('a', noChoice, rows)).toBeNull())
  test('Shift+A acknowledges all that are selected, or the chosen one', () => {
    expect(alertKey('A', chosen('b', 'a', 'c'), rows)).toEqual({ kind: 'deed', deed: 'acknowledge', topics: ['a', 'c'] })
    expect(alertKey('A', chosen('b'), rows)).toEqual({ kind: 'deed', deed: 'acknowledge', topics: ['b'] })
  })
  test('x selects and lets go, Escape lets all go', () => {
    expect(alertKey('x', chosen('b'), rows)).toEqual({ kind: 'choose', choice: chosen('b', 'b') })
    expect(alertKey('x', chosen('b', 'b'), rows)).toEqual({ kind: 'choose', choice: chosen('b') })
    expect(alertKey('Escape', chosen('b', 'a'), rows)).toEqual({ kind: 'choose', choice: chosen('b') })
    expect(alertKey('Escape', chosen('b'), rows)).toBeNull()
  })
  test('no other key means anything', () => expect(['z', 'Tab', 'toString', 'F5'].map((key) => alertKey(key, chosen('a'), rows))).toEqual([null, null, null, null]))
})

test('the address holds the whole of what is shown', () => {
  fc.assert(fc.property(fc.record({
    state: fc.constantFrom(...stateFilters), grades: fc.subarray([...grades]), text: fc.string({ maxLength: 20 }), mine: fc.boolean(), chosen: fc.option(fc.string({ minLength: 1, maxLength: 20 })), opened: fc.boolean(),
  }), (view) => { expect(alertsViewOf(alertsQuery(view))).toEqual(view) }))
  expect(alertsViewOf('state=toString&grade=huge,severe&mine=yes')).toEqual({ ...alertsViewOf(''), grades: ['severe'] })
})
