// After a gap of the feed its hours are no zeros, neither for what is normal nor for the peaks of days.
import { expect, test } from 'vitest'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { baselineLimits } from './3-measure/baseline.ts'
import { Gaps } from './3-measure/gaps.ts'
import { TopicWheels } from './3-measure/topic-wheels.ts'
import { Adaptive } from './adaptive.ts'

const first = 28_333_440 // minute since 1970: a midnight
const rules: TopicRules = { id: 't', name: { zh: '题', en: 'topic' }, query: 'x', baseline: {} }

/** A steady topic: four days, a gap, and some minutes more; its reading when the gap began and after those. */
function readings({ gapMinutes, after }: { readonly gapMinutes: number; readonly after: number }) {
  const wheels = new TopicWheels(rules, first * 60), adaptive = new Adaptive(rules, first * 60), gaps = new Gaps(baselineLimits.sliceSeconds)
  const steady = (from: number, to: number): void => {
    for (let minute = from; minute < to; minute++) {
      wheels.minutes.add(minute, minute, minute % 7 === 0 ? 9 : 3)
      expect(adaptive.look({ wheels, gaps, minute, tripped: false, isHeld: false })).toEqual([])
    }
  }
  const begins = first + 4 * 1440
  steady(first, begins)
  const before = adaptive.reading
  const ends = begins + gapMinutes
  gaps.add(begins * 60 - 1, ends * 60)
  adaptive.skip(ends - 1)
  steady(ends, ends + after)
  return { before: before!, after: adaptive.reading, covers: [60, 300, 3600, 7200, 86_400].filter((seconds) => adaptive.baseline.covers(60 * (ends + after) - 1, seconds)) }
}

test.each([{ gapMinutes: 3 * 60 }, { gapMinutes: 10 * 60 }, { gapMinutes: 3 * 1440 }, { gapMinutes: 3 * 1440 + 3 }])('after a gap of $gapMinutes min a normal hour is as rare among days as before', ({ gapMinutes }) => {
  const { before, after } = readings({ gapMinutes, after: 200 })
  expect(after!.score).toBeLessThan(before.score + 0.1)
})

test.each([
  { after: 1, covers: [60] }, { after: 5, covers: [60, 300] }, { after: 59, covers: [60, 300] }, { after: 60, covers: [60, 300, 3600] }, { after: 120, covers: [60, 300, 3600, 7200] },
])('$after min after a gap only windows that hold none of it are spoken of', ({ after, covers }) => {
  expect(readings({ gapMinutes: 600, after }).covers).toEqual(covers)
})
