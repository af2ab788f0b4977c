// Alerts as a desk reads them: those of a topic are one group, with the worst of what is open, the newest reason, and how far people are with it.
import type { HandlingState, Silence } from '@groundswell/schemas/action.ts'
import { levelRank, type Grade } from '@groundswell/schemas/grade.ts'
import type { AlertRow, Bilingual } from '@groundswell/schemas/live.ts'
import { handlingOf, isOpen, needsEyes, silenceOf } from './handling.ts'

/** ended: its rule holds no more, and nobody resolved it · silenced: nobody has seen it, and it is muted. */
export const groupStates = ['new', 'working', 'acknowledged', 'silenced', 'ended', 'resolved'] as const
export type GroupState = (typeof groupStates)[number]

export interface AlertGroup {
  readonly topic: string
  readonly name: Bilingual
  readonly source: string | null // the platform that is blind
  readonly alerts: readonly AlertRow[] // newest first, the open ones and those that are over
  readonly open: number // how many of them are
  readonly newest: AlertRow // of the open ones; of all where none is
  readonly grade: Grade // the worst of the open ones; of the newest where none is
  readonly state: GroupState // the most demanding of its open alerts, in the order of groupStates
  readonly eyes: boolean // whether any waits to be seen
  readonly at: number // ms: when the newest one came
  readonly since: number // ms: when the oldest open one came
  readonly assignee: string | null // of the newest that has one
  readonly silence: Silence | null // of its topic, whatever the grade
}

export interface Known { readonly silences: readonly Silence[]; readonly now: number } // now: ms on the server's clock

/** One group a topic, in no order. Alerts come as they are; an id twice counts once, the first one. */
export function groupsOf(alerts: readonly AlertRow[], known: Known): AlertGroup[] {
  const byTopic = new Map<string, AlertRow[]>()
  const ids = new Set<string>()
  for (const alert of alerts) {
    if (ids.has(alert.id)) continue
    ids.add(alert.id)
    const of = byTopic.get(alert.topic)
    if (of === undefined) byTopic.set(alert.topic, [alert])
    else of.push(alert)
  }
  return [...byTopic.values()].map((of) => groupOf(newestFirst(of), known))
}

function groupOf(alerts: readonly AlertRow[], known: Known): AlertGroup {
  const open = alerts.filter(isOpen)
  const newest = open[0] ?? alerts[0]!
  const asked = open.length > 0 ? open : [newest]
  let [state, grade] = [groupStates.length - 1, newest.grade]
  for (const alert of asked) {
    state = Math.min(state, groupStates.indexOf(stateOf(alert, known)))
    if (levelRank(alert.grade) > levelRank(grade)) grade = alert.grade
  }
  return {
    topic: newest.topic, name: newest.name, source: newest.source ?? null, alerts, open: open.length, newest,
    grade, state: groupStates[state]!,
    eyes: open.some((alert) => needsEyes(alert, known.silences, known.now)),
    at: timeOf(newest), since: timeOf(open.at(-1) ?? newest),
    assignee: alerts.find(({ handling }) => (handling?.assignee ?? null) !== null)?.handling?.assignee ?? null,
    silence: known.silences.find(({ topic, until }) => topic === newest.topic && until > known.now) ?? null,
  }
}

export function stateOf(alert: AlertRow, { silences, now }: Known): GroupState {
  const state: HandlingState = handlingOf(alert)
  if (state === 'resolved') return 'resolved'
  if (alert.clearedAt !== null) return 'ended'
  return state === 'new' && silenceOf(alert, silences, now) !== null ? 'silenced' : state
}

/** What people do: `open` is everything that is neither over nor resolved. */
export const stateFilters = ['open', 'new', 'acknowledged', 'working', 'silenced', 'ended', 'resolved', 'all'] as const
export type StateFilter = (typeof stateFilters)[number]
export interface GroupFilter { readonly state: StateFilter; readonly grades: readonly Grade[]; readonly text: string; readonly assignee: string | null } // no grades: all · text: part of a name or id

export const inState = (group: AlertGroup, state: StateFilter): boolean =>
  state === 'all' || (state === 'open' ? group.open > 0 : state === 'silenced' ? group.silence !== null && group.open > 0 : group.state === state)

/** All but the state, which the chips count. */
export function matchesRest({ grade, name, topic, assignee }: AlertGroup, filter: GroupFilter): boolean {
  if (filter.grades.length > 0 && !filter.grades.includes(grade)) return false
  if (filter.assignee !== null && assignee !== filter.assignee) return false
  const text = filter.text.trim().toLowerCase()
  return text === '' || [topic, name.zh, name.en].some((said) => said.toLowerCase().includes(text))
}

/** What people can still do with a group: every open alert that the action would change, or, where none is open, the newest. A note is about the newest alone. */
export function targetsOf(group: AlertGroup, what: 'acknowledge' | 'work' | 'resolve' | 'reopen' | 'assign' | 'note'): readonly AlertRow[] {
  if (what === 'note') return [group.newest]
  if (what === 'reopen') return group.alerts.filter((alert) => alert.clearedAt === null && handlingOf(alert) !== 'new')
  const all = group.open > 0 ? group.alerts.filter(isOpen) : [group.newest]
  if (what === 'acknowledge') return all.filter((alert) => handlingOf(alert) === 'new')
  if (what === 'work') return all.filter((alert) => handlingOf(alert) !== 'working')
  if (what === 'resolve') return all.filter((alert) => handlingOf(alert) !== 'resolved')
  return all
}

/** Read once of each row: a frame brings fifty, and the list is made of thousands. */
const times = new WeakMap<AlertRow, number>()
function timeOf(alert: AlertRow): number {
  const known = times.get(alert)
  if (known !== undefined) return known
  const at = Date.parse(alert.at)
  times.set(alert, at)
  return at
}
const newestFirst = (alerts: readonly AlertRow[]): readonly AlertRow[] => (alerts.length === 1 ? alerts
  : alerts.map((alert) => ({ alert, at: timeOf(alert) })).sort((a, b) => b.at - a.at || (a.alert.id < b.alert.id ? -1 : 1)).map(({ alert }) => alert))
