// From spikes to alerts: one crisis is one episode of a topic, and an episode is one message, one more for each higher grade, and
// one when it is over.
//
// An alarm of the baseline that begins, or rises in grade, and a spread rule that a cascade reaches, is a spike, and one that ends a clear.
//
//   spike ──► episode opens: alert ──► spikes of higher grade: alert · others: silent ──► all rules re-armed, and `cooldownSeconds`
//   since the last spike: the episode closes, alert `clear` with its highest grade. A spike before that belongs to the episode.
//
// An episode belongs to the topic, not to the text of its query. Another query of the same topic holds it open while the topic is counted anew: until
// the past has come, and on to the end of that minute, by which every rule and the baseline have looked at it. What is on then goes on.
import { levelRank, type Grade, type Level } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { alarmState, type AlarmEvent, type AlertEvent } from '@groundswell/schemas/spike.ts'
import type { SilenceChange } from '../4-detect/silence.ts'
import type { Stateful, StateReader, StateWriter } from '../state.ts'
import { whyAnew } from './counted-anew.ts'
import type { AtSecond, Episode, Held } from './episode.ts'
import { readKeptAlerts } from './kept-alerts.ts'
import { silenceAlert } from './silence-alert.ts'
import { rowOfSpread } from './spread-alert.ts'
import { readStoredAlerts } from './stored-alerts.ts'

export const alertLimits = { rowsMax: 100, cooldownSeconds: 1800 } as const

/** `muted`: it is kept, listed and told on NATS, and disturbs nobody. */
export interface Alert { readonly event: AlertEvent; readonly row: AlertRow; readonly muted?: true }

/** Whether somebody silenced the topic, up to this grade, now. */
export type Mutes = (topic: string, grade: Grade) => boolean

/** What stored events say of a watched topic. */
export interface Resumed {
  readonly topic: string
  readonly tripped: number // rules tripped now, and alarms of the baseline open
  readonly lastSpikeAt: number // −1: none is known
  readonly lastClear: AtSecond | null
  readonly isAnew: boolean // its query changed lately: it is counted anew, and waits for that
}

/** What new rules leave of a topic. */
export interface Retained {
  readonly tripped: number // rules tripped, and alarms open
  readonly isAnew: boolean // its query is another one
  readonly isWaiting: boolean // for its past
  readonly told: Grade | null // of one that is counted anew: with which grade its own alarm was told, if one was open
}

/** What the past by another query says of an episode that is held. */
export interface CountedAnew {
  readonly until: number // second
  readonly goesOn: boolean // the alarm that was told is one by this query too
  readonly end: AtSecond | null // of that alarm, where it does not go on; also where nothing is tripped and nothing ended
}

export class Alerts implements Stateful {
  readonly #cooldown: number
  readonly #holds: (topic: string) => boolean
  readonly #mutes: Mutes
  readonly #mutedSources = new Set<string>() // whose blindness, which is not over, was told to nobody: at most one each platform
  readonly #episodes = new Map<string, Episode>() // at most one a topic
  #rows: readonly AlertRow[] = [] // newest first
  #due = Infinity // no episode closes before this second

  /** `holds`: whose episodes may not close now, because what would tell is missing. */
  constructor(cooldownSeconds: number = alertLimits.cooldownSeconds, holds: (topic: string) => boolean = () => false, mutes: Mutes = () => false) {
    this.#cooldown = cooldownSeconds
    this.#holds = holds
    this.#mutes = mutes
  }

  /** Goes on from stored alerts, before anything else happens. Open ones that no rule in force can clear any more end at `at`. */
  resume(stored: readonly AlertRow[], topics: readonly Resumed[], at: string): void {
    const { rows, open } = readStoredAlerts(stored)
    this.#rows = rows.slice(0, alertLimits.rowsMax)
    const watched = new Map(topics.map((resumed) => [resumed.topic, resumed]))
    for (const [topic, alerts] of open) {
      const { tripped, lastSpikeAt, lastClear, isAnew } = watched.get(topic) ?? { tripped: 0, lastSpikeAt: 0, lastClear: null, isAnew: false }
      const episode: Episode = { topic, rowIds: alerts.map((row) => row.id), grade: alerts.at(-1)!.grade, sent: true, tripped, lastSpikeAt, lastClear: tripped > 0 ? null : lastClear }
      const cleared = episode.lastClear
      if (isAnew && tripped === 0 && (!cleared || cleared.at < lastSpikeAt)) {
        this.#episodes.set(topic, { ...episode, lastSpikeAt: Math.max(0, lastSpikeAt), lastClear: null, held: { until: -1, told: null } })
        continue
      }
      if (tripped > 0 || (cleared && cleared.at >= lastSpikeAt)) this.#episodes.set(topic, episode)
      if (cleared) this.#due = Math.min(this.#due, this.#dueAt(episode, cleared))
      if (tripped === 0) this.#end(episode, this.#episodes.has(topic) ? cleared!.event.at : at)
    }
  }

