// A crisis in the past of a topic, and what is known of it: every slice is taught once, in order, as if it had been watched.
import { expect, test } from 'vitest'
import { Baseline } from './3-measure/baseline.ts'
import { clockLimits } from './3-measure/event-clock.ts'
import { StageTracker } from './4-detect/stage.ts'
import { budgetPerDay } from './4-detect/surge.ts'
import { TellingSurge } from './4-detect/telling-surge.ts'
import { VelocityDetector } from './4-detect/velocity-detector.ts'
import { nothingApart } from './apart.ts'
import { teachPast } from './taught-past.ts'

const first = 28_333_440 // minute since 1970: a midnight

class Recorded extends Baseline {
  readonly taught: number[] = []
  override learn(slice: number, count: number | null): void {
    if (count !== null) this.taught.push(slice)
    super.learn(slice, count)
  }
}

/** Stretches of minutes, one after the other; perMinute null: nothing is known of them. */
function taught(course: readonly { readonly minutes: number; readonly perMinute: number | null }[]) {
  const minutes: [number, number][] = [], known: [number, number][] = []
  let end = first
  for (const { minutes: length, perMinute } of course) {
    if (perMinute !== null) {
      known.push([end * 60, (end + length) * 60 - 1])
      for (let minute = end; minute < end + length; minute++) minutes.push([minute, perMinute + (minute % 3) - 1])
    }
    end += length
  }
  const baseline = new Recorded(), clock = end * 60 - 1, due = Math.floor((clock - clockLimits.lateSecondsMax) / baseline.sliceSeconds)
  const of = { baseline, detector: new VelocityDetector(), surge: new TellingSurge(budgetPerDay('2 per 8h')), stages: new StageTracker(), apart: nothingApart }
  const after = teachPast(of, { hours: [], minutes, known }, {
    clock, live: due, liveAfter: (slice) => slice, end: due, keptFrom: end, countOf: () => expect.unreachable('nothing is its own'), countOfMinute: () => expect.unreachable('nothing is its own'), lastMinute: end - 1,
  })
  const all = known.flatMap(([from, to]) => Array.from({ length: Math.floor((to + 1 - from) / 300) }, (_, at) => from / 300 + at)).filter((slice) => slice < due)
  return { taught: baseline.taught, all, next: after.next, due, learnt: after.learnt, open: of.surge.open }
}
const calm = { minutes: 1440, perMinute: 3 }, crisis = { minutes: 60, perMinute: 20 }

test.each([
  { why: 'lasts beyond a gap in which it came to be believed', course: [calm, crisis, { minutes: 600, perMinute: null }, crisis], open: true },
  { why: 'is over after it was believed', course: [calm, { ...crisis, minutes: 420 }, { minutes: 240, perMinute: 3 }], open: false },
])('a crisis that $why is learnt whole, each slice once', ({ course, open }) => {
  const found = taught(course)
  expect([found.taught, found.next, found.learnt, found.open]).toEqual([found.all, found.due, found.all.length, open])
})

test('a crisis that is not over and not believed is set apart, and learning goes on where it begins', () => {
  const { taught: slices, all, next, learnt, open } = taught([calm, crisis])
  expect([slices, open]).toEqual([all.filter((slice) => slice < next), true])
  expect([next * 5 - 1440 - first, learnt]).toEqual([expect.closeTo(0, -1), slices.length])
})
