// Every word on the pages of cascades, in both languages: a text that one of them lacks does not compile.
import type { ColourName } from '../graph/colours.ts'
import type { LayoutName } from '../graph/layout.ts'
import type { TableOrder } from '../graph/table-order.ts'
import type { TimeScaleName } from '../graph/time-scale.ts'
import type { CascadeFailure, ListOrder } from '../live/cascade-api.ts'
import type { Language } from './language.ts'

export interface CascadeMessages {
  readonly title: string
  readonly titleOfOne: string
  readonly loading: string
  readonly working: string
  readonly only: string
  readonly failures: Readonly<Record<CascadeFailure, string>>
  readonly evicted: (time: string) => string
  readonly live: string
  readonly coverage: (percent: string) => string
  readonly coverageNote: string
  readonly likely: string
  readonly likelyNote: string
  readonly likelySaid: (said: { readonly shown: string; readonly underRoot: string; readonly cut: string | null }) => string
  readonly likelyParent: (node: string, percent: number) => string
  readonly layouts: Readonly<Record<LayoutName, string>>
  readonly layoutLabel: string
  readonly scales: Readonly<Record<TimeScaleName, string>>
  readonly scaleLabel: string
  readonly colours: Readonly<Record<ColourName, string>>
  readonly colourLabel: string
  readonly fold: string
  readonly whole: string
  readonly graphLabel: (size: string) => string
  readonly graphHelp: string
  readonly keyDoes: { readonly p: string; readonly c: string; readonly n: string; readonly f: string; readonly zero: string; readonly enter: string }
  readonly totals: (counts: { readonly shown: string; readonly folded: string; readonly hubs: string; readonly filtered: string; readonly outside: string; readonly later: string; readonly size: string }) => string
  readonly edgesDrawn: (drawn: string, of: string) => string
  readonly generation: (generation: string) => string
  readonly since: (duration: string) => string
  readonly others: string
  readonly legend: { readonly observed: string; readonly unknown: string; readonly folded: string; readonly path: string }
  readonly facts: { readonly size: string; readonly depth: string; readonly breadth: string; readonly virality: string; readonly authors: string; readonly reach: string; readonly lastHour: string; readonly R: string; readonly duration: string; readonly unknown: string }
  readonly stages: Readonly<Record<'growing' | 'steady' | 'fading', string>> // steady: the interval of R holds 1, so neither can be told
  readonly stageNote: string
  readonly noR: string
  readonly noRThen: string
  readonly asOf: (time: string) => string
  readonly spreaders: { readonly title: string; readonly direct: string; readonly directNote: string; readonly subtree: string; readonly subtreeNote: string; readonly half: string; readonly halfNote: string; readonly followers: (count: string) => string; readonly none: string }
  readonly filters: string
  readonly filter: { readonly platforms: string; readonly generations: string; readonly within: string; readonly sentiment: string; readonly verified: string; readonly from: string; readonly to: string; readonly clear: string; readonly minutes: string }
  readonly signs: readonly [negative: string, neutral: string, positive: string]
  readonly node: string
  readonly noNode: string
  readonly nodeFacts: { readonly at: string; readonly since: string; readonly platform: string; readonly generation: string; readonly followers: string; readonly subtree: string; readonly direct: string; readonly sentiment: string; readonly edge: string; readonly verified: string; readonly id: string }
  readonly edges: { readonly root: string; readonly observed: string; readonly unknown: string }
  readonly yes: string
  readonly no: string
  readonly askId: string
  readonly noId: string
  readonly path: (steps: string) => string
  readonly pathMore: (steps: string) => string
  readonly focus: string
  readonly unfocus: string
  readonly unfold: (count: string) => string
  readonly refold: string
  readonly deselect: string
  readonly table: (count: string) => string
  readonly columns: { readonly node: string; readonly since: string; readonly platform: string; readonly generation: string; readonly followers: string; readonly subtree: string; readonly edge: string }
  readonly orders: Readonly<Record<TableOrder, string>>
  readonly edgeMarks: { readonly root: string; readonly observed: string; readonly unknown: string }
  readonly all: string
  readonly replayed: (count: string, size: string) => string
  readonly compare: string
  readonly compareWith: string
  readonly compareNote: string
  readonly compareFailed: string
  readonly compareAt: (age: string) => string
  readonly exportLabel: string
  readonly exported: { readonly largest: (shown: string, of: string) => string; readonly query: (hash: string) => string }
  readonly listOrders: Readonly<Record<ListOrder, string>>
  readonly listLabel: string
  readonly listNotes: Readonly<Record<ListOrder, string>>
  readonly listEmpty: string
  readonly notStored: string
  readonly rootOf: string
  readonly wordsAway: string
  readonly listColumns: { readonly root: string; readonly topics: string; readonly size: string; readonly lastHour: string; readonly R: string; readonly depth: string; readonly platforms: string; readonly first: string; readonly last: string; readonly edges: string }
}

