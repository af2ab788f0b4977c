// DETECTION.md › Velocity word by word and slowly: keeps every mention, evaluates every second in turn. What the engine is compared with.
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { ThresholdEvent } from '@groundswell/schemas/spike.ts'
import type { PlainRow } from './prepared-batch.ts'

export class NaiveEngine {
  readonly events: ThresholdEvent[] = []
  readonly fates: number[] = [] // 0 counted, 1 late, 2 skewed, 3 duplicate
  clock: number | null = null
  readonly #rules: Rules
  readonly #seen = new Set<number>()
  readonly #mentions: PlainRow[] = []
  readonly #tripped = new Set<string>()

  constructor(rules: Rules) { this.#rules = rules }

  mention(row: PlainRow): void {
    const fate = this.#seen.has(row.id) ? 3 : row.skewed ? 2 : this.clock !== null && this.clock - row.second > 600 ? 1 : 0
    this.#seen.add(row.id)
    this.fates.push(fate)
    if (fate !== 0) return
    this.#moveTo(row.second)
    this.#mentions.push(row)
  }

  tick(now: number): void {
    if (this.clock !== null && Math.abs(now - this.clock * 1000) <= 120_000) this.#moveTo(Math.floor(now / 1000))
  }

  end(): void { if (this.clock !== null) this.#evaluate(this.clock) }

  count(topic: number, seconds: number, at: number): number {
    const span = seconds > 7200 ? 60 : 1
    const last = Math.floor(at / span)
    return this.#mentions.filter((m) => m.topics?.includes(topic) && Math.floor(m.second / span) > last - seconds / span && Math.floor(m.second / span) <= last).length
  }

  #moveTo(second: number): void {
    if (this.clock === null) this.clock = second
    for (; this.clock < second; this.clock++) this.#evaluate(this.clock)
  }

  #evaluate(at: number): void {
    const inOrder = this.#rules.topics.map((topic, index) => ({ topic, index })).sort((a, b) => (a.topic.id < b.topic.id ? -1 : 1))
    for (const { topic, index } of inOrder) {
      for (const [i, rule] of (topic.velocity ?? []).entries()) {
        const seconds = durationSeconds(rule.within)!
        if (seconds > 7200 && at % 60 !== 59) continue
        const count = this.count(index, seconds, at)
        const key = `${index}/${i}`
        const kind = this.#tripped.has(key) ? (count < 0.8 * rule.count - 1e-9 ? 'clear' : null) : count >= rule.count ? 'spike' : null
        if (kind === null) continue
        if (kind === 'spike') this.#tripped.add(key)
        else this.#tripped.delete(key)
        this.events.push({
          kind, topic: topic.id, rule: { count: rule.count, within: rule.within }, grade: rule.grade ?? 'minor',
          at: new Date(at * 1000).toISOString().replace('.000Z', 'Z'), count,
        })
      }
    }
  }
}
