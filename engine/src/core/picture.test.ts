import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Action } from '@groundswell/schemas/action.ts'
import { levelRank, type Grade } from '@groundswell/schemas/grade.ts'
import { liveLimits } from '@groundswell/schemas/live.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { preparedBatch } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'

type Rule = { count: number; within: string; grade?: Grade }
const t0 = 1_700_000_040
const rulesOf = (topics: Readonly<Record<string, readonly Rule[]>>): Rules => ({
  topics: Object.entries(topics).map(([id, velocity]) => ({ id, name: { zh: '题', en: 'topic' }, query: 'x', velocity: [...velocity] })),
})

/** `counts[i]` mentions of topic i in one second, which has closed. */
function afterMentions(rules: Rules, counts: readonly number[]): Engine {
  const engine = new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 10_000 })
  let id = 0
  const rows = counts.flatMap((count, topic) => Array.from({ length: count }, () => ({ id: ++id, second: t0, topics: [topic] })))
  engine.step({ kind: 'batch', batch: preparedBatch(rows) })
  engine.step({ kind: 'tick', seq: 2, now: (t0 + 1) * 1000 })
  return engine
}

const minor = { count: 10, within: '10m' }
const moderate = { count: 20, within: '30m', grade: 'moderate' } as const
const severe = { count: 40, within: '1h', grade: 'severe' } as const

test.each<{ rules: readonly Rule[]; count: number; shown: string; why: string }>([
  { rules: [severe, minor], count: 5, shown: '5/10m → 10', why: 'nothing has tripped: the nearest' },
  { rules: [minor, moderate, severe], count: 12, shown: '12/30m → 20', why: 'the first has tripped: the next' },
  { rules: [severe, moderate, minor], count: 25, shown: '25/1h → 40', why: 'only the last is left, wherever it stands in the file' },
  { rules: [moderate, minor], count: 99, shown: '99/30m → 20', why: 'all have tripped: the highest grade' },
  { rules: [{ ...minor, count: 3 }, { ...minor, count: 9, within: '20m' }, { ...minor, count: 4, within: '40m' }], count: 9, shown: '9/20m → 9', why: 'all have tripped with one grade: the largest count' },
  { rules: [{ ...moderate, within: '2h' }, moderate], count: 5, shown: '5/2h → 20', why: 'equally near: the first of the file' },
  { rules: [], count: 5, shown: '5/1h → null', why: 'there is no rule: the last hour' },
])('$count mentions show $shown: $why', ({ rules, count, shown }) => {
  const row = afterMentions(rulesOf({ a: rules }), [count]).topics(1)[0]!
  expect(`${row.count}/${row.window} → ${row.threshold}`).toBe(shown)
})

test('one topic that is asked for by its id is the row that it is among all', () => {
  const topics = { a: [minor], b: [minor, severe], c: [] }
  const counts = [4, 30, 2]
  const all = afterMentions(rulesOf(topics), counts).topics(9)
  for (const row of all) expect(afterMentions(rulesOf(topics), counts).topic(row.id)).toEqual(row)
  expect(afterMentions(rulesOf(topics), counts).topic('d')).toBe(null)
})

test.each<{ topics: Readonly<Record<string, readonly Rule[]>>; counts: readonly number[]; order: string; why: string }>([
  { topics: { a: [minor], b: [moderate] }, counts: [19, 20], order: 'b a', why: 'a level comes before any nearness' },
  { topics: { a: [minor, severe], b: [minor, moderate] }, counts: [12, 12], order: 'b a', why: 'of one level, the shown rule that is nearer: 12 of 20 before 12 of 40' },
  { topics: { a: [minor], b: [minor, severe] }, counts: [11, 30], order: 'a b', why: 'a rule that is past its threshold is nearer than one on its way' },
  { topics: { b: [minor], a: [minor] }, counts: [4, 4], order: 'a b', why: 'all else alike: by id' },
  { topics: { a: [{ count: 10, within: '10m' }], b: [{ count: 5, within: '10m' }] }, counts: [6, 3], order: 'a b', why: 'equally near: more mentions a minute' },
])('the order is $order: $why', ({ topics, counts, order }) => {
  expect(afterMentions(rulesOf(topics), counts).topics(9).map((row) => row.id).join(' ')).toBe(order)
})

const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const anything = fc.record({
  counts: fc.array(fc.constantFrom(0, 5, 12, 25, 45), { minLength: ids.length, maxLength: ids.length }),
  deeds: fc.array(fc.record({ topic: fc.constantFrom(...ids), what: fc.constantFrom('acknowledge', 'work', 'resolve', 'reopen', 'note', 'silence', 'unsilence'), grade: fc.constantFrom<Grade>('minor', 'moderate', 'severe') }), { maxLength: 10 }),
})

