// Every word on the list of topics, in both languages: a text that one of them lacks does not compile.
import type { TopicsFailure } from '../live/topics-feed.svelte.ts'
import type { TopicSort } from '../room/topic-table.ts'
import type { Language } from './language.ts'

export interface TopicsMessages {
  readonly title: string
  readonly loading: string
  readonly empty: string
  readonly noMatch: string
  readonly failures: Readonly<Record<TopicsFailure, string>>
  readonly search: string
  readonly total: (shown: string, all: string) => string
  readonly sorts: Readonly<Record<TopicSort, string>>
  readonly columns: { readonly count: string; readonly stage: string; readonly spark: string }
  readonly unknown: string
  readonly keyDoes: { readonly move: string; readonly open: string; readonly search: string }
}

const zh: TopicsMessages = {
  title: '话题', loading: '正在读取话题…', empty: '规则中还没有话题：请在规则页添加', noMatch: '没有符合搜索的话题',
  failures: { token: '引擎需要令牌：请用 /?token=… 打开一次', role: '此令牌没有查看话题的权限', refused: '引擎拒绝了请求', away: '引擎没有应答，正在重试' },
  search: '搜索话题', total: (shown, all) => (shown === all ? `共 ${all} 个话题` : `${shown} 个，共 ${all} 个话题`),
  sorts: { level: '级别', ratio: '相对平时', count: '窗口内条数', perMinute: '每分钟', newest: '最新', name: '话题' },
  columns: { count: '窗口', stage: '阶段', spark: '近 60 分钟' }, unknown: '尚未测量',
  keyDoes: { move: '上下移动', open: '打开话题页', search: '搜索' },
}

const en: TopicsMessages = {
  title: 'Topics', loading: 'Reading topics…', empty: 'The rules have no topic yet: add one on the page of rules', noMatch: 'No topic matches',
  failures: { token: 'The engine wants a token: open /?token=… once', role: 'This token may not see topics', refused: 'The engine refused the question', away: 'The engine does not answer, trying again' },
  search: 'Find a topic', total: (shown, all) => (shown === all ? `${all} topics` : `${shown} of ${all} topics`),
  sorts: { level: 'level', ratio: 'times usual', count: 'in the window', perMinute: 'a minute', newest: 'newest', name: 'topic' },
  columns: { count: 'window', stage: 'stage', spark: 'last 60 min' }, unknown: 'not measured yet',
  keyDoes: { move: 'move', open: 'open the topic page', search: 'search' },
}

export const topicsMessages: Readonly<Record<Language, TopicsMessages>> = { zh, en }
