// What a topic's baseline may tell, and what all of them together may: alarm budgets in words, in both languages.
import type { Rules, TopicRules } from '@groundswell/schemas/rules.ts'
import { roomBudget } from '../core/4-detect/room-budget.ts'
import { budgetPerDay, defaultAlarmBudget } from '../core/4-detect/surge.ts'

export interface Explained { readonly perDay: number; readonly en: string; readonly zh: string } // perDay: false alarms when nothing is the matter

export function explainBaseline({ alarmBudget = defaultAlarmBudget }: NonNullable<TopicRules['baseline']>): Explained & { readonly alarmBudget: string } {
  const [alarms = '', span = ''] = alarmBudget.split(' per ')
  const { en, zh } = inWords(Number(alarms), span)
  return {
    alarmBudget, perDay: rounded(budgetPerDay(alarmBudget) ?? 0),
    en: `Tells when mentions are not normal for this topic, or for a platform of it, at this hour of the week, with at most ${en} in all.`, zh: `本话题或其某一平台的提及量超出一周中此时的常态时告警，误报合计至多${zh}。`,
  }
}

/** The budgets of all topics, by the shift, or the longer span in which one is to be expected; null where no topic has a baseline. */
export function explainRoom(rules: Rules): (Explained & { readonly topics: number }) | null {
  const { topics, perDay } = roomBudget(rules)
  if (topics === 0) return null
  const span = spans.find(({ days }) => perDay * days >= 0.95) ?? spans.at(-1)!
  const { en, zh } = inWords(rounded(perDay * span.days), span.text)
  const isOne = topics === 1
  return {
    topics, perDay: rounded(perDay),
    en: isOne ? `1 topic tells what is not normal for it and may bring ${en}.` : `These ${topics} topics tell what is not normal for them and together may bring ${en}.`,
    zh: isOne ? `1 个话题按常态告警，误报至多${zh}。` : `这 ${topics} 个话题按常态告警，合计误报至多${zh}。`,
  }
}

const spans = [{ text: '8h', days: 1 / 3 }, { text: '24h', days: 1 }, { text: '7d', days: 7 }] as const
const unitsZh: Readonly<Record<string, string>> = { s: '秒', m: '分钟', h: '小时', d: '天' }

function inWords(alarms: number, span: string): { readonly en: string; readonly zh: string } {
  return { en: `${alarms} false alarm${alarms === 1 ? '' : 's'} per ${span}`, zh: `每 ${span.slice(0, -1)} ${unitsZh[span.slice(-1)] ?? ''} ${alarms} 次` }
}

const rounded = (value: number): number => Number(value.toFixed(value < 1 ? 3 : 1))
