// Every word of the rules editor, in both languages: a text that one of them lacks does not compile.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { SpreadMeasure } from '@groundswell/schemas/rules.ts'
import type { RulesFailure, TopicPart } from '../live/rules-api.ts'
import type { SaveOutcome } from '../rules/save-outcome.ts'
import type { Language } from './language.ts'

export interface RulesMessages {
  readonly title: string
  readonly loading: string
  readonly failures: Readonly<Record<RulesFailure, string>>
  readonly again: string
  readonly readOnly: (name: string) => string
  readonly inForce: (at: string, by: string) => string
  readonly byFile: string
  readonly file: (name: string) => string
  readonly states: { readonly same: string; readonly checking: string; readonly changed: string; readonly wrong: (count: string) => string; readonly blocked: (count: string, first: string) => string; readonly nothing: string }
  readonly discard: string
  readonly history: string
  readonly save: string
  readonly found: (at: string) => string
  readonly foundStale: string
  readonly keep: string
  readonly list: { readonly title: string; readonly search: string; readonly add: string; readonly none: string; readonly noMatch: string; readonly more: (count: string) => string; readonly unnamed: string; readonly changed: string; readonly wrong: string }
  readonly noTopic: (id: string) => string
  readonly choose: string
  readonly unreadable: string
  readonly form: {
    readonly title: string; readonly id: string; readonly idNote: string; readonly zh: string; readonly en: string; readonly query: string; readonly queryNote: string
    readonly velocity: string; readonly velocityNote: string; readonly count: string; readonly within: string; readonly grade: string; readonly anyGrade: string
    readonly add: string; readonly up: string; readonly down: string; readonly remove: string; readonly none: string
    readonly baseline: string; readonly baselineNote: string; readonly budget: string;
    readonly spread: string; readonly measure: string; readonly threshold: string; readonly measures: Readonly<Record<SpreadMeasure, string>>
    readonly copy: string; readonly delete: string; readonly sureDelete: (name: string) => string; readonly cancel: string
  }
  readonly tabs: { readonly matches: string; readonly file: string; readonly label: string }
  readonly matches: { readonly of: (matched: string, looked: string, span: string) => string; readonly nothing: string; readonly nothingStored: string; readonly asking: string; readonly empty: string; readonly wrong: string; readonly examples: string; readonly perBar: (each: string, most: string) => string }
  readonly text: { readonly label: string; readonly problems: string; readonly notes: string; readonly at: (line: number, column: number) => string; readonly fine: string; readonly formWaits: string }
  readonly backtest: {
    readonly title: string; readonly run: string; readonly cancel: string; readonly waiting: string; readonly running: (percent: string) => string; readonly none: string; readonly fix: string; readonly viewer: string
    readonly sentence: (alerts: string, perWeek: string, night: string) => string; readonly compared: (before: string, after: string) => string; readonly sentenceShort: (alerts: string, night: string) => string; readonly comparedShort: (before: string, after: string) => string; readonly sameAsNow: string; readonly newTopic: string
    readonly looked: (looked: string, matched: string, span: string) => string; readonly cut: (from: string) => string; readonly from: (from: string) => string
    readonly day: (date: string, count: string) => string; readonly unknownDay: (date: string) => string; readonly strip: string; readonly all: string; readonly noAlerts: string; readonly until: (time: string) => string; readonly open: string; readonly more: (count: string) => string; readonly kinds: Readonly<Record<string, string>>
  }
  readonly dialog: {
    readonly saveTitle: string; readonly difference: string; readonly gone: string; readonly added: string; readonly skipped: (lines: string) => string; readonly told: string; readonly noTold: string; readonly deleted: (name: string) => string
    readonly saveNow: string; readonly saveWithout: string; readonly saving: string; readonly close: string; readonly fileToo: (name: string) => string; readonly asWhom: (name: string) => string
    readonly changedTitle: (at: string, by: string) => string; readonly changedNote: string; readonly takeTheirs: string; readonly keepMine: string
    readonly mergeNote: string; readonly merge: string; readonly merging: string; readonly clashing: (names: string, more: string) => string; readonly notMerged: string
    readonly historyTitle: string; readonly historyNone: string; readonly restore: string; readonly restoreNote: string; readonly now: string; readonly first: string; readonly rest: string; readonly notRead: string; readonly reading: string
    readonly changes: Readonly<Record<'added' | 'removed' | 'changed', (names: string, more: string) => string>> & { readonly more: (count: string) => string; readonly of: (parts: string) => string; readonly between: string; readonly parts: Readonly<Record<TopicPart, string>> }
    readonly crisis: (name: string) => string; readonly crisisGone: (name: string) => string; readonly same: string
    readonly outcomes: Readonly<Record<SaveOutcome, string>>
    readonly leaveTitle: string; readonly leaveNote: string; readonly leaveLoses: string; readonly leave: string; readonly stay: string; readonly discardTitle: string; readonly discardNote: string; readonly discard: string
  }
  readonly saved: string
  readonly checkAgain: (seconds: string) => string
  readonly matchAgain: (seconds: string) => string
  readonly now: string
  readonly grades: Readonly<Record<Grade, string>>
  readonly keys: { readonly save: string; readonly search: string; readonly add: string }
}