const zh: CascadeMessages = {
  title: '传播', titleOfOne: '传播',
  loading: '正在读取传播树…', working: '正在布局…', only: '只有原帖，尚无转发',
  failures: { token: '引擎需要令牌：请用 /?token=… 打开一次', forbidden: '没有权限：此身份不能查看传播', unknown: '没有这个传播：内存中（48 小时内）和存储中都找不到，可能已过保留期。请检查地址，或在列表中选择', store: '存储没有应答，正在重试：内存中的传播仍可查看', busy: '引擎正忙，稍后自动重试', refused: '引擎拒绝了请求', away: '引擎没有应答，正在重试', unreadable: '收到的数据不是传播树' },
  evicted: (time) => `已离开内存：为 ${time} 存档时的样子`, live: '实时',
  coverage: (percent) => `上级已知 ${percent}%`, coverageNote: '其余转发的上级未知，挂在原帖下，图中以点状短线表示',
  likely: '可能的上级', likelyNote: '按时间与粉丝估计未知的上级（虚线），不改变图谱与任何计数', likelySaid: ({ shown, underRoot, cut }) => `估计 ${shown} 条的上级；另有 ${underRoot} 条最可能直接转自原帖${cut === null ? '' : `，${cut} 条未列`}`, likelyParent: (node, percent) => `可能是 ${node}（${percent}%）`,
  layouts: { 'time-radial': '时间辐射', wedge: '扇形辐射', 'depth-time': '层级×时间' }, layoutLabel: '布局', scales: { log: '对数', sqrt: '开方' }, scaleLabel: '时间刻度',
  colours: { generation: '按层级', platform: '按平台' }, colourLabel: '着色', fold: '折叠叶子', whole: '全图',
  graphLabel: (size) => `传播图，${size} 条；旁边的节点表内容相同`,
  graphHelp: '拖动或方向键平移 · 滚轮或 +/− 缩放 · 0 全图 · 点击选中 · P 上级 C 下级 N 同级 · F 聚焦 · Esc 取消',
  keyDoes: { p: '上级', c: '最大的下级', n: '下一个同级', f: '只看子树', zero: '全图', enter: '展开或折叠' },
  totals: ({ shown, folded, hubs, filtered, outside, later, size }) => [`显示 ${shown}`, folded === '0' ? '' : `折叠 ${folded}（${hubs} 处）`, filtered === '0' ? '' : `滤除 ${filtered}`, outside === '0' ? '' : `聚焦之外 ${outside}`, later === '0' ? '' : `此后 ${later}`].filter((part) => part !== '').join(' + ') + ` = ${size}`,
  edgesDrawn: (drawn, of) => `已画边 ${drawn} / ${of}`, generation: (generation) => `第 ${generation} 层`, since: (duration) => duration, others: '其他',
  legend: { observed: '已知上级', unknown: '上级未知', folded: '折叠的叶子数', path: '到原帖的路径' },
  facts: { size: '条数', depth: '层数', breadth: '最宽一层', virality: '结构病毒性', authors: '账号', reach: '粉丝合计', lastHour: '近 1 小时', R: '再生数 R', duration: '历时', unknown: '尚不可知' },
  stages: { growing: '扩散中', steady: '不确定', fading: '消退中' }, stageNote: '按 R 的 95% 区间：全在 1 以上为扩散中，全在 1 以下为消退中，含 1 则不确定', noR: '已见的提及不足以判断，或还没有算出（内存中的传播每 10 秒续算，已移出内存的不再算）', noRThen: '回放时刻的 R 没有计算：移到最后查看当前值',
  asOf: (time) => `截至 ${time}`,
  spreaders: { title: '传播者', direct: '直接转发', directNote: '此前直接转发该账号各条内容的条数，不含上级未知者', subtree: '其下', subtreeNote: '此前其最大一条之下的全部条数，含自身', half: '过半用时', halfNote: '自发出起，到其直接转发来了一半', followers: (count) => `粉丝 ${count}`, none: '此前还没有人带来转发' },
  filters: '筛选', filter: { platforms: '平台', generations: '层级', within: '原帖后', sentiment: '情感', verified: '仅认证账号', from: '起', to: '止', clear: '清除', minutes: '分钟' },
  signs: ['− 负面', '○ 中性', '+ 正面'], node: '节点', noNode: '指向或选中一个节点：这里显示它的时间、平台与子树',
  nodeFacts: { at: '时间', since: '原帖后', platform: '平台', generation: '层级', followers: '粉丝', subtree: '子树', direct: '直接转发', sentiment: '情感', edge: '上级', verified: '认证', id: '编号' },
  edges: { root: '原帖', observed: '已知', unknown: '未知，挂在原帖下' }, yes: '是', no: '否', askId: '查询编号', noId: '存储中没有找到',
  path: (steps) => `到原帖 ${steps} 步`, pathMore: (steps) => `中间 ${steps} 步`, focus: '只看子树', unfocus: '看全部', unfold: (count) => `展开 ${count} 片叶子`, refold: '重新折叠', deselect: '取消选中',
  table: (count) => `节点表 ${count}`, columns: { node: '节点', since: '原帖后', platform: '平台', generation: '层', followers: '粉丝', subtree: '子树', edge: '上级' }, orders: { subtree: '按子树', time: '按时间', followers: '按粉丝' },
  edgeMarks: { root: '原帖', observed: '已知', unknown: '未知' },
  all: '到最后', replayed: (count, size) => `此前 ${count} 条，共 ${size} 条`,
  compare: '对比', compareWith: '与另一个传播对比', compareNote: '条数随原帖后时间的增长，同一坐标', compareFailed: '另一个传播无法读取', compareAt: (age) => `回放到原帖后 ${age}`,
  exportLabel: '导出', exported: { largest: (shown, of) => `仅子树最大的 ${shown} 个节点，共 ${of} 个`, query: (hash) => `查询 ${hash}` },
  listOrders: { size: '最大', speed: '最快', R: 'R 最高' }, listLabel: '排序', listNotes: { size: '按条数，含内存中全部传播', speed: '按近 1 小时条数，仅内存中', R: '按再生数，取近 1 小时最热的一百个' },
  listEmpty: '内存中没有传播：还没有收到带上级或原帖的内容',
  notStored: '原文未入库', rootOf: '转自未收到的内容', wordsAway: '原文暂时读不到，先以编号列出',
  listColumns: { root: '原帖', topics: '话题', size: '条数', lastHour: '近 1 小时', R: '再生数 R', depth: '层数', platforms: '平台', first: '首条', last: '末条', edges: '上级已知' },
}

