import { expect, test } from 'vitest'
import { openAlerts } from './open-alerts.ts'

const alert = (topic: string, grade: 'minor' | 'moderate' | 'severe', clearedAt: string | null = null) => ({ topic, grade, clearedAt })

test.each([
  { alerts: [], open: [0, 0, 0], why: 'nothing is open' },
  { alerts: [alert('a', 'severe'), alert('a', 'moderate'), alert('a', 'minor')], open: [1, 0, 0], why: 'one crisis that rose twice is one' },
  { alerts: [alert('a', 'severe', '2026-01-01T00:00:00Z'), alert('b', 'minor')], open: [0, 0, 1], why: 'what has cleared is not open' },
  { alerts: [alert('a', 'moderate'), alert('b', 'moderate'), alert('b', 'minor')], open: [0, 2, 0], why: 'topics are counted apart' },
])('$open of severe, moderate, minor: $why', ({ alerts, open }) => {
  expect(openAlerts(alerts).map(({ count }) => count)).toEqual(open)
})
