// What one topic would have told: stored mentions, in the order in which they came, through the same enrichment and the same core, and what comes out of
// it counted by day of the room. What came before the span warms up windows and baseline and is told nowhere.
import { fates } from '@groundswell/schemas/mention-columns.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { BacktestLine } from '@groundswell/schemas/rules-desk.ts'
import { alarmState, type AlarmEvent, type AlertEvent, type SpikeEvent } from '@groundswell/schemas/spike.ts'
import { ArrivalOrder, type ArrivedLine } from './arrival-order.ts'
import { createEnricher } from './core/2-enrich/enrich.ts'
import { compileMatcher } from './core/2-enrich/matcher/compile.ts'
import type { EnrichedBatch } from './core/batch.ts'
import { Engine } from './core/engine.ts'
import type { Effect } from './core/input.ts'
import { hourOfWeekIn } from './hour-of-week.ts'
import { RecentExamples } from './recent-examples.ts'
import { RoomDays } from './room-days.ts'

export type BacktestResult = Extract<BacktestLine, { done: true }>
type Told = BacktestResult['told'][number]

export interface TopicBacktestOptions {
  readonly topic: TopicRules
  readonly from: number // ms; what is told before does not count
  readonly to: number // ms, exclusive
  readonly zone: string // of the room
  readonly cooldownSeconds: number
  readonly cascades: { readonly nodesMax: number; readonly quietSeconds: number }
  readonly onEvent?: (event: SpikeEvent) => void
}

export const backtestLimits = { batchBytesMax: 256 << 10, toldMax: 500, examplesEach: 3 } as const // told: the newest
const weekMs = 7 * 86_400_000

export class TopicBacktest {
  readonly #options: TopicBacktestOptions
  readonly #engine: Engine
  readonly #enrich: (raw: Parameters<ReturnType<typeof createEnricher>>[0]) => EnrichedBatch
  readonly #order = new ArrivalOrder()
  readonly #examples = new RecentExamples()
  readonly #room: RoomDays
  readonly #days = new Map<number, { at: number; count: number; minor: number; moderate: number; severe: number }>()
  readonly #told: { -readonly [Key in keyof Told]: Told[Key] }[] = []
  #held: ArrivedLine[] = []
  #heldBytes = 0
  #seq = 0
  #first = Infinity // ms of the first mention of the span
  #warm = false // something was stored before it
  #looked = 0
  #matched = 0
  #alerts = 0
  #atNight = 0

  constructor(options: TopicBacktestOptions) {
    const rules = { topics: [options.topic] }
    this.#options = options
    this.#room = new RoomDays(options.zone)
    this.#engine = new Engine({ rules, rulesSeq: 0, stream: 0, cooldownSeconds: options.cooldownSeconds, cascades: options.cascades, hourOfWeek: hourOfWeekIn(options.zone) })
    // Sentiment decides no alert.
    this.#enrich = createEnricher({ matcher: compileMatcher(rules), scorer: { score: () => 0 }, rulesSeq: 0 })
  }

