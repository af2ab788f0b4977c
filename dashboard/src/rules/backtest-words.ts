// A backtest in a sentence, and against what is in force.
import type { Language } from '../i18n/language.ts'
import { count } from '../i18n/numbers.ts'
import { rulesMessages } from '../i18n/rules-messages.ts'
import type { BacktestDone } from '../live/rules-api.ts'
import type { BacktestState } from './backtest-book.svelte.ts'
import { topicKey } from './topic-draft.ts'

/** Whole from ten on: nobody plans by a tenth of an alarm. */
export const aWeek = (perWeek: number, lang: Language): string => (perWeek >= 9.95 ? count(Math.round(perWeek), lang) : String(Math.round(perWeek * 10) / 10))

type Told = Pick<BacktestDone, 'alerts' | 'perWeek' | 'atNight' | 'from' | 'to'>

/** Of less than a week of mentions no rate is made: how many there were is all that is known. */
const isShort = ({ from, to }: Pick<Told, 'from' | 'to'>): boolean => to - from < 7 * 86_400_000

export function sentenceOf(result: Told, lang: Language): string {
  const t = rulesMessages[lang].backtest
  const [alerts, night] = [count(result.alerts, lang), count(result.atNight, lang)]
  return isShort(result) ? t.sentenceShort(alerts, night) : t.sentence(alerts, aWeek(result.perWeek, lang), night)
}

export interface Compared { readonly topic: unknown; readonly now: unknown; readonly own: BacktestDone; readonly before: BacktestState | null }

/** Empty while what is in force is not tested yet. */
export function comparedWords({ topic, now, own, before }: Compared, lang: Language): string {
  const t = rulesMessages[lang].backtest
  if (now === null) return t.newTopic
  if (topicKey(topic) === topicKey(now)) return t.sameAsNow
  if (before?.state === 'done' && isShort(own)) return t.comparedShort(count(before.result.alerts, lang), count(own.alerts, lang))
  if (before?.state === 'done') return t.compared(aWeek(before.result.perWeek, lang), aWeek(own.perWeek, lang))
  return before?.state === 'running' || before?.state === 'waiting' ? t.waiting : ''
}
