// The wall's replay as the address holds it, and moments as people write them: `#/replay?at=2026-11-21T06:29:00Z&speed=60&span=6h`.
import type { RoomTime } from '../room/room-time.ts'

export const replaySpans = { '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const
export type ReplaySpan = keyof typeof replaySpans
export const replaySpanNames = Object.keys(replaySpans) as ReplaySpan[]
const alertLettersMax = 1_000
const agoMs = 300_000
/** Nothing can be asked of before: milliseconds have thirteen digits. */
export const earliestMs = 1e12
const usual = { speed: 60, span: '6h' } as const

/** at: ms; null: a while ago · alert: where an alert was first shown, and `at` where that is not known. */
export interface ReplayState { readonly at: number | null; readonly alert?: string; readonly speed: number; readonly span: ReplaySpan; readonly skipsQuiet: boolean }

export function replayFromQuery(query: string): ReplayState {
  const asked = new URLSearchParams(query)
  const text = asked.get('at') ?? '', span = asked.get('span') ?? ''
  const at = /^\d{12,14}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  const speed = Number(asked.get('speed') ?? usual.speed)
  const alert = asked.get('alert') ?? ''
  return { at: Number.isNaN(at) ? null : Math.max(earliestMs, at), ...(alert === '' ? {} : { alert: alert.slice(0, alertLettersMax) }), speed: Number.isFinite(speed) && speed > 0 ? speed : usual.speed, span: Object.hasOwn(replaySpans, span) ? span as ReplaySpan : usual.span, skipsQuiet: asked.get('skip') === 'quiet' }
}

export function replayQuery({ at, alert, speed, span, skipsQuiet }: ReplayState): string {
  const said: string[] = []
  if (alert !== undefined) said.push(`alert=${encodeURIComponent(alert)}`)
  if (at !== null) said.push(`at=${new Date(at).toISOString().replace('.000Z', 'Z')}`)
  if (speed !== usual.speed) said.push(`speed=${speed}`)
  if (span !== usual.span) said.push(`span=${span}`)
  if (skipsQuiet) said.push('skip=quiet')
  return said.join('&')
}

/** Where a replay begins that names no moment: a while ago, as far as pictures were kept around it. All in ms; `first` and `last` are null where none was. */
export function beginning(now: number, { first, last }: { readonly first: number | null; readonly last: number | null }): number {
  return first === null || last === null ? now - agoMs : Math.min(last, Math.max(first, now - agoMs))
}

/** The part of time that the bar shows: the moment has a quarter of the span behind it, as far as there is one. */
export function spanAround(at: number, span: ReplaySpan, now: number): readonly [from: number, to: number] {
  const to = Math.min(Math.max(now, at), at + replaySpans[span] / 4)
  return [to - replaySpans[span], to]
}

/** `2026-11-21 14:29[:07]`, `11-21 14:29` or `14:29` on the clock of the room, the parts that are not said those of `beside`; null: it is no time. */
export function parseMoment(text: string, beside: RoomTime, roomTime: (ms: number) => RoomTime): number | null {
  const [, year, date, hour, minute, second = '00'] = /^(?:(?:(\d{4})[-/])?(\d{1,2}[-/]\d{1,2})[ T])?(\d{1,2})[::](\d{2})(?:[::](\d{2}))?$/.exec(text.trim()) ?? []
  if (hour === undefined || minute === undefined) return null
  const day = date === undefined ? beside.date : date.split(/[-/]/).map((part) => part.padStart(2, '0')).join('-')
  const local = `${year ?? beside.fullDate.slice(0, 4)}-${day}T${hour.padStart(2, '0')}:${minute}:${second}`
  const asUtc = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtc)) return null
  // The offset of the place itself: it changes twice a year.
  const offsetAt = (ms: number): number => { const { fullDate, time } = roomTime(ms); return Date.parse(`${fullDate}T${time}Z`) - Math.floor(ms / 1000) * 1000 }
  const guess = asUtc - offsetAt(asUtc)
  return asUtc - offsetAt(guess)
}
