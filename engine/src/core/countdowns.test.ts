import { expect, test } from 'vitest'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { preparedBatch } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'

const begin = 1_700_000_040
const name = { zh: '题', en: 'topic' }
const rules: Rules = { topics: [{ id: 'a', name, query: 'a', velocity: [{ count: 50, within: '10m' }, { count: 400, within: '1h' }, { count: 5000, within: '24h' }] }, { id: 'none', name, query: 'b' }] }

/** Ten minutes of `perMinute` mentions from weibo, a tick each second. */
function afterTen(perMinute: number, engine = new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 10_000, silence: { blindSeconds: 300 } })): Engine {
  for (let second = begin, id = 0, seq = 0; second < begin + 600; second++) {
    const rows = second % 60 === 0 ? Array.from({ length: perMinute }, () => ({ id: ++id, second, topics: [0] })) : []
    if (rows.length > 0) engine.step({ kind: 'batch', batch: preparedBatch(rows, { seq: ++seq, time: second * 1000 }) })
    engine.step({ kind: 'tick', seq: ++seq, now: second * 1000 })
  }
  return engine
}

test('every threshold of a topic is listed: what has tripped has no countdown, the others do', () => {
  const [tripped, near, far] = afterTen(20).countdowns('a')!
  expect(tripped).toMatchObject({ count: 50, within: '10m', held: 200, tripped: true, countdown: null })
  expect(near).toMatchObject({ count: 400, within: '1h', held: 200, tripped: false, countdown: { horizonSeconds: 3600 } })
  expect(near!.countdown!.probability).toBeGreaterThan(0.4)
  expect(far!.countdown!.probability).toBeLessThan(0.4)
})

test('the wall shows the countdown of the rule that it shows, in whole hundredths', () => {
  const engine = afterTen(20)
  const figure = engine.countdowns('a')![1]!.countdown!
  expect(engine.topics(1)[0]).toMatchObject({ id: 'a', window: '1h', countdown: { ...figure, probability: Math.floor(100 * figure.probability) / 100 } })
  expect(engine.topics(2)[1]).toMatchObject({ id: 'none', countdown: null })
})

test('looking changes nothing: an engine that was asked answers as one that was not', () => {
  const engine = afterTen(20)
  for (let n = 0; n < 3; n++) engine.countdowns('a')
  expect(engine.countdowns('a')).toEqual(afterTen(20).countdowns('a'))
  expect(engine.topics(2)).toEqual(afterTen(20).topics(2))
})

test('while a source that the topic depends on is blind there is no countdown: what is counted is not what is there', () => {
  const engine = afterTen(4)
  expect(engine.countdowns('a')!.every(({ countdown }) => countdown !== null)).toBe(true)
  for (let second = begin + 600; second < begin + 1800; second++) engine.step({ kind: 'tick', seq: second, now: second * 1000 })
  expect(engine.silence.blind).toEqual(['weibo'])
  expect(engine.countdowns('a')!.map(({ countdown }) => countdown)).toEqual([null, null, null])
})

test('a topic that waits for its past has no countdown, nor has one before the first mention', () => {
  const filling = afterTen(4, new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 10_000, filling: true, fillSeq: 9 }))
  expect(filling.countdowns('a')!.map(({ countdown }) => countdown)).toEqual([null, null, null])
  expect(new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 10_000 }).countdowns('a')!.map(({ held, countdown }) => [held, countdown])).toEqual([[0, null], [0, null], [0, null]])
})

test('a topic that is not watched has none', () => {
  expect(afterTen(1).countdowns('other')).toBeNull()
})
