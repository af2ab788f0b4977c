// Alarms of the baseline through the whole engine: what is told, when, to whom, and what is not.
import { describe, expect, test } from 'vitest'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { baselineEventSchema, identifiedBaselineEventSchema, type IdentifiedBaselineEvent, type SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { Rules, TopicRules } from '@groundswell/schemas/rules.ts'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Effect } from './input.ts'

const t0 = 1_699_999_200 // 2023-11-14T22:00:00Z, a Tuesday
const day = 1440 // minutes
const topic = (id: string, more: Partial<TopicRules> = {}): TopicRules => ({ id, name: { zh: '断网', en: 'Outage' }, query: 'x', ...more })
const watched: Rules = { topics: [topic('outage', { baseline: { alarmBudget: '2 per 8h' } })] }
const strict: Rules = { topics: [topic('outage', { baseline: { alarmBudget: '1 per 7d' } })] }

/** An engine that is told so many mentions in each minute. */
class Course {
  readonly engine: Engine
  readonly effects: Effect[] = []
  readonly mentions: PlainRow[] = []
  minute = 0
  #id = 0

  constructor(rules: Rules = watched, options: Partial<EngineOptions> = {}) { this.engine = new Engine({ rules, rulesSeq: 0, stream: 1, seenMax: 1_000_000, ...options }) }

