// Where the drill is spoken: seven platforms with their share of the talk and the way people answer there.

export interface DrillPlatform {
  readonly name: string
  readonly weight: number // per cent of all mentions
  readonly postKind: string
  readonly answerKind: string
  readonly answers: number // share of mentions that answer or reshare another
  readonly english: number // share in English
}

export const platforms: readonly DrillPlatform[] = [
  { name: 'weibo', weight: 42, postKind: 'post', answerKind: 'repost', answers: 0.72, english: 0.02 },
  { name: 'douyin', weight: 18, postKind: 'video', answerKind: 'comment', answers: 0.8, english: 0.01 },
  { name: 'wechat', weight: 10, postKind: 'article', answerKind: 'comment', answers: 0.4, english: 0.02 },
  { name: 'xiaohongshu', weight: 10, postKind: 'post', answerKind: 'comment', answers: 0.6, english: 0.04 },
  { name: 'forum', weight: 8, postKind: 'post', answerKind: 'reply', answers: 0.7, english: 0.03 },
  { name: 'news', weight: 2, postKind: 'article', answerKind: 'repost', answers: 0.3, english: 0.15 },
  { name: 'twitter', weight: 10, postKind: 'post', answerKind: 'repost', answers: 0.6, english: 0.8 },
]