  /** The newest `rowsMax` alerts, newest first; a new array whenever one changed. A row ends, and runs again, with its episode's rules. */
  get rows(): readonly AlertRow[] { return this.#rows }

  /** A rule tripped or re-armed, an alarm began or ended; answers what goes out because of it. Events come in the order of their seconds. */
  take(crossing: AtSecond): Alert[] {
    const over = this.settle(crossing.at - 1)
    if (isOver(crossing.event)) this.#clear(crossing)
    else {
      const alert = this.#spike(crossing)
      if (alert) over.push(alert)
    }
    return over
  }

  /** Closes the episodes that are over when second `at` has closed, in the order in which they ended. */
  settle(at: number): Alert[] {
    if (at < this.#due) return []
    const over: { readonly episode: Episode; readonly clear: AtSecond; readonly dueAt: number }[] = []
    this.#due = Infinity
    for (const episode of this.#episodes.values()) {
      if (this.#isHeld(episode, at) || !episode.lastClear) continue
      const dueAt = this.#dueAt(episode, episode.lastClear)
      if (dueAt > at || this.#holds(episode.topic)) this.#due = Math.min(this.#due, dueAt)
      else over.push({ episode, clear: episode.lastClear, dueAt })
    }
    over.sort((a, b) => a.dueAt - b.dueAt || (a.episode.topic < b.episode.topic ? -1 : 1))
    return over.map(({ episode, clear }) => {
      this.#episodes.delete(episode.topic)
      return this.#over(episode, clear)
    })
  }

  /** A source went blind, or is seen again. Who was not told of the one is not told of the other. */
  silence(change: SilenceChange): Alert {
    const alert = silenceAlert(change)
    const { row } = alert
    const muted = change.kind === 'blind' ? this.#mutes(row.topic, row.grade) : this.#mutedSources.delete(change.source)
    if (muted && change.kind === 'blind') this.#mutedSources.add(change.source)
    this.#rows = change.kind === 'blind' ? [row, ...this.#rows].slice(0, alertLimits.rowsMax) : this.#rows.map((one) => (one.id === row.id ? { ...one, clearedAt: row.clearedAt } : one))
    return { event: alert.event, row: this.#rows.find(({ id }) => id === row.id) ?? row, ...mutedIf(muted) }
  }

  /**
   * What new rules leave of the topic. Of one that is counted anew the episode is held. Else, with nothing left that is tripped, nobody watches the
   * episode any more: its rows end, no message goes out.
   */
  retain(topic: string, { tripped, isAnew, isWaiting, told }: Retained, at: string): void {
    const episode = this.#episodes.get(topic)
    if (!episode) return
    if (isAnew || (isWaiting && episode.held)) {
      episode.tripped = tripped
      episode.held = { until: -1, told: told ?? episode.held?.told ?? null }
      return
    }
    if (episode.held?.until === -1) this.#letGo(episode) // it is gone: no past of it will come
    if (episode.lastClear) {
      this.#due = Math.min(this.#due, this.#dueAt(episode, episode.lastClear))
      return
    }
    episode.tripped = tripped
    if (tripped > 0) return
    this.#episodes.delete(topic)
    this.#end(episode, at)
  }

  /** The episode of a topic that waits to be counted anew, with the newest of its rows as far as it is listed; null: none does. */
  awaiting(topic: string): { readonly held: Held; readonly isOn: boolean; readonly row: AlertRow | null } | null {
    const episode = this.#episodes.get(topic)
    if (episode?.held?.until !== -1) return null
    return { held: episode.held, isOn: episode.tripped > 0 || episode.lastClear !== null, row: this.#rows.find(({ id }) => id === episode.rowIds.at(-1)) ?? null }
  }

  /** The past of a topic that was held for it has come. */
  countedAnew(topic: string, { until, goesOn, end }: CountedAnew): void {
    const episode = this.#episodes.get(topic)!
    if (goesOn) {
      episode.tripped++
      episode.lastClear = null
    } else if (episode.tripped === 0) episode.lastClear ??= end
    episode.held = { until, told: null }
    this.#due = Math.min(this.#due, until)
  }

  /** The grade at which a topic stays while it is held and counted anew. */
  heldAt(topic: string): Level {
    const episode = this.#episodes.get(topic)
    return episode?.held && !episode.lastClear ? episode.grade : 'normal'
  }

  save(out: StateWriter): void { out.json({ rows: this.#rows, episodes: [...this.#episodes.values()], mutedSources: [...this.#mutedSources] }) }

  /** The cooldown may be another one than before: it says anew when the episodes are over. */
  load(from: StateReader): void {
    const { rows, episodes, mutedSources } = readKeptAlerts(from, alertLimits.rowsMax)
    this.#rows = rows
    for (const source of mutedSources) this.#mutedSources.add(source)
    this.#due = Infinity
    for (const episode of episodes) {
      if (this.#episodes.has(episode.topic)) from.refuse(`${JSON.stringify(episode.topic)} has two open episodes`)
      this.#episodes.set(episode.topic, episode)
      if (episode.lastClear) this.#due = Math.min(this.#due, this.#dueAt(episode, episode.lastClear))
      if (episode.held && episode.held.until >= 0) this.#due = Math.min(this.#due, episode.held.until)
    }
  }

  #spike(crossing: AtSecond): Alert | null {
    const { event, at, name } = crossing
    const open = this.#episodes.get(event.topic)
    const episode: Episode = open ?? { topic: event.topic, rowIds: [], grade: event.grade, sent: false, tripped: 0, lastSpikeAt: at, lastClear: null }
    if (!open) this.#episodes.set(event.topic, episode)
    if (!crossing.rises) episode.tripped++
    episode.lastSpikeAt = at
    episode.lastClear = null
    this.#end(episode, null)
    if (open && levelRank(event.grade) <= levelRank(open.grade)) return null
    episode.grade = event.grade
    episode.rowIds.push(event.id)
    const row = rowOf(event, { name, clearedAt: null })
    this.#rows = [row, ...this.#rows].slice(0, alertLimits.rowsMax)
    const muted = this.#mutes(event.topic, event.grade)
    episode.sent ||= !muted
    return { event, row, ...mutedIf(muted) }
  }

  #clear(crossing: AtSecond): void {
    const episode = this.#episodes.get(crossing.event.topic)
    if (!episode || --episode.tripped > 0) return
    const { at, name } = crossing
    const event = episode.held && episode.held.until >= 0 ? whyAnew(crossing.event) : crossing.event
    episode.lastClear = { event, at, name }
    if (episode.held) return
    this.#due = Math.min(this.#due, this.#dueAt(episode, crossing))
    this.#end(episode, crossing.event.at)
  }

  /** Until what was counted anew has been looked at; also where nothing is on, and a blind source might have told otherwise. */
  #isHeld(episode: Episode, at: number): boolean {
    const { held, lastClear } = episode
    if (!held) return false
    if (held.until < 0) return true
    if (held.until > at || (lastClear && this.#holds(episode.topic))) {
      this.#due = Math.min(this.#due, held.until)
      return true
    }
    this.#letGo(episode)
    return false
  }

  #letGo(episode: Episode): void {
    delete episode.held
    if (episode.lastClear) this.#end(episode, episode.lastClear.event.at)
  }

  #dueAt(episode: Episode, clear: AtSecond): number { return Math.max(episode.lastSpikeAt + this.#cooldown, clear.at) }

  /** The one clear of an episode: the rule that re-armed last, with the highest grade that was alerted. It goes to whom any alert of it went. */
  #over(episode: Episode, clear: AtSecond): Alert {
    const event: AlarmEvent = { ...clear.event, grade: episode.grade }
    const id = episode.rowIds.at(-1)!
    const row = this.#rows.find((row) => row.id === id)
    return { event, row: row ?? { ...rowOf(event, { name: clear.name, clearedAt: event.at }), id }, ...mutedIf(!episode.sent) }
  }

  #end(episode: Episode, at: string | null): void {
    if (!this.#rows.some((row) => row.clearedAt !== at && episode.rowIds.includes(row.id))) return
    this.#rows = this.#rows.map((row) => (episode.rowIds.includes(row.id) ? { ...row, clearedAt: at } : row))
  }
}

const mutedIf = (muted: boolean): Pick<Alert, 'muted'> => (muted ? { muted } : {})
const isOver = (event: AlarmEvent): boolean => alarmState(event) === 'end'

/** An alarm of the baseline is shown against what 99 of 100 such windows hold. */
function rowOf(event: AlarmEvent, { name, clearedAt }: Pick<AlertRow, 'name' | 'clearedAt'>): AlertRow {
  if (event.kind === 'spread') return rowOfSpread(event, { name, clearedAt })
  const { id, topic, grade, at, count } = event
  if (event.kind !== 'baseline') return { id, topic, name, grade, rule: event.rule, at, count, clearedAt }
  const { high, within, reason, usual, falseAlarms } = event
  return { id, topic, name, grade, rule: { count: Math.floor(high), within }, at, count, clearedAt, evidence: { reason, usual, falseAlarms } }
}
