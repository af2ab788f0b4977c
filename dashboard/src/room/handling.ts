// How far people are with an alert, and whether it still waits for somebody's eyes.
import type { HandlingState, Silence } from '@groundswell/schemas/action.ts'
import { levelRank } from '@groundswell/schemas/grade.ts'
import { liveLimits, type AlertRow } from '@groundswell/schemas/live.ts'

export const handlingOf = ({ handling }: Pick<AlertRow, 'handling'>): HandlingState => handling?.state ?? 'new'

/** The silence that mutes an alert of this topic and grade at `now`, ms on the server's clock; null: none. */
export function silenceOf({ topic, grade }: Pick<AlertRow, 'topic' | 'grade'>, silences: readonly Silence[], now: number): Silence | null {
  return silences.find((one) => one.topic === topic && one.until > now && levelRank(grade) <= levelRank(one.grade)) ?? null
}

/** Open: its rule still holds, and nobody has dealt with it. */
export const isOpen = (alert: AlertRow): boolean => alert.clearedAt === null && handlingOf(alert) !== 'resolved'

/** Open, seen by nobody, and not muted. */
export const needsEyes = (alert: AlertRow, silences: readonly Silence[], now: number): boolean => isOpen(alert) && handlingOf(alert) === 'new' && silenceOf(alert, silences, now) === null

/** Of how many topics an alert waits, as the head of the desk says it: `50+` where the live list is full and all of it waits. */
export function unseenWords(alerts: readonly AlertRow[], silences: readonly Silence[], now: number): string {
  const unseen = alerts.filter((alert) => needsEyes(alert, silences, now))
  return `${new Set(unseen.map(({ topic }) => topic)).size}${unseen.length >= liveLimits.alertsMax ? '+' : ''}`
}
