// Everything the panels of a topic's page share, as one reactive object: what the address says, the time axis, the cursor, what is selected and asked, and
// the answers that several panels read. A panel that asks alone does so itself, with `question`.
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { BreakdownAnswer } from '@groundswell/schemas/evidence.ts'
import type { TopicHistoryAnswer } from '@groundswell/schemas/topic-history.ts'
import { untrack } from 'svelte'
import type { PlaneRange, Span as Stretch } from '../chart/time-plane.ts'
import { screenOf, spans, topicAddress } from '../room/address.ts'
import { closedMention, noFilter, stepMsOf, stepOf, topicQueryOf, topicViewOf, type HistoryStep, type TopicFilter, type TopicView } from '../room/topic-view.ts'
import { Asked } from './asked.svelte.ts'
import type { Between, BreakdownQuestion, EvidenceApi, EvidenceQuestion, HistoryQuestion, Told } from './evidence-api.ts'
import type { CountdownAnswer } from './topic-api.ts'

/** What the wall knows of time. clock: event time in seconds · now: ms of the server. */
export interface Clocks { readonly clock: number | null; readonly now: number }

const countdownMs = 10_000
const actionsMs = 15_000
const aheadMs = 7_200_000
const leastProbability = 0.01 // a countdown below it is not drawn
const settleMs = 300 // lists follow a playhead that rests this long, and one that moves
const followMs = 1_500 // as often as this

export class TopicDesk {
  readonly id: string
  readonly api: EvidenceApi
  readonly #clocks: Clocks
  #view: TopicView = $state.raw(topicViewOf(''))
  #cursor = $state<number | null>(null)
  #playhead = $state<number | null>(null)
  #settled = $state<number | null>(null)
  #hovered = $state<string | null>(null)
  #settledAt = -Infinity
  readonly history: Asked<HistoryQuestion, TopicHistoryAnswer>
  readonly wide: Asked<BreakdownQuestion, BreakdownAnswer>
  readonly focus: Asked<BreakdownQuestion, BreakdownAnswer>
  readonly told: Asked<Between, Told>
  readonly countdown: Asked<string, CountdownAnswer>
  readonly actions: Asked<string, { readonly actions: readonly ActionRow[] }>

