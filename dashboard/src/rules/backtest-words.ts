// A backtest in a sentence, and against what is in force.
import type { Language } from '../i18n/language.ts'
import { count } from '../i18n/numbers.ts'
import { rulesMessages } from '../i18n/rules-messages.ts'
import type { BacktestDone } from '../live/rules-api.ts'
import type { BacktestState } from './backtest-book.svelte.ts'
import { topicKey } from './topic-draft.ts'

/** Whole from ten on: nobody plans by a tenth of an alarm. */
export const aWeek = (perWeek: number, lang: Language): string => (perWeek >= 9.95 ? count(Math.round(perWeek), lang) : String(Math.round(perWeek * 10) / 10))

export function sentenceOf({ alerts, perWeek, atNight }: Pick<BacktestDone, 'alerts' | 'perWeek' | 'atNight'>, lang: Language): string {
  return rulesMessages[lang].backtest.sentence(count(alerts, lang), aWeek(perWeek, lang), count(atNight, lang))
}

export interface Compared { readonly topic: unknown; readonly now: unknown; readonly own: BacktestDone; readonly before: BacktestState | null }

/** Empty while what is in force is not tested yet. */
export function comparedWords({ topic, now, own, before }: Compared, lang: Language): string {
  const t = rulesMessages[lang].backtest
  if (now === null) return t.newTopic
  if (topicKey(topic) === topicKey(now)) return t.sameAsNow
  if (before?.state === 'done') return t.compared(aWeek(before.result.perWeek, lang), aWeek(own.perWeek, lang))
  return before?.state === 'running' || before?.state === 'waiting' ? t.waiting : ''
}
