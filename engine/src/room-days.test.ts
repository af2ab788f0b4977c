import { expect, test } from 'vitest'
import { RoomDays } from './room-days.ts'

test.each([
  { zone: 'Asia/Shanghai', at: '2024-05-20T15:30:00Z', day: '2024-05-19T16:00:00Z', night: true },
  { zone: 'Asia/Shanghai', at: '2024-05-20T16:00:00Z', day: '2024-05-20T16:00:00Z', night: true },
  { zone: 'Asia/Shanghai', at: '2024-05-20T23:00:00Z', day: '2024-05-20T16:00:00Z', night: false },
  { zone: 'Asia/Kolkata', at: '2024-05-20T18:29:59Z', day: '2024-05-19T18:30:00Z', night: true },
  { zone: 'Europe/Berlin', at: '2024-03-31T12:00:00Z', day: '2024-03-30T23:00:00Z', night: false },
  { zone: 'Europe/Berlin', at: '2024-10-27T12:00:00Z', day: '2024-10-26T22:00:00Z', night: false },
  { zone: 'UTC', at: '2024-05-20T06:59:59Z', day: '2024-05-20T00:00:00Z', night: true },
])('$at is of the day $day in $zone', ({ zone, at, day, night }) => {
  const days = new RoomDays(zone)
  expect(new Date(days.dayOf(Date.parse(at))).toISOString()).toBe(day.replace('Z', '.000Z'))
  expect(days.isNight(Date.parse(at))).toBe(night)
})
