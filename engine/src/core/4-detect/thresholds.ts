// The velocity rules of one topic: armed or tripped, each by itself. Trips where an evaluated count reaches N, re-arms at the
// first evaluated second with a count under 0.8·N.
import type { Grade, Level } from '@groundswell/schemas/grade.ts'
import { levelRank } from '@groundswell/schemas/grade.ts'
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import type { SliceWheel } from '../3-measure/slice-wheel.ts'
import type { PlannedWindow } from '../3-measure/window-plan.ts'

export interface VelocityRule { readonly count: number; readonly within: string; readonly grade: Grade; readonly window: PlannedWindow }

/** A rule changed its state: at which second, by which count. The reason is the rule itself: `count` against `rule.count`. */
export interface Crossing { readonly kind: 'spike' | 'clear'; readonly rule: VelocityRule; readonly ruleIndex: number; readonly at: number; readonly count: number }

export interface EvaluateOptions {
  readonly from: number // first slice that closes
  readonly to: number // last slice that closes
  readonly canClear: boolean // false while the past is being filled in or a source is blind: counts that are too low clear nothing
}

export class Thresholds implements Stateful {
  readonly rules: readonly VelocityRule[]
  readonly #tripped: Uint8Array
  #trippedCount = 0
  readonly #windows: { readonly seconds: readonly WindowRules[]; readonly minutes: readonly WindowRules[] }

  /** `before`: the thresholds this topic had; a rule with the same count and span keeps its state. */
  constructor(topic: TopicRules, windows: readonly PlannedWindow[], before?: Thresholds) {
    this.rules = (topic.velocity ?? []).map((rule, i) => ({ count: rule.count, within: rule.within, grade: rule.grade ?? 'minor', window: windows[i]! }))
    this.#tripped = Uint8Array.from(this.rules, (rule) => (before?.hasTripped(rule) ? 1 : 0))
    this.#trippedCount = this.#tripped.reduce((sum, tripped) => sum + tripped, 0)
    this.#windows = { seconds: byWindow(this.rules, 'seconds'), minutes: byWindow(this.rules, 'minutes') }
  }

  /** How many rules are tripped now. */
  get trippedCount(): number { return this.#trippedCount }

  isTripped(ruleIndex: number): boolean { return this.#tripped[ruleIndex] === 1 }

  /** The worst grade among the rules that are tripped now. */
  level(): Level {
    let worst: Level = 'normal'
    for (let i = 0; this.#trippedCount > 0 && i < this.rules.length; i++) {
      if (this.#tripped[i] === 1 && levelRank(this.rules[i]!.grade) > levelRank(worst)) worst = this.rules[i]!.grade
    }
    return worst
  }

  hasTripped(like: VelocityRule): boolean {
    return this.rules.some((rule, i) => this.#tripped[i] === 1 && rule.count === like.count && rule.window.seconds === like.window.seconds)
  }

  /** Index of the first rule with this count and span; −1: there is none. */
  placeOf(rule: { readonly count: number; readonly within: string }): number {
    const seconds = durationSeconds(rule.within)
    return this.rules.findIndex((own) => own.count === rule.count && own.window.seconds === seconds)
  }

  /** Puts the rules of this count and span into the state in which a stored event left them; answers how many that changed. */
  resume(like: { readonly count: number; readonly within: string }, tripped: boolean): number {
    const seconds = durationSeconds(like.within)
    let changed = 0
    this.rules.forEach((rule, i) => {
      if (rule.count !== like.count || rule.window.seconds !== seconds || this.isTripped(i) === tripped) return
      this.#tripped[i] = tripped ? 1 : 0
      changed++
    })
    this.#trippedCount += tripped ? changed : -changed
    return changed
  }

  /**
   * As if every slice from … to were evaluated in turn, when nothing was added to the slices behind `from`: so counts only fall, and
   * only slices that leave a window are visited. A trip can only happen at `from`, a clear anywhere.
   */
  evaluate(unit: 'seconds' | 'minutes', wheel: SliceWheel, options: EvaluateOptions, out: Crossing[]): void {
    for (const window of this.#windows[unit]) {
      let key = options.from
      while (true) {
        this.#check(window, { key, count: wheel.sumAt(window.index, key), canClear: options.canClear }, out)
        if (!options.canClear || !window.rules.some((i) => this.#tripped[i] === 1)) break
        key = wheel.nextFall(window.index)
        if (key > options.to) break
      }
    }
  }

  save(out: StateWriter): void { out.array(this.#tripped) }

  load(from: StateReader): void {
    const tripped = from.bytes()
    if (tripped.length !== this.rules.length) from.refuse(`there are states of ${tripped.length} rules where ${this.rules.length} are in force`)
    this.#tripped.set(tripped)
    this.#trippedCount = 0
    for (const state of tripped) {
      if (state > 1) from.refuse(`a rule is in state ${state}: 0 is armed, 1 is tripped`)
      this.#trippedCount += state
    }
  }

  #check(window: WindowRules, { key, count, canClear }: Evaluated, out: Crossing[]): void {
    for (const ruleIndex of window.rules) {
      const rule = this.rules[ruleIndex]!
      const tripped = this.#tripped[ruleIndex] === 1
      // 0.8·N in whole numbers: 5·count < 4·N.
      if (tripped ? !canClear || 5 * count >= 4 * rule.count : count < rule.count) continue
      this.#tripped[ruleIndex] = tripped ? 0 : 1
      this.#trippedCount += tripped ? -1 : 1
      const at = rule.window.wheel === 'seconds' ? key : key * 60 + 59
      out.push({ kind: tripped ? 'clear' : 'spike', rule, ruleIndex, at, count })
    }
  }
}

interface Evaluated { readonly key: number; readonly count: number; readonly canClear: boolean }
interface WindowRules { readonly index: number; readonly rules: readonly number[] }

function byWindow(rules: readonly VelocityRule[], wheel: 'seconds' | 'minutes'): WindowRules[] {
  const windows = new Map<number, number[]>()
  rules.forEach((rule, i) => {
    if (rule.window.wheel !== wheel) return
    const same = windows.get(rule.window.index)
    if (same) same.push(i)
    else windows.set(rule.window.index, [i])
  })
  return [...windows].map(([index, rules]) => ({ index, rules }))
}
