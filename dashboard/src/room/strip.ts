// What the alert strip says: the newest first, at most three, only whole ones; a severe name that is too long for a line gets a second one (W3).
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Language } from '../i18n/language.ts'
import { messages } from '../i18n/messages.ts'
import { count, duration } from '../i18n/numbers.ts'
import { platformName } from '../i18n/platforms.ts'
import { linesOf, shortTitle, textWidth } from '../i18n/text-width.ts'
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
}
export interface Strip { readonly items: readonly StripItem[]; readonly hidden: number; readonly lines: number; readonly newestAt: number | null }

export interface StripRoom { readonly width: number; readonly lang: Language; readonly marked: boolean; readonly timeOf: (ms: number) => string }

export function alertStrip(alerts: readonly AlertRow[], room: StripRoom): Strip {
  const width = room.width - headWidth[room.lang] - (room.marked ? markWidth : 0)
  const full = alerts.slice(0, alertsShownMax).map((alert) => stripItem(alert, room))
  const withRules = fits(full, width)
  const bare = full.map((item) => ({ ...item, rule: '' }))
  const items = withRules === full.length ? full : bare.slice(0, fits(bare, width))
  const first = items[0]
  const lines = first === undefined ? 1 : linesOf(`${first.time} ${first.name}`, (width - itemExtra) / measure.smallType)
  return { items, hidden: alerts.length - items.length, lines: items.length === 1 ? lines : 1, newestAt: alerts[0] === undefined ? null : Date.parse(alerts[0].at) }
}

function stripItem(alert: AlertRow, room: StripRoom): StripItem {
  const name = alert.name[room.lang]
  const cleared = alert.clearedAt !== null
  const item = { id: alert.id, grade: alert.grade, cleared, time: room.timeOf(Date.parse(alert.at)) }
  const { cleared: clearedWord, seenAgain, blind } = messages[room.lang]
  if (alert.source !== undefined) {
    const silence = duration((durationSeconds(alert.rule.within) ?? 0) * 1000, room.lang)
    return { ...item, over: cleared ? seenAgain : '', name: `${shortTitle(platformName(alert.source, room.lang))} ${blind(silence)}`, rule: '' }
  }
  return {
    ...item, over: cleared ? clearedWord : '',
    name: alert.grade === 'severe' ? name : shortTitle(name), rule: `${count(alert.count, room.lang)}/${alert.rule.within}`,
  }
}

/** How many stand side by side; always one. */
function fits(items: readonly StripItem[], width: number): number {
  let used = 0
  let shown = 0
  for (const item of items) {
    used += (textWidth(`${item.time} ${item.name} ${item.rule}`) + textWidth(item.over)) * measure.smallType + itemExtra
    if (shown > 0 && used > width) break
    shown++
  }
  return shown
}
