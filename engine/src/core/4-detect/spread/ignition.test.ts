// Sleepers, through the whole engine: a quiet cascade that one repost wakes up.
import { expect, test } from 'vitest'
import { ignitionEventSchema, identifiedIgnitionEventSchema, type IdentifiedIgnitionEvent } from '@groundswell/schemas/spike.ts'
import { preparedBatch, type PlainRow } from '../../../../test/prepared-batch.ts'
import { Engine } from '../../engine.ts'
import { drawsMore } from './ignition.ts'

const begin = 1_700_000_000
const hour = 3600

function told(rows: readonly PlainRow[], spread: boolean = true): IdentifiedIgnitionEvent[] {
  const engine = new Engine({ rules: { topics: [{ id: 'a', name: { zh: '题', en: 'a' }, query: 'x', ...(spread ? { spread: [] } : {}) }] }, rulesSeq: 0, stream: 1 })
  const effects = [...rows, { id: 999_999, second: rows.at(-1)!.second + 1 }].flatMap((row, seq) => engine.step({ kind: 'batch', batch: preparedBatch([row], { seq: seq + 1 }) }))
  expect(effects.filter(({ kind }) => kind === 'alert')).toEqual([])
  return effects.flatMap((effect) => (effect.kind === 'event' && effect.event.kind === 'ignition' ? [effect.event] : []))
}

/** A cascade of so many within two minutes. */
const quietCascade = (size: number): PlainRow[] => Array.from({ length: size }, (_, i) => ({ id: i + 1, second: begin + 10 * i, topics: i === 0 ? [0] : [], parent: i === 0 ? 0 : 1 }))
/** A mention under the root after a while, and others under it, one every so many seconds. */
function repost({ after, drawn, every, under = 500 }: { readonly after: number; readonly drawn: number; readonly every: number; readonly under?: number }): PlainRow[] {
  const at = begin + 110 + after
  return [{ id: 500, second: at, parent: 1, followers: 2_000_000 }, ...Array.from({ length: drawn }, (_, i) => ({ id: 501 + i, second: at + every * (i + 1), parent: under }))]
}

test('a repost after a quiet hour that draws more than chance is told once, while it happens', () => {
  const [event, ...more] = told([...quietCascade(12), ...repost({ after: hour, drawn: 200, every: 20 })])
  expect(more).toEqual([])
  expect(event).toEqual({
    kind: 'ignition', topic: 'a', grade: 'minor', at: '2023-11-14T23:18:50Z', root: '1', mention: '500', since: '2023-11-14T23:15:10Z', followers: 2_000_000, quietSeconds: hour, gained: 11, size: 24, id: 'a/ignition/1/2023-11-14T23:18:50Z',
    reason: { zh: expect.stringMatching(/^沉寂 60 分钟后被一次转发（2000000 粉丝）重新点燃：3 分钟内带来 \d+ 条；传播共 \d+ 条$/), en: expect.stringMatching(/^quiet for 60 min, then one repost by an account with 2000000 followers drew \d+ mentions within 3 min; \d+ in all$/) },
  })
  expect(identifiedIgnitionEventSchema.parse(event)).toEqual(event)
  const { id: _ofNats, ...line } = event!
  expect(Object.keys(ignitionEventSchema.parse(line))).toEqual(Object.keys(line))
})

test.each([
  { why: 'an hour less a second is not quiet', rows: [...quietCascade(12), ...repost({ after: hour - 1, drawn: 200, every: 20 })] },
  { why: 'nine mentions are no cascade to speak of', rows: [...quietCascade(9), ...repost({ after: hour, drawn: 200, every: 20 })] },
  { why: 'who draws ten an hour draws no more than chance', rows: [...quietCascade(12), ...repost({ after: hour, drawn: 30, every: 360 })] },
  { why: 'what others draw is not its own', rows: [...quietCascade(12), ...repost({ after: hour, drawn: 200, every: 20, under: 1 })] },
])('$why: nothing is told', ({ rows }) => { expect(told(rows)).toEqual([]) })

test('of two that drew enough in one second the one that came last is told', () => {
  const at = begin + 110 + hour
  const first = [{ id: 400, second: at, parent: 1 }, ...Array.from({ length: 10 }, (_, i) => ({ id: 401 + i, second: at + 1, parent: 400 }))]
  const second = [{ id: 500, second: at + hour + 1, parent: 400 }, ...Array.from({ length: 20 }, (_, i) => ({ id: 501 + i, second: at + hour + 20, parent: 500 }))]
  expect(told([...quietCascade(12), ...first, ...second]).map(({ mention, gained }) => ({ mention, gained }))).toEqual([{ mention: '500', gained: 20 }])
})

test('a topic that says nothing of spread tells of no ignition', () => {
  expect(told([...quietCascade(12), ...repost({ after: hour, drawn: 200, every: 20 })], false)).toEqual([])
})

test('the line of chance rises by the hour', () => {
  expect([drawsMore(9, 0), drawsMore(10, 0), drawsMore(24, hour), drawsMore(25, hour), drawsMore(40, 2 * hour)]).toEqual([false, true, false, true, true])
})
