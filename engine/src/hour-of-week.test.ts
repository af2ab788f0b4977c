import { expect, test } from 'vitest'
import { hourOfWeek } from './core/3-measure/season.ts'
import { hourOfWeekIn } from './hour-of-week.ts'

const second = (iso: string): number => Date.parse(iso) / 1000
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const said = (hours: number): string => `${days[Math.floor(hours / 24)]} ${hours % 24}`

test.each([
  { zone: 'Asia/Shanghai', at: '2026-03-06T06:30:00Z', shows: 'Fri 14' },
  { zone: 'Asia/Shanghai', at: '2026-03-07T15:59:59Z', shows: 'Sat 23' },
  { zone: 'Asia/Shanghai', at: '2026-03-07T16:00:00Z', shows: 'Sun 0' },
  { zone: 'America/New_York', at: '2026-03-07T06:59:59Z', shows: 'Sat 1' },
  { zone: 'America/New_York', at: '2026-03-08T06:59:59Z', shows: 'Sun 1' }, // the clocks go from 2 to 3 in the next second
  { zone: 'America/New_York', at: '2026-03-08T07:00:00Z', shows: 'Sun 3' },
  { zone: 'America/New_York', at: '2026-11-01T05:30:00Z', shows: 'Sun 1' }, // and from 2 back to 1: this hour comes twice
  { zone: 'America/New_York', at: '2026-11-01T06:30:00Z', shows: 'Sun 1' },
  { zone: 'America/New_York', at: '2026-11-01T07:30:00Z', shows: 'Sun 2' },
  { zone: 'Asia/Kolkata', at: '2026-03-07T18:29:59Z', shows: 'Sat 23' },
  { zone: 'Asia/Kolkata', at: '2026-03-07T18:30:00Z', shows: 'Sun 0' },
])('at $at clocks in $zone show $shows', ({ zone, at, shows }) => {
  expect(said(hourOfWeekIn(zone)(second(at)))).toBe(shows)
})

test('in UTC it is the hour by which a season is learnt, in every hour of a year', () => {
  const utc = hourOfWeekIn('UTC')
  for (let at = second('2026-01-01T00:29:00Z'); at < second('2027-01-01T00:00:00Z'); at += 3600) expect(utc(at)).toBe(hourOfWeek(at))
})