const zh: RulesMessages = {
  title: '规则', loading: '正在读取规则…',
  failures: { token: '引擎需要令牌：请用 /?token=… 打开一次', role: '没有权限：此身份不能这样做', wrong: '引擎不接受', changed: '规则已被他人修改', busy: '引擎暂时无法处理', refused: '引擎拒绝了请求', away: '引擎没有应答' },
  again: '重试', readOnly: (name) => `${name === '' ? '当前身份' : name}只能查看：修改规则需要值班身份的令牌`,
  inForce: (at, by) => `${at === '' ? '生效中' : `${at} 起生效`}，${by}`, byFile: '来自文件', file: (name) => `文件 ${name}`,
  states: { same: '未修改', checking: '检查中…', changed: '已修改，未保存', wrong: (count) => `有 ${count} 处错误，不能保存`, blocked: (count, first) => `不能保存：有 ${count} 处错误。${first}`, nothing: '没有需要保存的修改' },
  discard: '放弃修改', history: '历史', save: '保存…', found: (at) => `这里保留着 ${at} 未保存的修改`, foundStale: '；其间规则已被修改，请核对差异', keep: '继续修改',
  list: { title: '话题', search: '搜索话题', add: '新话题', none: '还没有话题', noMatch: '没有匹配的话题', more: (count) => `另有 ${count} 个，请搜索`, unnamed: '未命名', changed: '已修改', wrong: '有错误' },
  noTopic: (id) => `规则中没有话题 ${id}`, choose: '从左侧选择一个话题，或新建一个', unreadable: '文本不是可读的规则：请在“文件”中改正后再用表单编辑',
  form: {
    title: '话题', id: '编号', idNote: '改编号等于换一个话题：历史不随之而来', zh: '中文名称', en: '英文名称', query: '查询', queryNote: '词、"短语"、comp*、a NEAR/5 b；NOT 先于 AND（或空格）先于 OR；platform: kind: verified:true followers>1000',
    velocity: '声量阈值', velocityNote: '窗口内的提及数达到即触发', count: '条数', within: '窗口', grade: '等级', anyGrade: '不指定',
    add: '添加', up: '上移', down: '下移', remove: '删除这一行', none: '没有',
    baseline: '偏离常态时告警', baselineNote: '按一周中此时的常态', budget: '误报预算',
    spread: '传播规则', measure: '指标', threshold: '阈值', measures: { size: '规模（条）', depth: '深度（代）', reach: '触达粉丝', R: '传播数 R', platforms: '平台数', spreaderFollowers: '传播者粉丝', coordinatedShare: '协同占比' },
    copy: '复制话题', delete: '删除话题', sureDelete: (name) => `删除话题“${name}”？保存后它不再被监测。`, cancel: '取消',
  },
  tabs: { matches: '实时命中', file: '文件', label: '右侧内容' },
  matches: { of: (matched, looked, span) => `命中 ${matched} / ${looked} 条，最近 ${span}`, nothing: '最近的提及中没有命中', nothingStored: '还没有已入库的提及', asking: '正在匹配…', empty: '写下查询，这里显示它命中什么', wrong: '查询有误', examples: '命中示例', perBar: (each, most) => `每 ${each}的命中数，最多 ${most}` },
  text: { label: '规则文件（YAML）', problems: '错误', notes: '提示', at: (line, column) => `第 ${line} 行第 ${column} 列`, fine: '没有错误', formWaits: '表单的修改还没有写进文件：引擎没有应答，写进之后才能手改' },
  backtest: {
    title: '30 天回测', run: '回测 30 天', cancel: '停止', waiting: '排队中…', running: (percent) => `回测中 ${percent}`, none: '保存前先看看：过去 30 天它会告警多少次', fix: '先改正错误，再回测', viewer: '回测需要值班身份',
    sentence: (alerts, perWeek, night) => `共 ${alerts} 次告警，每周 ${perWeek} 次，其中夜间 ${night} 次`, compared: (before, after) => `现行每周 ${before} 次 → 修改后每周 ${after} 次`, sentenceShort: (alerts, night) => `共 ${alerts} 次告警，其中夜间 ${night} 次（数据不足一周）`, comparedShort: (before, after) => `现行 ${before} 次 → 修改后 ${after} 次`, sameAsNow: '与现行规则相同', newTopic: '新话题，没有现行规则可比',
    looked: (looked, matched, span) => `${span}内已入库 ${looked} 条，命中 ${matched} 条`, cut: (from) => `入库过多，只看了 ${from} 以后`, from: (from) => `${from} 起有数据`,
    day: (date, count) => `${date}：命中 ${count} 条`, unknownDay: (date) => `${date}：没有数据`, strip: '每天的命中数与告警', all: '全部告警', noAlerts: '这一天没有告警', until: (time) => `至 ${time}`, open: '未结束', more: (count) => `另有 ${count} 次`, kinds: { spike: '声量', baseline: '偏离常态', spread: '传播' },
  },
  dialog: {
    saveTitle: '保存规则', difference: '修改之处', gone: '删去', added: '加入', skipped: (lines) => `… ${lines} 行未变`, told: '过去 30 天', noTold: '没有话题的告警会因此改变', deleted: (name) => `“${name}”将不再被监测`,
    saveNow: '保存并生效', saveWithout: '不等回测，保存并生效', saving: '正在保存…', close: '关闭', fileToo: (name) => `同时写入 ${name}`, asWhom: (name) => `以 ${name} 的名义记入历史`,
    changedTitle: (at, by) => `其间规则已被修改：${at === '' ? '' : `${at}，`}${by}`, changedNote: '下面是现行规则与你的文本之间的差异。保留你的文本会覆盖他人的修改。', takeTheirs: '放弃我的，采用现行', keepMine: '保留我的，再次核对',
    mergeNote: '也可以把你对各话题的改动并入现行规则，双方的改动都保留；话题之外的文字（如注释）以现行为准。', merge: '把我的改动并入现行', merging: '正在并入…', clashing: (names, more) => `不能并入：双方对 ${names}${more} 的改动不同，请先选定其一。`, notMerged: '没有并入，什么也没有改变：',
    historyTitle: '规则历史', historyNone: '还没有历史', restore: '恢复为这一版', restoreNote: '恢复只改动草稿：核对并保存后才生效', now: '生效中', first: '最早的一版', rest: '话题未变，仅文本不同', notRead: '无法读出改动', reading: '正在读取改动…',
    changes: { added: (names, more) => `新增 ${names}${more}`, removed: (names, more) => `删除 ${names}${more}`, changed: (names, more) => `修改 ${names}${more}`, more: (count) => ` 等，另有 ${count} 个`, of: (parts) => `（${parts}）`, between: '、', parts: { name: '名称', query: '查询', velocity: '声量阈值', baseline: '常态', spread: '传播规则' } },
    crisis: (name) => `“${name}”有未结束的告警，而查询改了：告警保持不变，确认、负责人、备注和静默都保留；历史按新查询重新统计，正在发生的事件不计入常态。统计完后若仍不正常，告警继续，不会再次通知（升级除外）；若已正常，告警结束并说明原因。`, crisisGone: (name) => `“${name}”有未结束的告警，而保存后不再有这个编号的话题：这条告警随之结束，不再通知，确认和处置不会带到别的话题。`, same: '与草稿相同',
    leaveTitle: '有未保存的修改', outcomes: { saved: '已保存，引擎稍后生效：', 'not-saved': '没有保存：', 'not-known': '不知道是否已保存，正在继续查看：' },
    leaveNote: '修改保留在这个浏览器里，回来可以继续。', leaveLoses: '这个浏览器存不下这些修改：离开就没有了。', leave: '离开', stay: '留在这里', discardTitle: '放弃修改？', discardNote: '草稿回到现行规则。', discard: '放弃',
  },
  saved: '已保存并生效', checkAgain: (seconds) => `检查没有得到应答，${seconds} 秒后重试；修改没有丢失。`, matchAgain: (seconds) => `${seconds} 秒后重试`, now: '立即重试', grades: { severe: '严重', moderate: '中等', minor: '轻微' }, keys: { save: '保存', search: '搜索话题', add: '新话题' },
}

