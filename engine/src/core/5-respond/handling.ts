// What people do about alerts, folded: how far they are with each, which topics are silenced, which one is pinned. Time is that of the input stream.
import { actionLimits, type Action, type ActionOf, type ActionRow, type Handling, type Pin, type Silence } from '@groundswell/schemas/action.ts'
import { levelRank, type Grade } from '@groundswell/schemas/grade.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import { handle, isAboutAlert } from './handle.ts'
import { readKeptHandling } from './kept-handling.ts'

/** Ids of commands that are known when they come again, and rows of the log for who asks at once: the oldest are forgotten at the maximum. */
export const handlingLimits = { idsMax: 10_000, rowsMax: 200 } as const

/** What somebody asks for; `id` is the command's. */
export interface Act { readonly id: string; readonly by: string; readonly action: Action }

export class HandlingLog implements Stateful {
  #now = 0 // newest time of an input, ms
  readonly #alerts = new Map<string, Handling>() // by alert; touched last goes last, and the first is forgotten at handledMax
  readonly #silences = new Map<string, Silence>() // by topic; the next to end is dropped at silencesMax
  #pin: Pin | null = null
  readonly #ids = new Set<string>() // oldest first
  #rows: readonly ActionRow[] = [] // newest first

  /** Time runs forwards: an input with an earlier time than the one before leaves it. */
  moveTo(now: number): void { if (now > this.#now) this.#now = now }

  /** Forgets what is over. */
  tick(now: number): void {
    this.moveTo(now)
    for (const { topic, until } of this.#silences.values()) if (until <= this.#now) this.#silences.delete(topic)
    if (this.#pin && this.#pin.until <= this.#now) this.#pin = null
  }

  /** The row of the log; null: it was done before. An end beyond what is allowed is the furthest that is. */
  act({ id, by, action }: Act, at: number): ActionRow | null {
    if (this.#ids.has(id)) return null
    this.moveTo(at)
    this.#ids.add(id)
    if (this.#ids.size > handlingLimits.idsMax) this.#ids.delete(this.#ids.values().next().value!)
    if (isAboutAlert(action)) this.#touch(action.alert, handle(this.of(action.alert), { by, at, action }))
    else if (action.what === 'silence') this.#silence(action, by, at)
    else if (action.what === 'unsilence') this.#silences.delete(action.topic)
    else if (action.what === 'pin') this.#pin = { topic: action.topic, by, since: at, until: Math.min(action.until, at + actionLimits.pinMsMax) }
    else this.#pin = null
    const row = { id, at, by, action }
    this.#rows = [row, ...this.#rows].slice(0, handlingLimits.rowsMax)
    return row
  }

  /** The newest rows of the log, newest first, stored or not. */
  get rows(): readonly ActionRow[] { return this.#rows }

  /** null: nobody touched it, or it is forgotten. */
  of(alert: string): Handling | null { return this.#alerts.get(alert) ?? null }

  /** Those that are not over at `now`, the next to end first. */
  silences(now: number): Silence[] {
    return [...this.#silences.values()].filter(({ until }) => until > now).sort((a, b) => a.until - b.until || (a.topic < b.topic ? -1 : 1))
  }

  pin(now: number): Pin | null { return this.#pin && this.#pin.until > now ? this.#pin : null }

  /** Whether an alert of this topic and grade that is raised now disturbs nobody. */
  mutes(topic: string, grade: Grade): boolean {
    const silence = this.#silences.get(topic)
    return silence !== undefined && silence.until > this.#now && levelRank(grade) <= levelRank(silence.grade)
  }

  save(out: StateWriter): void {
    out.json({ now: this.#now, alerts: [...this.#alerts], silences: [...this.#silences.values()], pin: this.#pin, ids: [...this.#ids], rows: this.#rows })
  }

  load(from: StateReader): void {
    const { now, alerts, silences, pin, ids, rows } = readKeptHandling(from, handlingLimits)
    this.#now = now
    for (const [alert, handling] of alerts) this.#alerts.set(alert, handling)
    for (const silence of silences) this.#silences.set(silence.topic, silence)
    this.#pin = pin
    for (const id of ids) this.#ids.add(id)
    this.#rows = rows
  }

  #touch(alert: string, handling: Handling): void {
    this.#alerts.delete(alert)
    this.#alerts.set(alert, handling)
    if (this.#alerts.size > actionLimits.handledMax) this.#alerts.delete(this.#alerts.keys().next().value!)
  }

  #silence({ topic, grade, until, reason }: ActionOf<'silence'>, by: string, at: number): void {
    this.#silences.delete(topic)
    if (until <= at) return
    this.#silences.set(topic, { topic, grade, since: at, until: Math.min(until, at + actionLimits.silenceMsMax), by, reason })
    if (this.#silences.size > actionLimits.silencesMax) this.#silences.delete(this.silences(0)[0]!.topic)
  }
}