const en: CascadeMessages = {
  title: 'Cascades', titleOfOne: 'Cascade',
  loading: 'Reading the tree…', working: 'Laying it out…', only: 'The root alone: nobody has reposted it yet',
  failures: { token: 'The engine wants a token: open /?token=… once', forbidden: 'No permission: who sits here may not see cascades', unknown: 'There is no such cascade, in memory (48 h) or stored: it may be older than what is kept. Check the address, or choose one of the list', store: 'The store does not answer, trying again: cascades in memory can still be opened', busy: 'The engine is busy, trying again in a moment', refused: 'The engine refused the question', away: 'The engine does not answer, trying again', unreadable: 'What came is no tree' },
  evicted: (time) => `no longer in memory: as it was when it was stored at ${time}`, live: 'live',
  coverage: (percent) => `edges known: ${percent}%`, coverageNote: 'The parents of the others are not known: they stand under the root, drawn as dotted stubs',
  likely: 'likely parents', likelyNote: 'Parents that are not known, estimated by times and followers (dashed); the graph and all counts stay as they are', likelySaid: ({ shown, underRoot, cut }) => `${shown} likely parents; ${underRoot} more most likely repeat the root${cut === null ? '' : `, ${cut} not listed`}`, likelyParent: (node, percent) => `likely ${node} (${percent}%)`,
  layouts: { 'time-radial': 'time-radial', wedge: 'wedge', 'depth-time': 'depth × time' }, layoutLabel: 'Layout', scales: { log: 'log', sqrt: 'root' }, scaleLabel: 'Time scale',
  colours: { generation: 'generation', platform: 'platform' }, colourLabel: 'Colour', fold: 'fold leaves', whole: 'whole picture',
  graphLabel: (size) => `Graph of a cascade of ${size} mentions; the table of nodes beside it holds the same`,
  graphHelp: 'drag or arrows pan · wheel or +/− zoom · 0 all · click chooses · P parent C child N sibling · F focus · Esc nothing',
  keyDoes: { p: 'parent', c: 'largest child', n: 'next sibling', f: 'subtree only', zero: 'whole picture', enter: 'expand or fold' },
  totals: ({ shown, folded, hubs, filtered, outside, later, size }) => [`${shown} shown`, folded === '0' ? '' : `${folded} folded (at ${hubs})`, filtered === '0' ? '' : `${filtered} filtered out`, outside === '0' ? '' : `${outside} out of focus`, later === '0' ? '' : `${later} later`].filter((part) => part !== '').join(' + ') + ` = ${size}`,
  edgesDrawn: (drawn, of) => `edges ${drawn} / ${of}`, generation: (generation) => `gen ${generation}`, since: (duration) => duration, others: 'others',
  legend: { observed: 'parent known', unknown: 'parent not known', folded: 'folded leaves', path: 'path to the root' },
  facts: { size: 'mentions', depth: 'generations', breadth: 'widest', virality: 'structural virality', authors: 'accounts', reach: 'followers in all', lastHour: 'last hour', R: 'reproduction R', duration: 'duration', unknown: 'not known yet' },
  stages: { growing: 'growing', steady: 'not sure', fading: 'fading' }, stageNote: 'By the 95% interval of R: above 1 growing, below 1 fading, not sure where it holds 1', noR: 'Too few mentions are seen to tell, or it is not worked out yet: every 10 s of cascades in memory, not of those that left it', noRThen: 'R is not worked out at the playhead: at the end is what it is now',
  asOf: (time) => `as of ${time}`,
  spreaders: { title: 'Spreaders', direct: 'Direct', directNote: 'Direct reposts of the account\'s mentions by then, those whose parent is not known left out', subtree: 'Below', subtreeNote: 'All that hung below its largest mention by then, itself included', half: 'To half', halfNote: 'From its mention until half of its direct reposts had come', followers: (count) => `${count} followers`, none: 'Nobody had drawn a repost by then' },
  filters: 'Filters', filter: { platforms: 'Platform', generations: 'Generation', within: 'After the root', sentiment: 'Sentiment', verified: 'verified accounts only', from: 'from', to: 'to', clear: 'clear', minutes: 'min' },
  signs: ['− negative', '○ neutral', '+ positive'], node: 'Node', noNode: 'Point at a node or choose one: its time, platform and subtree are told here',
  nodeFacts: { at: 'time', since: 'after the root', platform: 'platform', generation: 'generation', followers: 'followers', subtree: 'subtree', direct: 'direct reposts', sentiment: 'sentiment', edge: 'parent', verified: 'verified', id: 'id' },
  edges: { root: 'root', observed: 'known', unknown: 'not known, under the root' }, yes: 'yes', no: 'no', askId: 'look up the id', noId: 'not among the stored ones',
  path: (steps) => `${steps} steps to the root`, pathMore: (steps) => `${steps} between`, focus: 'subtree only', unfocus: 'show all', unfold: (count) => `expand ${count} leaves`, refold: 'fold again', deselect: 'choose nothing',
  table: (count) => `Nodes ${count}`, columns: { node: 'node', since: 'after', platform: 'platform', generation: 'gen', followers: 'followers', subtree: 'subtree', edge: 'parent' }, orders: { subtree: 'by subtree', time: 'by time', followers: 'by followers' },
  edgeMarks: { root: 'root', observed: 'known', unknown: 'unknown' },
  all: 'to the end', replayed: (count, size) => `${count} by then, of ${size}`,
  compare: 'Compare', compareWith: 'Compare with another cascade', compareNote: 'mentions against time since the root, on one axis', compareFailed: 'The other cascade cannot be read', compareAt: (age) => `as of ${age} after the root`,
  exportLabel: 'Export', exported: { largest: (shown, of) => `only the ${shown} nodes with the largest subtrees, of ${of}`, query: (hash) => `query ${hash}` },
  listOrders: { size: 'largest', speed: 'fastest', R: 'highest R' }, listLabel: 'Order', listNotes: { size: 'by mentions, of all cascades in memory', speed: 'by mentions of the last hour, in memory', R: 'by reproduction number, of the hundred most spoken of in the last hour' },
  listEmpty: 'No cascade in memory: nothing with a parent or a root has come in yet',
  notStored: 'its words are not stored', rootOf: 'repeats something that never came in', wordsAway: 'Words of roots cannot be read now: listed by id',
  listColumns: { root: 'root', topics: 'topic', size: 'mentions', lastHour: 'last hour', R: 'reproduction R', depth: 'generations', platforms: 'platforms', first: 'first', last: 'last', edges: 'edges known' },
}

export const cascadeMessages: Readonly<Record<Language, CascadeMessages>> = { zh, en }