  get looked(): number { return this.#looked }

  /** Whole lines as arrival-order.ts has them, of minutes that never go back; `before`: all that was said before this second has come with them. */
  take(lines: Uint8Array, before: number): void {
    this.#order.add(lines)
    this.#letGo(before)
  }

  end(): Omit<BacktestResult, 'cutTo'> {
    this.#letGo(Infinity)
    this.#apply()
    this.#tell(this.#engine.step({ kind: 'command', seq: ++this.#seq, now: 0, command: { kind: 'end' } }))
    const { from, to } = this.#options
    const began = this.#warm || this.#first === Infinity ? from : this.#first
    return {
      done: true, from: began, to, looked: this.#looked, matched: this.#matched, alerts: this.#alerts, atNight: this.#atNight,
      perWeek: this.#alerts / Math.max(1, (to - began) / weekMs), // of less than a week no week is made
      days: [...this.#days.values()].sort((a, b) => a.at - b.at), told: this.#told,
    }
  }

  #letGo(before: number): void {
    for (const line of this.#order.before(before)) {
      this.#held.push(line)
      this.#heldBytes += line.bytes.length + 1
      if (this.#heldBytes >= backtestLimits.batchBytesMax) this.#apply()
    }
  }

  /** Each line as a message of its own: so a line that cannot be read any more shifts no other. */
  #apply(): void {
    const lines = this.#held
    if (lines.length === 0) return
    const bytes = new Uint8Array(this.#heldBytes)
    const ends = new Uint32Array(lines.length)
    let end = 0
    lines.forEach((line, message) => {
      bytes.set(line.bytes, end)
      end += line.bytes.length
      bytes[end++] = 0x0a
      ends[message] = end
    })
    const batch = this.#enrich({ bytes, ends, seqs: Float64Array.from(lines, () => ++this.#seq), times: Float64Array.from(lines, ({ second }) => second * 1000), platforms: lines.map(() => 'unknown'), stream: 0, skewCheck: false })
    const effects = this.#engine.step({ kind: 'batch', batch })
    this.#count(batch, lines)
    this.#tell(effects)
    this.#held = []
    this.#heldBytes = 0
  }

  #count(batch: EnrichedBatch, lines: readonly ArrivedLine[]): void {
    const { from } = this.#options
    for (let message = 0, row = 0; message < lines.length; message++) {
      for (; row < batch.rowEnds[message]!; row++) {
        if (batch.native[batch.fateOffset + row] !== fates.counted) continue
        const at = batch.ats[row]!
        const matches = batch.topicEnds[row]! > (row === 0 ? 0 : batch.topicEnds[row - 1]!)
        if (matches) this.#examples.add(at, lines[message]!.bytes)
        if (at < from) {
          this.#warm = true
          continue
        }
        this.#first = Math.min(this.#first, at)
        this.#looked++
        const day = this.#day(at)
        if (!matches) continue
        this.#matched++
        day.count++
      }
    }
  }

  #tell(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'event') this.#options.onEvent?.(effect.event)
      else if (effect.kind === 'alert' && isAlarm(effect.event)) this.#alert(effect.event)
    }
  }

  /** The clear of an episode ends all that it told. */
  #alert(event: AlarmEvent): void {
    const at = Date.parse(event.at)
    if (alarmState(event) === 'end') {
      for (const one of this.#told) one.endsAt ??= at
      return
    }
    if (at < this.#options.from) return
    this.#alerts++
    if (this.#room.isNight(at)) this.#atNight++
    this.#day(at)[event.grade]++
    if (this.#told.length === backtestLimits.toldMax) this.#told.shift()
    this.#told.push({ at, grade: event.grade, kind: event.kind, words: wordsOf(event), endsAt: null, examples: this.#examples.before(at + 1000, backtestLimits.examplesEach, event.kind === 'spread' ? event.root : null) })
  }

  #day(at: number): { at: number; count: number; minor: number; moderate: number; severe: number } {
    const day = this.#room.dayOf(at)
    const known = this.#days.get(day)
    if (known !== undefined) return known
    const fresh = { at: day, count: 0, minor: 0, moderate: 0, severe: 0 }
    this.#days.set(day, fresh)
    return fresh
  }
}

const isAlarm = (event: AlertEvent): event is AlarmEvent => event.kind !== 'blind' && event.kind !== 'seen'

const grouped = new Intl.NumberFormat('en-US')
const unitsZh: Readonly<Record<string, string>> = { s: '秒', m: '分钟', h: '小时', d: '天' }

function wordsOf(event: AlarmEvent): Told['words'] {
  if (event.kind === 'baseline' || event.kind === 'spread') return event.reason
  const { count, rule } = event
  const [held, threshold] = [grouped.format(count), grouped.format(rule.count)]
  return { zh: `${rule.within.slice(0, -1)} ${unitsZh[rule.within.slice(-1)] ?? ''}内 ${held} 条，达到阈值 ${threshold}`, en: `${held} within ${rule.within}, the threshold is ${threshold}` }
}
