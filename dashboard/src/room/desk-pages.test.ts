import { describe, expect, test } from 'vitest'
import { deskKey, deskPages, goMsMax, takesText, type Press } from './desk-pages.ts'

const press = (key: string, at: number, more: Partial<Press> = {}): Press => ({ key, at, typing: false, modified: false, ...more })

describe('keys of every page', () => {
  test.each(deskPages)('g $key leads to $name', ({ key, address }) => {
    const { since, does } = deskKey(null, press('g', 100))
    expect(does).toEqual({ kind: 'wait' })
    expect(deskKey(since, press(key, 200))).toEqual({ since: null, does: { kind: 'go', address } })
    expect(deskKey(since, press(key, 101 + goMsMax)).does).toBeNull()
  })
  test('each has its own letter, and its own address', () => {
    expect(new Set(deskPages.map(({ key }) => key)).size).toBe(deskPages.length)
    expect(new Set(deskPages.map(({ address }) => address)).size).toBe(deskPages.length)
  })
  test('a letter without a g, or behind another one, is the page\'s own', () => {
    expect(deskKey(null, press('a', 0))).toEqual({ since: null, does: null })
    expect(deskKey(0, press('x', 1))).toEqual({ since: null, does: null })
  })
  test('a question mark asks for the keys, also with the Shift that it takes on most keyboards', () => {
    expect(deskKey(null, press('?', 0)).does).toEqual({ kind: 'help' })
    expect(deskKey(5, press('Shift', 6))).toEqual({ since: 5, does: null })
  })
  test('nothing is taken from a field, or from the browser', () => {
    expect(deskKey(0, press('a', 1, { typing: true }))).toEqual({ since: null, does: null })
    expect(deskKey(null, press('g', 1, { modified: true }))).toEqual({ since: null, does: null })
  })
})

test.each([[{ tagName: 'INPUT', type: 'text' }, true], [{ tagName: 'TEXTAREA' }, true], [{ tagName: 'INPUT', type: 'checkbox' }, false], [{ tagName: 'BUTTON' }, false], [{ tagName: 'DIV', isContentEditable: true }, true], [null, false]] as const)(
  '%j takes text: %s', (target, expected) => expect(takesText(target as unknown as EventTarget | null)).toBe(expected))
