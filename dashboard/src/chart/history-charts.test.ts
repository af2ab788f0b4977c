import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HistoryPoint, ToldAlarm } from '@groundswell/schemas/topic-history.ts'
import { toldByCascades, topicHistory } from '../../test/seeded-history.ts'
import { spans } from '../room/address.ts'
import { roomTime } from '../room/room-time.ts'
import { alarmSpans } from './alarm-spans.ts'
import { normalChart } from './normal-chart.ts'
import { rarityChart, rarityOf } from './rarity.ts'
import { missingFields, stepField, stepLine } from './steps.ts'
import { timeTicks } from './time-ticks.ts'

const clock = Date.parse('2025-11-21T06:32:06Z') / 1000
const value = fc.option(fc.integer({ min: 0, max: 99 }), { freq: 3 })
const stepsFor = (length: number): { left: number; right: number }[] => Array.from({ length }, (_, index) => ({ left: index * 10, right: index * 10 + 10 }))
const fields = (path: string): string[] => path.split('z').filter((field) => field !== '')

describe('steps', () => {
  test('a line is level over each step, touches its neighbours, and is broken where nothing is known', () => {
    fc.assert(fc.property(fc.array(value, { maxLength: 30 }), (values) => {
      const line = stepLine(stepsFor(values.length), (index) => values[index] ?? null)
      const drawn: (number | null)[] = values.map(() => null)
      let y = 0
      let x = 0
      for (const [, command, first, second] of line.matchAll(/([MVH])([\d.]+)(?: ([\d.]+))?/g)) {
        if (command === 'M') [x, y] = [Number(first), Number(second)]
        else if (command === 'V') y = Number(first)
        else {
          drawn[x / 10] = y
          x = Number(first)
        }
      }
      expect(drawn).toEqual(values)
      expect((line.match(/M/g) ?? []).length).toBe(values.filter((one, index) => one !== null && (values[index - 1] ?? null) === null).length)
    }))
  })

  test('a field is one closed shape a stretch that is known on both sides', () => {
    fc.assert(fc.property(fc.array(fc.tuple(value, value), { maxLength: 30 }), (values) => {
      const path = stepField(stepsFor(values.length), (index) => values[index]![0], (index) => values[index]![1])
      const known = values.map(([upper, lower]) => upper !== null && lower !== null)
      expect(fields(path)).toHaveLength(known.filter((one, index) => one && known[index - 1] !== true).length)
    }))
  })

  test('every unknown step lies in exactly one gap', () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (missing) => {
      const hatched = fields(missingFields(stepsFor(missing.length), 50, (index) => missing[index]!)).flatMap((field) => {
        const [, from, to] = /M([\d.]+) .*H([\d.]+)V/.exec(field) ?? []
        return Array.from({ length: (Number(to) - Number(from)) / 10 }, (_, index) => Number(from) / 10 + index)
      })
      expect(hatched).toEqual(missing.flatMap((one, index) => (one ? [index] : [])))
    }))
  })
})

const point = (changes: Partial<HistoryPoint>): HistoryPoint => ({ at: 0, count: 3, usual: 3, low: 0, high: 8, score: 0, falsePerDay: 60, stage: null, ...changes })
const box = { width: 100, height: 100 }

test('nothing at all is still a picture', () => {
  expect(normalChart([], { from: 0, to: 60, stepSeconds: 60 }, box)).toMatchObject({ counts: '', running: '', band: '', gaps: '', above: '' })
  expect(rarityChart([], { from: 0, to: 60, stepSeconds: 60 }, { ...box, budgetPerDay: null })).toMatchObject({ field: '', told: '', budgetY: null })
})

test('a count stands out only beyond the bound, and a step of which nothing is known is a gap', () => {
  const points = [point({ count: 8 }), point({ at: 60, count: 9 }), point({ at: 120, count: null }), point({ at: 180, count: 50, high: null, usual: null, low: null }), point({ at: 240 })]
  const chart = normalChart(points, { from: 0, to: 300, stepSeconds: 60 }, box)
  expect([fields(chart.above), fields(chart.gaps), fields(chart.band)].map(({ length }) => length)).toEqual([1, 1, 2])
  expect(chart.above).toMatch(/^M20 /)
  expect(chart.running).toMatch(/^M80 .*H100$/)
})

