// An alarm and what was told of it: some run untold, one whose grade rises is told again, and an end is told of what was told.
//
// One that began untold was part of something else that was told. It is told after all, once, where it may be told and becomes graver than
// it was by then; and where nobody listened when it began and somebody does now, as soon as it is loud. Otherwise it ends as it began.
import { grades, levelRank, type Grade, type Level } from '@groundswell/schemas/grade.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import { matters, rarestThatMatters, Surge, toldBy, type ResumedAlarm, type SurgeChange } from './surge.ts'
import type { Reading } from './velocity-detector.ts'

/** `rises`: it was told before, with a lower grade. */
export interface ToldChange extends SurgeChange { readonly rises: boolean }

const levels: readonly Level[] = ['normal', ...grades]

export class TellingSurge implements Stateful {
  readonly surge: Surge
  #told: Level = 'normal' // the grade with which the open alarm was told; normal: it was not
  #passed: Level = 'normal' // of one that was not told: the grade with which it is not worth telling

  constructor(budget: number | null) { this.surge = new Surge(budget) }

  get open(): boolean { return this.surge.open }
  /** Whether the open alarm was told. */
  get isTold(): boolean { return this.#told !== 'normal' }
  /** The grade with which it was told; null: it was not. */
  get told(): Grade | null { return this.#told === 'normal' ? null : this.#told }
  /** Its worst grade so far; normal where none is open that was told. */
  get level(): Level { return this.isTold ? this.surge.grade ?? 'normal' : 'normal' }

  /** As the alarm that it is; `mayTell`: whether one that begins or becomes graver is worth telling. Answers what happened, and of that what is to be told. */
  take(second: number, reading: Reading | null, mayTell: boolean): { readonly change: SurgeChange | null; readonly told: ToldChange | null } {
    const change = this.surge.take(second, reading)
    if (change?.state === 'end') {
      const wasTold = this.isTold
      this.silence()
      return { change, told: wasTold ? { ...change, rises: false } : null }
    }
    const grade = this.surge.grade
    if (grade === null) return nothing
    if (!this.isTold && !mayTell) this.#passed = grade
    if (change) return { change, told: mayTell ? this.#tell({ ...change, rises: false }) : null }
    if (reading === null || levelRank(grade) <= levelRank(this.isTold ? this.#told : this.#passed) || !(this.isTold || this.#isLoud(reading))) return nothing
    return { change, told: this.#tell({ state: 'begin', at: second, since: this.surge.since, reading: toldBy(rarestThatMatters(reading), reading), grade, moved: false, rises: this.isTold }) }
  }

  /** What is open ends unsaid. */
  silence(): void { this.#told = this.#passed = 'normal' }

  /** Nobody listened until now: what is open is told when it may be and is loud. */
  listen(): void { this.#passed = 'normal' }

  /** What is open is an alarm that was told before with this grade; answers whether any is. */
  goOn(told: Grade): boolean {
    if (this.open) this.#told = told
    return this.open
  }

  /** Goes on with an alarm that was told before; before any look. */
  resume(begun: ResumedAlarm, clocks: number): void {
    this.surge.resume(begun, clocks)
    this.#told = begun.grade
  }

  save(out: StateWriter): void {
    for (const level of [this.#told, this.#passed]) out.number(levelRank(level))
    this.surge.save(out)
  }

  load(from: StateReader): void {
    this.#told = levels[from.whole(0, levels.length - 1)]!
    this.#passed = levels[from.whole(0, levels.length - 1)]!
    this.surge.load(from)
    if (this.isTold && !this.open) from.refuse('an alarm was told that is not open')
  }

  /** Whether it would be worth an alarm now. */
  #isLoud(reading: Reading): boolean {
    const budget = this.surge.budgetPerDay
    return this.surge.isHeard && budget !== null && reading.falsePerDay <= budget && matters(reading.clocks[rarestThatMatters(reading)]!)
  }

  #tell(change: ToldChange): ToldChange {
    this.#told = change.grade
    return change
  }
}

const nothing = { change: null, told: null } as const
