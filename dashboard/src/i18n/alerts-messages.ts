// Every word on the list of alerts, in both languages: a text that one of them lacks does not compile.
import type { Action } from '@groundswell/schemas/action.ts'
import type { ActionFailure } from '../live/actions-api.ts'
import type { GroupState, StateFilter } from '../room/alert-groups.ts'
import type { GroupDeed } from '../room/alert-keys.ts'
import type { EndName } from '../room/ends.ts'
import type { Language } from './language.ts'

export interface AlertsMessages {
  readonly title: string
  readonly loading: string
  readonly empty: Readonly<Record<'none' | 'open' | 'filtered', string>>
  readonly failures: Readonly<Record<ActionFailure, string>>
  readonly noRead: string
  readonly onlyLive: string
  readonly states: Readonly<Record<GroupState, string>>
  readonly filters: Readonly<Record<StateFilter, string>>
  readonly filtersLabel: string
  readonly gradesLabel: string
  readonly search: string
  readonly mine: string
  readonly columns: { readonly topic: string; readonly state: string; readonly count: string; readonly since: string; readonly assignee: string; readonly silence: string }
  readonly tableLabel: (count: string) => string
  readonly openOf: (open: string, all: string) => string
  readonly more: (count: string) => string
  readonly less: string
  readonly nobody: string
  readonly until: (time: string) => string
  readonly upTo: (grade: string) => string
  readonly waits: (count: string, first: string) => string
  readonly settle: string
  readonly older: string
  readonly selected: (count: string) => string
  readonly clearSelection: string
  readonly noneChosen: string
  readonly evidence: string
  readonly facts: { readonly at: string; readonly count: string; readonly rule: string; readonly high: string; readonly usual: string; readonly falseAlarms: string; readonly cascade: string; readonly value: string; readonly open: string; readonly worst: string; readonly by: string; readonly assignee: string; readonly silence: string }
  readonly rule: (count: string, within: string) => string
  readonly blind: (platform: string) => string
  readonly toTopic: string
  readonly toCascade: string
  readonly timeline: string
  readonly timelineFailed: string
  readonly timelineEmpty: string
  readonly began: string
  readonly ended: string
  readonly told: (reason: string) => string // of what was measured and alerted nobody by itself
  readonly by: (name: string) => string
  readonly did: Readonly<Record<Action['what'], string>>
  readonly assigned: (to: string) => string
  readonly ofAlerts: (count: string) => string
  readonly unassigned: string
  readonly deeds: Readonly<Record<GroupDeed | 'unpin', string>>
  readonly deedsLabel: string
  readonly deedStates: { readonly sending: string; readonly accepted: string; readonly late: string; readonly done: string; readonly failed: string }
  readonly deedCount: (count: string) => string
  readonly undo: string
  readonly retry: string
  readonly dismiss: string
  readonly nothingToDo: string
  readonly assignTo: string
  readonly assignNobody: string
  readonly noteText: string
  readonly silenceGrade: string
  readonly silenceNote: string
  readonly reason: string
  readonly end: string
  readonly ends: Readonly<Record<EndName, string>>
  readonly hours: string
  readonly endsAt: (time: string) => string
  readonly noEnd: string
  readonly send: string
  readonly cancel: string
  readonly about: (what: string, topic: string) => string
  readonly silences: string
  readonly noSilences: string
  readonly silenceOver: string
  readonly pin: string
  readonly noPin: string
  readonly keyDoes: { readonly move: string; readonly openTopic: string; readonly select: string; readonly acknowledgeAll: string; readonly settle: string; readonly search: string }
}