test('of one grade, what nobody has seen comes before what somebody took or silenced; within each the order is as before', () => {
  fc.assert(fc.property(anything, ({ counts, deeds }) => {
    const engine = afterMentions(rulesOf(Object.fromEntries(ids.map((id) => [id, [minor, moderate, severe]]))), counts)
    const before = engine.topics(9).map(({ id }) => id)
    const now = (t0 + 2) * 1000
    deeds.forEach(({ topic, what, grade }, index) => {
      const alert = engine.picture(now).alerts.find((row) => row.topic === topic)?.id ?? 'none'
      const action = (what === 'silence' ? { what, topic, grade, until: now + 60_000, reason: 'r' } : what === 'unsilence' ? { what, topic } : what === 'note' ? { what, alert, text: 'n' } : { what, alert }) as Action
      engine.step({ kind: 'command', seq: 3 + index, now, command: { kind: 'act', id: `c${index}`, by: 'li', action } })
    })
    const { topics, alerts, silences } = engine.picture(now)
    // One mention's second raises every rule it reaches: the gravest is the newest, and the one that people see first.
    const isSeen = ({ id, level }: { id: string; level: string }): boolean => {
      const gravest = alerts.filter(({ topic, clearedAt }) => topic === id && clearedAt === null).toSorted((a, b) => levelRank(b.grade) - levelRank(a.grade))[0]
      return level !== 'normal' && ((gravest?.handling?.state ?? 'new') !== 'new' || silences.some((one) => one.topic === id && levelRank(one.grade) >= levelRank(level as Grade)))
    }
    expect(topics.map((row) => row.taken === true)).toEqual(topics.map(isSeen))
    const wanted = topics.toSorted((a, b) => levelRank(b.level) - levelRank(a.level) || Number(isSeen(a)) - Number(isSeen(b)) || before.indexOf(a.id) - before.indexOf(b.id))
    expect(topics.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id))
    expect(engine.topics(9)).toEqual(topics)
    for (const row of topics) expect(engine.topic(row.id)).toEqual(row)
  }), { numRuns: 40 })
})

test('where there are more topics than a picture holds, those that wait are in it', () => {
  const many = Array.from({ length: 30 }, (_, index) => `t${String(index).padStart(2, '0')}`)
  const engine = afterMentions(rulesOf(Object.fromEntries(many.map((id) => [id, [minor]]))), many.map(() => 12))
  const first = engine.picture(t0 * 1000 + 2000)
  first.topics.slice(0, 10).forEach(({ id }, index) => {
    const alert = first.alerts.find(({ topic }) => topic === id)!.id
    engine.step({ kind: 'command', seq: 3 + index, now: (t0 + 2) * 1000, command: { kind: 'act', id: `c${index}`, by: 'li', action: { what: 'acknowledge', alert } } })
  })
  const { topics } = engine.picture((t0 + 2) * 1000)
  expect(topics.filter(({ taken }) => taken !== true)).toHaveLength(20)
  expect(topics.slice(0, 20).map(({ id }) => id)).toEqual(many.slice(10))
})

// Small numbers everywhere, so that topics are often as near and as full as each other, and windows end while nothing comes.
const many = Array.from({ length: 30 }, (_, index) => `t${String((index * 7) % 30).padStart(2, '0')}`)
const topic = fc.nat(many.length - 1)
const steps = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('mentions' as const), counts: fc.array(fc.record({ topic, count: fc.integer({ min: 1, max: 9 }), behind: fc.nat(40) }), { maxLength: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), seconds: fc.constantFrom(1, 7, 61, 640) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rules' as const), without: topic, count: fc.constantFrom(2, 5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fill' as const), topic, count: fc.integer({ min: 1, max: 30 }), ago: fc.nat(600) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('silence' as const), topic }) },
), { minLength: 5, maxLength: 40 })
const rulesWith = (count: number, without = -1): Rules => rulesOf(Object.fromEntries(many.filter((_, index) => index !== without)
  .map((id, index) => [id, index % 4 === 3 ? [] : [{ count, within: '1m' }, { count: 3 * count, within: '10m', grade: index % 2 === 0 ? 'moderate' : 'severe' }]])))

test('what is remembered from one picture to the next never makes it another: it is as if every topic were looked at', () => {
  fc.assert(fc.property(steps, (all) => {
    const engine = new Engine({ rules: rulesWith(4), rulesSeq: 0, stream: 1, seenMax: 10_000 })
    let [now, id, seq, rulesSeq, topics] = [t0, 0, 1, 0, many.length]
    for (const step of all) {
      seq++
      if (step.kind === 'time') engine.step({ kind: 'tick', seq, now: (now += step.seconds) * 1000 })
      else if (step.kind === 'mentions') engine.step({ kind: 'batch', batch: preparedBatch(step.counts.flatMap((one) => Array.from({ length: one.count }, () => ({ id: ++id, second: now - one.behind, topics: [one.topic % topics] }))), { seq, time: now * 1000, rulesSeq }) })
      else if (step.kind === 'rules') {
        const rules = rulesWith(step.count, step.without);
        [rulesSeq, topics] = [seq, rules.topics.length]
        engine.step({ kind: 'command', seq, now: now * 1000, command: { kind: 'rules', text: JSON.stringify(rules) } })
      } else if (step.kind === 'fill') {
        const past = { id: many[step.topic]!, seconds: [[now - step.ago, step.count]] as [number, number][], minutes: [[Math.floor((now - step.ago) / 60), step.count]] as [number, number][] }
        engine.step({ kind: 'command', seq, now: now * 1000, command: { kind: 'fill', rules: rulesSeq, topics: [past] } })
      } else engine.step({ kind: 'command', seq, now: now * 1000, command: { kind: 'act', id: `a${seq}`, by: 'li', action: { what: 'silence', topic: many[step.topic]!, grade: 'severe', until: now * 1000 + 600_000, reason: 'r' } } })
      expect(engine.picture(now * 1000).topics).toEqual(engine.topics(liveLimits.topicsMax))
    }
  }), { numRuns: 30 })
})
