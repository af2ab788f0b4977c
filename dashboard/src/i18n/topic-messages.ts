// Every word on the page of a topic, in both languages: a text that one of them lacks does not compile.
import type { ToldKind } from '../chart/alarm-spans.ts'
import type { RarityLevel } from '../chart/rarity.ts'
import type { Failure } from '../live/topic-api.ts'
import type { Span } from '../room/address.ts'
import type { Language } from './language.ts'

export interface TopicMessages {
  readonly toCascade: string
  readonly spans: Readonly<Record<Span, string>>
  readonly spanLabel: string
  readonly scales: { readonly linear: string; readonly log: string }
  readonly counts: (step: string) => string
  readonly band: string
  readonly usual: string
  readonly above: string
  readonly gap: string
  readonly rarity: string
  readonly rarityNote: string
  readonly rarityMore: string // the whole of it
  readonly levels: Readonly<Record<RarityLevel, string>>
  readonly budget: (alarms: string, within: string) => string
  readonly budgetPart: (percent: string) => string
  readonly noBudget: string
  readonly readout: { readonly count: string; readonly usual: string; readonly band: string; readonly score: string; readonly falseAlarms: string; readonly stage: string; readonly none: string; readonly running: string; readonly unknown: string }
  readonly per: Readonly<Record<'hour' | 'day' | 'week' | 'month' | 'year', (times: string) => string>>
  readonly never: string
  readonly now: string
  readonly facts: { readonly window: (window: string) => string; readonly velocity: string; readonly acceleration: string; readonly stage: string; readonly normal: string; readonly normalValue: (usual: string, high: string) => string; readonly ratio: string; readonly unknown: string }
  readonly velocityValue: (perMinute: string) => string
  readonly accelerationValue: (change: string) => string
  readonly countdowns: string
  readonly noCountdowns: string
  readonly noRules: string
  readonly tripped: string
  readonly rule: (held: string, count: string, within: string) => string
  readonly alarms: string
  readonly noAlarms: string
  readonly moreAlarms: (count: number) => string
  readonly alarmsCut: string
  readonly open: string
  readonly ended: (time: string, duration: string) => string
  readonly before: string
  readonly baselineReason: (said: { readonly count: string; readonly within: string; readonly day: string; readonly hour: string; readonly usual: string; readonly high: string; readonly falseAlarms: string; readonly span: string }) => string
  readonly trippedReason: (count: string, within: string, threshold: string) => string
  readonly kinds: Readonly<Record<ToldKind, string>>
  readonly spreadUnknown: string
  readonly loading: string
  readonly nothing: string
  readonly learning: string
  readonly failures: Readonly<Record<Failure, string>>
  readonly notWatched: string
}

const zh: TopicMessages = {
  toCascade: '查看传播',
  spans: { '2h': '2 小时', '24h': '24 小时', '7d': '7 天', '28d': '28 天' },
  spanLabel: '时间范围',
  scales: { linear: '线性', log: '对数' },
  counts: (step) => `声量 / ${step}`,
  band: '常态带（99%）',
  usual: '平时',
  above: '超出常态',
  gap: '无数据',
  rarity: '罕见程度',
  rarityNote: '这样的读数多久出现一次；高于预算线才预警',
  rarityMore: '无事发生时，这样的读数多久出现一次；高于预算线才预警；已报事件尚未平息时不重报，比平时多出不足 8 条或不到 1.5 倍时不报',
  levels: { hour: '每小时', day: '每天', week: '每周', month: '每月', year: '每年', century: '百年一遇' },
  budget: (alarms, within) => `预算：${within} ${alarms} 次`,
  budgetPart: (percent) => `，话题本身占 ${percent}%，其余归各平台`,
  noBudget: '规则未设 baseline：只测量，不预警',
  readout: { count: '声量', usual: '平时', band: '常态带', score: '得分', falseAlarms: '误报', stage: '阶段', none: '无数据', running: '计数中', unknown: '尚不可知' },
  per: { hour: (n) => `每小时 ${n} 次`, day: (n) => `每天 ${n} 次`, week: (n) => `每周 ${n} 次`, month: (n) => `每月 ${n} 次`, year: (n) => `每年 ${n} 次` },
  never: '百年不到 1 次',
  now: '当前',
  facts: { window: (window) => `近 ${window} 声量`, velocity: '传播速度', acceleration: '加速度', stage: '阶段', normal: '10 分钟平时', normalValue: (usual, high) => `${usual}，99% 不超过 ${high}`, ratio: '相当于平时', unknown: '尚不可知' },
  velocityValue: (perMinute) => `${perMinute}/分`,
  accelerationValue: (change) => `每分 ${change}/分`,
  countdowns: '阈值倒计时',
  noCountdowns: '数据不足，暂无倒计时',
  noRules: '规则未设阈值',
  tripped: '已触发',
  rule: (held, count, within) => `${held} / ${count} · ${within}`,
  alarms: '预警记录',
  noAlarms: '这段时间没有预警',
  moreAlarms: (count) => `另有 ${count} 条，更早`,
  alarmsCut: '更早的太多，未列出：请缩短时间范围',
  open: '未结束',
  ended: (time, duration) => `至 ${time}，历时 ${duration}`,
  before: '更早开始',
  baselineReason: ({ count, within, day, hour, usual, high, falseAlarms, span }) => `${within}内 ${count} 条；${day === '' ? '' : `${day} ${hour} 时`}通常 ${usual} 条，99% 不超过 ${high} 条；这样的误报每 ${span}${falseAlarms} 次`,
  trippedReason: (count, within, threshold) => `${within}内 ${count} 条，达到阈值 ${threshold}`,
  kinds: { baseline: '偏离常态', threshold: '阈值', spread: '传播', ignition: '重新点燃', coordination: '协同发布' },
  spreadUnknown: '传播事件没有读到，正在重试',
  loading: '正在计算常态…',
  nothing: '这段时间没有任何数据',
  learning: '历史不足：常态尚在学习，暂无常态带',
  failures: { token: '引擎需要令牌：请用 /?token=… 打开一次', forbidden: '没有权限：此身份不能查看话题', topic: '规则中没有这个话题', store: '存储没有应答，正在重试', busy: '引擎正忙，稍后重试', refused: '引擎拒绝了请求', away: '引擎没有应答，正在重试' },
  notWatched: '当前不在大屏上',
}