const zh: AlertsMessages = {
  title: '告警', loading: '正在读取告警…', empty: { none: '还没有任何告警', open: '没有未结的告警', filtered: '没有符合筛选的告警' },
  failures: { token: '引擎需要令牌：请用 /?token=… 打开一次', role: '此令牌没有这个权限：需要值班身份', gone: '它所指的告警或话题已不存在，或来得太晚', busy: '消息流或存储暂不可用', refused: '引擎拒绝了请求', away: '引擎没有应答' },
  noRead: '此令牌不能查看告警：需要只读或值班身份',
  onlyLive: '仅显示最近 50 条，更早的读取失败，正在重试',
  states: { new: '待确认', working: '处理中', acknowledged: '已确认', silenced: '已静默', ended: '已解除', resolved: '已解决' },
  filters: { open: '未结', new: '待确认', acknowledged: '已确认', working: '处理中', silenced: '已静默', ended: '已解除', resolved: '已解决', all: '全部' },
  filtersLabel: '状态', gradesLabel: '级别', search: '搜索话题', mine: '指派给我',
  columns: { topic: '话题与最新原因', state: '状态', count: '条数', since: '始于', assignee: '负责人', silence: '静默至' },
  tableLabel: (count) => `告警，${count} 个话题`, openOf: (open, all) => `${open} 条未结，共 ${all} 条`, more: (count) => `另有 ${count} 个话题，较不紧急`, less: '收起', nobody: '未指派', until: (time) => `至 ${time}`, upTo: (grade) => `${grade}及以下`,
  waits: (count, first) => `${count} 个话题更紧急了：${first}`, settle: '更新顺序', older: '更早的告警', selected: (count) => `已选 ${count} 个话题`, clearSelection: '取消选择', noneChosen: '选择一个话题：这里显示原因、经过与可做的事',
  evidence: '依据', facts: { at: '时间', count: '数量', rule: '阈值', high: '99% 不超过', usual: '通常', falseAlarms: '误报预期', cascade: '传播条数', value: '测得', open: '未结', worst: '最高级别', by: '经手', assignee: '负责人', silence: '静默' },
  rule: (count, within) => `${within}内 ${count}`, blind: (platform) => `${platform}失明：没有数据不等于平静`, toTopic: '话题页', toCascade: '查看传播',
  timeline: '经过', timelineFailed: '经过没有读全，正在重试', timelineEmpty: '还没有人处理', began: '告警', ended: '解除', told: (reason) => `测得：${reason}`, by: (name) => `${name} 操作`,
  did: { acknowledge: '确认', work: '开始处理', resolve: '解决', reopen: '重新打开', assign: '指派', note: '备注', silence: '静默', unsilence: '取消静默', pin: '置顶到大屏', unpin: '取消置顶' },
  assigned: (to) => `指派给 ${to}`, ofAlerts: (count) => `${count} 条告警`, unassigned: '取消指派',
  deeds: { acknowledge: '确认', work: '处理', resolve: '解决', reopen: '重开', assign: '指派', note: '备注', silence: '静默', unsilence: '取消静默', pin: '置顶', unpin: '取消置顶' }, deedsLabel: '操作',
  deedStates: { sending: '正在发送…', accepted: '已送达，等待显示…', late: '引擎已收到，画面尚未显示', done: '已生效', failed: '未完成' }, deedCount: (count) => `${count} 条`,
  undo: '撤销', retry: '重试', dismiss: '关闭', nothingToDo: '没有可以这样处理的告警',
  assignTo: '指派给', assignNobody: '不指派任何人', noteText: '备注内容', silenceGrade: '静默的级别', silenceNote: '这个级别及以下不再占屏、发声、闪烁或外发；更高级别照常告警', reason: '理由（必填）', end: '结束时间', ends: { '30m': '30 分钟', '2h': '2 小时', morning: '到 08:00', custom: '自定' },
  hours: '小时', endsAt: (time) => `于 ${time} 结束`, noEnd: '必须有结束时间', send: '确定', cancel: '取消', about: (what, topic) => `${what}：${topic}`,
  silences: '静默中', noSilences: '没有静默的话题', silenceOver: '已结束', pin: '大屏置顶', noPin: '没有置顶的话题',
  keyDoes: { move: '上下移动', openTopic: '打开话题页', select: '多选', acknowledgeAll: '确认所选', settle: '更新顺序', search: '搜索' },
}

