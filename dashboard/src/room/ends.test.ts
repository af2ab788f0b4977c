import { expect, test } from 'vitest'
import { endOf, nextHour } from './ends.ts'
import { roomTime } from './room-time.ts'

test.each([
  ['Asia/Shanghai', '2025-11-21T06:32:07Z', '2025-11-22T00:00:00.000Z'], ['Asia/Shanghai', '2025-11-20T23:59:59Z', '2025-11-21T00:00:00.000Z'], ['Asia/Shanghai', '2025-11-21T00:00:00Z', '2025-11-22T00:00:00.000Z'],
  ['Asia/Kolkata', '2025-11-21T06:32:07Z', '2025-11-22T02:30:00.000Z'], ['Europe/Berlin', '2026-03-28T20:00:00Z', '2026-03-29T06:00:00.000Z'], ['Europe/Berlin', '2026-10-24T20:00:00Z', '2026-10-25T07:00:00.000Z'],
])('in %s, eight in the morning after %s is %s', (zone, now, at) => expect(new Date(nextHour(Date.parse(now), 8, roomTime(zone))).toISOString()).toBe(at))

test('an end is ahead, and there is none of what is no number of hours', () => {
  const now = 1_763_706_727_000
  const of = { now, hours: 1.5, roomTime: roomTime('UTC') }
  expect([endOf('30m', of), endOf('2h', of), endOf('custom', of)]).toEqual([now + 1_800_000, now + 7_200_000, now + 5_400_000])
  expect([endOf('custom', { ...of, hours: Number.NaN }), endOf('custom', { ...of, hours: 0 })]).toEqual([null, null])
  expect(endOf('morning', of)).toBeGreaterThan(now)
})