  /** Made while a component is made: it lives as long. */
  constructor(api: EvidenceApi, clocks: Clocks, { id, query }: { readonly id: string; readonly query: string }) {
    this.id = id
    this.api = api
    this.#clocks = clocks
    this.#view = topicViewOf(query)
    this.history = new Asked((question, signal) => api.history(question, signal))
    this.wide = new Asked((question, signal) => api.breakdown(question, signal))
    this.focus = new Asked((question, signal) => api.breakdown(question, signal))
    this.told = new Asked((between, signal) => api.told(between, signal))
    this.countdown = new Asked((topic, signal) => api.countdown(topic, signal))
    this.actions = new Asked((topic, signal) => api.actions(topic, signal))
    $effect(() => this.history.put({ id, step: this.step, span: this.view.span, end: this.view.end }, this.#refreshMs))
    $effect(() => this.wide.put(this.#wideQuestion, this.view.end === null ? null : this.#refreshMs))
    $effect(() => this.focus.put(this.#focusQuestion))
    $effect(() => this.told.put(this.range === null ? null : { id, from: this.range.from, to: this.range.to }, this.#refreshMs))
    $effect(() => this.countdown.put(this.view.end === null ? id : null, countdownMs))
    $effect(() => this.actions.put(id, actionsMs))
    $effect(() => { const at = this.#playhead; return untrack(() => this.#settle(at)) })
    $effect(() => () => { for (const asked of [this.history, this.wide, this.focus, this.told, this.countdown, this.actions]) asked.close() })
  }

  get view(): TopicView { return this.#view }
  readonly step = $derived.by(() => stepOf(this.#view))
  readonly stepMs = $derived.by(() => stepMsOf[this.step])

  /** `push`: a step that the back button undoes. */
  change(part: Partial<TopicView>, way: 'push' | 'replace' = 'push'): void {
    const next = { ...this.#view, ...part }
    const query = topicQueryOf(next)
    const same = query === topicQueryOf(this.#view)
    this.#view = next
    if (same) return
    const address = topicAddress(this.id, query)
    if (way === 'push') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
  }
  /** Another filter, another list: what was opened in the old one is closed. */
  filter(part: Partial<TopicFilter>): void { this.change({ filter: { ...this.#view.filter, ...part }, ...closedMention }) }
  clearFilter(): void { this.change({ filter: noFilter, brush: null, ...closedMention }) }
  brush(brush: Stretch | null): void { this.change({ brush, ...closedMention }) }
  /** Back, forward, or a link on the page. */
  readAddress(hash: string): void {
    const screen = screenOf(hash)
    if (screen.kind === 'topic' && screen.id === this.id) this.#view = topicViewOf(screen.query)
  }
  addressOf(part: Partial<TopicView>): string { return topicAddress(this.id, topicQueryOf({ ...this.#view, ...part })) }

  /** ms that all charts read; null: the newest. */
  get cursor(): number | null { return this.#cursor }
  set cursor(at: number | null) { this.#cursor = at }
  /** Where a replay stands, in ms on the axis that is shown; null: there is none. */
  get playhead(): number | null { return this.#playhead }
  set playhead(at: number | null) { this.#playhead = at }
  /** The alarm that is looked at: the one under the pointer, or else the chosen one. */
  get alarm(): string | null { return this.#hovered ?? this.#view.alarm }
  hover(alarm: string | null): void { this.#hovered = alarm }
  chooseAlarm(alarm: string): void { this.change({ alarm: this.#view.alarm === alarm ? null : alarm }) }

  /** Null until it is known where the axis ends. */
  readonly range: PlaneRange | null = $derived.by(() => {
    const known = this.#known
    return known === null ? null : { from: known.from, to: known.to, stepMs: stepMsOf[known.step], ahead: this.#ahead }
  })
  /** What every panel is about: the brush, or all that is shown, up to the playhead. Null: the playhead stands before it. */
  readonly selection: Stretch | null = $derived.by(() => {
    if (this.range === null) return null
    const { from, to } = this.#view.brush ?? this.range
    const end = this.#settled === null ? to : Math.min(to, Math.round(this.#settled))
    return from < end ? { from, to: end } : null
  })
  /** Whether the panels that ask are as far as the playhead. */
  readonly rests = $derived.by(() => this.#playhead === this.#settled)
  readonly question: EvidenceQuestion | null = $derived.by(() => {
    if (this.selection === null) return null
    const { by, filter } = this.#view
    return { id: this.id, ...this.selection, by, asOf: by === 'ingest' && this.#settled !== null ? Math.round(this.#settled) : null, filter }
  })
  /** Up to where all steps have been passed by the playhead: what is drawn and added up changes with a step, not with each frame. Null: there is no replay. */
  readonly passed: number | null = $derived.by(() => {
    const { range } = this
    if (this.#playhead === null || range === null) return null
    return Math.min(range.to, range.from + Math.max(0, Math.floor((this.#playhead - range.from) / range.stepMs)) * range.stepMs)
  })

  get #refreshMs(): number { return spans[this.#view.span].refreshMs }

  readonly #wideQuestion: BreakdownQuestion | null = $derived.by(() => {
    const known = this.#known
    return known === null ? null : { id: this.id, ...known, by: this.#view.by, asOf: null, filter: this.#view.filter }
  })
  readonly #focusQuestion: BreakdownQuestion | null = $derived.by(() => (this.question === null ? null : { ...this.question, step: this.#known?.step ?? this.step }))

  /** By event time the history says where the axis ends, for it ends with the event clock; where it cannot be had, the clock does. */
  readonly #known: { readonly from: number; readonly to: number; readonly step: HistoryStep } | null = $derived.by(() => {
    const history = this.history.value
    if (this.#view.by === 'event' && history !== null) return { from: Date.parse(history.from), to: Date.parse(history.to), step: history.step }
    if (this.#view.by === 'event' && this.history.failure === null) return null
    const to = this.#view.end ?? this.#endByClock
    return to === null ? null : { from: to - spans[this.#view.span].seconds * 1000, to, step: this.step }
  })
  readonly #endByClock: number | null = $derived.by(() => {
    const { clock, now } = this.#clocks
    const at = this.#view.by === 'event' && clock !== null ? clock * 1000 + 1000 : now
    return at === 0 ? null : Math.ceil(at / this.stepMs) * this.stepMs
  })
  readonly #ahead = $derived.by(() => {
    const { by, end, span, replay } = this.#view
    if (by !== 'event' || end !== null || replay !== null || (span !== '2h' && span !== '24h')) return 0
    return (this.countdown.value?.thresholds ?? []).some(({ countdown }) => countdown !== null && countdown.low !== null && countdown.probability >= leastProbability) ? aheadMs : 0
  })

  #settle(at: number | null): (() => void) | undefined {
    const due = performance.now() - this.#settledAt
    if (at === null || this.#settled === null || due > followMs) {
      this.#settled = at
      this.#settledAt = performance.now()
      return undefined
    }
    const timer = setTimeout(() => {
      this.#settled = at
      this.#settledAt = performance.now()
    }, settleMs)
    return () => { clearTimeout(timer) }
  }
}
