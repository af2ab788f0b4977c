// The words of takeover, second view and sound, in both languages: a text that one of them lacks does not compile.
import type { DeskPageName } from '../room/desk-pages.ts'
import type { Language } from './language.ts'

export interface AttentionMessages {
  readonly since: (time: string) => string
  readonly noPictureSince: (time: string) => string
  readonly alsoSevere: string
  readonly waiting: string
  readonly twoHours: string
  readonly lastHourOnly: string
  readonly loading: string
  readonly learning: string
  readonly usualLine: string
  readonly bandLine: string
  readonly platforms: string
  readonly noPlatforms: string
  readonly spread: string
  readonly spreadLoading: string
  readonly spreadFailed: string
  readonly countdown: string
  readonly allTripped: string
  readonly noCountdown: string
  readonly cascade: (size: string) => string
  readonly noRow: string
  readonly view: string
  readonly everySo: (duration: string) => string
  readonly mostOn: (topic: string) => string
  readonly soundBlocked: string
  readonly toDesk: string
  readonly stray: { readonly told: (address: string) => string; readonly pages: Readonly<Record<DeskPageName, string>> }
  readonly refused: { readonly right: string; readonly full: string } // as one line
  readonly noRight: { readonly title: string; readonly why: string; readonly todo: string; readonly command: string; readonly last: string }
}

const zh: AttentionMessages = {
  since: (time) => `${time} 预警`,
  noPictureSince: (time) => `未留存画面 自 ${time}`,
  alsoSevere: '另有严重',
  waiting: '严重 排队中',
  twoHours: '近 2 小时 每分钟声量',
  lastHourOnly: '近 60 分钟 每分钟声量',
  loading: '正在读取常态',
  learning: '常态未知',
  usualLine: '平时',
  bandLine: '常态 99%',
  platforms: '平台 近 1 小时',
  noPlatforms: '尚不可知',
  spread: '最大传播', spreadLoading: '正在读取传播', spreadFailed: '传播图无法载入',
  countdown: '倒计时',
  allTripped: '阈值均已触发',
  noCountdown: '暂无倒计时',
  cascade: (size) => `一个传播已达 ${size} 条`,
  noRow: '话题不在前列，数字待下次更新',
  view: '平台与来源 近 1 小时',
  everySo: (duration) => `约每 ${duration}`,
  mostOn: (topic) => `首位 ${topic}`,
  soundBlocked: '声音被阻止：在本页点一下，或允许自动播放',
  toDesk: '值班台 →',
  stray: { told: (address) => `没有“${address}”这一页：请检查地址，或前往`, pages: { wall: '值守墙', alerts: '告警列表', topics: '话题列表', cascades: '传播列表', rules: '规则', replay: '回放' } },
  refused: { right: '此屏幕的访问已撤销，画面停在最后一刻：请为它新建链接', full: '引擎的连接已满，画面停在最后一刻：请关闭不用的页面' },
  noRight: { title: '此屏幕无访问权限', why: '它的访问已撤销，或从未授予。', todo: '请值班管理员新建链接：', command: 'groundswell tokens add', last: '在此浏览器中打开一次即可。' },
}

const en: AttentionMessages = {
  since: (time) => `alert ${time}`,
  noPictureSince: (time) => `no picture since ${time}`,
  alsoSevere: 'Also severe',
  waiting: 'Severe, queued',
  twoHours: 'Mentions a minute, last 2 h',
  lastHourOnly: 'Mentions a minute, last 60 min',
  loading: 'reading what is normal',
  learning: 'normal not known',
  usualLine: 'usual',
  bandLine: 'normal 99%',
  platforms: 'Platforms, 1h',
  noPlatforms: 'not known yet',
  spread: 'Top cascade', spreadLoading: 'reading the cascade', spreadFailed: 'The picture cannot be loaded',
  countdown: 'Countdown',
  allTripped: 'every threshold has tripped',
  noCountdown: 'no countdown yet',
  cascade: (size) => `one cascade of ${size} mentions`,
  noRow: 'not among the topics shown, figures follow',
  view: 'Platforms and sources, 1h',
  everySo: (duration) => `every ${duration}`,
  mostOn: (topic) => `top: ${topic}`,
  soundBlocked: 'Sound is blocked: click the page, or allow autoplay',
  toDesk: 'To the desk →',
  stray: { told: (address) => `There is no page "${address}": check the address, or go to`, pages: { wall: 'the wall', alerts: 'the alerts', topics: 'the topics', cascades: 'the cascades', rules: 'the rules', replay: 'the replay' } },
  refused: { right: 'Access was taken away, this is the last picture: make a new link', full: 'Too many connections, this is the last picture: close unused pages' },
  noRight: { title: 'This screen has no access', why: 'It was taken away, or never given.', todo: 'Whoever runs the room makes a new link:', command: 'groundswell tokens add', last: 'Open it once in this browser.' },
}

export const attentionMessages: Readonly<Record<Language, AttentionMessages>> = { zh, en }