const en: AlertsMessages = {
  title: 'Alerts', loading: 'Reading alerts…', empty: { none: 'There is no alert yet', open: 'No open alerts', filtered: 'No alert matches the filter' },
  failures: { token: 'The engine wants a token: open /?token=… once', role: 'This token may not do that: it takes an operator', gone: 'What it is about is not there any more, or it comes too late', busy: 'The stream or the store is not available now', refused: 'The engine refused', away: 'The engine does not answer' },
  noRead: 'This token may not see alerts: it takes a viewer or an operator',
  onlyLive: 'Only the newest 50: older ones could not be read, trying again',
  states: { new: 'new', working: 'working', acknowledged: 'acknowledged', silenced: 'silenced', ended: 'cleared', resolved: 'resolved' },
  filters: { open: 'open', new: 'new', acknowledged: 'acknowledged', working: 'working', silenced: 'silenced', ended: 'cleared', resolved: 'resolved', all: 'all' },
  filtersLabel: 'State', gradesLabel: 'Grade', search: 'Find a topic', mine: 'assigned to me',
  columns: { topic: 'topic and newest reason', state: 'state', count: 'alerts', since: 'since', assignee: 'assignee', silence: 'silent until' },
  tableLabel: (count) => `Alerts, ${count} topics`, openOf: (open, all) => `${open} open of ${all}`, more: (count) => `and ${count} more topics, less urgent`, less: 'fold', nobody: 'nobody', until: (time) => `until ${time}`, upTo: (grade) => `up to ${grade}`,
  waits: (count, first) => `${count} more urgent now: ${first}`, settle: 'update the order', older: 'older alerts', selected: (count) => `${count} topics selected`, clearSelection: 'select none', noneChosen: 'Choose a topic: why, what happened and what can be done is shown here',
  evidence: 'Evidence', facts: { at: 'time', count: 'count', rule: 'threshold', high: '99% at most', usual: 'usually', falseAlarms: 'false alarms expected', cascade: 'mentions of the cascade', value: 'measured', open: 'open', worst: 'worst grade', by: 'handled by', assignee: 'assignee', silence: 'silence' },
  rule: (count, within) => `${count} in ${within}`, blind: (platform) => `${platform} is blind: no data is not calm`, toTopic: 'Topic page', toCascade: 'See the cascade',
  timeline: 'What happened', timelineFailed: 'Not all of it could be read, trying again', timelineEmpty: 'Nobody has done anything yet', began: 'alert', ended: 'cleared', told: (reason) => `measured: ${reason}`, by: (name) => `by ${name}`,
  did: { acknowledge: 'acknowledged', work: 'works on it', resolve: 'resolved', reopen: 'reopened', assign: 'assigned', note: 'note', silence: 'silenced', unsilence: 'ended the silence', pin: 'pinned to the walls', unpin: 'unpinned' },
  assigned: (to) => `assigned to ${to}`, ofAlerts: (count) => `${count} alerts`, unassigned: 'assigned to nobody',
  deeds: { acknowledge: 'acknowledge', work: 'work', resolve: 'resolve', reopen: 'reopen', assign: 'assign', note: 'note', silence: 'silence', unsilence: 'end silence', pin: 'pin', unpin: 'unpin' }, deedsLabel: 'Actions',
  deedStates: { sending: 'sending…', accepted: 'delivered, not shown yet…', late: 'the engine has it, the picture does not show it yet', done: 'done', failed: 'not done' }, deedCount: (count) => `${count} alerts`,
  undo: 'undo', retry: 'try again', dismiss: 'dismiss', nothingToDo: 'No alert of it can be handled like this',
  assignTo: 'Assign to', assignNobody: 'Assign to nobody', noteText: 'Note', silenceGrade: 'Grade to silence', silenceNote: 'Up to this grade nothing takes a wall over, sounds, flashes or is sent out; a higher one breaks through', reason: 'Reason (required)', end: 'Ends', ends: { '30m': '30 min', '2h': '2 hours', morning: 'at 08:00', custom: 'after' },
  hours: 'hours', endsAt: (time) => `ends at ${time}`, noEnd: 'An end is required', send: 'OK', cancel: 'Cancel', about: (what, topic) => `${what}: ${topic}`,
  silences: 'Silences', noSilences: 'No topic is silenced', silenceOver: 'over', pin: 'Pinned to the walls', noPin: 'No topic is pinned',
  keyDoes: { move: 'move', openTopic: 'open the topic page', select: 'select several', acknowledgeAll: 'acknowledge the selected', settle: 'update the order', search: 'search' },
}

export const alertsMessages: Readonly<Record<Language, AlertsMessages>> = { zh, en }
