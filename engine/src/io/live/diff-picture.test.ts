import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AlertRow, SourceRow, TopicRow } from '@groundswell/schemas/live.ts'
import { diffPicture, type FrameParts, type FullPicture } from './diff-picture.ts'

/** What a client does with a frame, written from the words of schemas/src/live.ts. */
function applyFrame(picture: FullPicture, frame: FrameParts): FullPicture {
  const topics = new Map(picture.topics.map((row) => [row.id, row]))
  for (const row of frame.topics ?? []) topics.set(row.id, row)
  const order = frame.order ?? picture.topics.map((row) => row.id)
  const sources = new Map(picture.sources.map((row) => [row.platform, row]))
  for (const row of frame.sources ?? []) sources.set(row.platform, row)
  return {
    clock: frame.clock,
    totals: frame.totals ?? picture.totals,
    topics: order.map((id) => topics.get(id)!),
    topicsTotal: frame.topicsTotal ?? picture.topicsTotal,
    sources: [...sources.values()],
    alerts: frame.alerts ?? picture.alerts,
    silences: frame.silences ?? picture.silences,
    pin: frame.pin === undefined ? picture.pin : frame.pin,
    mode: frame.mode ?? picture.mode,
    problems: frame.problems ?? picture.problems,
    canary: frame.canary === undefined ? picture.canary : frame.canary,
  }
}

const record = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { noNullPrototype: true })
const small = fc.integer({ min: 0, max: 2 })
const name = { zh: '题', en: 'Topic' }
const topic = record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), count: small, level: fc.constantFrom('normal', 'severe'), spark: fc.array(small, { maxLength: 3 }) })
  .map((row) => ({ name, window: '2h', threshold: 10, perMinute: 0, ratio: null, usual: null, stage: null, acceleration: null, countdown: null, filling: false, newestAt: 1, platforms: [['weibo', row.count]], negativeShare: null, ...row }) as TopicRow)
const source = record({ platform: fc.constantFrom('weibo', 'douyin', 'x'), newestAt: small, cadenceMs: fc.option(small), lastHour: small, blindSince: fc.option(small) }) as fc.Arbitrary<SourceRow>
const alert = record({ id: fc.constantFrom('1', '2', '3'), topic: fc.constant('a'), grade: fc.constantFrom('minor', 'severe'), at: fc.constant('2026-01-01T00:00:00Z'), count: small, clearedAt: fc.constantFrom(null, '2026-01-01T01:00:00Z') })
  .map((row) => ({ name, rule: { count: 10, within: '2h' }, ...row }) as AlertRow)
const totals = record({ stored: small, counted: small, duplicates: small, late: small, skewed: small, deadLetters: small, perMinute: small, spark: fc.array(small, { maxLength: 3 }) })
const picture: fc.Arbitrary<FullPicture> = record({
  clock: fc.option(small), totals, topicsTotal: small,
  topics: fc.uniqueArray(topic, { selector: (row) => row.id, maxLength: 4 }),
  sources: fc.uniqueArray(source, { selector: (row) => row.platform }),
  alerts: fc.uniqueArray(alert, { selector: (row) => row.id }),
  silences: fc.array(record({ topic: fc.constantFrom('a', 'b'), grade: fc.constant('severe' as const), since: small, until: small, by: fc.constant('x'), reason: fc.constant('y') }), { maxLength: 2 }),
  pin: fc.option(record({ topic: fc.constantFrom('a', 'b'), by: fc.constant('x'), since: small, until: small })),
  mode: fc.constantFrom('live', 'demo', 'replay'),
  canary: fc.option(record({ at: small, latencyMs: small })),
  problems: fc.array(record({ kind: fc.constant('lagging' as const), since: small, detail: fc.constantFrom('x', 'y') }), { maxLength: 2 }),
})
const bySource = (all: FullPicture) => ({ ...all, sources: [...all.sources].sort((a, b) => a.platform.localeCompare(b.platform)) })

test('applying the frames to the first picture gives each picture in turn', () => {
  fc.assert(fc.property(fc.array(picture, { minLength: 2, maxLength: 6 }), (pictures) => {
    let held = pictures[0]!
    for (const [index, after] of pictures.slice(1).entries()) {
      const before = pictures[index]!
      const diff = diffPicture(before, after)
      const gone = before.sources.some((row) => !after.sources.some((other) => other.platform === row.platform))
      expect(diff === null).toBe(gone)
      // Over the wire a frame is JSON: what JSON loses must not matter.
      held = diff === null ? after : applyFrame(held, JSON.parse(JSON.stringify(diff.parts)) as FrameParts)
      expect(bySource(held)).toEqual(bySource(after))
      held = { ...held, sources: after.sources }
    }
  }))
})

test('an equal picture gives an empty frame that is not worth sending', () => {
  fc.assert(fc.property(picture, (same) => {
    expect(diffPicture(same, structuredClone(same))).toEqual({ parts: { clock: same.clock }, changed: false })
  }))
})

test('a frame carries only the rows that changed', () => {
  fc.assert(fc.property(picture, picture, (before, after) => {
    for (const row of diffPicture(before, after)?.parts.topics ?? []) expect(before.topics).not.toContainEqual(row)
    for (const row of diffPicture(before, after)?.parts.sources ?? []) expect(before.sources).not.toContainEqual(row)
  }))
})
