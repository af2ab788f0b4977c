import { expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import type { Alert, Outcome } from './destination.ts'
import { Lane } from './lane.ts'
import { HandClock, until } from './test-receiver.ts'

const alertOf = (number: number): Alert => ({
  event: { kind: 'spike', topic: 't', rule: { count: 1, within: '1m' }, grade: 'severe', at: '2026-01-01T00:00:00Z', count: number, id: String(number) },
  name: { zh: '题', en: 'Topic' }, mode: 'live', at: 0,
})
const minutes = (count: number) => count * 60_000

/** A lane whose receiver answers by the alert's number; `tried` is what it was sent. */
function laneOf(answer: (number: number) => Outcome) {
  const clock = new HandClock()
  clock.at = 0
  const tried: string[] = []
  const ended: string[] = []
  const lines: string[] = []
  const lane = new Lane({
    destination: { key: 'd', kind: 'webhook', admits: () => true, send: async ({ event }) => { tried.push(event.id); return answer('count' in event ? event.count : 0) } },
    clock, random: () => 1, log: createLog({ readable: false, write: (line) => lines.push(line) }), waitingMax: 100, ageMaxMs: 3 * 86_400_000,
    onEnded: (alert, ending) => ended.push(`${alert.event.id} ${ending}`), onRetry: () => undefined,
  })
  for (const number of [1, 2, 3]) lane.push(alertOf(number))
  const settle = () => until(() => lane.waiting === 0 || clock.waits.length === 1)
  /** Moves the clock to the lane's next try. */
  const next = async () => {
    const [wait] = clock.waits
    clock.advance(wait!)
    await settle()
    return wait!
  }
  return { lane, clock, tried, ended, lines, settle, next }
}

test('an alert that is refused is passed by the others, tried five times within an hour, and given up with an error', async () => {
  const { lane, tried, ended, lines, settle, next } = laneOf((number) => (number === 1 ? { kind: 'refused', detail: 'answered 400' } : { kind: 'delivered' }))
  await settle()
  expect([tried, ended]).toEqual([['1', '2', '3'], ['2 delivered', '3 delivered']])
  const waited = [await next(), await next(), await next(), await next()]
  expect(waited).toEqual([1, 5, 15, 39].map(minutes))
  expect([tried.length, ended.at(-1), lane.waiting]).toEqual([7, '1 refused', 0])
  expect(lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error')).toEqual([expect.objectContaining({ alert: '1', detail: 'answered 400' })])
  lane.push(alertOf(4))
  await settle()
  expect(ended.at(-1)).toBe('4 delivered')
})

test('an alert that is to wait for hours is passed by the others, and not sent before', async () => {
  let busy = true
  const { clock, tried, ended, settle, next } = laneOf((number) => (number === 1 && busy ? { kind: 'retry', detail: 'answered 429', answered: true, afterMs: minutes(120) } : { kind: 'delivered' }))
  await settle()
  expect(await next()).toBe(1000)
  expect([tried, ended, clock.at + clock.waits[0]!]).toEqual([['1', '2', '3'], ['2 delivered', '3 delivered'], minutes(120)])
  busy = false
  await next()
  expect(ended.at(-1)).toBe('1 delivered')
})

test('a Retry-After of minutes holds the whole receiver back, in order', async () => {
  let busy = true
  const { tried, ended, settle, next } = laneOf(() => (busy ? { kind: 'retry', detail: 'answered 429', answered: true, afterMs: minutes(2) } : { kind: 'delivered' }))
  await settle()
  busy = false
  expect(await next()).toBe(minutes(2))
  expect([tried, ended]).toEqual([['1', '1', '2', '3'], ['1 delivered', '2 delivered', '3 delivered']])
})

test('an alert on which the receiver always fails is passed by the others in the end; a receiver that is gone is asked with the first', async () => {
  const failing = laneOf((number) => (number === 1 ? { kind: 'retry', detail: 'answered 500', answered: true } : { kind: 'delivered' }))
  await failing.settle()
  for (let tries = 0; tries < 6; tries++) await failing.next()
  expect(failing.tried.slice(0, 8)).toEqual(['1', '1', '1', '1', '1', '1', '2', '3'])
  const gone = laneOf(() => ({ kind: 'retry', detail: 'ECONNREFUSED' }))
  await gone.settle()
  for (let tries = 0; tries < 20; tries++) expect(await gone.next()).toBeLessThanOrEqual(minutes(5))
  expect(new Set(gone.tried)).toEqual(new Set(['1']))
})
