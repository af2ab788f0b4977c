import { expect, test } from 'vitest'
import { openAlerts } from './open-alerts.ts'

const alert = (topic: string, grade: 'minor' | 'moderate' | 'severe', clearedAt: string | null = null) => ({ topic, grade, clearedAt })
const taken = (state: 'new' | 'acknowledged' | 'working' | 'resolved') => ({ handling: { state, by: '王', at: 0, assignee: null, notes: 0 } })

test.each([
  { alerts: [], open: [0, 0, 0], why: 'nothing is open' },
  { alerts: [alert('a', 'severe'), alert('a', 'moderate'), alert('a', 'minor')], open: [1, 0, 0], why: 'one crisis that rose twice is one' },
  { alerts: [alert('a', 'severe', '2026-01-01T00:00:00Z'), alert('b', 'minor')], open: [0, 0, 1], why: 'what has cleared is not open' },
  { alerts: [{ ...alert('a', 'severe'), ...taken('acknowledged') }, { ...alert('b', 'severe'), ...taken('working') }, { ...alert('c', 'severe'), ...taken('new') }], open: [1, 0, 0], why: 'what somebody has taken waits no longer' },
  { alerts: [{ ...alert('a', 'severe'), ...taken('resolved') }, alert('a', 'moderate')], open: [0, 1, 0], why: 'a topic waits at the grade of what nobody has taken' },
  { alerts: [alert('a', 'moderate'), alert('b', 'moderate'), alert('b', 'minor')], open: [0, 2, 0], why: 'topics are counted apart' },
])('$open of severe, moderate, minor: $why', ({ alerts, open }) => {
  expect(openAlerts(alerts).map(({ count }) => count)).toEqual(open)
})
