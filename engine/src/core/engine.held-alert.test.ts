// An open alert belongs to its topic, not to the text of its query: refining the query of what burns keeps the alert, whoever has it, and wakes nobody twice.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command } from '@groundswell/schemas/command.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import { savedBytes } from '../../test/saved.ts'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { isoSecond } from './4-detect/iso-second.ts'
import { Engine } from './engine.ts'
import type { Effect } from './input.ts'
import { StateReader } from './state.ts'
import { parseRules } from './2-enrich/rules-file.ts'

const t0 = 1_700_000_040 // the start of a minute
const cooldownSeconds = 300
const yaml = (query: string, velocity = '{ count: 5, within: 10m }, { count: 50, within: 10m, grade: severe }'): string => `topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: '${query}', velocity: [${velocity}] }\n`
const others = 'topics:\n  - { id: other, name: { zh: 别的, en: Other }, query: y, velocity: [{ count: 5, within: 10m }] }\n'
function rulesOf(text: string): Rules {
  const parsed = parseRules(text)
  return parsed.ok ? parsed.rules : expect.fail(parsed.problems[0]?.message ?? '')
}

class Room {
  engine: Engine
  text: string
  readonly effects: Effect[] = []
  #id = 0
  #seq = 0
  #edit = 0
  constructor(text = yaml('x')) {
    this.engine = new Engine({ rules: rulesOf(text), rulesSeq: 0, stream: 1, seenMax: 100_000, cooldownSeconds })
    this.text = text
  }

