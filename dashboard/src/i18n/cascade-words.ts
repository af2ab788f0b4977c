// A cascade in words: its first words as a title, and what is forecast of it.
import type { CascadeDetail } from '@groundswell/schemas/cascade-detail.ts'
import { cascadeHeadMessages } from './cascade-head-messages.ts'
import type { Language } from './language.ts'
import { count } from './numbers.ts'

const titleMax = 24 // characters of a title

/** The first words on one line, cut with a mark; empty where there are none. */
export function titleOf(text: string, max = titleMax): string {
  const letters = [...text.replaceAll(/\s+/g, ' ').trim()]
  return letters.length <= max ? letters.join('') : `${letters.slice(0, max - 1).join('').trimEnd()}…`
}

/** null: nothing can be said of it, or it is over. What is told is never less than what is there. */
export function forecastWords(forecast: CascadeDetail['forecast'], size: number, lang: Language): string {
  const t = cascadeHeadMessages[lang]
  if (forecast === null) return t.noForecast
  const whole = (value: number): string => count(Math.max(size, Math.round(value)), lang)
  const { predicted, low, high, superCritical, outOfRange } = forecast
  const said = superCritical || predicted === null || high === null ? t.superCritical(whole(low)) : t.expected({ predicted: whole(predicted), low: whole(low), high: whole(high) })
  return outOfRange ? `${said} · ${t.outOfRange}` : said
}
