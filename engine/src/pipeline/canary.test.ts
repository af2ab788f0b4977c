import { expect, test } from 'vitest'
import { compileRules } from './compile-rules.ts'
import { Canaries, canaryFault, canaryLimits, canaryText, type CanaryListener } from './canary.ts'

const start = 1_800_000_000_000

function book(everyMs = 30_000): { canaries: Canaries; told: string[] } {
  const told: string[] = []
  const listener: CanaryListener = {
    passed: (stage, seconds) => told.push(`${stage} ${seconds}`),
    late: ({ place, ms, detail }) => told.push(`late at ${place} after ${ms}${detail === null ? '' : `: ${detail}`}`),
    wrong: (why) => told.push(`wrong: ${why}`),
    over: (ms) => told.push(`over in ${ms}`),
  }
  return { canaries: new Canaries({ run: 'r', everyMs, listener }), told }
}

test('a canary is timed at each stage, and the picture that is taken next shows it', () => {
  const { canaries, told } = book()
  const { id, ts } = canaries.send(start)
  expect([id, ts]).toEqual(['canary:r:1', start])
  canaries.streamed(id)
  canaries.applied(id, start + 20)
  expect(canaries.show(start + 25)).toBe(null)
  canaries.stored(id, start + 300)
  expect([canaries.isWaiting, canaries.newest]).toEqual([true, null])
  expect(canaries.show(start + 450)).toEqual({ at: start + 450, latencyMs: 450 })
  expect(canaries.show(start + 700)).toEqual({ at: start + 450, latencyMs: 450 })
  expect(told).toEqual(['applied 0.02', 'stored 0.3', 'shown 0.45'])
})

test.each([
  { everyMs: 1000, lateMs: 60_000, why: 'a minute at least' },
  { everyMs: 45_000, lateMs: 90_000, why: 'twice its interval' },
])('late is $why; told once, until one comes through', ({ everyMs, lateMs }) => {
  const { canaries, told } = book(everyMs)
  const { id } = canaries.send(start)
  canaries.streamed(id)
  canaries.check(start + lateMs - 1)
  expect(told).toEqual([])
  canaries.check(start + lateMs)
  canaries.check(start + lateMs + 9)
  expect(told).toEqual([`late at streamed after ${lateMs}`])
  canaries.applied(id, start + lateMs + 10)
  canaries.stored(id, start + lateMs + 20)
  canaries.show(start + lateMs + 30)
  expect(told.at(-1)).toBe(`over in ${lateMs + 30}`)
})

test.each([
  { until: [] as const, place: 'sent' }, { until: ['streamed'] as const, place: 'streamed' },
  { until: ['streamed', 'applied'] as const, place: 'applied' }, { until: ['streamed', 'applied', 'stored'] as const, place: 'stored' },
])('a late one says that it came as far as $place', ({ until, place }) => {
  const { canaries, told } = book()
  const { id } = canaries.send(start)
  for (const step of until) canaries[step](id, start)
  canaries.check(start + 60_000)
  expect(told.at(-1)).toBe(`late at ${place} after 60000`)
})

test('one that the stream refused says why, and is let go when a later one comes through', () => {
  const { canaries, told } = book()
  canaries.refused(canaries.send(start).id, 'the stream is full')
  canaries.check(start + 60_000)
  expect(told).toEqual(['late at sent after 60000: the stream is full'])
  const { id } = canaries.send(start + 61_000)
  canaries.applied(id, start + 61_010)
  canaries.stored(id, start + 61_020)
  canaries.show(start + 61_030)
  canaries.check(start + 999_999)
  expect(told.at(-1)).toBe('over in 30')
})

test('canaries of earlier runs, and of nobody, are measured by nobody', () => {
  const { canaries, told } = book()
  const sent = canaries.send(start)
  for (const id of ['canary:earlier:1', 'canary:r:2']) {
    canaries.applied(id, start + 1)
    canaries.stored(id, start + 2)
    canaries.wrong(id, 'anything')
  }
  expect(canaries.show(start + 3)).toBe(null)
  expect(told).toEqual([])
  canaries.wrong(sent.id, 'it became 0 mentions')
  expect(told).toEqual(['wrong: it became 0 mentions'])
})

test('however long none comes through, only so many are remembered, and all the late ones are told', () => {
  const { canaries, told } = book(1000)
  const sent = canaryLimits.underWayMax * 3
  for (let n = 0; n < sent; n++) {
    canaries.streamed(canaries.send(start + n * 1000).id)
    canaries.check(start + n * 1000)
  }
  expect(told).toHaveLength(sent - 60)
  canaries.stored('canary:r:1', start)
  expect(canaries.isWaiting).toBe(false)
  canaries.stored(`canary:r:${sent}`, start)
  expect(canaries.isWaiting).toBe(true)
})

test('what the workers make of a canary is one mention with its id and its second; anything else is a fault', () => {
  const enrich = compileRules('topics: []\n', 0)
  const made = (line: string) => {
    const bytes = new TextEncoder().encode(line)
    return enrich({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(1), times: Float64Array.of(start), platforms: ['canary'], stream: 1, skewCheck: false })
  }
  const canary = { id: 'canary:r:1', ts: start, text: canaryText }
  const line = (changes: object) => JSON.stringify({ ...canary, ...changes })
  expect(canaryFault(canary, [made(line({}))])).toBe(null)
  expect(canaryFault(canary, [])).toBe('it became 0 mentions')
  expect(canaryFault(canary, [made(line({})), made(line({}))])).toBe('it became 2 mentions')
  expect(canaryFault(canary, [made(line({ ts: 5 }))])).toMatch(/^it was refused as a mention/)
  expect(canaryFault(canary, [made(line({ id: 'canary:r:2' }))])).toBe('its id was read as another one')
  expect(canaryFault(canary, [made(line({ ts: start + 1000 }))])).toMatch(/^its time was read as second/)
})
