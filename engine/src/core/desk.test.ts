// A silence mutes what is raised while it runs, up to its grade; who was told that something began is told that it is over. The same in every replay.
import { expect, test } from 'vitest'
import type { Action } from '@groundswell/schemas/action.ts'
import type { Grade } from '@groundswell/schemas/grade.ts'
import { liveLimits, type AlertRow } from '@groundswell/schemas/live.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { preparedBatch } from '../../test/prepared-batch.ts'
import { HandlingLog } from './5-respond/handling.ts'
import { Desk, type DeskParts } from './desk.ts'
import { Engine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Effect } from './input.ts'
import { StateReader, StateWriter } from './state.ts'

const begin = 1_800_000_000
const name = { zh: '题', en: 'topic' }
const rules: Rules = { topics: [{ id: 'a', name, query: 'a', velocity: [{ count: 2, within: '10s', grade: 'minor' }, { count: 5, within: '10s', grade: 'severe' }] }] }
const options: EngineOptions = { rules, rulesSeq: 0, stream: 7, seenMax: 10_000, cooldownSeconds: 20, silence: { blindSeconds: 60 } }

/** Seconds of the stream with so many mentions each, and what is told on the way: `spike minor`, in brackets where it is muted. */
class Room {
  engine = new Engine(options)
  second = begin
  #id = 0
  #told: string[] = []