test('on either scale a zero is at the foot, more is higher, and level lines are whole numbers inside the chart', () => {
  for (const log of [false, true]) {
    for (const top of [1, 7, 40, 3_000, 2_000_000]) {
      const { yOf, levels } = normalChart([point({ count: top })], { from: 0, to: 60, stepSeconds: 60 }, { ...box, log })
      expect(yOf(0)).toBeCloseTo(100, 6)
      expect(yOf(top)).toBeGreaterThanOrEqual(0)
      expect(yOf(top)).toBeLessThan(yOf(top / 2))
      expect(levels.length).toBeGreaterThan(1)
      for (const { value, y } of levels) expect([Number.isInteger(value), y >= 0, y <= 100]).toEqual([true, true, true])
    }
  }
})

test('what is rarer than the budget is above its line, and only that is marked', () => {
  const points = [100, 6.1, 6, 0.5, 1e-30].map((falsePerDay, index) => point({ at: index * 60, falsePerDay }))
  const chart = rarityChart(points, { from: 0, to: 300, stepSeconds: 60 }, { ...box, budgetPerDay: 6 })
  expect(fields(chart.told)).toHaveLength(1)
  expect(chart.told).toMatch(/^M40 .*H100V/)
  expect(rarityOf(0)).toBe(rarityOf(1e-30))
  expect(rarityChart(points, { from: 0, to: 300, stepSeconds: 60 }, { ...box, budgetPerDay: null }).told).toBe('')
})

describe('the time axis', () => {
  test.each([
    { zone: 'Asia/Shanghai', span: 7_200, first: '12:45', why: 'minutes' }, { zone: 'Asia/Kolkata', span: 86_400, first: '15:00', why: 'a zone of half hours' },
    { zone: 'Asia/Shanghai', span: 604_800, first: '11-15', why: 'days are told by their date' }, { zone: 'America/New_York', span: 2_419_200, first: '10-30', why: 'over the end of summer time' },
  ])('$zone, $span s: $why', ({ zone, span, first }) => {
    const inRoom = roomTime(zone)
    const ticks = timeTicks({ from: clock - span, to: clock, width: 800, ticksMax: 9 }, inRoom)
    expect(ticks[0]?.label).toBe(first)
    expect(ticks.length).toBeGreaterThan(2)
    expect(ticks.length).toBeLessThanOrEqual(10)
    for (const { at, x, label, day } of ticks) {
      expect(label).toBe(day ? inRoom(at * 1000).date : inRoom(at * 1000).minute)
      expect(x).toBeCloseTo((800 * (at - clock + span)) / span, 0)
      if (span >= 604_800) expect(inRoom(at * 1000).time).toBe('00:00:00')
    }
  })
})

