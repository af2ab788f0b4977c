import { expect, test } from 'vitest'
import { roomTime } from '../room/room-time.ts'
import { alarmSpans } from '../chart/alarm-spans.ts'
import { marksOf } from './topic-marks.ts'

const at = Date.parse('2025-11-21T04:00:00Z')
const wall = { lang: 'en' as const, roomTime: roomTime('Asia/Shanghai') }

test('actions and notes are marked with who did what and when, in the words of the page', () => {
  expect(marksOf({ alarms: [], actions: [{ id: '1', at, by: 'li', action: { what: 'acknowledge', alert: 'x' } }, { id: '2', at, by: 'wang', action: { what: 'note', alert: 'x', text: '官方通报已发布' } }] }, wall)).toEqual([
    { id: 'action/1', at, kind: 'action', text: expect.stringMatching(/^11-21 12:00 li: ./) }, { id: 'action/2', at, kind: 'statement', text: expect.stringMatching(/^11-21 12:00 wang: .* · 官方通报已发布$/) },
  ])
})

test('an alarm is marked where it began; one that began before the axis is not', () => {
  const event = { topic: 'a', rule: { count: 10, within: '2h' }, grade: 'severe' as const, count: 12 }
  const range = { from: at / 1000 - 3600, to: at / 1000 + 3600 }
  const begun = alarmSpans([{ ...event, kind: 'spike', at: new Date(at).toISOString(), id: 'b' }], range)
  const before = alarmSpans([{ ...event, kind: 'clear', at: new Date(at).toISOString(), id: 'c' }], range)
  expect(marksOf({ actions: [], alarms: begun }, wall)).toMatchObject([{ id: 'b', at, kind: 'alert', grade: 'severe' }])
  expect(marksOf({ actions: [], alarms: before }, wall)).toEqual([])
})
