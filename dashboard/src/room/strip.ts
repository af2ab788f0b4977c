// What the alert strip says: the newest first, at most three, only whole ones, and who has taken them; a severe name that is too long for a line gets a second one (W3).
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Language } from '../i18n/language.ts'
import { messages } from '../i18n/messages.ts'
import { average, count, duration, spelledSpan } from '../i18n/numbers.ts'
import { platformName } from '../i18n/platforms.ts'
import { linesOf, shortTitle, textWidth } from '../i18n/text-width.ts'
import { alertMarks, fitMarks, marksWidth, type FittedMark, type People } from './attention.ts'
import { measure } from './layout.ts'

export const alertsShownMax = 3
/** Beside the words of an alert: its glyph and the gaps. Beside the alerts: heading, age, remainder, and in a drill its mark. */
const itemExtra = 10
const headWidth = { zh: 34, en: 40 } as const
const markWidth = 14

export interface StripItem {
  readonly id: string
  readonly grade: AlertRow['grade']
  readonly cleared: boolean
  readonly over: string // the word for it; empty while it is not
  readonly time: string
  readonly name: string
  readonly rule: string // empty where there is no room for it
  readonly marks: readonly FittedMark[] // who has it, until when it is silent
}
export interface Strip { readonly items: readonly StripItem[]; readonly hidden: number; readonly lines: number; readonly newestAt: number | null }

export interface StripRoom extends Pick<People, 'silences' | 'now'> { readonly width: number; readonly lang: Language; readonly marked: boolean; readonly timeOf: (ms: number) => string; readonly untilOf: (ms: number) => string } // timeOf: on the event clock; untilOf: on the server's

export function alertStrip(alerts: readonly AlertRow[], room: StripRoom): Strip {
  const width = widthOf(room)
  const items = fitted(alerts.slice(0, alertsShownMax).map((alert) => stripItem(alert, room)), width)
  const first = items[0]
  const lines = first === undefined ? 1 : linesOf(`${first.time} ${first.name}`, (width - itemExtra) / measure.smallType - marksWidth(first.marks))
  return { items, hidden: alerts.length - items.length, lines: items.length === 1 ? lines : 1, newestAt: alerts[0] === undefined ? null : Date.parse(alerts[0].at) }
}

const widthOf = ({ width, lang, marked }: StripRoom): number => width - headWidth[lang] - (marked ? markWidth : 0)

/** All with their reasons in full or in brief, where all fit; otherwise only the newest says why, and that only if it is no bare threshold. */
function fitted(all: readonly Told[], width: number): StripItem[] {
  const saying = (reason: (item: Told, index: number) => string): StripItem[] => all.map(({ reasons: _reasons, ...item }, index) => ({ ...item, rule: reason(all[index]!, index) }))
  const [inFull, inBrief] = [saying(({ reasons }) => reasons[0]), saying(({ reasons }) => reasons[1])]
  for (const items of [inFull, inBrief]) if (fits(items, width) === items.length) return items
  const bare = saying(({ reasons: [full, brief] }, index) => (index === 0 && full !== brief ? brief : ''))
  return bare.slice(0, fits(bare, width))
}

/** Before it is known how much of its reason there is room for: in full, and in brief. */
interface Told extends Omit<StripItem, 'rule'> { readonly reasons: readonly [full: string, brief: string] }

function stripItem(alert: AlertRow, room: StripRoom): Told {
  const name = alert.name[room.lang]
  const cleared = alert.clearedAt !== null
  const marks = alertMarks(alert, room, { lang: room.lang, timeOf: room.untilOf })
  const told = (item: Omit<Told, 'marks'>): Told => ({ ...item, marks: fitMarks(marks, (widthOf(room) - itemExtra) / measure.smallType - textWidth(`${item.time} ${item.name}`)) })
  const item = { id: alert.id, grade: alert.grade, cleared, time: room.timeOf(Date.parse(alert.at)) }
  const { cleared: clearedWord, seenAgain, blind } = messages[room.lang]
  if (alert.source !== undefined) {
    const silence = duration((durationSeconds(alert.rule.within) ?? 0) * 1000, room.lang)
    return told({ ...item, over: cleared ? seenAgain : '', name: `${shortTitle(platformName(alert.source, room.lang))} ${blind(silence)}`, reasons: ['', ''] })
  }
  return told({ ...item, over: cleared ? clearedWord : '', name: alert.grade === 'severe' ? name : shortTitle(name), reasons: reasonsOf(alert, room.lang) })
}

/** A threshold is told by its count and window, a spread rule by what its cascade did, or in brief how large it is; what the baseline found by what is usual besides, for 412 in 5 min may be nothing. */
function reasonsOf({ count: held, rule, evidence, spread }: AlertRow, lang: Language): readonly [string, string] {
  if (spread !== undefined) return [spread.reason[lang], messages[lang].cascadeOf(count(spread.size, lang))]
  const said = count(held, lang)
  if (evidence === undefined) return [`${said}/${rule.within}`, `${said}/${rule.within}`]
  const { notNormal, usual } = messages[lang]
  return [notNormal(spelledSpan(rule.within, lang), said, average(evidence.usual, lang), count(rule.count, lang)), `${said}/${rule.within} ${usual(average(evidence.usual, lang))}`]
}

/** How many stand side by side; always one. */
function fits(items: readonly StripItem[], width: number): number {
  let used = 0
  let shown = 0
  for (const item of items) {
    used += (textWidth(`${item.time} ${item.name} ${item.rule}`) + textWidth(item.over) + marksWidth(item.marks)) * measure.smallType + itemExtra
    if (shown > 0 && used > width) break
    shown++
  }
  return shown
}
