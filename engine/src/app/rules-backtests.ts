// Backtests of one topic over what is stored: one at a time, page by page, in a thread that gives way to everything else.
import { said } from '@groundswell/schemas/problem.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { rulesDeskLimits, type BacktestLine } from '@groundswell/schemas/rules-desk.ts'
import { mentionsByMinute, storedMinutes, type StoredMinute } from '../io/clickhouse/desk-mentions.ts'
import { refusal } from '../io/http/answer.ts'
import { backtestInThread, type LinesBefore } from '../io/rules-thread/backtest-thread.ts'
import type { Settings } from '../io/settings/settings.ts'
import type { Store } from '../ports.ts'

export interface BacktestParts {
  readonly reader: Pick<Store, 'query' | 'queryChunks'>
  readonly clock: () => number | null // event clock, seconds
  readonly settings: Pick<Settings, 'room' | 'cooldownSeconds' | 'cascades'>
  readonly busy?: () => boolean // mentions that came in wait for a worker, or for the store
}

export interface BacktestAsked { readonly topic: TopicRules; readonly days: number }

const pageMax = 20_000 // mentions that one query reads; a minute is never cut
const daySeconds = 86_400
const learnDays = 35 // as a fill reads back
const nodesMax = 1_000_000
const shareStep = 0.01
const yielding = { eachMs: 50, timesMax: 40 } as const // before a page, while the engine is busy: then a page takes two seconds at least

export class RulesBacktests {
  readonly #parts: BacktestParts
  #running = false

  constructor(parts: BacktestParts) { this.#parts = parts }

  /** Throws a Refusal where one is under way. */
  async *run({ topic, days }: BacktestAsked, signal: AbortSignal): AsyncGenerator<BacktestLine> {
    if (this.#running) throw refusal(429, 'backtest-running', { detail: said('backtest-running'), hint: said('again-when-over') })
    this.#running = true
    try {
      yield* this.#run({ topic, days }, signal)
    } finally {
      this.#running = false
    }
  }

  async *#run({ topic, days }: BacktestAsked, signal: AbortSignal): AsyncGenerator<BacktestLine> {
    const { reader, clock, settings } = this.#parts
    const now = clock()
    const to = (now ?? 0) + 1
    const from = Math.max(0, to - days * daySeconds)
    const stored = now === null ? [] : await storedMinutes(reader, { from: Math.max(0, from - warmUpSeconds(topic)), to })
    const { minutes, cut } = newestMinutes(stored, rulesDeskLimits.backtestMentionsMax)
    const cutTo = cut !== null && cut > from ? cut * 1000 : null
    const total = minutes.reduce((sum, { mentions }) => sum + mentions, 0)
    const read = { mentions: 0 }
    const spread = (topic.spread?.length ?? 0) > 0
    const options = {
      topic, from: cutTo ?? from * 1000, to: to * 1000, zone: settings.room.zone, cooldownSeconds: settings.cooldownSeconds,
      cascades: { nodesMax: spread ? Math.min(nodesMax, settings.cascades.mentionsMax) : 1000, quietSeconds: settings.cascades.quietHours * 3600 },
    }
    yield { done: false, share: 0 }
    let told = 0
    for await (const progress of backtestInThread(options, pagesOf(reader, { minutes, read, to, giveWay: () => this.#giveWay(signal) }), signal)) {
      if (progress.done) {
        yield { ...progress.result, cutTo }
        continue
      }
      const share = total === 0 ? 1 : read.mentions / total
      if (share - told < shareStep) continue
      told = share
      yield { done: false, share }
    }
  }

  /** What comes in goes first: the store reads for nobody who looks back while it has to write. */
  async #giveWay(signal: AbortSignal): Promise<void> {
    for (let times = 0; times < yielding.timesMax && this.#parts.busy?.() === true; times++) await sleep(yielding.eachMs, undefined, { signal })
  }
}

/** How far back the longest window reaches, or what is normal is learnt from. */
export function warmUpSeconds({ velocity = [], spread = [], baseline }: TopicRules): number {
  const windows = [...velocity, ...spread].map(({ within }) => durationSeconds(within) ?? 0)
  return baseline === undefined ? Math.max(0, ...windows) : learnDays * daySeconds
}

/** Whole minutes from the newest back, at most so many mentions; `cut`: the second from which on they are all there, null where none is left out. */
export function newestMinutes(minutes: readonly StoredMinute[], max: number): { readonly minutes: readonly StoredMinute[]; readonly cut: number | null } {
  let left = max
  for (let at = minutes.length - 1; at >= 0; at--) {
    left -= minutes[at]!.mentions
    if (left < 0) return { minutes: minutes.slice(at + 1), cut: (minutes[at]!.minute + 1) * 60 }
  }
  return { minutes, cut: null }
}

interface Pages { readonly minutes: readonly StoredMinute[]; readonly read: { mentions: number }; readonly to: number; readonly giveWay: () => Promise<void> }

/** A query a page, so that the store is asked for little at a time and a backtest that nobody waits for ends at once. */
async function* pagesOf(reader: BacktestParts['reader'], { minutes, read, to, giveWay }: Pages): AsyncGenerator<LinesBefore> {
  for (let first = 0; first < minutes.length;) {
    let mentions = 0
    let end = first
    while (end < minutes.length && (end === first || mentions + minutes[end]!.mentions <= pageMax)) mentions += minutes[end++]!.mentions
    await giveWay()
    const span = { from: minutes[first]!.minute * 60, to: Math.min(to, (minutes[end - 1]!.minute + 1) * 60) }
    for await (const chunk of mentionsByMinute(reader, span)) yield { lines: new Uint8Array(chunk), before: span.from }
    read.mentions += mentions
    yield { lines: new Uint8Array(0), before: span.to }
    first = end
  }
}
