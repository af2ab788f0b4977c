// What an alarm, a rarity and a budget are called on the page of a topic.
import type { ToldAlarm } from '@groundswell/schemas/topic-history.ts'
import { rarityLevels } from '../chart/rarity.ts'
import type { Language } from './language.ts'
import { count, spelledSpan } from './numbers.ts'
import { platformName } from './platforms.ts'
import { topicMessages } from './topic-messages.ts'

/** Why it was told: the evidence of a baseline alarm in its own words, the rule of a threshold. */
export function alarmReason(alarm: ToldAlarm, lang: Language): string {
  if (alarm.kind === 'baseline') return `${alarm.platform === undefined ? '' : `${platformName(alarm.platform, lang)} · `}${alarm.reason[lang]}`
  return topicMessages[lang].trippedReason(count(alarm.count, lang), spelledSpan(alarm.rule.within, lang), count(alarm.rule.count, lang))
}

/** `2 per 8h` is 预算：8 小时 2 次 / budget: 2 per 8 h. */
export function budgetWords(text: string, lang: Language): string {
  const [alarms = text, within = ''] = text.split(' per ')
  return topicMessages[lang].budget(alarms, spelledSpan(within, lang))
}

/** Alarms a day, in the largest unit in which there is at least one; what is rarer than once a year, a year. */
export function falseAlarmWords(perDay: number, lang: Language): string {
  const { per, never } = topicMessages[lang]
  if (perDay < rarityLevels.century) return never
  const unit = (['hour', 'day', 'week', 'month'] as const).find((name) => perDay >= rarityLevels[name]) ?? 'year'
  return per[unit](String(Number((perDay / rarityLevels[unit]).toPrecision(2))))
}
