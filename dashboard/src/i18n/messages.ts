// Every word on the wall, in both languages: a text that one of them lacks does not compile.
import type { Level } from '@groundswell/schemas/grade.ts'
import type { Mode, Problem } from '@groundswell/schemas/live.ts'
import type { Stage } from '@groundswell/schemas/stage.ts'
import type { Language } from './language.ts'

export interface Messages {
  readonly title: string // until the server says its own
  readonly connecting: string
  readonly live: string
  readonly lag: (seconds: string) => string
  readonly selfTest: (seconds: string) => string
  readonly lost: (lastGood: string) => string
  readonly weekdays: readonly [string, string, string, string, string, string, string]
  readonly levels: Readonly<Record<Level, string>>
  readonly stages: Readonly<Record<Stage, string>>
  readonly usual: (count: string) => string // below how many times it is now
  readonly cascadeOf: (size: string) => string
  readonly notNormal: (within: string, count: string, usual: string, high: string) => string
  readonly modes: Readonly<Record<Exclude<Mode, 'live'>, string>>
  readonly eventTime: (time: string) => string
  readonly ago: (duration: string) => string
  readonly agoShort: (duration: string) => string // where room is scarce
  readonly noneYet: string
  readonly negative: (percent: string) => string
  readonly filling: string
  readonly toThreshold: (percent: string, count: string) => string
  readonly noThreshold: (perMinute: string) => string
  readonly moreTopics: (count: number) => string
  readonly noTopics: string
  readonly perMinute: string
  readonly counted: string
  readonly stored: string
  readonly openAlerts: string
  readonly lastHour: string
  readonly peak: (count: string) => string
  readonly sources: string
  readonly noSources: string
  readonly silent: (duration: string) => string
  readonly rhythmUnknown: string
  readonly blind: (duration: string) => string
  readonly seenAgain: string
  readonly alerts: string
  readonly noAlerts: string
  readonly cleared: string
  readonly moreAlerts: (count: number) => string
  readonly problems: Readonly<Record<Problem['kind'], string>>
  readonly forDuration: (duration: string) => string
  readonly tooFar: (metres: string) => string
  readonly pageAway: string
  readonly reload: string
}

const zh: Messages = {
  title: '舆情值守',
  connecting: '正在连接',
  live: '实时',
  lag: (seconds) => `延迟 ${seconds}秒`,
  selfTest: (seconds) => `自检 ${seconds}秒`,
  lost: (lastGood) => `连接中断 最后正常 ${lastGood}`,
  weekdays: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  levels: { severe: '严重', moderate: '中等', minor: '轻微', normal: '正常' },
  stages: { latent: '潜伏', fermenting: '发酵', outbreak: '爆发', subsiding: '平息' },
  usual: (count) => `平时 ${count}`,
  cascadeOf: (size) => `一个传播 ${size} 条`,
  notNormal: (within, count, usual, high) => `${within}内 ${count} 条，平时 ${usual}，99% 不超过 ${high}`,
  modes: { demo: '演练', replay: '回放' },
  eventTime: (time) => `事件 ${time}`,
  ago: (duration) => `${duration}前`,
  agoShort: (duration) => `${duration}前`,
  noneYet: '尚无数据',
  negative: (percent) => `负面 ${percent}`,
  filling: '回填中',
  toThreshold: (percent, count) => `${percent} → ${count}`,
  noThreshold: (perMinute) => `${perMinute}/分`,
  moreTopics: (count) => `+${count} 个话题`,
  noTopics: '没有监测中的话题',
  perMinute: '声量/分',
  counted: '已计数',
  stored: '已入库',
  openAlerts: '未确认',
  lastHour: '60 分钟声量',
  peak: (count) => `峰值 ${count}`,
  sources: '近 1 小时来源',
  noSources: '尚无来源',
  silent: (duration) => `${duration}无数据`,
  rhythmUnknown: '节奏未知',
  blind: (duration) => `失明 ${duration}`,
  seenAgain: '已恢复',
  alerts: '预警',
  noAlerts: '暂无预警',
  cleared: '已解除',
  moreAlerts: (count) => `+${count}`,
  problems: {
    'store-down': '存储不可用，数据在队列中等待',
    'nats-down': '消息队列不可用，没有新数据进入',
    'rules-refused': '新规则有误未采用，沿用旧规则',
    'lagging': '处理滞后，画面晚于现实',
    'stream-recreated': '消息流被重建，计数从头开始',
    'counted-from-store': '检查点丢失，占比与去重数暂不完整',
    'source-blind': '来源失明：没有数据不等于平静',
    'canary-late': '自检提及未按时通过，画面可能已停',
    'disk-low': '磁盘空间不足，请尽快清理',
    'checkpoint-failed': '检查点无法写入，重启将变慢',
    'workers-failing': '工作线程反复崩溃，处理变慢',
    'poison': '有内容使解码崩溃，已转入死信',
  },
  forDuration: (duration) => `已 ${duration}`,
  tooFar: (metres) => `字号不足：请在 ${metres} 米以内观看`,
  pageAway: '没有读到这一页：引擎没有应答，或已换成新版本',
  reload: '重新载入',
}