const en: RulesMessages = {
  title: 'Rules', loading: 'Reading the rules…',
  failures: { token: 'The engine wants a token: open /?token=… once', role: 'No permission: who sits here may not do this', wrong: 'The engine does not take it', changed: 'Somebody else changed the rules', busy: 'The engine cannot do it now', refused: 'The engine refused', away: 'The engine does not answer' },
  again: 'Try again', readOnly: (name) => `${name === '' ? 'You' : name} may only read: to change rules takes the token of an operator`,
  inForce: (at, by) => `In force${at === '' ? '' : ` since ${at}`}, ${by}`, byFile: 'of the file', file: (name) => `file ${name}`,
  states: { same: 'not changed', checking: 'checking…', changed: 'changed, not saved', wrong: (count) => `${count} wrong, cannot be saved`, blocked: (count, first) => `Cannot be saved, ${count} wrong. ${first}`, nothing: 'Nothing was changed that could be saved' },
  discard: 'Discard', history: 'History', save: 'Save…', found: (at) => `Changes of ${at} that were not saved are back`, foundStale: '; the rules were changed meanwhile: look at the difference', keep: 'Go on',
  list: { title: 'Topics', search: 'Search topics', add: 'New topic', none: 'No topic yet', noMatch: 'No topic like this', more: (count) => `${count} more: search`, unnamed: 'no name', changed: 'changed', wrong: 'wrong' },
  noTopic: (id) => `The rules have no topic ${id}`, choose: 'Choose a topic on the left, or make a new one', unreadable: 'The text cannot be read as rules: mend it under “File”, then the form can edit it',
  form: {
    title: 'Topic', id: 'Id', idNote: 'another id is another topic: its past does not come along', zh: 'Chinese name', en: 'English name', query: 'Query', queryNote: 'terms, "phrases", comp*, a NEAR/5 b; NOT before AND (or a blank) before OR; platform: kind: verified:true followers>1000',
    velocity: 'Volume thresholds', velocityNote: 'trip when so many mentions are within the window', count: 'Mentions', within: 'Within', grade: 'Grade', anyGrade: 'any',
    add: 'Add', up: 'Up', down: 'Down', remove: 'Remove this line', none: 'none',
    baseline: 'Alarm when not normal', baselineNote: 'for this hour of the week', budget: 'False alarms',
    spread: 'Spread rules', measure: 'Measure', threshold: 'Threshold', measures: { size: 'size', depth: 'depth', reach: 'followers reached', R: 'R', platforms: 'platforms', spreaderFollowers: 'spreader’s followers', coordinatedShare: 'coordinated share' },
    copy: 'Copy topic', delete: 'Delete topic', sureDelete: (name) => `Delete the topic “${name}”? Once saved it is watched no more.`, cancel: 'Cancel',
  },
  tabs: { matches: 'Live matches', file: 'File', label: 'On the right' },
  matches: { of: (matched, looked, span) => `matched ${matched} of ${looked} in the last ${span}`, nothing: 'Nothing of the newest mentions matches', nothingStored: 'No mention is stored yet', asking: 'Matching…', empty: 'Write a query, and see here what it matches', wrong: 'The query is wrong', examples: 'Examples', perBar: (each, most) => `Matches in each ${each}, at most ${most}` },
  text: { label: 'The rules file (YAML)', problems: 'Wrong', notes: 'Notes', at: (line, column) => `line ${line}, column ${column}`, fine: 'Nothing is wrong', formWaits: 'What the form changed is not in the file yet: the engine has not answered. Once it is there, the file can be typed into' },
  backtest: {
    title: 'Backtest of 30 days', run: 'Backtest 30 days', cancel: 'Stop', waiting: 'waiting…', running: (percent) => `running ${percent}`, none: 'Before you save: how often it would have alarmed in the last 30 days', fix: 'Mend what is wrong, then test it', viewer: 'A backtest takes an operator',
    sentence: (alerts, perWeek, night) => `${alerts} alerts, ${perWeek} a week, ${night} of them at night`, compared: (before, after) => `now ${before} a week → ${after} a week`, sentenceShort: (alerts, night) => `${alerts} alerts, ${night} of them at night (less than a week of mentions)`, comparedShort: (before, after) => `now ${before} → ${after}`, sameAsNow: 'the same as in force now', newTopic: 'a new topic: nothing in force to compare with',
    looked: (looked, matched, span) => `${looked} stored in ${span}, ${matched} matched`, cut: (from) => `too much is stored: only from ${from} on`, from: (from) => `stored since ${from}`,
    day: (date, count) => `${date}: ${count} matched`, unknownDay: (date) => `${date}: no data`, strip: 'Matches and alerts by day', all: 'All alerts', noAlerts: 'No alert on this day', until: (time) => `until ${time}`, open: 'not over', more: (count) => `${count} more`, kinds: { spike: 'volume', baseline: 'not normal', spread: 'spread' },
  },
  dialog: {
    saveTitle: 'Save the rules', difference: 'What changes', gone: 'removed', added: 'added', skipped: (lines) => `… ${lines} lines as before`, told: 'In the last 30 days', noTold: 'No topic alarms in another way by this', deleted: (name) => `“${name}” is watched no more`,
    saveNow: 'Save and put in force', saveWithout: 'Save without waiting for it', saving: 'Saving…', close: 'Close', fileToo: (name) => `${name} is written too`, asWhom: (name) => `the log says ${name}`,
    changedTitle: (at, by) => `The rules were changed meanwhile: ${at === '' ? '' : `${at}, `}${by}`, changedNote: 'Below is the difference between what is in force and your text. Keeping your text undoes what others changed.', takeTheirs: 'Take what is in force', keepMine: 'Keep mine, look again',
    mergeNote: 'Or put your changes of topics on theirs: both stay. Text outside of topics, such as comments, is theirs.', merge: 'Put my changes on theirs', merging: 'Putting them on theirs…', clashing: (names, more) => `Your changes cannot be put on theirs: both of you changed ${names}${more}, each in another way.`, notMerged: 'Not put on theirs, nothing has changed:',
    historyTitle: 'History of the rules', historyNone: 'No history yet', restore: 'Restore this one', restoreNote: 'It only changes the draft: it comes into force when you have looked and saved', now: 'in force', first: 'the first version', rest: 'no topic changed, only the text', notRead: 'what changed cannot be read', reading: 'reading what changed…',
    changes: { added: (names, more) => `added ${names}${more}`, removed: (names, more) => `removed ${names}${more}`, changed: (names, more) => `changed ${names}${more}`, more: (count) => ` and ${count} more`, of: (parts) => ` (${parts})`, between: ', ', parts: { name: 'name', query: 'query', velocity: 'thresholds', baseline: 'normal', spread: 'spread rules' } },
    crisis: (name) => `“${name}” has an alert that is not over, and its query is another one: the alert stays, and who acknowledged it, who has it, its notes and its silence with it. The past is counted anew by the new query, and what happens now does not become its normal. If it then still is not normal, the alert goes on and nobody is told again, but of a higher grade; if it is normal, the alert ends and says why.`, crisisGone: (name) => `“${name}” has an alert that is not over, and once saved no topic has this id: that alert ends with it, nobody is told, and what was acknowledged and assigned goes to no other topic.`, same: 'the same as the draft',
    leaveTitle: 'There are changes that are not saved', outcomes: { saved: 'Saved, and in force in a while:', 'not-saved': 'Not saved:', 'not-known': 'Not known whether it is saved, looking again:' },
    leaveNote: 'This browser keeps them until you are back.', leaveLoses: 'This browser has no room to keep them: leave, and they are gone.', leave: 'Leave', stay: 'Stay', discardTitle: 'Discard your changes?', discardNote: 'The draft goes back to what is in force.', discard: 'Discard',
  },
  saved: 'Saved and in force', checkAgain: (seconds) => `The check has no answer: again in ${seconds} s. Nothing that you typed is lost.`, matchAgain: (seconds) => `again in ${seconds} s`, now: 'Now', grades: { severe: 'severe', moderate: 'moderate', minor: 'minor' }, keys: { save: 'save', search: 'search topics', add: 'new topic' },
}

export const rulesMessages: Readonly<Record<Language, RulesMessages>> = { zh, en }
