// Every word of replays, in both languages: a text that one of them lacks does not compile.
import type { PictureNews, WallTimes } from '@groundswell/schemas/replay.ts'
import type { RoomTime } from '../room/room-time.ts'
import type { MarkKind } from '../replay/marks.ts'
import type { Language } from './language.ts'
import { platformName } from './platforms.ts'

export interface ReplayMessages {
  readonly bar: string
  readonly play: string
  readonly pause: string
  readonly keys: string
  readonly keyNames: string
  readonly speed: string
  readonly skipQuiet: string
  readonly quietNone: string
  readonly quietNote: (quiet: { readonly most: string; readonly step: string; readonly mentions: string; readonly share: string }) => string
  readonly axis: string
  readonly axes: Readonly<Record<'event' | 'ingest', string>>
  readonly axisNotes: Readonly<Record<'event' | 'ingest', string>>
  readonly noIngest: string
  readonly previousMark: string
  readonly nextMark: string
  readonly marks: Readonly<Record<MarkKind, string>>
  readonly more: (count: string) => string
  readonly end: string
  readonly playing: (time: string, speed: string) => string
  readonly wall: {
    readonly title: string
    readonly asShown: (time: string) => string
    readonly jump: string
    readonly jumpTo: string
    readonly badTime: string
    readonly loading: string
    readonly gap: (from: string, to: string) => string
    readonly before: (first: string) => string
    readonly none: string
    readonly off: string
    readonly failed: string
    readonly away: string
    readonly notPermitted: string
    readonly silent: string
    readonly span: string
    readonly spans: Readonly<Record<'1h' | '6h' | '24h' | '7d', string>>
    readonly seeWall: string
    readonly unshown: string
    readonly kept: (count: string) => string
    readonly drill: string
    readonly news: string
    readonly noNews: string
    readonly newsCut: (count: string) => string
    readonly told: {
      readonly alert: (name: string) => string
      readonly cleared: (name: string) => string
      readonly handled: (name: string, state: string, by: string) => string
      readonly assigned: (name: string, to: string | null, by: string) => string // to: null is nobody
      readonly note: (name: string, by: string) => string
      readonly silenced: (topic: string, until: string, by: string) => string
      readonly unsilenced: (topic: string) => string
      readonly pinned: (topic: string, by: string) => string
      readonly unpinned: (topic: string) => string
      readonly states: Readonly<Record<string, string>>
    }
  }
}

const zh: ReplayMessages = {
  bar: '回放', play: '播放', pause: '暂停', keys: '空格 播放／暂停，左右键移动，, 和 . 调速，[ 和 ] 到上／下一个标记', keyNames: '空格 ← → , . [ ]', speed: '速度',
  skipQuiet: '跳过平静', quietNone: '没有平静的时段',
  quietNote: ({ most, step, mentions, share }) => `每 ${step} 不超过 ${most} 条为平静：共占时间的 ${share}，含 ${mentions} 条`,
  axis: '时间轴', axes: { event: '按发生', ingest: '按入库' }, axisNotes: { event: '何时说的', ingest: '我们何时知道' },
  noIngest: '传播树不含入库时间，只能按发生时间回放',
  previousMark: '上一个标记', nextMark: '下一个标记', marks: { alert: '预警', action: '处置', statement: '通报' }, more: (count) => `另有 ${count} 个`,
  end: '末尾', playing: (time, speed) => `播放中，自 ${time}，×${speed}`,
  wall: {
    title: '大屏回放', asShown: (time) => `大屏当时画面 ${time}`, jump: '跳到', jumpTo: '当时时间', badTime: '时间写作 2026-11-21 14:29，或只写 14:29',
    loading: '正在取当时的画面…', gap: (from, to) => `${from} 至 ${to} 没有留存画面`, before: (first) => `更早没有留存，最早的画面在 ${first}`,
    none: '还没有留存任何画面：有变化时每 5 秒留一张', off: '设置 recordDays 为 0：不留存画面', failed: '画面取不到', away: '存储暂不可用，画面取不到', notPermitted: '没有权限看回放：需要查看者或操作员的令牌',
    silent: '回放无声', span: '时段', spans: { '1h': '1 小时', '6h': '6 小时', '24h': '24 小时', '7d': '7 天' }, seeWall: '看当时的大屏', unshown: '没有留存此告警出现时的画面：这是另一时刻', kept: (count) => `留存 ${count} 张`,
    drill: '当时是演练', news: '当时的大事', noNews: '此时段没有预警和处置', newsCut: (count) => `更早的未列出，此处最多 ${count} 条`,
    told: {
      alert: (name) => `预警 ${name}`, cleared: (name) => `解除 ${name}`, handled: (name, state, by) => `预警${state} ${name}（${by}）`, assigned: (name, to, by) => (to === null ? `取消指派 ${name}（${by}）` : `指派给 ${to} ${name}（${by}）`), note: (name, by) => `备注 ${name}（${by}）`, silenced: (topic, until, by) => `静默 ${topic} 至 ${until}（${by}）`, unsilenced: (topic) => `静默结束 ${topic}`,
      pinned: (topic, by) => `置顶 ${topic}（${by}）`, unpinned: (topic) => `取消置顶 ${topic}`, states: { new: '重新打开', acknowledged: '已确认', working: '处理中', resolved: '已解决' },
    },
  },
}

