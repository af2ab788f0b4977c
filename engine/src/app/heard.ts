// When mentions of any topic are stored: asked of the store once for all pages, and then only the newest hours again.
import { clockLimits } from '../core/3-measure/event-clock.ts'
import { heardHours, type HeardHour, type TimeSpan } from '../io/clickhouse/history-reads.ts'
import type { Store } from '../ports.ts'

const hourSeconds = 3600
const keptSeconds = 60 * 24 * hourSeconds

export class Heard {
  readonly #store: Pick<Store, 'query'>
  #hours: readonly HeardHour[] = []
  #from = Infinity
  #to = -Infinity

  constructor(store: Pick<Store, 'query'>) { this.#store = store }

  /** The hours of a span, ascending, cut to it. What is over ten minutes old cannot change any more: a mention that late is not counted. */
  async within(span: TimeSpan): Promise<HeardHour[]> {
    if (span.from < this.#from || span.from > this.#to) await this.#ask(span, span.from)
    else if (span.to > this.#to - clockLimits.lateSecondsMax) await this.#ask({ from: this.#from, to: Math.max(this.#to, span.to) }, Math.floor((this.#to - clockLimits.lateSecondsMax) / hourSeconds) * hourSeconds)
    return this.#hours.filter(({ first, last }) => last >= span.from && first < span.to).map(({ first, last }) => ({ first: Math.max(first, span.from), last: Math.min(last, span.to - 1) }))
  }

  /** `since`: from there on it is asked again, what is known of before stays. */
  async #ask({ from, to }: TimeSpan, since: number): Promise<void> {
    const newer = await heardHours(this.#store, { from: Math.max(from, since), to })
    this.#from = Math.max(from, to - keptSeconds)
    this.#to = to
    this.#hours = [...this.#hours.filter(({ first }) => first >= this.#from && first < since && since > from), ...newer.filter(({ last }) => last >= this.#from)]
  }
}