const en: TopicMessages = {
  toCascade: 'See the cascade',
  spans: { '2h': '2 hours', '24h': '24 hours', '7d': '7 days', '28d': '28 days' },
  spanLabel: 'Time span',
  scales: { linear: 'linear', log: 'log' },
  counts: (step) => `Mentions / ${step}`,
  band: 'Normal band (99%)',
  usual: 'usual',
  above: 'above normal',
  gap: 'no data',
  rarity: 'Rarity',
  rarityNote: 'how often a look like this comes up; told above the budget line',
  rarityMore: 'how often a look like this comes up when nothing is the matter. Told only above the budget line; not again while a told event dies down, and never for fewer than 8 more, or less than 1.5 times, the usual',
  levels: { hour: 'hourly', day: 'daily', week: 'weekly', month: 'monthly', year: 'yearly', century: '1 in 100 y' },
  budget: (alarms, within) => `budget: ${alarms} per ${within}`,
  budgetPart: (percent) => `, ${percent}% for the topic itself, the rest for its platforms`,
  noBudget: 'No baseline in the rules: measured, never alarmed',
  readout: { count: 'mentions', usual: 'usual', band: 'normal band', score: 'score', falseAlarms: 'false alarms', stage: 'stage', none: 'no data', running: 'still counting', unknown: 'not known yet' },
  per: { hour: (n) => `${n} an hour`, day: (n) => `${n} a day`, week: (n) => `${n} a week`, month: (n) => `${n} a month`, year: (n) => `${n} a year` },
  never: 'under 1 in 100 years',
  now: 'Now',
  facts: { window: (window) => `last ${window}`, velocity: 'velocity', acceleration: 'acceleration', stage: 'stage', normal: '10 min usually', normalValue: (usual, high) => `${usual}, 99% at most ${high}`, ratio: 'times usual', unknown: 'not known yet' },
  velocityValue: (perMinute) => `${perMinute}/min`,
  accelerationValue: (change) => `${change}/min each min`,
  countdowns: 'Threshold countdowns',
  noCountdowns: 'Too little is known for a countdown',
  noRules: 'The rules have no threshold',
  tripped: 'tripped',
  rule: (held, count, within) => `${held} / ${count} · ${within}`,
  alarms: 'Alarms',
  noAlarms: 'No alarm in this span',
  moreAlarms: (count) => `${count} more, older`,
  alarmsCut: 'Older ones are too many and left out: take a shorter span',
  open: 'not over',
  ended: (time, duration) => `until ${time}, ${duration}`,
  before: 'began earlier',
  baselineReason: ({ count, within, day, hour, usual, high, falseAlarms, span }) => `${count} in ${within}; ${day === '' ? '' : `${day}s at ${hour}:00 `}usually ${usual}, 99% at most ${high}; a false alarm like this ${falseAlarms} times per ${span}`,
  trippedReason: (count, within, threshold) => `${count} in ${within}, the threshold is ${threshold}`,
  kinds: { baseline: 'not normal', threshold: 'threshold', spread: 'spread', ignition: 'ignition', coordination: 'coordination' },
  spreadUnknown: 'What cascades told could not be read, trying again',
  loading: 'Working out what is normal…',
  nothing: 'There is no data in this span',
  learning: 'Too little history: what is normal is still being learnt',
  failures: { token: 'The engine wants a token: open /?token=… once', forbidden: 'No permission: who sits here may not see topics', topic: 'The rules have no such topic', store: 'The store does not answer, trying again', busy: 'The engine is busy, trying again', refused: 'The engine refused the question', away: 'The engine does not answer, trying again' },
  notWatched: 'not on the wall now',
}

export const topicMessages: Readonly<Record<Language, TopicMessages>> = { zh, en }