const en: Messages = {
  title: 'Watch',
  connecting: 'Connecting',
  live: 'Live',
  lag: (seconds) => `lag ${seconds}s`,
  selfTest: (seconds) => `self-test ${seconds}s`,
  lost: (lastGood) => `Lost, last good ${lastGood}`,
  weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  levels: { severe: 'Severe', moderate: 'Moderate', minor: 'Minor', normal: 'Normal' },
  stages: { latent: 'latent', fermenting: 'fermenting', outbreak: 'outbreak', subsiding: 'subsiding' },
  usual: (count) => `usual ${count}`,
  cascadeOf: (size) => `one cascade, ${size} mentions`,
  notNormal: (within, count, usual, high) => `${count} in ${within}, usually ${usual}, 99% at most ${high}`,
  modes: { demo: 'DEMO', replay: 'REPLAY' },
  eventTime: (time) => `event ${time}`,
  ago: (duration) => `${duration} ago`,
  agoShort: (duration) => duration,
  noneYet: 'no data yet',
  negative: (percent) => `${percent} neg`,
  filling: 'filling',
  toThreshold: (percent, count) => `${percent} → ${count}`,
  noThreshold: (perMinute) => `${perMinute}/min`,
  moreTopics: (count) => `+${count} topics`,
  noTopics: 'No topics are watched',
  perMinute: 'per minute',
  counted: 'Counted',
  stored: 'Stored',
  openAlerts: 'New',
  lastHour: 'Last 60 min',
  peak: (count) => `peak ${count}`,
  sources: 'Sources, 1h',
  noSources: 'No sources yet',
  silent: (duration) => `no data ${duration}`,
  rhythmUnknown: 'no rhythm',
  blind: (duration) => `blind ${duration}`,
  seenAgain: 'back',
  alerts: 'Alerts',
  noAlerts: 'No alerts',
  cleared: 'cleared',
  moreAlerts: (count) => `+${count}`,
  problems: {
    'store-down': 'Store unavailable, data waits in the queue',
    'nats-down': 'Message queue unavailable, nothing new comes in',
    'rules-refused': 'New rules refused, the old ones stay',
    'lagging': 'Processing lags, the picture is late',
    'stream-recreated': 'Stream was recreated, counters began anew',
    'counted-from-store': 'Checkpoints lost: shares and duplicates incomplete',
    'source-blind': 'A source is blind: no data is not calm',
    'canary-late': 'The test mention is late, the picture may be stuck',
    'disk-low': 'The disk is nearly full, make room soon',
    'checkpoint-failed': 'No checkpoint can be written, a restart will be slow',
    'workers-failing': 'Workers keep crashing, processing is slow',
    'poison': 'Content that crashes the decoder went to dead letters',
  },
  forDuration: (duration) => `for ${duration}`,
  tooFar: (metres) => `Type too small: read from within ${metres} m`,
  pageAway: 'This page did not come: the engine does not answer, or runs another build by now',
  reload: 'Load it again',
}

export const messages: Readonly<Record<Language, Messages>> = { zh, en }
