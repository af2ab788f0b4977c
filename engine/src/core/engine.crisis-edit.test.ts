// A topic whose query is edited while it is in a crisis: what it is filled with does not teach it that the crisis is normal, and its alert goes on.
import { expect, test } from 'vitest'
import { preparedBatch, type PlainRow } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import type { Effect } from './input.ts'

const t0 = 1_699_999_200
const day = 1440 // minutes
const rules = (query: string, baseline = true): string => `topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: ${query}${baseline ? ", baseline: { alarmBudget: '2 per 8h' }" : ''} }\n`

class Room {
  readonly engine = new Engine({ rules: { topics: [] }, rulesSeq: 0, stream: 1, seenMax: 10_000_000 })
  readonly effects: Effect[] = []
  minute = 0
  #id = 0
  #seq = 0
  readonly #perMinute: [number, number][] = []
  constructor(text = rules('x')) { this.edit(text) }
  go(minutes: number, perMinute: number): this {
    for (let end = this.minute + minutes; this.minute < end; this.minute++) {
      const second = t0 + 60 * this.minute
      const count = Math.max(0, perMinute + Math.round(Math.sin(this.minute * 12.9898) * Math.sqrt(perMinute)))
      this.#perMinute.push([second / 60, count])
      const rows = Array.from({ length: count }, (_, i): PlainRow => ({ id: ++this.#id, second: second + Math.floor((i * 60) / Math.max(1, count)), topics: [0] }))
      this.effects.push(...this.engine.step({ kind: 'batch', batch: preparedBatch([...rows, { id: ++this.#id, second: second + 59 }], { seq: ++this.#seq, rulesSeq: this.engine.rulesSeq }) }))
    }
    return this
  }
  edit(text: string, by: (minute: [number, number]) => [number, number] = (minute) => minute): this {
    const seq = ++this.#seq
    const effects = this.engine.step({ kind: 'command', seq, now: 0, command: { kind: 'rules', text } })
    this.effects.push(...effects)
    if (this.minute === 0) return this.fill(seq, [])
    return this.fill(seq, this.#perMinute.map(by))
  }
  fill(seq: number, minutes: [number, number][]): this {
    const topics = [{ id: 'outage', seconds: [] as [number, number][], minutes: minutes.slice(-7 * day) }]
    this.effects.push(...this.engine.step({ kind: 'command', seq: ++this.#seq, now: 0, command: { kind: 'fill', rules: seq, topics } }))
    return this
  }
  get said() { return this.effects.flatMap((effect) => (effect.kind === 'event' && effect.event.kind === 'baseline' ? [`${effect.event.state} ${effect.event.grade} ${Math.floor((Date.parse(effect.event.at) / 1000 - t0) / 60)}`] : [])) }
  get row() { return this.engine.topics(1)[0]! }
}
test.each([
  { why: 'while it lasts, what is normal stays what it was, and the alert goes on with its grade, told to nobody again', crisis: 360, calm: 0, open: true },
  { why: 'after it was over it has left nothing in what is normal', crisis: 60, calm: 240, open: false },
])('a query that is edited in a crisis: $why', ({ crisis, calm, open }) => {
  const course = (edits: boolean): Room => {
    const room = new Room().go(1.5 * day, 3).go(crisis, 20).go(calm, 3)
    return (edits ? room.edit(rules('x OR y')) : room).go(2, open ? 20 : 3)
  }
  const [edited, watched] = [course(true), course(false)]
  expect(edited.row.usual!.count / watched.row.usual!.count).toBeCloseTo(1, 1)
  expect([edited.row.stage, edited.row.level]).toEqual([watched.row.stage, watched.row.level])
  expect(edited.said).toEqual(watched.said)
  expect(edited.engine.picture(0).alerts).toEqual(watched.engine.picture(0).alerts)
  expect(edited.engine.picture(0).alerts.some(({ clearedAt }) => clearedAt === null)).toBe(open)
  // Calm by the new query, and as long: both are over alike.
  const before = watched.said.length
  const after = [edited, watched].map((room) => room.go(300, 3).said.slice(before).map((said) => said.split(' ').slice(0, 2).join(' ')))
  expect(after).toEqual(open ? [['end moderate'], ['end moderate']] : [[], []])
})

test('an alarm that the new query does not find ends in words once its past is counted, and its alert with it', () => {
  const room = new Room().go(1.5 * day, 3).go(360, 20)
  const [row] = room.engine.picture(0).alerts
  room.edit(rules('z'), ([minute, count]) => [minute, Math.min(count, 3)]).go(2, 3)
  expect(room.said.at(-1)).toMatch(/^end moderate/)
  expect(room.effects.findLast((one) => one.kind === 'event')).toMatchObject({ event: { kind: 'baseline', state: 'end', reason: { en: expect.stringMatching(/^counted anew by the changed query: \d+ in \d+ (min|h); usually [\d.]+, 99 % of such windows at most \d+$/), zh: expect.stringMatching(/^按修改后的查询重新统计：\d+ (分钟|小时)内 \d+ 条；通常 [\d.]+ 条，99% 的同类窗口不超过 \d+ 条$/) } } })
  expect(room.engine.picture(0).alerts.find(({ id }) => id === row!.id)!.clearedAt).not.toBeNull()
  room.go(40, 3)
  const messages = room.effects.filter((one) => one.kind === 'alert').map(({ event, row }) => `${'state' in event ? event.state : event.kind} ${row.id}`)
  expect(messages.slice(-2)).toEqual([`begin ${row!.id}`, `end ${row!.id}`])
  expect(room.said.filter((said) => said.startsWith('end'))).toHaveLength(1)
})
