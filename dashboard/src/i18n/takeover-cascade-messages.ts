// The words of the cascade in a takeover, in both languages, short enough for its tile.
import type { CascadeFailure } from '../live/cascade-api.ts'
import type { Language } from './language.ts'

export interface TakeoverCascadeMessages {
  readonly loading: string
  readonly none: string
  readonly failures: Readonly<Record<CascadeFailure, string>>
  readonly size: (mentions: string, generations: string) => string
  readonly top: (share: string) => string
  readonly noHub: string
  readonly picture: (mentions: string) => string // for who cannot see it
}

const zh: TakeoverCascadeMessages = {
  loading: '正在读取传播', none: '此话题没有进行中的传播',
  failures: { token: '此屏幕无权查看传播', forbidden: '此屏幕无权查看传播', unknown: '传播已不在内存中', store: '存储没有应答', busy: '引擎正忙，稍后再试', refused: '引擎拒绝了请求', away: '引擎没有应答', unreadable: '数据无法读取' },
  size: (mentions, generations) => `${mentions} 条 · ${generations} 层`, top: (share) => `最大枢纽带来 ${share}`, noHub: '没有枢纽', picture: (mentions) => `最大的传播，${mentions} 条`,
}

const en: TakeoverCascadeMessages = {
  loading: 'reading the cascade', none: 'No cascade of this topic is alive',
  failures: { token: 'This screen may not see cascades', forbidden: 'This screen may not see cascades', unknown: 'The cascade is no longer in memory', store: 'The store does not answer', busy: 'The engine is busy, trying again', refused: 'The engine refused the question', away: 'The engine does not answer', unreadable: 'The data cannot be read' },
  size: (mentions, generations) => `${mentions} · ${generations} gen`, top: (share) => `largest hub brought ${share}`, noHub: 'no hub', picture: (mentions) => `The largest cascade, ${mentions} mentions`,
}

export const takeoverCascadeMessages: Readonly<Record<Language, TakeoverCascadeMessages>> = { zh, en }
