// What an alarm, a rarity and a budget are called on the page of a topic.
import type { SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { TopicHistory } from '@groundswell/schemas/topic-history.ts'
import { rarityLevels } from '../chart/rarity.ts'
import type { Language } from './language.ts'
import type { RoomTime } from '../room/room-time.ts'
import { messages } from './messages.ts'
import { average, count, spelledSpan } from './numbers.ts'
import { platformName } from './platforms.ts'
import { topicMessages } from './topic-messages.ts'

const fullDays = { en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'], zh: messages.zh.weekdays } as const

/** Why it was told: the evidence of a baseline alarm with the day and hour of the room's zone, the rule of a threshold, the engine's own words of a cascade. */
export function alarmReason(alarm: SpikeEvent, lang: Language, roomTime: (ms: number) => RoomTime): string {
  if (alarm.kind === 'baseline') {
    const { count: held, within, usual, high, falseAlarms, rule, at, platform } = alarm
    const { weekday, time } = roomTime(Date.parse(at))
    return `${platform === undefined ? '' : `${platformName(platform, lang)} · `}${topicMessages[lang].baselineReason({
      count: count(held, lang), within: spelledSpan(within, lang), day: within === '24h' ? '' : fullDays[lang][weekday] ?? '', hour: time.slice(0, 2), usual: average(usual, lang), high: count(Math.floor(high), lang),
      falseAlarms: oftenWords(falseAlarms, lang), span: spelledSpan(rule.alarmBudget.split(' per ')[1] ?? '', lang),
    })}`
  }
  switch (alarm.kind) {
    case 'spike': case 'clear': return alarm.reason?.[lang] ?? topicMessages[lang].trippedReason(count(alarm.count, lang), spelledSpan(alarm.rule.within, lang), count(alarm.rule.count, lang))
    default: return alarm.reason[lang]
  }
}

/** `2 per 8h` is 预算：8 小时 2 次 / budget: 2 per 8 h, and besides what of it is the topic's own where its platforms have a part. */
export function budgetWords({ text, perDay, ownPerDay }: NonNullable<TopicHistory['budget']>, lang: Language): string {
  const [alarms = text, within = ''] = text.split(' per ')
  const { budget, budgetPart } = topicMessages[lang]
  return `${budget(alarms, spelledSpan(within, lang))}${ownPerDay < perDay ? budgetPart(String(Math.round((100 * ownPerDay) / perDay))) : ''}`
}

/** Alarms a day, in the largest unit in which there is at least one; what is rarer than once a year, a year. */
export function falseAlarmWords(perDay: number, lang: Language): string {
  const { per, never } = topicMessages[lang]
  if (perDay < rarityLevels.century) return never
  const unit = (['hour', 'day', 'week', 'month'] as const).find((name) => perDay >= rarityLevels[name]) ?? 'year'
  return per[unit](String(Number((perDay / rarityLevels[unit]).toPrecision(2))))
}

function oftenWords(falseAlarms: number, lang: Language): string {
  if (falseAlarms < 0.001) return lang === 'zh' ? '不到 0.001' : 'under 0.001'
  return `${lang === 'zh' ? '约 ' : ''}${Number(falseAlarms.toPrecision(2))}`
}
