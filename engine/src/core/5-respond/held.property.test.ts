// An alert whose topic is counted anew, held against a recount second by second: messages, what the list shows, and whatever the clock jumps over.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grades, levelRank, type Grade } from '@groundswell/schemas/grade.ts'
import { reloaded } from '../../../test/saved.ts'
import { isoSecond } from '../4-detect/iso-second.ts'
import { Alerts, type Alert } from './alerts.ts'
import type { AtSecond } from './episode.ts'

const name = { zh: '题', en: 'topic' }
const alarm = 3 // of the flips, the topic's own alarm: what another query leaves unknown
const gradeOf = (rule: number): Grade => grades[rule % 3]!
const crossing = (kind: 'spike' | 'clear', rule: number, at: number): AtSecond =>
  ({ event: { kind, topic: 't', rule: { count: rule + 1, within: '1m' }, grade: gradeOf(rule), at: isoSecond(at), count: 9, id: `${rule}/${at}/${kind}` }, at, name })

type Happening = { readonly wait: number } & (
  | { readonly what: 'flip'; readonly rule: number }
  | { readonly what: 'query' | 'rules'; readonly stay: readonly number[]; readonly isWaiting: boolean }
  | { readonly what: 'past'; readonly goesOn: boolean }
  | { readonly what: 'reload' })
const wait = fc.oneof({ weight: 3, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.nat(300) })
const happenings: fc.Arbitrary<Happening[]> = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ wait, what: fc.constant('flip' as const), rule: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ wait, what: fc.constantFrom('query' as const, 'query' as const, 'rules' as const), stay: fc.subarray([0, 1, 2]), isWaiting: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ wait, what: fc.constant('past' as const), goesOn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ wait, what: fc.constant('reload' as const) }) },
), { maxLength: 50 })

/** What is on, and the one alert, as somebody would keep book of it who looks at every second. */
class Book {
  readonly on = new Set<number>()
  readonly messages: string[] = []
  readonly #cooldown: number
  #at = 0
  #open: { grade: Grade; lastSpike: number; wasOver: boolean } | null = null
  isWaiting = false
  #wasTold = false // of the own alarm of the query before
  #until = -1 // second up to which it is held since its past came; −1: it is not

  constructor(cooldown: number) { this.#cooldown = cooldown }

  get isOpen(): boolean { return this.#open !== null }
  get isShown(): boolean { return this.#open !== null && (this.on.size > 0 || (this.#isHeld && !this.#open.wasOver)) }
  get #isHeld(): boolean { return this.isWaiting || this.#until >= 0 }

  close(until: number): void {
    for (; this.#at < until; this.#at++) {
      if (this.#at >= this.#until) this.#until = -1
      if (!this.#open || this.on.size > 0 || this.#isHeld || this.#at < this.#open.lastSpike + this.#cooldown) continue
      this.messages.push(`clear ${this.#open.grade}`)
      this.#open = null
    }
  }

  flip(rule: number, at: number): 'spike' | 'clear' {
    if (this.on.delete(rule)) return 'clear'
    this.on.add(rule)
    const isGraver = !this.#open || levelRank(gradeOf(rule)) > levelRank(this.#open.grade)
    if (isGraver) this.messages.push(`spike ${gradeOf(rule)}`)
    this.#open = { grade: isGraver ? gradeOf(rule) : this.#open!.grade, lastSpike: at, wasOver: false }
    return 'spike'
  }

  /** Another query, or other rules, of which these stay. */
  edit(stay: readonly number[], isQuery: boolean, isWaiting: boolean): void {
    const wasOn = this.on.size > 0
    const told = this.on.has(alarm)
    const rests = new Set(isQuery || !told ? stay : [...stay, alarm])
    for (const rule of this.on) if (!rests.has(rule)) this.on.delete(rule)
    if (!this.#open) return
    if (isQuery || (isWaiting && this.#isHeld)) {
      if (!this.#isHeld) this.#open.wasOver = !wasOn
      this.#wasTold = (isQuery && told) || (this.#wasTold && this.isWaiting)
      this.isWaiting = true
      this.#until = -1
    } else if (wasOn && this.on.size === 0) {
      this.#open = null
      this.isWaiting = false
      this.#until = -1
    }
  }

  past(goesOn: boolean, until: number): void {
    if (this.#wasTold && goesOn) {
      this.on.add(alarm)
      this.#open!.wasOver = false
    }
    this.isWaiting = this.#wasTold = false
    this.#until = until
  }
}

test('messages and list are those of a recount, second by second', () => {
  fc.assert(fc.property(happenings, fc.integer({ min: 0, max: 90 }), (all, cooldown) => {
    const book = new Book(cooldown)
    let jumps = new Alerts(cooldown)
    const ticks = new Alerts(cooldown) // every second by itself
    const told: string[][] = [[], []]
    const say = (which: number, alerts: readonly Alert[]): void => { told[which]!.push(...alerts.map(({ event }) => `${event.kind} ${event.grade}`)) }
    let at = 0
    for (const happening of all) {
      const from = at
      at += happening.wait + 1 // at most one a second
      book.close(at)
      say(0, jumps.settle(at - 1))
      for (let second = from; second < at; second++) say(1, ticks.settle(second))
      if (happening.what === 'flip') {
        const change = crossing(book.on.has(happening.rule) ? 'clear' : 'spike', happening.rule, at)
        expect(book.flip(happening.rule, at)).toBe(change.event.kind)
        say(0, jumps.take(change))
        say(1, ticks.take(change))
      } else if (happening.what === 'past') {
        const waited = jumps.awaiting('t')
        expect(waited !== null).toBe(book.isOpen && book.isWaiting)
        if (!waited) continue
        const goesOn = waited.held.told !== null && happening.goesOn
        const until = 60 * Math.floor(at / 60) + 59
        book.past(happening.goesOn, until)
        const end = goesOn || (waited.held.told === null && waited.isOn) ? null : crossing('clear', alarm, at)
        for (const alerts of [jumps, ticks]) alerts.countedAnew('t', { until, goesOn, end })
      } else if (happening.what === 'reload') jumps = reloaded(jumps, new Alerts(cooldown))
      else {
        const isAnew = happening.what === 'query'
        const told = isAnew && book.on.has(alarm) ? gradeOf(alarm) : null
        const isWaiting = isAnew || happening.isWaiting || book.isWaiting // one that waits goes on waiting
        book.edit(happening.stay, isAnew, isWaiting)
        for (const alerts of [jumps, ticks]) alerts.retain('t', { tripped: book.on.size, isAnew, isWaiting, told }, isoSecond(at))
      }
      for (const alerts of [jumps, ticks]) if (book.isOpen) expect(alerts.rows[0]!.clearedAt === null).toBe(book.isShown)
    }
    if (!book.isWaiting) for (const alerts of [jumps, ticks]) say(alerts === jumps ? 0 : 1, alerts.settle(at + 1000))
    if (!book.isWaiting) book.close(at + 1001)
    expect(told[0]).toEqual(book.messages)
    expect(told[1]).toEqual(book.messages)
  }), { numRuns: 1000 })
})
