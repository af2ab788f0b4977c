// The desk: commands of people about alerts on their way in, and what the picture and the API show of them.
import type { ActionRow, Handling, Pin, Silence } from '@groundswell/schemas/action.ts'
import type { Command } from '@groundswell/schemas/command.ts'
import { levelRank, type Grade, type Level } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Sources } from './3-measure/sources.ts'
import type { Alerts } from './5-respond/alerts.ts'
import type { HandlingLog } from './5-respond/handling.ts'
import type { Effect } from './input.ts'
import type { Watch } from './watch.ts'

export interface DeskParts { readonly alerts: Alerts; readonly handling: HandlingLog; readonly watch: Watch; readonly sources: Sources }

/** Of a topic and its level. */
export type Taken = (topic: string, level: Level) => boolean

const sourcePrefix = 'source:'

export class Desk {
  readonly #parts: DeskParts
  constructor(parts: DeskParts) { this.#parts = parts }

  /** A silence or pin of a topic that is not there changes nothing; of an alert that is not there nothing is shown. */
  act({ id, by, action }: Extract<Command, { kind: 'act' }>, { seq, now }: { readonly seq: number; readonly now: number }, effects: Effect[]): void {
    if (action.what === 'silence' && !this.hasTopic(action.topic)) return
    if (action.what === 'pin' && !this.isWatched(action.topic)) return
    const row = this.#parts.handling.act({ id, by, action }, now)
    if (row) effects.push({ kind: 'action', seq, row })
  }

  /** Stored actions of before the first input, in their order, for an engine that starts without a checkpoint. */
  recall(rows: readonly ActionRow[]): void {
    for (const { at, ...act } of rows) this.#parts.handling.act(act, at)
  }

  /** The newest alerts, newest first, with how far people are with each. */
  alerts(max: number): AlertRow[] { return this.#parts.alerts.rows.slice(0, max).map((row) => this.#handled(row)) }
  /** The newest actions, newest first, stored or not. */
  get actions(): readonly ActionRow[] { return this.#parts.handling.rows }
  /** Whether somebody has the gravest open alerts of a topic at this level, all of them, or the level is silent now: it waits for nobody's eyes. */
  taken(): Taken {
    const { alerts, handling } = this.#parts
    const gravest = new Map<string, { readonly grade: Grade; readonly hasNew: boolean }>()
    for (const { id, topic, grade, clearedAt } of alerts.rows) {
      const held = gravest.get(topic), above = levelRank(grade) - levelRank(held?.grade ?? 'normal')
      if (clearedAt !== null || above < 0) continue
      gravest.set(topic, { grade, hasNew: (above === 0 && held!.hasNew) || (handling.of(id)?.state ?? 'new') === 'new' })
    }
    return (topic, level) => {
      if (level === 'normal') return false
      return gravest.get(topic)?.hasNew === false || handling.mutes(topic, level)
    }
  }
  handlingOf(alert: string): Handling | null { return this.#parts.handling.of(alert) }
  /** Those that are not over at `now` (ms), the next to end first. */
  silences(now: number): Silence[] { return this.#parts.handling.silences(now) }
  pin(now: number): Pin | null { return this.#parts.handling.pin(now) }

  isWatched(topic: string): boolean { return this.#parts.watch.topics.some(({ rules }) => rules.id === topic) }

  /** A topic of the rules, or `source:<platform>` of a platform that mentions came from. */
  hasTopic(topic: string): boolean { return topic.startsWith(sourcePrefix) ? this.#hasSource(topic.slice(sourcePrefix.length)) : this.isWatched(topic) }

  #hasSource(platform: string): boolean {
    const { sources } = this.#parts
    for (let id = 0; id < sources.size; id++) if (sources.nameOf(id) === platform) return true
    return false
  }

  #handled(row: AlertRow): AlertRow {
    const handling = this.#parts.handling.of(row.id)
    return handling ? { ...row, handling } : row
  }
}
