// A series played through the engine's own windows and thresholds, with a forecast taken every minute and what then happened.
//
// Thresholds do not look at the series' peak: for each window they are 3^(1+k+u), u drawn by name, up to those that no forecast is near to.
// A forecast is taken at the end of a minute in which the rule is armed and its window holds a tenth of the count. The longer a rule
// hovers at one nearness, the sparser: the n-th of a nearness is taken with density 1 / (1 + n/3). That depends on the past alone, so it
// favours no outcome, and keeps long quiet stretches from outweighing the crises.
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { SliceWheel } from '@groundswell/engine/src/core/3-measure/slice-wheel.ts'
import { planWindows } from '@groundswell/engine/src/core/3-measure/window-plan.ts'
import { Thresholds, type Crossing, type VelocityRule } from '@groundswell/engine/src/core/4-detect/thresholds.ts'
import { hashOf } from './chance.ts'
import type { Series } from './series.ts'

const windows = ['5m', '10m', '30m', '1h', '2h', '6h'] as const
const coarse = new Set<string>(['1h', '2h', '6h']) // of series that are known by five minutes
const longest = 6 * 3600 + 60
const knownDays = 1 // a room has watched a topic for a day when its crisis comes

/** A moment at which a forecast is to be made: what the topic's wheels hold, its armed rule, the running second, and from when its past is known. */
export interface Moment { readonly wheels: Wheels; readonly rule: VelocityRule; readonly clock: number; readonly since: number }
interface Wheels { readonly seconds: SliceWheel; readonly minutes: SliceWheel }
interface Asked<Kept> { readonly kept: Kept; readonly at: number }

/** Plays the series; `ask` answers what is to be kept of a forecast, `tell` hears later after how many seconds its rule tripped (Infinity: not in the recording). */
export function replay<Kept>(series: Series, ask: (moment: Moment) => Kept, tell: (kept: Kept, trippedAfter: number) => void): void {
  const { seconds } = series
  const first = seconds[0]!
  const since = first - knownDays * 86_400
  const watched = new Watched(rulesOf(series), first)
  const open = watched.rules.map((): Asked<Kept>[] => [])
  const taken = open.map(() => new Int32Array(10))
  const moveTo = (second: number): void => {
    for (const { kind, ruleIndex, at } of watched.moveTo(second)) {
      if (kind !== 'spike') continue
      for (const asked of open[ruleIndex]!) tell(asked.kept, at - asked.at)
      open[ruleIndex]!.length = 0
    }
  }
  const askAll = (): void => watched.rules.forEach((rule, i) => {
    const nearness = watched.nearness(i)
    if (nearness < 1 || nearness > 9 || !isDue(taken[i]![nearness]!++)) return
    open[i]!.push({ kept: ask({ wheels: watched, rule, clock: watched.clock, since }), at: watched.clock })
  })
  const phase = hashOf(series.name) % 60 // forecasts of other topics come at other seconds of the minute
  let mark = first - (first % 60) + phase
  for (const second of seconds) {
    for (; mark < second; mark += 60) {
      if (mark < first) continue
      if (mark - watched.clock > longest) mark = second - (second % 60) + phase // every window is empty by now
      if (mark >= second) break
      moveTo(mark)
      askAll()
    }
    moveTo(second)
    watched.add(second)
  }
  moveTo(watched.clock + 1)
  for (const list of open) for (const { kept } of list) tell(kept, Infinity)
}

/** One topic with its windows and rules, as the engine has it. */
class Watched implements Wheels {
  readonly seconds: SliceWheel
  readonly minutes: SliceWheel
  readonly rules: readonly VelocityRule[]
  clock: number
  readonly #thresholds: Thresholds

  constructor(topic: TopicRules, clock: number) {
    const plan = planWindows(topic)
    this.seconds = new SliceWheel(plan.seconds)
    this.minutes = new SliceWheel(plan.minutes)
    this.#thresholds = new Thresholds(topic, plan.ofRule)
    this.rules = this.#thresholds.rules
    this.clock = clock
  }

  add(second: number): void {
    this.seconds.add(second, second)
    this.minutes.add(Math.floor(second / 60), Math.floor(second / 60))
  }

  /** Tenths of its threshold that the rule's window holds; 10: it has tripped, or is about to. */
  nearness(ruleIndex: number): number {
    const { window, count } = this.rules[ruleIndex]!
    if (this.#thresholds.isTripped(ruleIndex)) return 10
    const held = window.wheel === 'seconds' ? this.seconds.sumAt(window.index, this.clock) : this.minutes.sumAt(window.index, Math.floor(this.clock / 60))
    return Math.floor((10 * held) / count)
  }

  /** Closes the seconds behind `second`. */
  moveTo(second: number): readonly Crossing[] {
    const out: Crossing[] = []
    if (second <= this.clock) return out
    const [from, to] = [this.clock, second - 1]
    const [firstMinute, lastMinute] = [Math.floor(from / 60), Math.floor(second / 60) - 1]
    this.#thresholds.evaluate('seconds', this.seconds, { from, to, canClear: true }, out)
    if (lastMinute >= firstMinute) this.#thresholds.evaluate('minutes', this.minutes, { from: firstMinute, to: lastMinute, canClear: true }, out)
    this.clock = second
    return out
  }
}

/** Whether the n-th forecast of a nearness is taken: with density 1 / (1 + n/3). */
export function isDue(n: number): boolean {
  const place = (at: number): number => Math.floor(3 * Math.log1p(at / 3))
  return n === 0 || place(n) > place(n - 1)
}

function rulesOf({ set, name, seconds }: Series): TopicRules {
  const velocity: { count: number; within: string }[] = []
  for (const within of windows) {
    if (set === 'nab' && !coarse.has(within)) continue
    const span = Number(within.slice(0, -1)) * (within.endsWith('h') ? 3600 : 60)
    const reach = 10 * mostWithin(seconds, span) // above, no forecast would be taken: this leaves nothing out
    const jitter = hashOf(`${set}/${name}/${within}`) / 2 ** 32
    for (let count = 3 * 3 ** jitter; count < reach; count *= 3) velocity.push({ count: Math.round(count), within })
  }
  return { id: name.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 60) || 'x', name: { zh: name, en: name }, query: 'x', velocity }
}

function mostWithin(seconds: Float64Array, span: number): number {
  let most = 0
  for (let to = 0, from = 0; to < seconds.length; to++) {
    while (seconds[from]! <= seconds[to]! - span) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}