const en: ReplayMessages = {
  bar: 'Replay', play: 'Play', pause: 'Pause', keys: 'Space plays and pauses, arrows move, comma and full stop change the speed, [ and ] go to the mark before and behind', keyNames: 'Space ← → , . [ ]', speed: 'Speed',
  skipQuiet: 'Skip quiet', quietNone: 'Nothing is quiet',
  quietNote: ({ most, step, mentions, share }) => `Quiet is at most ${most} per ${step}: ${share} of the time, ${mentions} in all`,
  axis: 'Time axis', axes: { event: 'As said', ingest: 'As known' }, axisNotes: { event: 'When it was said', ingest: 'What we knew when' },
  noIngest: 'A cascade keeps no time of arrival: it is replayed as it was said',
  previousMark: 'Mark before', nextMark: 'Next mark', marks: { alert: 'Alert', action: 'Action', statement: 'Statement' }, more: (count) => `${count} more here`,
  end: 'the end', playing: (time, speed) => `playing from ${time} at ×${speed}`,
  wall: {
    title: 'Wall replay', asShown: (time) => `The wall as shown at ${time}`, jump: 'Go', jumpTo: 'As shown at', badTime: 'A time reads 2026-11-21 14:29, or only 14:29',
    loading: 'Getting the picture of then…', gap: (from, to) => `No picture was kept from ${from} to ${to}`, before: (first) => `Nothing was kept before: the first picture is of ${first}`,
    none: 'No picture is kept yet: one is kept every 5 s when something changed', off: 'recordDays is set to 0: no pictures are kept', failed: 'The picture cannot be had', away: 'The store is away: pictures cannot be had now', notPermitted: 'Not permitted: a replay needs the token of a viewer or an operator',
    silent: 'A replay makes no sound', span: 'Span', spans: { '1h': '1 h', '6h': '6 h', '24h': '24 h', '7d': '7 d' }, seeWall: 'Show the wall then', unshown: 'No picture was kept of when this alert came: this is another moment', kept: (count) => `${count} kept`,
    drill: 'It was a drill', news: 'What was notable', noNews: 'No alerts and no actions in this span', newsCut: (count) => `Earlier ones are left out: ${count} at most are listed`,
    told: {
      alert: (name) => `Alert ${name}`, cleared: (name) => `Cleared ${name}`, handled: (name, state, by) => `${state}: ${name}, by ${by}`, assigned: (name, to, by) => (to === null ? `Assigned to nobody: ${name}, by ${by}` : `Assigned to ${to}: ${name}, by ${by}`), note: (name, by) => `Note: ${name}, by ${by}`, silenced: (topic, until, by) => `Silenced ${topic} until ${until} (${by})`, unsilenced: (topic) => `Silence over ${topic}`,
      pinned: (topic, by) => `Pinned ${topic} (${by})`, unpinned: (topic) => `Unpinned ${topic}`, states: { new: 'Reopened', acknowledged: 'Acknowledged', working: 'In work', resolved: 'Resolved' },
    },
  },
}

export const replayMessages: Readonly<Record<Language, ReplayMessages>> = { zh, en }

/** One line of what was notable. */
export function newsWords(one: PictureNews, lang: Language, roomTime: (ms: number) => RoomTime): string {
  const { told } = replayMessages[lang].wall
  const name = nameIn(one, lang)
  switch (one.what) {
    case 'alert': return told.alert(name)
    case 'cleared': return told.cleared(name)
    case 'handled': return one.did === 'assigned' ? told.assigned(name, one.assignee ?? null, one.by) : one.did === 'note' ? told.note(name, one.by) : told.handled(name, told.states[one.state] ?? one.state, one.by)
    case 'silenced': return told.silenced(name, `${roomTime(one.until).date} ${roomTime(one.until).minute}`, one.by)
    case 'unsilenced': return told.unsilenced(name)
    case 'pinned': return told.pinned(name, one.by)
    case 'unpinned': return told.unpinned(name)
    default: return one satisfies never
  }
}

/** Of a source that is blind: its platform; of a topic that no picture named: its id. */
const nameIn = ({ name, topic }: PictureNews, lang: Language): string => (topic.startsWith('source:') ? platformName(topic.slice('source:'.length), lang) : name?.[lang] ?? topic)

/** What was notable at each moment, once each: of several alerts of one topic the same is said. */
export function notable({ news }: Pick<WallTimes, 'news'>, lang: Language, roomTime: (ms: number) => RoomTime): { readonly at: number; readonly key: string; readonly one: PictureNews; readonly words: string }[] {
  return news.flatMap(({ at, news: told }) => {
    const words = told.map((one) => newsWords(one, lang, roomTime))
    return told.flatMap((one, index) => (words.indexOf(words[index]!) === index ? [{ at, key: `${at} ${index}`, one, words: words[index]! }] : []))
  })
}
