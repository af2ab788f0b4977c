// All that is measured of one topic: its wheel of seconds, its wheel of minutes, and the last hour by platform and by sentiment.
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { StateReader, StateWriter } from '../state.ts'
import { clockLimits } from './event-clock.ts'
import { HourLanes } from './hour-lanes.ts'
import { SliceWheel } from './slice-wheel.ts'
import { planWindows, watchedMinutes, type PlannedWindow, type TopicPlan } from './window-plan.ts'

const signLanes = 3 // lane 0: negative, 1: neutral, 2: positive; then one a platform

/** Slices of a topic's past, as a fill command brings them. */
export interface PastSlices {
  readonly seconds: readonly (readonly [number, number])[]
  readonly minutes: readonly (readonly [number, number])[]
  readonly hours?: readonly (readonly [number, number])[] // for what is normal only
  readonly known?: readonly (readonly [from: number, to: number])[] | null // seconds: where nothing but these slices came
}

export class TopicWheels {
  plan: TopicPlan
  readonly seconds: SliceWheel
  readonly minutes: SliceWheel
  #lanes: HourLanes | null = null // made with the first mention: thousands of quiet topics take no room
  newestAt = -1 // ingest time (ms) of its newest counted mention
  changes = 0 // told by another number: something was counted since; in no checkpoint
  knownFrom: number // second from which its past is known; −1: since the engine's first counted mention

  constructor(rules: TopicRules, knownFrom: number) {
    this.plan = planWindows(rules)
    this.seconds = new SliceWheel(this.plan.seconds)
    this.minutes = new SliceWheel(this.plan.minutes)
    this.knownFrom = knownFrom
  }

  save(out: StateWriter): void {
    out.number(this.newestAt)
    out.number(this.knownFrom)
    this.seconds.save(out)
    this.minutes.save(out)
    out.number(this.#lanes ? 1 : 0)
    this.#lanes?.save(out)
  }

  /** Into the wheels of a topic with the same rules. */
  load(from: StateReader, clock: number): void {
    const head = Math.floor(clock / 60)
    this.changes++
    this.newestAt = from.finite(-1)
    this.knownFrom = from.whole(-1, clockLimits.secondMax)
    this.seconds.load(from, clock)
    this.minutes.load(from, head)
    this.#lanes = from.whole(0, 1) === 1 ? new HourLanes(signLanes) : null
    this.#lanes?.load(from, head)
  }

  /** A counted mention of second `second` while the clock shows `clock`. */
  add(second: number, clock: number, sign: number, platform: number): void {
    const minute = (second / 60) >>> 0
    const head = (clock / 60) >>> 0
    this.changes++
    this.seconds.add(second, clock)
    this.minutes.add(minute, head)
    const lanes = (this.#lanes ??= new HourLanes(signLanes + platform + 1))
    lanes.add(sign + 1, minute, head)
    lanes.add(signLanes + platform, minute, head)
  }

  /** Adds the past. No slice may be ahead of the clock. */
  addPast(past: PastSlices, clock: number): void {
    const head = Math.floor(clock / 60)
    this.changes++
    for (const [second, count] of past.seconds) this.seconds.add(second, clock, count)
    for (const [minute, count] of past.minutes) this.minutes.add(minute, head, count)
    const [second, minute] = [past.seconds[0]?.[0] ?? Infinity, past.minutes[0]?.[0] ?? Infinity]
    const oldest = second < (minute + 1) * 60 ? second : minute * 60
    if (oldest < Infinity && (this.knownFrom < 0 || oldest < this.knownFrom)) this.knownFrom = oldest
  }

  /** Whether the slices kept now are enough for the windows of `plan`. */
  covers(plan: TopicPlan): boolean {
    return this.seconds.retained >= Math.max(...plan.seconds.lengths) && this.minutes.retained >= Math.max(0, ...plan.minutes.lengths)
  }

  replan(plan: TopicPlan, clock: number): void {
    this.plan = plan
    this.seconds.replan(plan.seconds, Math.max(0, clock))
    this.minutes.replan(plan.minutes, Math.max(0, Math.floor(clock / 60)))
  }

  /** Distinct mentions in a window that ends with the running second (above two hours: the running minute). */
  count(window: PlannedWindow, clock: number): number {
    return window.wheel === 'seconds' ? this.seconds.sumAt(window.index, clock) : this.minutes.sumAt(window.index, Math.floor(clock / 60))
  }

  /** Distinct mentions of the windows that the baseline watches, when they end with `minute`, into `out`. Minutes may only grow. */
  watched(minute: number, out: Float64Array): void {
    for (let w = 0; w < watchedMinutes.length; w++) out[w] = this.minutes.sumAt(w, minute)
  }

  /**
   * Whether platform and sign are known of all mentions of the last hour: a fill brings counts alone, and what came since is no fair
   * sample of the hour. So an hour after a fill at the latest.
   */
  knowsHour(clock: number): boolean {
    const head = Math.floor(clock / 60)
    return this.#lanesSum(head) === this.minutes.sumBetween(head - 59, head)
  }

  platformCount(platform: number, clock: number): number { return this.#lanes?.sum(signLanes + platform, Math.floor(clock / 60)) ?? 0 }

  /** Mentions of a platform in the minutes from … to, both included, as far as they are within the hour of its newest mention. */
  platformBetween(platform: number, from: number, to: number): number { return this.#lanes?.sumBetween(signLanes + platform, from, to) ?? 0 }

  /** The oldest minute of which platforms are told apart. */
  get platformsSince(): number { return this.#lanes?.oldest ?? 0 }

  /** Platforms have the numbers from 0 up to this one. */
  get platforms(): number { return Math.max(0, (this.#lanes?.lanes ?? 0) - signLanes) }

  /** Share of negative mentions in the last hour, 0…1; null without mentions. */
  negativeShare(clock: number): number | null {
    const head = Math.floor(clock / 60)
    const all = this.#lanesSum(head)
    return all === 0 ? null : this.#lanes!.sum(0, head) / all
  }

  #lanesSum(head: number): number {
    const lanes = this.#lanes
    return lanes ? lanes.sum(0, head) + lanes.sum(1, head) + lanes.sum(2, head) : 0
  }
}