describe('alarms as spans', () => {
  const spike = (at: string, kind: 'spike' | 'clear', count = 10): ToldAlarm => ({ kind, topic: 'a', rule: { count, within: '2h' }, grade: 'minor', at: `2026-01-01T${at}:00Z`, count, id: `${count}/${at}/${kind}` })
  const range = { from: Date.parse('2026-01-01T00:00:00Z') / 1000, to: Date.parse('2026-01-01T12:00:00Z') / 1000 }
  const told = (alarms: ToldAlarm[]): unknown[] => alarmSpans(alarms, range).map(({ number, begin, end, from, to }) => [number, begin?.id ?? null, end?.id ?? null, (from - range.from) / 3600, (to - range.from) / 3600])
  test('begin and end of one rule belong together, newest first', () => expect(told([spike('05:00', 'spike'), spike('03:00', 'clear'), spike('01:00', 'spike'), spike('02:00', 'spike', 99)])).toEqual([
    [1, '10/05:00/spike', null, 5, 12], [2, '99/02:00/spike', null, 2, 12], [3, '10/01:00/spike', '10/03:00/clear', 1, 3],
  ]))
  test('a threshold that is told anew without an end, as after its rule was changed, hides nothing of what was told before', () => expect(told([spike('01:00', 'spike'), spike('04:00', 'spike')])).toEqual([
    [1, '10/04:00/spike', null, 4, 12], [2, '10/01:00/spike', '10/04:00/spike', 1, 4],
  ]))
  test('what began before the span reaches to its left edge', () => expect(told([spike('03:00', 'clear')])).toEqual([[1, null, '10/03:00/clear', 0, 3]]))
  test('an alarm whose grade rises is one, from its first begin on, and says the graver', () => {
    const alarm = (at: string, state: 'begin' | 'end', grade: 'minor' | 'moderate'): ToldAlarm => ({
      kind: 'baseline', topic: 'a', state, rule: { alarmBudget: '2 per 8h' }, grade, at: `2026-01-01T${at}:59Z`, since: '2026-01-01T01:00:00Z', count: 50, within: '5m', usual: 5, high: 12, falseAlarms: 0.1, reason: { zh: '因', en: 'why' }, id: `${at}/${state}`,
    })
    expect(alarmSpans([alarm('03:00', 'end', 'moderate'), alarm('02:00', 'begin', 'moderate'), alarm('01:30', 'begin', 'minor')], range).map(({ begin, end, said }) => [begin?.id, said.id, end?.id])).toEqual([['01:30/begin', '02:00/begin', '03:00/end']])
  })
  test('the spread of one cascade is one, of two are two, and what is told once is a moment', () => {
    const from = '2026-01-01T00:00:00Z'
    const events = toldByCascades(from)
    const other = events.flatMap((event) => (event.kind === 'spread' && event.state === 'end' ? [{ ...event, root: 'weibo:9', id: 'other' }] : []))
    expect(alarmSpans([...events, ...other], range).map(({ kind, begin, end, from: left, to }) => [kind, begin?.id ?? null, end?.id ?? null, (left - range.from) / 3600, (to - range.from) / 3600])).toEqual([
      ['ignition', 's4', 's4', 5, 5], ['spread', 's2', 's3', 2, 4], ['coordination', 's1', 's1', 1, 1], ['spread', null, 'other', 0, 4],
    ])
  })
  test('none, none', () => expect(told([])).toEqual([]))
})

test.each(['2h', '24h'] as const)('a seeded topic over %s looks like this', async (span) => {
  const history = topicHistory(span, clock)
  const time = { from: Date.parse(history.from) / 1000, to: Date.parse(history.to) / 1000, stepSeconds: spans[span].stepSeconds }
  const [upper, lower] = [{ width: 720, height: 240 }, { width: 720, height: 100 }]
  const counts = normalChart(history.points, time, upper)
  const rarity = rarityChart(history.points, time, { ...lower, budgetPerDay: history.budget?.ownPerDay ?? null })
  const ticks = timeTicks({ ...time, width: 720, ticksMax: 8 }, roomTime('Asia/Shanghai'))
  const marks = alarmSpans(history.alarms, time).map(({ number, from, to }) => `<!-- ${number}: ${from - time.from}…${to - time.from} s -->`)
  const lines = [
    ...counts.levels.map(({ value, y }) => `<line x2="720" y1="${y}" y2="${y}" stroke="#2B3540"/><!-- ${value} -->`), ...ticks.map(({ x, label }) => `<line x1="${x}" x2="${x}" y2="340" stroke="#2B3540"/><!-- ${label} -->`),
    `<path fill="#24384B" d="${counts.band}"/>`, `<path fill="none" stroke="#5B6B7A" d="${counts.bound}"/>`, `<path fill="#5B6B7A" d="${counts.gaps}"/>`, `<path fill="#5188B4" d="${counts.above}"/>`,
    `<path fill="none" stroke="#A9B6C2" stroke-dasharray="5 4" d="${counts.usual}"/>`, `<path fill="none" stroke="#E8EDF2" d="${counts.counts}"/>`, `<path fill="none" stroke="#E8EDF2" d="${counts.running}"/>`,
    '<g transform="translate(0 240)">', `<path fill="#5B6B7A" d="${rarity.unknown}"/>`, `<path fill="#24384B" d="${rarity.field}"/>`, `<path fill="#5188B4" d="${rarity.told}"/>`, `<line x2="720" y1="${rarity.budgetY}" y2="${rarity.budgetY}" stroke="#E8EDF2"/>`, '</g>', ...marks,
  ]
  await expect(`<svg xmlns="http://www.w3.org/2000/svg" width="720" height="340">\n${lines.join('\n')}\n</svg>\n`).toMatchFileSnapshot(`./seeded/history-${span}.svg`)
})