  go(minutes: number, perMinute: number, row: Partial<PlainRow> = {}): this {
    for (let end = this.minute + minutes; this.minute < end; this.minute++) {
      const second = t0 + 60 * this.minute
      // What scatters as counts do, the same each time: 0.5 a minute is one every other minute.
      const wobble = perMinute < 4 ? 0 : Math.round(Math.sin(this.minute * 12.9898) * Math.sqrt(perMinute))
      const count = Math.floor((this.minute + 1) * perMinute) - Math.floor(this.minute * perMinute) + wobble
      const rows = Array.from({ length: Math.max(0, count) }, (_, i): PlainRow => ({ id: ++this.#id, second: second + Math.floor((i * 60) / Math.max(1, count)), topics: [0], ...row }))
      this.mentions.push(...rows)
      this.#step([...rows, { id: ++this.#id, second: second + 59 }]) // somebody speaks of something else: the clock goes on
    }
    return this
  }

  /** The clock jumps over so many minutes in which nothing came from anybody. */
  jump(minutes: number): this {
    this.minute += minutes
    return this
  }

  get said(): IdentifiedBaselineEvent[] { return this.effects.flatMap((effect) => (effect.kind === 'event' && effect.event.kind === 'baseline' ? [effect.event] : [])) }
  get alerts(): string[] { return this.effects.flatMap((effect) => (effect.kind === 'alert' && effect.event.kind === 'baseline' ? [`${effect.event.state} ${effect.row.clearedAt === null ? 'open' : 'cleared'}`] : [])) }
  get row() { return this.engine.topics(1)[0]! }

  #step(rows: readonly PlainRow[]): void { this.effects.push(...this.engine.step({ kind: 'batch', batch: preparedBatch(rows, { seq: this.minute + 1, rulesSeq: this.engine.rulesSeq }) })) }
}

const minuteOf = ({ at }: IdentifiedBaselineEvent): number => Math.floor((Date.parse(at) / 1000 - t0) / 60)

describe('a quiet topic', () => {
  const course = new Course().go(3 * day, 0.2).go(20, 15).go(300, 0.2)
  const [begin, rise, end] = course.said

  test('tells a burst within minutes, once a grade, and its end', () => {
    expect(course.said.map(({ state, grade }) => `${state} ${grade}`)).toEqual(['begin minor', 'begin moderate', 'end moderate'])
    expect(minuteOf(begin!)).toBeLessThan(3 * day + 3)
    expect(minuteOf(end!)).toBeGreaterThan(3 * day + 20)
    expect(minuteOf(end!)).toBeLessThan(3 * day + 120)
    expect([rise!.since, end!.since]).toEqual([begin!.since, begin!.since])
  })

  test('says so in the shape of the contract, with its evidence in words and numbers', () => {
    expect(identifiedBaselineEventSchema.parse(begin)).toEqual(begin)
    const { id, ...line } = begin!
    expect(Object.keys(baselineEventSchema.parse(line))).toEqual(Object.keys(line))
    expect(id).toBe(`outage/baseline/${begin!.at}/begin`)
    expect(begin).toMatchObject({ rule: { alarmBudget: '2 per 8h' }, at: expect.stringMatching(/:59Z$/) })
    expect(begin!.falseAlarms).toBeLessThanOrEqual(2)
    expect(begin!.count).toBeGreaterThan(begin!.high)
    expect(begin!.reason.en).toMatch(/^\d+ in \d+ (min|h); Fridays at 22:00 UTC usually [\d.]+, 99 % of such windows at most \d+; a false alarm like this (less than )?[\d.e-]+ times per 8 h$/)
    expect(begin!.reason.zh).toMatch(/^\d+ (分钟|小时)内 \d+ 条；周五 22 时（UTC）通常 [\d.]+ 条，99% 的同类窗口不超过 \d+ 条；这样的误报每 8 小时(约|不到) [\d.e-]+ 次$/)
    expect(end!.reason.en).toMatch(/^back to normal: /)
  })

  test('says the hour that the clocks of the room show, and is the same event', () => {
    const inRoom = new Course(watched, { hourOfWeek: () => 6 * 24 + 5 }).go(3 * day, 0.2).go(20, 15)
    const [told] = inRoom.said
    expect(told).toEqual({ ...begin, reason: told!.reason })
    expect(told!.reason).toEqual({ en: begin!.reason.en.replace('Fridays at 22:00 UTC', 'Saturdays at 05:00'), zh: begin!.reason.zh.replace('周五 22 时（UTC）', '周六 05 时') })
  })

  test('is one alert a grade and one all-clear, and rows with the evidence', () => {
    expect(course.alerts).toEqual(['begin open', 'begin open', 'end cleared'])
    const [risen, row] = course.engine.picture(0).alerts
    expect(risen).toMatchObject({ id: rise!.id, grade: 'moderate', clearedAt: end!.at })
    expect(row).toMatchObject({ id: begin!.id, rule: { count: Math.floor(begin!.high), within: begin!.within }, count: begin!.count, clearedAt: end!.at, evidence: { reason: begin!.reason, usual: begin!.usual, falseAlarms: begin!.falseAlarms } })
  })

  test('is at its level on the wall while it lasts', () => {
    const during = new Course().go(3 * day, 0.2).go(20, 15)
    expect(during.row).toMatchObject({ level: expect.stringMatching(/minor|moderate/), stage: 'outbreak' })
    expect(during.row.ratio).toBeGreaterThan(20)
    expect(course.row).toMatchObject({ level: 'normal' })
  })
})

test('the same burst on a loud topic is normal, and a topic without a baseline in its rules is measured and silent', () => {
  expect(new Course(strict).go(2 * day, 15).go(20, 17).go(60, 15).said).toEqual([])
  const measured = new Course({ topics: [topic('outage')] }).go(2 * day, 0.2).go(20, 15)
  expect(measured.said).toEqual([])
  expect(measured.row).toMatchObject({ level: 'normal', stage: 'outbreak', usual: { count: expect.closeTo(2, 0) } })
})

test('a new topic tells nothing in its first minutes', () => {
  expect(new Course().go(10, 0.5).go(20, 30).said).toEqual([])
})

test('a topic that is known for an hour does not take the outage that follows for its normal', () => {
  const outage = new Course().go(60, 15).go(30, 60).go(70, 300)
  expect(outage.row).toMatchObject({ stage: 'outbreak', usual: { count: expect.closeTo(150, -2) } })
  expect(outage.row.ratio).toBeGreaterThan(15)
})

test('a threshold of the topic joins its episode: one alert a grade, and of one second the threshold comes first', () => {
  const course = new Course({ topics: [topic('outage', { velocity: [{ count: 31, within: '3h', grade: 'severe' }], baseline: {} })] }).go(2 * day, 0.1).go(20, 15).go(600, 0.1)
  const told = course.effects.flatMap((effect) => (effect.kind === 'event' ? [`${effect.event.at.slice(11)} ${effect.event.kind}`] : []))
  const [threshold, baseline] = [told.findIndex((one) => one.endsWith('spike')), told.findIndex((one) => one.endsWith('baseline'))]
  expect(told[baseline]!.slice(0, 9)).toBe(told[threshold]!.slice(0, 9))
  expect(threshold).toBe(baseline - 1)
  const alerts = course.effects.flatMap((effect) => (effect.kind === 'alert' ? [`${effect.event.kind} ${effect.event.grade}`] : []))
  expect(alerts).toHaveLength(2)
  expect(alerts).toMatchObject(['spike severe', expect.stringMatching(/^(clear|baseline) severe$/)])
  expect(course.engine.picture(0).alerts).toMatchObject([{ grade: 'severe', clearedAt: expect.any(String) }])
})

test('what came after a gap of the feed is not held against an empty past, and a gap ends no alarm', () => {
  const steady = new Course(strict).go(2 * day, 5).jump(2 * day).go(200, 5)
  expect(steady.said).toEqual([])
  const open = new Course().go(2 * day, 0.2).go(10, 15)
  open.jump(300).go(2, 0.2)
  expect(open.said.map(({ state }) => state)).not.toContain('end')
  open.go(100, 0.2)
  expect(open.said.at(-1)).toMatchObject({ state: 'end' })
})

test('a platform that leaves its own normal is told where the topic as a whole does not notice', () => {
  const course = new Course(strict)
  for (let hour = 0; hour < 48; hour++) {
    for (let minute = 0; minute < 30; minute++) course.go(1, 40, { platform: 'weibo' }).go(1, minute % 10 === 0 ? 1 : 0, { platform: 'zhihu' })
  }
  for (let minute = 0; minute < 10; minute++) course.go(1, 40, { platform: 'weibo' }).go(1, 8, { platform: 'zhihu' })
  const [begin] = course.said
  expect(begin).toMatchObject({ state: 'begin', platform: 'zhihu', id: `outage/baseline/zhihu/${begin!.at}/begin` })
  expect(begin!.reason.en).toMatch(/^on zhihu: .*; a false alarm like this on any platform /)
  expect(begin!.reason.zh).toMatch(/^zhihu：.*；各平台合计这样的误报每 7 天/)
  expect(course.said.every(({ platform }) => platform === 'zhihu')).toBe(true)
})

test('new rules: another budget applies, and without a baseline the alarm ends unsaid', () => {
  const course = new Course().go(2 * day, 0.2).go(10, 15)
  const yaml = (baseline: string): string => `topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: x${baseline} }\n`
  course.engine.step({ kind: 'command', seq: 90_000, now: 0, command: { kind: 'rules', text: yaml(', baseline: { alarmBudget: 3 per 7d }') } })
  expect(course.row.level).not.toBe('normal')
  expect(course.engine.picture(0).alerts[0]!.clearedAt).toBeNull()
  course.engine.step({ kind: 'command', seq: 90_001, now: 0, command: { kind: 'rules', text: yaml('') } })
  expect(course.row.level).toBe('normal')
  expect(course.engine.picture(0).alerts[0]!.clearedAt).not.toBeNull()
  const said = course.said.length
  course.go(200, 0.2)
  expect(course.said).toHaveLength(said)
})

test('an alarm that was open when its topic began to tell is told while it is loud, and its end', () => {
  const course = new Course({ topics: [topic('outage')] }).go(2 * day, 0.2).go(20, 15)
  course.engine.step({ kind: 'command', seq: 90_000, now: 0, command: { kind: 'rules', text: 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: x, baseline: {} }\n' } })
  const since = course.go(10, 15).said[0]?.since
  expect(course.go(300, 0.2).said.map(({ state, grade, since }) => [state, grade, since])).toEqual([['begin', 'moderate', since], ['end', 'moderate', since]])
})

describe('a restart from what the store holds', () => {
  function restarted(before: Course): Course {
    const events = new Map<string, SpikeEvent>()
    const alerts = new Map<string, AlertRow>()
    for (const effect of before.effects) {
      if (effect.kind === 'event') events.set(effect.event.id, effect.event)
      if (effect.kind === 'alert') alerts.set(effect.row.id, effect.row)
    }
    const second = (iso: string): number => Date.parse(iso) / 1000
    const clock = before.engine.clock!
    const after = new Course(watched, {
      filling: true, clock,
      remembered: { alerts: [...alerts.values()], events: [...events.values()].map((event) => ({ event, second: second(event.at), ...(event.kind === 'baseline' ? { since: second(event.since) } : {}) })) },
    })
    const minutes = [...Map.groupBy(before.mentions, (row) => Math.floor(row.second / 60))].map(([at, rows]): [number, number] => [at, rows.length])
    after.engine.step({ kind: 'command', seq: 1, now: 0, command: { kind: 'fill', rules: 0, known: [[t0, clock]], topics: [{ id: 'outage', seconds: [], minutes }] } })
    after.minute = before.minute
    return after
  }

  test('tells an open alarm no second time, and its end', () => {
    const before = new Course().go(2 * day, 0.2).go(10, 15)
    const after = restarted(before)
    expect(after.row.level).toBe(before.said.at(-1)!.grade)
    expect(after.go(10, 15).said).toEqual([])
    after.go(200, 0.2)
    expect(after.said).toMatchObject([{ state: 'end', since: before.said[0]!.since }])
    expect(after.alerts).toEqual(['end cleared'])
    expect(after.engine.picture(0).alerts.map(({ id, clearedAt }) => [id, clearedAt])).toEqual(before.said.map(({ id }) => [id, after.said[0]!.at]).toReversed())
  })

  test('learns nothing of what an open alarm is about, neither from the store nor afterwards', () => {
    const before = new Course().go(2 * day, 0.2).go(60, 15)
    const after = restarted(before)
    const usual = before.row.usual!.count
    expect(Math.abs(Math.log(after.row.usual!.count / usual))).toBeLessThan(0.2)
    after.go(60, 15)
    expect(Math.abs(Math.log(after.row.usual!.count / usual))).toBeLessThan(0.2)
    expect(after.go(200, 0.2).said).toMatchObject([{ state: 'end' }])
    expect(Math.abs(Math.log(after.go(60, 0.2).row.usual!.count / usual))).toBeLessThan(0.2)
  })

  test('believes an alarm that has lasted long enough, as one that never stopped', () => {
    const before = new Course().go(2 * day, 0.2).go(18 * 60, 15)
    const after = restarted(before)
    expect(before.row.usual!.count).toBeGreaterThan(10)
    expect(after.row.usual!.count / before.row.usual!.count).toBeCloseTo(1, 1)
  })

  test('knows at once what is normal: a burst is told', () => {
    const after = restarted(new Course().go(2 * day, 0.2))
    expect(after.go(10, 15).said[0]).toMatchObject({ state: 'begin' })
  })
})
