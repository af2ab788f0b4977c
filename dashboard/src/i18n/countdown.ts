// When a threshold will trip, in words: as much as there is room for, and held long enough to be read from across a room.
import type { CountdownFigure } from '@groundswell/schemas/live.ts'
import type { Language } from './language.ts'
import { count, threshold } from './numbers.ts'
import { textWidth } from './text-width.ts'

/** Less likely than this is not worth a glance; one that is shown stays until it is clearly less. */
export const probabilityShown = { least: 0.1, hidden: 0.08 } as const
/** A figure that is shown stays this long, so that no digit flickers. */
const heldMs = 15_000

export interface HeldCountdown { readonly figure: CountdownFigure; readonly at: number } // at: ms when it was taken

/** The figure to be shown at `now`, given the one that is shown. */
export function steadyCountdown(held: HeldCountdown | null, figure: CountdownFigure | null, now: number): HeldCountdown | null {
  const same = held !== null && figure !== null && held.figure.count === figure.count && held.figure.within === figure.within
  if (figure === null || figure.probability < (same ? probabilityShown.hidden : probabilityShown.least)) return null
  return same && now >= held.at && now - held.at < heldMs ? held : { figure, at: now }
}

export interface CountdownWords { readonly lang: Language; readonly clock: number; readonly timeOf: (second: number) => string } // clock: event time in seconds

/** Fullest first. The interval holds the truth in 80 of 100 cases. */
export function countdownTexts(figure: CountdownFigure, { lang, clock, timeOf }: CountdownWords): readonly string[] {
  const [full, brief] = [count(figure.count, lang), threshold(figure.count, lang)]
  const chance = chanceOf(figure.probability)
  const by = timeOf(roundedTo(clock + figure.horizonSeconds, 300))
  if (figure.eta === null) {
    return lang === 'zh' ? [`到 ${full}：${by} 前概率 ${chance}`, `到 ${brief}：${by} 前 ${chance}`, `→${brief} ${chance}`] : [`${full}: ${chance} by ${by}`, `${brief}: ${chance} by ${by}`, `→${brief} ${chance}`]
  }
  const coarse = figure.eta - clock > 1_800 ? 300 : 60
  const eta = timeOf(roundedTo(figure.eta, coarse))
  const interval = intervalOf(figure, timeOf, coarse)
  const shortest = `→${brief} ${eta} ${chance}`
  if (lang === 'zh') return [...(interval === '' ? [] : [`到 ${full} 约 ${eta}（${interval}），概率 ${chance}`, `到 ${brief} 约 ${eta}（${interval}）${chance}`]), `到 ${brief} 约 ${eta}，概率 ${chance}`, shortest]
  return [...(interval === '' ? [] : [`${full}: ${chance} by ${by}, ETA ${eta} (${interval})`, `${brief}: ${chance}, ETA ${eta} (${interval})`]), `${brief}: ${chance} by ${by}, ETA ${eta}`, shortest]
}

/** The fullest text that a line of `width` em holds; the shortest where none does. */
export const fittingText = (texts: readonly string[], width: number): string => texts.find((text) => textWidth(text) <= width) ?? texts.at(-1) ?? ''

/** Open to the side on which it lies beyond the horizon. */
function intervalOf({ low, high }: CountdownFigure, timeOf: (second: number) => string, coarse: number): string {
  if (low === null && high === null) return ''
  const from = low === null ? '' : timeOf(Math.floor(low / coarse) * coarse)
  const to = high === null ? '' : timeOf(Math.ceil(high / coarse) * coarse)
  return `${from}–${to}`
}

/** Never quite impossible, never quite certain. */
const chanceOf = (probability: number): string => (probability < 0.01 ? '<1%' : probability > 0.99 ? '>99%' : `${Math.round(probability * 100)}%`)

const roundedTo = (second: number, step: number): number => Math.round(second / step) * step
