import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DraftKeeper, draftsMax, tabName, type KeptDraft } from './kept-draft.ts'
import { isChanged, lineDiff, type DiffRow } from './line-diff.ts'
import { rulesLimits, spreadMeasures as measuresOfSchema } from '@groundswell/schemas/rules.ts'
import { draftOf, freeId, newTopic, placeOf, ruleLimits, spreadMeasures, topicOf } from './topic-draft.ts'

describe('a topic in the form', () => {
  test.each([
    { id: 'a', query: 'x' }, { id: 'a', name: { zh: '甲' }, query: 'x', velocity: [{ count: 5, within: '10m' }], baseline: {} },
    { id: 'a', name: { zh: '甲', en: 'A' }, query: 'x', velocity: [{ count: 5, within: '10m', grade: 'severe' }], baseline: { alarmBudget: '2 per 8h' }, spread: [{ R: 1.5, within: '1h' }, { size: 9, within: '1h', grade: 'minor' }] },
  ])('comes out as it went in: %j', (topic) => { expect(topicOf(draftOf(topic))).toEqual(topic) })

  test('numbers are read as people write them, and what is none goes as it is', () => {
    const draft = { ...newTopic('a'), velocity: ['20,000', '2 000', '1，000', 'many', ''].map((count) => ({ count, within: ' 1h ', grade: '' as const })) }
    expect((topicOf(draft)['velocity'] as { count: unknown }[]).map(({ count }) => count)).toEqual([20_000, 2000, 1000, 'many', ''])
  })

  test('whatever stands in the file is shown as far as it can be', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => { expect(() => topicOf(draftOf(value))).not.toThrow() }))
  })

  test('knows the measures and limits of the contract', () => {
    expect([spreadMeasures, ruleLimits]).toEqual([measuresOfSchema, { linesMax: rulesLimits.velocityRulesMax, bytesMax: rulesLimits.bytesMax }])
  })

  test('stays the topic it is where another goes, and where it goes itself the next is shown', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id }))
    expect([placeOf('c', 2, [b, c]), placeOf('a', 0, [a, a, c]), placeOf('b', 1, [a, b, b]), placeOf('a', 0, [b, c]), placeOf('c', 2, [a]), placeOf('a', 0, [])]).toEqual([1, 0, 1, 0, 0, -1])
  })

  test('an id that is free', () => { expect([freeId('outage', new Set(['outage'])), freeId('outage-2', new Set(['outage-2', 'outage-3']))]).toEqual(['outage-2', 'outage-4']) })
})

describe('the difference', () => {
  const applied = (rows: readonly DiffRow[], kind: 'gone' | 'added'): string[] => rows.flatMap((row) => (row.kind === kind ? [row.text] : []))

  test('shows what is gone and added with its lines, and folds what is far away', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}`)
    expect(lineDiff(before.join('\n'), before.with(10, 'new').join('\n'))).toEqual([
      { kind: 'skipped', lines: 8 }, { kind: 'same', text: 'line 8', line: 9 }, { kind: 'same', text: 'line 9', line: 10 }, { kind: 'gone', text: 'line 10', line: 11 }, { kind: 'added', text: 'new', line: 11 },
      { kind: 'same', text: 'line 11', line: 12 }, { kind: 'same', text: 'line 12', line: 13 }, { kind: 'skipped', lines: 7 },
    ])
    expect(isChanged(lineDiff('a\nb', 'a\nb'))).toBe(false)
  })

  test('what is gone and what is added make the one text of the other, and no line is both needlessly', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))
    fc.assert(fc.property(text, text, (before, after) => {
      const rows = lineDiff(before, after)
      const count = (lines: readonly string[], line: string): number => lines.filter((one) => one === line).length
      for (const line of ['a', 'b', 'c', '']) {
        expect(count(before.split('\n'), line) - count(applied(rows, 'gone'), line)).toBe(count(after.split('\n'), line) - count(applied(rows, 'added'), line))
      }
      expect(isChanged(rows)).toBe(before !== after)
      const lines = rows.reduce((sum, row) => sum + (row.kind === 'skipped' ? row.lines : row.kind === 'gone' ? 0 : 1), 0)
      expect(lines).toBe(after.split('\n').length)
    }))
  })
})

describe('what was not saved', () => {
  const room = (most = Infinity): Storage => {
    const held = new Map<string, string>()
    const size = (): number => [...held.values()].reduce((sum, { length }) => sum + length, 0)
    return {
      getItem: (key: string) => held.get(key) ?? null, removeItem: (key: string) => void held.delete(key), key: (at: number) => [...held.keys()][at] ?? null, get length() { return held.size },
      setItem: (key: string, value: string) => { if (size() - (held.get(key)?.length ?? 0) + value.length > most) throw new Error('full'); held.set(key, value) },
    } as unknown as Storage
  }
  const draft = (text: string, at = 5): KeptDraft => ({ base: 3, text, changes: [], at })

  test('is found again by its tab, with what the form had not handed over yet, and gone when there is nothing to keep', () => {
    const storage = room()
    const tab = new DraftKeeper(storage, 'a')
    expect(tab.find(9)).toBeNull()
    const typed = { ...draft('topics: []'), changes: [{ at: 0, topic: { id: 'x' } }, { at: null, topic: { id: 'y' } }] }
    expect(tab.keep(typed, false)).toBe(true)
    expect(new DraftKeeper(storage, 'a').find(9)).toEqual(typed)
    tab.keep(null, false)
    expect(tab.find(9)).toBeNull()
  })

  test('is found by another tab once its own has left or has said nothing for an hour, and by one only', () => {
    const storage = room()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new DraftKeeper(storage, name)) as [DraftKeeper, DraftKeeper, DraftKeeper]
    a.keep(draft('of a'), false)
    expect(b.find(9)).toBeNull()
    a.keep(draft('of a'), true)
    expect([b.find(9)?.text, c.find(9)]).toEqual(['of a', null])
    b.keep(draft('of b'), false)
    expect([c.find(3_600_004), c.find(3_600_006)?.text]).toEqual([null, 'of b'])
  })

  test('the oldest of too many is forgotten, also where there is no room for more', () => {
    const storage = room()
    for (let n = 0; n <= draftsMax; n++) new DraftKeeper(storage, `tab ${n}`).keep(draft(`of ${n}`, n), false)
    expect([storage.length, new DraftKeeper(storage, 'tab 0').find(9), new DraftKeeper(storage, 'tab 1').find(9)?.text]).toEqual([draftsMax, null, 'of 1'])
    const small = room(300)
    expect([new DraftKeeper(small, 'a').keep(draft('x'.repeat(200)), true), new DraftKeeper(small, 'b').keep(draft('y'.repeat(200)), true), new DraftKeeper(small, 'b').find(9)?.text.length, small.length]).toEqual([true, true, 200, 1])
    expect(new DraftKeeper(small, 'c').keep(draft('z'.repeat(400)), true)).toBe(false)
  })

  test('is nothing where the window keeps nothing, or something else', () => {
    const odd = room()
    odd.setItem('groundswell-rules-draft a', '{"base":"x"}')
    expect([new DraftKeeper(odd, 'a').find(0), new DraftKeeper(null, 'a').find(0), new DraftKeeper(null, 'a').keep(draft(''), true)]).toEqual([null, null, false])
  })

  test('a tab has one name', () => {
    const session = room()
    expect([tabName(session, () => 'a'), tabName(session, () => 'b'), tabName(null, () => 'c')]).toEqual(['a', 'a', 'c'])
  })
})