  get told(): string { return this.#told.splice(0).join(', ') }

  run(seconds: number, mentions: number): this {
    for (const until = this.second + seconds; this.second < until;) {
      const rows = Array.from({ length: mentions }, () => ({ id: ++this.#id, second: this.second, platform: 'weibo', topics: [0] }))
      if (mentions > 0) this.#tell(this.engine.step({ kind: 'batch', batch: preparedBatch(rows, { seq: this.#seq, time: this.second * 1000 }) }))
      this.second++
      this.#tell(this.engine.step({ kind: 'tick', seq: this.#seq, now: this.second * 1000 }))
    }
    return this
  }

  act(action: Action, id = `${this.#seq}`): readonly Effect[] {
    return this.engine.step({ kind: 'command', seq: this.#seq, now: this.second * 1000, command: { kind: 'act', id, by: 'li', action } })
  }

  silence(seconds: number, grade: 'minor' | 'moderate' | 'severe', topic = 'a'): this {
    this.act({ what: 'silence', topic, grade, until: (this.second + seconds) * 1000, reason: 'a drill' })
    return this
  }

  /** As after a crash: another engine goes on from what was saved. */
  restart(): this {
    const out = new StateWriter()
    this.engine.save(out)
    this.engine = new Engine(options)
    this.engine.load(new StateReader(out.written.slice()), () => { throw new Error('no segment is full') })
    return this
  }

  get #seq(): number { return this.engine.position.seq + 1 }

  #tell(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'alert') continue
      const words = `${effect.event.kind} ${effect.event.grade}`
      this.#told.push(effect.muted ? `(${words})` : words)
    }
  }
}

test.each<{ readonly why: string; readonly play: (room: Room) => Room; readonly told: string }>([
  { why: 'without a silence all is told', play: (room) => room.run(4, 1).run(40, 0), told: 'spike minor, clear minor' },
  { why: 'what is silenced is muted, and so is its end, after the silence too', play: (room) => room.silence(8, 'minor').run(4, 1).run(40, 0), told: '(spike minor), (clear minor)' },
  { why: 'a higher grade breaks through, and then its end is told', play: (room) => room.silence(90, 'moderate').run(2, 1).run(2, 5).run(60, 0), told: '(spike minor), spike severe, clear severe' },
  { why: 'the end of what was told before the silence is told', play: (room) => room.run(4, 1).silence(90, 'severe').run(60, 0), told: 'spike minor, clear minor' },
  { why: 'a silence that is over mutes nothing', play: (room) => room.run(1, 0).silence(3, 'severe').run(3, 0).run(4, 1).run(40, 0), told: 'spike minor, clear minor' },
  { why: 'one that was ended mutes nothing', play: (room) => { room.silence(90, 'severe').act({ what: 'unsilence', topic: 'a' }); return room.run(4, 1) }, told: 'spike minor' },
  { why: 'a newer one replaces it', play: (room) => room.silence(90, 'severe').silence(90, 'minor').run(4, 5), told: '(spike minor), spike severe' },
])('$why, restarted or not', ({ play, told }) => {
  const room = new Room().run(1, 0)
  expect(play(room).told).toBe(told)
  class Restarting extends Room { override run(seconds: number, mentions: number): this { return super.run(seconds, mentions).restart() } }
  expect(play(new Restarting().run(1, 0)).told).toBe(told)
})

test('a source that is silenced goes blind and is seen again without disturbing anybody', () => {
  const room = new Room().run(700, 1)
  expect(room.told).toBe('spike minor, spike severe')
  room.silence(100, 'moderate', 'source:weibo').run(90, 0).restart()
  expect(room.told).toBe('clear severe, (blind moderate)')
  expect(room.run(20, 0).run(1, 1).run(1, 0).told).toBe('(seen moderate)')
})

test('the picture shows how far people are with an alert, silences and the pin, until they are over', () => {
  const room = new Room().run(4, 1)
  const [alert] = room.engine.picture(0).alerts
  const at = room.second * 1000
  expect(alert?.handling).toBeUndefined()
  room.act({ what: 'acknowledge', alert: alert!.id })
  room.silence(60, 'minor').act({ what: 'pin', topic: 'a', until: at + 5000 })
  const shown = room.engine.picture(at)
  expect(shown.alerts[0]?.handling).toEqual({ state: 'acknowledged', by: 'li', at, assignee: null, notes: 0 })
  expect([shown.silences, shown.pin]).toEqual([[{ topic: 'a', grade: 'minor', since: at, until: at + 60_000, by: 'li', reason: 'a drill' }], { topic: 'a', by: 'li', since: at, until: at + 5000 }])
  expect([room.engine.picture(at + 59_999).silences.length, room.engine.picture(at + 60_000).silences, room.engine.picture(at + 5000).pin]).toEqual([1, [], null])
})

test('a topic with several alerts of the gravest grade waits until somebody has all of them', () => {
  const row = (id: string, grade: Grade): AlertRow => ({ id, topic: 'a', name, grade, clearedAt: null }) as unknown as AlertRow // of a count, and of a cascade that ran ahead
  const handling = new HandlingLog()
  const desk = new Desk({ alerts: { rows: [row('light', 'minor'), row('one', 'severe'), row('two', 'severe')] }, handling } as unknown as DeskParts)
  const told = (['one', 'two'] as const).map((alert) => {
    handling.act({ id: alert, by: 'li', action: { what: 'acknowledge', alert } }, begin * 1000)
    return desk.taken()('a', 'severe')
  })
  expect(told).toEqual([false, true])
})

test('a pinned topic is told however many are more urgent', () => {
  const topics = Array.from({ length: liveLimits.topicsMax + 5 }, (_, n) => ({ id: `t${String(n).padStart(2, '0')}`, name, query: 'a', velocity: [] }))
  const engine = new Engine({ ...options, rules: { topics } })
  const told = (): string[] => engine.picture(begin * 1000).topics.map(({ id }) => id)
  const before = told()
  expect([before.length, before.includes('t28')]).toEqual([liveLimits.topicsMax, false])
  engine.step({ kind: 'command', seq: 1, now: begin * 1000, command: { kind: 'act', id: 'p', by: 'li', action: { what: 'pin', topic: 't28', until: begin * 1000 + 60_000 } } })
  expect(told()).toEqual([...before.slice(0, -1), 't28'])
  engine.step({ kind: 'command', seq: 2, now: begin * 1000, command: { kind: 'act', id: 'q', by: 'li', action: { what: 'pin', topic: 't03', until: begin * 1000 + 60_000 } } })
  expect(told()).toEqual(before)
})

test('an action is a row once, whatever is sent again; of what is not there nothing is done', () => {
  const room = new Room().run(4, 1)
  const note: Action = { what: 'note', alert: 'a/1', text: 'x' }
  expect(room.act(note, 'one')).toEqual([{ kind: 'action', seq: expect.any(Number) as number, row: { id: 'one', at: room.second * 1000, by: 'li', action: note } }])
  expect(room.act(note, 'one')).toEqual([])
  expect(room.act({ what: 'silence', topic: 'gone', grade: 'minor', until: 9e12, reason: 'x' })).toEqual([])
  expect(room.act({ what: 'pin', topic: 'source:weibo', until: 9e12 })).toEqual([])
  expect([room.engine.desk.handlingOf('a/1')?.notes, room.engine.picture(0).silences, room.engine.picture(0).pin]).toEqual([1, [], null])
})