  mentions(second: number, count: number): this {
    const rows = Array.from({ length: count }, (): PlainRow => ({ id: ++this.#id, second, topics: [0] }))
    this.effects.push(...this.engine.step({ kind: 'batch', batch: preparedBatch(rows, { seq: ++this.#seq, rulesSeq: this.engine.rulesSeq, time: second * 1000 }) }))
    return this
  }
  /** Somebody else speaks: the clock moves on; `from`: in every second on the way. */
  at(second: number, from = second): this {
    const rows = Array.from({ length: second - from + 1 }, (_, i): PlainRow => ({ id: ++this.#id, second: from + i }))
    this.effects.push(...this.engine.step({ kind: 'batch', batch: preparedBatch(rows, { seq: ++this.#seq, rulesSeq: this.engine.rulesSeq, time: second * 1000 }) }))
    return this
  }
  #command(command: Command): this {
    this.effects.push(...this.engine.step({ kind: 'command', seq: ++this.#seq, now: (t0 + 6) * 1000, command }))
    return this
  }
  edit(text: string): this {
    this.#edit = this.#seq + 1
    this.text = text
    return this.#command({ kind: 'rules', text })
  }
  past(seconds: [number, number][], edit = this.#edit): this {
    const minutes = new Map<number, number>()
    for (const [second, count] of seconds) minutes.set(Math.floor(second / 60), (minutes.get(Math.floor(second / 60)) ?? 0) + count)
    return this.#command({ kind: 'fill', rules: edit, topics: [{ id: 'outage', seconds, minutes: [...minutes] }] })
  }
  get lastEdit(): number { return this.#edit }
  take(): this {
    const alert = this.rows[0]!.id
    this.#command({ kind: 'act', id: '1', by: 'Li', action: { what: 'acknowledge', alert } })
    this.#command({ kind: 'act', id: '2', by: 'Li', action: { what: 'assign', alert, to: 'Wang' } })
    this.#command({ kind: 'act', id: '3', by: 'Li', action: { what: 'note', alert, text: '在查' } })
    return this.#command({ kind: 'act', id: '4', by: 'Li', action: { what: 'silence', topic: 'outage', grade: 'minor', until: (t0 + 9000) * 1000, reason: '在查' } })
  }
  /** As a checkpoint would: at any moment. */
  reload(): this {
    const engine = new Engine({ rules: rulesOf(this.text), rulesSeq: this.engine.rulesSeq, stream: 1, seenMax: 100_000, cooldownSeconds })
    engine.load(new StateReader(savedBytes(this.engine)), () => expect.unreachable('no segment is full'))
    this.engine = engine
    return this
  }
  get rows(): readonly AlertRow[] { return this.engine.picture(0).alerts }
  get alerts(): string[] { return this.effects.flatMap((one) => (one.kind === 'alert' ? [`${one.event.kind} ${one.event.grade} ${one.row.id}`] : [])) }
  get events(): SpikeEvent[] { return this.effects.flatMap((one) => (one.kind === 'event' ? [one.event] : [])) }
}

const id = `outage/5/10m/${isoSecond(t0)}/spike`
const burning = (): Room => new Room().mentions(t0, 9).at(t0 + 5)
const handling = { state: 'acknowledged', by: 'Li', assignee: 'Wang', notes: 1 }

test('it stays open with all that was done about it while its topic is counted anew, and goes on where it still is not normal', () => {
  const room = burning().take().edit(yaml('x OR z'))
  expect(room.rows).toMatchObject([{ id, clearedAt: null, handling }])
  expect(room.engine.topic('outage')).toMatchObject({ filling: true, level: 'minor', count: 0 })
  room.reload().at(t0 + 4000) // the store is away for an hour: nothing ends
  expect(room.rows).toMatchObject([{ id, clearedAt: null, handling }])
  room.past([[t0 + 3900, 12]]).reload().at(t0 + 4200)
  expect(room.rows).toMatchObject([{ id, clearedAt: null, handling }])
  expect(room.engine.desk.silences((t0 + 4200) * 1000)).toMatchObject([{ topic: 'outage' }])
  room.at(t0 + 6000)
  expect(room.alerts).toEqual([`spike minor ${id}`, `clear minor ${id}`])
  expect(room.rows).toMatchObject([{ id, clearedAt: isoSecond(t0 + 4500), handling }])
})

test('where the new query is normal it ends once, with a clear that says why', () => {
  const room = burning().edit(yaml('x NOT z')).past([[t0, 1]]).at(t0 + 59)
  expect(room.rows).toMatchObject([{ id, clearedAt: null }]) // until the minute has closed
  room.at(t0 + 60)
  expect(room.rows).toMatchObject([{ id, clearedAt: isoSecond(t0 + 5) }])
  room.at(t0 + 2000)
  expect(room.alerts).toEqual([`spike minor ${id}`, `clear minor ${id}`])
  const over = room.effects.findLast((one) => one.kind === 'alert')!
  expect(over).toMatchObject({ event: { kind: 'clear', count: 1, reason: { en: 'counted anew by the changed query: 1 in 10 min', zh: '按修改后的查询重新统计：10 分钟内 1 条' } }, row: { id, clearedAt: isoSecond(t0 + 5) } })
})

test('an alarm that begins within the minute in which the past came goes on with it; a higher grade is told as ever', () => {
  const room = burning().edit(yaml('x NOT z')).past([]).at(t0 + 10)
  room.mentions(t0 + 40, 6).at(t0 + 300)
  expect(room.rows).toMatchObject([{ id, clearedAt: null }])
  expect(room.alerts).toEqual([`spike minor ${id}`])
  room.edit(yaml('x')).past([[t0 + 290, 60]]).at(t0 + 310)
  const severe = `outage/50/10m/${isoSecond(t0 + 300)}/spike`
  expect(room.alerts).toEqual([`spike minor ${id}`, `spike severe ${severe}`])
  expect(room.rows).toMatchObject([{ id: severe, clearedAt: null }, { id, clearedAt: null }])
})

test('rules that are changed with the query hold it too: what they trip goes on with it, and where they trip nothing it ends in words', () => {
  const goesOn = burning().edit(yaml('x OR z', '{ count: 4, within: 1h }')).past([[t0, 9]]).at(t0 + 100)
  expect([goesOn.alerts, goesOn.rows]).toMatchObject([[`spike minor ${id}`], [{ id, clearedAt: null }]])
  const over = burning().edit(yaml('x OR z', '{ count: 400, within: 1h }')).past([[t0, 9]]).at(t0 + 2000)
  expect(over.alerts).toEqual([`spike minor ${id}`, `clear minor ${id}`])
  expect(over.events.at(-1)).toMatchObject({ kind: 'clear', rule: { count: 5, within: '10m' }, count: 9, at: isoSecond(t0 + 5), reason: { en: 'counted anew by the changed query: 9 in 10 min' } })
})

test('a second change holds it on, until the past of that one has come', () => {
  const room = burning().edit(yaml('x OR z'))
  const first = room.lastEdit
  room.edit(yaml('x OR y')).past([], first).at(t0 + 1000)
  expect(room.rows).toMatchObject([{ id, clearedAt: null }])
  room.past([[t0 + 990, 8]]).at(t0 + 1010).edit(yaml('z')).at(t0 + 5000).past([]).at(t0 + 5100)
  expect(room.rows).toMatchObject([{ id, clearedAt: isoSecond(t0 + 5000) }])
  expect(room.alerts).toEqual([`spike minor ${id}`, `clear minor ${id}`])
})

test('an episode that waits for its calm is not over while its topic is counted anew', () => {
  const short = '{ count: 5, within: 1m }'
  const ofMinute = `outage/5/1m/${isoSecond(t0)}/spike`
  const waits = (): Room => new Room(yaml('x', short)).mentions(t0, 9).at(t0 + 100).edit(yaml('x OR z', short)).at(t0 + 2000)
  expect([waits().alerts, waits().rows]).toMatchObject([[`spike minor ${ofMinute}`], [{ clearedAt: isoSecond(t0 + 60) }]])
  const again = waits().past([[t0 + 1990, 7]]).at(t0 + 2010)
  expect([again.alerts, again.rows]).toMatchObject([[`spike minor ${ofMinute}`], [{ clearedAt: null }]])
  const over = waits().past([[t0 + 1990, 2]]).at(t0 + 2200)
  expect([over.alerts, over.rows]).toMatchObject([[`spike minor ${ofMinute}`, `clear minor ${ofMinute}`], [{ clearedAt: isoSecond(t0 + 60) }]])
})

test('a topic that is gone from the rules takes its alert with it, held or not', () => {
  for (const room of [burning(), burning().edit(yaml('x OR z'))]) {
    room.edit(others)
    expect(room.rows).toMatchObject([{ id, clearedAt: isoSecond(t0 + 5) }])
    room.at(t0 + 5000)
    expect(room.alerts).toEqual([`spike minor ${id}`])
  }
})

test('a topic that is gone while it waits for its calm, and is counted anew, is told to be over, and one of that name that comes later is another', () => {
  const short = '{ count: 5, within: 1m }'
  const ofMinute = `outage/5/1m/${isoSecond(t0)}/spike`
  const room = new Room(yaml('x', short)).mentions(t0, 9).at(t0 + 100).edit(yaml('x OR z', short)).reload().edit(others).at(t0 + 2000)
  expect(room.alerts).toEqual([`spike minor ${ofMinute}`, `clear minor ${ofMinute}`])
  room.edit(yaml('x', short)).past([]).mentions(t0 + 3000, 9).at(t0 + 3010)
  expect(room.alerts.at(-1)).toBe(`spike minor outage/5/1m/${isoSecond(t0 + 3000)}/spike`)
})

test.each([
  { why: 'its rules are the same', text: yaml('x OR z'), loud: 9 }, { why: 'its rules are the same, and it is calm', text: yaml('x OR z'), loud: 1 },
  { why: 'no rule that told it is in force', text: yaml('x OR z', '{ count: 7, within: 2h }'), loud: 9 }, { why: 'none is in force, and it is calm', text: yaml('x OR z', '{ count: 7, within: 2h }'), loud: 1 },
])('an engine that starts from the store while its topic is counted anew has it open as before: $why', ({ text, loud }) => {
  const always = burning().edit(text)
  const stored = always.effects.flatMap((one) => (one.kind === 'alert' ? [one.row] : []))
  const events = always.events.map((event) => ({ event, second: Date.parse(event.at) / 1000 }))
  const restarted = new Room()
  restarted.engine = new Engine({ rules: rulesOf(text), rulesSeq: 0, stream: 1, seenMax: 100_000, cooldownSeconds, filling: true, clock: t0 + 5, remembered: { events, alerts: stored, anew: ['outage'] } })
  expect(restarted.rows).toEqual(always.rows)
  const seen = [always.past([[t0, loud]]), restarted.past([[t0, loud]], 0)].map((room) => {
    const from = room.alerts.filter((said) => !said.startsWith('spike')).length
    return { rows: room.at(t0 + 100).rows, alerts: room.at(t0 + 12_000).alerts.filter((said) => !said.startsWith('spike')).slice(from) }
  })
  expect(seen[1]).toEqual(seen[0])
  expect(seen[0]!.alerts).toEqual([`clear minor ${id}`])
})

const variants = ['{ count: 5, within: 1m }', '{ count: 5, within: 1m }, { count: 20, within: 10m, grade: severe }', '{ count: 12, within: 3h, grade: moderate }', `{ count: 5, within: 1m }], baseline: { alarmBudget: '9 per 8h' }, spread: [{ size: 900, within: 1h }`]
const course = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('mentions' as const), ahead: fc.oneof(fc.nat(5), fc.nat(90), fc.nat(1000)), count: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('edit' as const), text: fc.tuple(fc.constantFrom('x', 'x OR z', 'z'), fc.constantFrom(...variants)).map(([query, velocity]) => yaml(query, velocity)) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('fill' as const), behind: fc.array(fc.tuple(fc.nat(4000), fc.integer({ min: 1, max: 9 })), { maxLength: 9 }) }) },
), { maxLength: 25 })

test('how far the clock moves at once changes nothing, nor does a checkpoint, and no alert is begun or ended twice', () => {
  fc.assert(fc.property(course, (happenings) => {
    const sparse = new Room(), dense = new Room()
    let clock = t0
    for (const happening of [{ what: 'mentions' as const, ahead: 0, count: 9 }, ...happenings, { what: 'fill' as const, behind: [] }, ...Array.from({ length: 6 }, () => ({ what: 'mentions' as const, ahead: 2000, count: 0 }))]) { // nothing is a gap
      if (happening.what === 'mentions') {
        dense.at(clock + happening.ahead, clock)
        clock += happening.ahead
        for (const room of [sparse.reload(), dense]) {
          if (happening.count === 0) room.at(clock)
          else room.mentions(clock, happening.count)
        }
      } else if (happening.what === 'edit') for (const room of [sparse, dense]) room.edit(happening.text)
      else {
        const seconds = new Map(happening.behind.map(([behind, count]) => [clock - behind, count]))
        for (const room of [sparse, dense]) for (const pending of room.engine.pendingFills()) room.past([...seconds].toSorted(([a], [b]) => a - b), pending.rulesSeq)
      }
    }
    expect([dense.alerts, dense.events, dense.rows]).toEqual([sparse.alerts, sparse.events, sparse.rows])
    expect(new Set(sparse.alerts).size).toBe(sparse.alerts.length)
  }), { numRuns: 40 })
})

test('in a checkpoint it is named only while it is held: those from before there was such a thing are read', () => {
  const text = (room: Room): string => new TextDecoder('latin1').decode(savedBytes(room.engine))
  expect(text(burning())).not.toContain('"held"')
  expect(text(burning().edit(yaml('x OR z')))).toContain('"held":{"until":-1,"told":null}')
  expect(text(burning().edit(yaml('x OR z')).past([]))).toContain(`"held":{"until":${t0 + 59},"told":null}`)
  expect(text(burning().edit(yaml('x OR z')).past([[t0, 9]]).at(t0 + 60))).not.toContain('"held"')
})
