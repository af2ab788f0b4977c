// An alarm that began untold: when it is told after all, and that nothing is told twice.
import { describe, expect, test } from 'vitest'
import { loadAll, savedBytes } from '../../../test/saved.ts'
import { closeOf, readingOf } from './readings.testing.ts'
import { TellingSurge } from './telling-surge.ts'

/** A surge that looks at each minute; two mentions a minute are normal. */
class Watched {
  surge = new TellingSurge(1)
  readonly counts: number[] = []
  readonly told: string[] = []

  constructor() { this.go(1440, 2, false) }

  go(minutes: number, count: number, mayTell: boolean): this {
    for (let left = minutes; left > 0; left--) {
      const at = this.counts.push(count) - 1
      const { told } = this.surge.take(closeOf(at), readingOf(this.counts, at, 2), mayTell)
      if (told) this.told.push(`${told.state} ${told.grade}${told.rises ? ' rises' : ''}`)
    }
    return this
  }
}

describe('an alarm that began untold', () => {
  const untold = (): Watched => new Watched().go(10, 8, false)

  test('stays so while its grade is the same, also where it may be told later: it was part of what was told', () => {
    const watched = untold()
    expect([watched.surge.open, watched.surge.isTold, watched.surge.surge.grade]).toEqual([true, false, 'minor'])
    expect(watched.go(5, 8, true).go(300, 2, true).told).toEqual([])
    expect(watched.surge.open).toBe(false)
  })

  test('is told once when it becomes graver and may be told, and its end', () => {
    const watched = untold().go(20, 60, true)
    expect([watched.told, watched.surge.level]).toEqual([['begin moderate'], 'moderate'])
    expect(watched.go(20, 90, true).go(600, 2, true).told).toEqual(['begin moderate', 'end moderate'])
  })

  test('is not told of a grade that it reached while it might not be told', () => {
    expect(untold().go(20, 60, false).go(20, 90, true).go(600, 2, true).told).toEqual([])
  })

  test('is told when somebody begins to listen while it is loud, and never when it is loud no more', () => {
    const loud = untold()
    loud.surge.listen()
    expect(loud.go(5, 8, true).go(300, 2, true).told).toEqual(['begin minor', 'end minor'])
    const graver = untold().go(20, 60, false)
    graver.surge.listen()
    expect(graver.go(5, 60, true).told).toEqual(['begin moderate'])
    const faded = new Watched().go(60, 30, false).go(25, 2, false)
    faded.surge.listen()
    expect([faded.surge.open, faded.surge.surge.isHeard, faded.go(600, 2, true).told]).toEqual([true, false, []])
  })

  test('a loaded one tells alike', () => {
    for (const listens of [false, true]) {
      const watched = untold()
      if (listens) watched.surge.listen()
      const bytes = savedBytes(watched.surge)
      watched.surge = new TellingSurge(1)
      loadAll(bytes, (from) => watched.surge.load(from))
      expect(savedBytes(watched.surge)).toEqual(bytes)
      expect(watched.go(5, 8, true).told).toEqual(listens ? ['begin minor'] : [])
    }
  })
})

test('what was told is told again only where its grade rises', () => {
  expect(new Watched().go(10, 8, true).go(20, 60, true).go(20, 90, true).go(600, 2, true).told).toEqual(['begin minor', 'begin moderate rises', 'end moderate'])
})
