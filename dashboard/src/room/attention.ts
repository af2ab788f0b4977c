// Which alerts have a claim on the eyes and ears of the room, and what is told of the others: a topic never loses its grade, only its alarm.
import { levelRank } from '@groundswell/schemas/grade.ts'
import type { Pin, Silence } from '@groundswell/schemas/action.ts'
import type { AlertRow, TopicRow } from '@groundswell/schemas/live.ts'
import type { Language } from '../i18n/language.ts'
import { shortTitle, textWidth } from '../i18n/text-width.ts'
import { handlingOf, needsEyes, silenceOf } from './handling.ts'

export const markKinds = ['pinned', 'acknowledged', 'working', 'resolved', 'silenced'] as const
export type MarkKind = (typeof markKinds)[number]
/** `texts`: what it says, the fullest first. */
export interface Mark { readonly kind: MarkKind; readonly texts: readonly [string, ...string[]] }
export interface FittedMark { readonly kind: MarkKind; readonly text: string }

/** `now`: ms on the server's clock. */
export interface People { readonly alerts: readonly AlertRow[]; readonly silences: readonly Silence[]; readonly pin: Pin | null; readonly now: number }
export interface MarkWords { readonly lang: Language; readonly timeOf: (ms: number) => string }

/** Open, but somebody has taken it or its topic is silent: no takeover, flash or sound. */
export const isMuted = (alert: AlertRow, { silences, now }: Pick<People, 'silences' | 'now'>): boolean => alert.clearedAt === null && !needsEyes(alert, silences, now)

export const pinAt = (pin: Pin | null, now: number): Pin | null => (pin !== null && pin.until > now ? pin : null)

/** What is severe comes first (W14), then the pinned topic, then the others; the pinned one leads those of its kind. Otherwise as the server ranks them. */
export function pinFirst(topics: readonly TopicRow[], pin: Pin | null): readonly TopicRow[] {
  const pinned = pin === null ? undefined : topics.find(({ id }) => id === pin.topic)
  if (pinned === undefined) return topics
  const others = topics.filter((row) => row !== pinned)
  const severe = others.filter(({ level }) => level === 'severe'), rest = others.filter(({ level }) => level !== 'severe')
  return pinned.level === 'severe' ? [pinned, ...severe, ...rest] : [...severe, pinned, ...rest]
}

/** Of an alert: who has it, or until when it is silent. */
export function alertMarks(alert: AlertRow, { silences, now }: Pick<People, 'silences' | 'now'>, words: MarkWords): readonly Mark[] {
  if (alert.clearedAt !== null) return []
  const silence = silenceOf(alert, silences, now)
  return [...handlingMark(alert, words), ...(silence === null ? [] : [silenceMark(silence, words)])]
}

/** Of a topic: its pin, how far people are with its gravest open alert, and its silence, where its level does not break through it. */
export function topicMarks({ id, level }: Pick<TopicRow, 'id' | 'level'>, { alerts, silences, pin, now }: People, words: MarkWords): readonly Mark[] {
  const open = alerts.filter(({ topic, clearedAt }) => topic === id && clearedAt === null)
  const gravest = open.toSorted((a, b) => levelRank(b.grade) - levelRank(a.grade))[0] // the list is newest first, and so are those of one grade
  const silence = silences.find(({ topic, until, grade }) => topic === id && until > now && levelRank(level) <= levelRank(grade))
  const pinned = pinAt(pin, now)
  return [
    ...(pinned?.topic === id ? [pinMark(pinned, words)] : []), ...(gravest === undefined ? [] : handlingMark(gravest, words)), ...(silence === undefined ? [] : [silenceMark(silence, words)]),
  ]
}

const iconEm = 1.25 // with the gap behind it
const gapEm = 0.4
export const marksWidth = (marks: readonly FittedMark[]): number => marks.reduce((sum, { text }) => sum + iconEm + textWidth(text) + gapEm, 0)

/** As much of every mark as a line of that many em holds: the first are shortened first. The shortest words are always told. */
export function fitMarks(marks: readonly Mark[], emMax: number): readonly FittedMark[] {
  const chosen = marks.map(() => 0)
  const fitted = (): FittedMark[] => marks.map(({ kind, texts }, index) => ({ kind, text: texts[chosen[index]!]! }))
  for (const [index, { texts }] of marks.entries()) {
    while (marksWidth(fitted()) > emMax && chosen[index]! < texts.length - 1) chosen[index]!++
  }
  return fitted()
}

/** Of a name of up to 64 letters; the second where room is scarce. */
const nameEms = [5, 3] as const
const short = (name: string): string => shortTitle(name, nameEms[0])

function handlingMark(alert: AlertRow, { lang }: MarkWords): readonly Mark[] {
  const state = handlingOf(alert)
  if (state === 'new' || alert.handling === undefined) return []
  const { by, assignee } = alert.handling
  const who = state === 'working' ? assignee ?? by : by
  const bare = { zh: { acknowledged: '已确认', working: '处理中', resolved: '已处理' }, en: { acknowledged: 'seen', working: 'at work', resolved: 'dealt with' } }[lang][state]
  const [full, brief] = nameEms.map((em) => (lang === 'zh' || state === 'working' ? `${shortTitle(who, em)} ${bare}` : `${bare} by ${shortTitle(who, em)}`))
  return [{ kind: state, texts: [full!, brief!, bare] }]
}

function silenceMark({ until }: Silence, { lang, timeOf }: MarkWords): Mark {
  return { kind: 'silenced', texts: lang === 'zh' ? [`静默至 ${timeOf(until)}`, '静默'] : [`silent to ${timeOf(until)}`, 'silent'] }
}

function pinMark({ by, until }: Pin, { lang, timeOf }: MarkWords): Mark {
  const time = timeOf(until)
  return { kind: 'pinned', texts: lang === 'zh' ? [`${short(by)} 置顶至 ${time}`, `置顶至 ${time}`, '置顶'] : [`pinned by ${short(by)} to ${time}`, `pinned to ${time}`, 'pinned'] }
}
