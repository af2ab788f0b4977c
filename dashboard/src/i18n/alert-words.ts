// Why an alert was given, in words: the evidence of a baseline alarm, what a cascade did, or which threshold was reached.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { Language } from './language.ts'
import { count, spelledSpan } from './numbers.ts'
import { topicMessages } from './topic-messages.ts'

export function alertReason({ count: held, rule, evidence, spread }: Pick<AlertRow, 'count' | 'rule' | 'evidence' | 'spread'>, lang: Language): string {
  if (evidence !== undefined) return evidence.reason[lang]
  if (spread !== undefined) return spread.reason[lang]
  return topicMessages[lang].trippedReason(count(held, lang), spelledSpan(rule.within, lang), count(rule.count, lang))
}
