// What is said of a cascade in words, in both languages: its root, where it is going, which platform came when, and what happened on the way.
import type { Language } from './language.ts'

export interface CascadeHeadMessages {
  readonly label: string
  readonly root: string
  readonly readingWords: string
  readonly noWords: string // the mention has none
  readonly notStored: string
  readonly of: string
  readonly mayNot: string
  readonly wordsFailed: string
  readonly forecast: string
  readonly forecastNote: string
  readonly expected: (said: { readonly predicted: string; readonly low: string; readonly high: string }) => string
  readonly superCritical: (low: string) => string
  readonly outOfRange: string
  readonly noForecast: string
  readonly noForecastThen: string
  readonly noDetail: string
  readonly platforms: string
  readonly platformsNote: string
  readonly first: string
  readonly leads: (platform: string, time: string) => string
  readonly story: string
  readonly storyLoading: string
  readonly storyFailed: string
  readonly storyCut: string
  readonly nothing: string
  readonly others: (count: string) => string
  readonly othersMore: (count: string) => string
  readonly same: Readonly<Record<'text' | 'link' | 'both', string>>
  readonly otherSize: (size: string) => string
  readonly drewNothing: string
  readonly account: string
  readonly topics: string
  readonly noTopics: string
}

const zh: CascadeHeadMessages = {
  label: '概况', root: '原帖', readingWords: '正在读取原文…', noWords: '（没有文字）', notStored: '原文未入库：尚未收到、已过保留期，或已应要求删除', of: '转自未收到的内容', mayNot: '没有权限查看原文', wordsFailed: '原文暂时读不到，正在重试',
  forecast: '预测', forecastNote: '原帖之后七天的总条数；十次中有八次落在区间内',
  expected: ({ predicted, low, high }) => `七天后约 ${predicted} 条（80%：${low} 至 ${high}）`, superCritical: (low) => `仍在加速，说不出终值；九成可能超过 ${low} 条`, outOfRange: '没有学过类似的，只是猜测', noForecast: '没有：已经结束，或所知太少', noForecastThen: '回放时不预测', noDetail: '正在读取…',
  platforms: '平台', platformsNote: '各平台首条比最先的平台晚多久', first: '最先', leads: (platform, time) => `${platform}自 ${time} 起最多`,
  story: '经过', storyLoading: '正在读取经过…', storyFailed: '经过暂时读不到，正在重试', storyCut: '更早的可能未列出', nothing: '没有沉寂后重燃，没有触发传播规则，也没有同文的其他原帖',
  others: (count) => `另有 ${count} 个原帖说了同样的内容：`, othersMore: (count) => `还有 ${count} 个`, same: { text: '同文', link: '同链接', both: '同文同链接' }, otherSize: (size) => `${size} 条`, drewNothing: '无转发',
  account: '账号', topics: '话题', noTopics: '不属于任何话题',
}

const en: CascadeHeadMessages = {
  label: 'About it', root: 'Root', readingWords: 'Reading its words…', noWords: '(no words)', notStored: 'Its words are not stored: it has not come in, is older than what is kept, or was forgotten', of: 'repeats something that never came in', mayNot: 'No permission to read its words', wordsFailed: 'Its words cannot be read now, trying again',
  forecast: 'Forecast', forecastNote: 'Mentions in all seven days after the root; eight times in ten it ends within the interval',
  expected: ({ predicted, low, high }) => `about ${predicted} after 7 days (80%: ${low} to ${high})`, superCritical: (low) => `still speeding up, no end can be told; nine in ten end above ${low}`, outOfRange: 'nothing like it was learnt from: a guess', noForecast: 'none: it is over, or too little is known', noForecastThen: 'none while it is replayed', noDetail: 'Reading…',
  platforms: 'Platforms', platformsNote: 'How long after the first platform each had its first mention', first: 'first', leads: (platform, time) => `${platform} has most since ${time}`,
  story: 'Story', storyLoading: 'Reading the story…', storyFailed: 'The story cannot be read now, trying again', storyCut: 'earlier ones may be missing', nothing: 'It never slept and woke again, tripped no spread rule, and no other root said the same',
  others: (count) => `${count} other roots said the same:`, othersMore: (count) => `${count} more`, same: { text: 'same text', link: 'same link', both: 'same text and link' }, otherSize: (size) => `${size} mentions`, drewNothing: 'no reposts',
  account: 'account', topics: 'Topics', noTopics: 'in no topic',
}

export const cascadeHeadMessages: Readonly<Record<Language, CascadeHeadMessages>> = { zh, en }
