// NATS: the streams and the subjects, in one place.
export const streams = {
  /** Inputs in one total order: mentions, operator commands, ticks. */
  in: { name: 'GROUNDSWELL', subjects: ['mentions.>', 'commands.>', 'ticks'] },
  /** Outputs that a subscriber may catch up on. */
  out: { name: 'GROUNDSWELL_OUT', subjects: ['spikes.>', 'alerts.>'] },
} as const

export const subjects = {
  mentions: (platform: string) => `mentions.${platform}`,
  command: (kind: string) => `commands.${kind}`,
  tick: 'ticks',
  spike: (topic: string) => `spikes.${topic}`,
  alert: (grade: string) => `alerts.${grade}`,
  /** Request-reply: an engine answers with its EngineStatus. Not stored. */
  status: 'groundswell.status',
} as const

/** The platform token of a mentions subject: `mentions.weibo` → `weibo`, `mentions.weibo.hot` → `weibo`; '' for any other subject. */
export function platformOfSubject(subject: string): string {
  if (!subject.startsWith('mentions.')) return ''
  const end = subject.indexOf('.', 9)
  return end < 0 ? subject.slice(9) : subject.slice(9, end)
}

/** What a request to forget deleted, by the sequence of its command. */
export interface Forgotten {
  readonly seq: number
  readonly mentions: number
  readonly deadLetters: number
  readonly failure?: string // the store refused again and again: the request was set aside, not all is deleted
}

/** What an engine answers on `groundswell.status`: enough for `publish` to refuse a recording that is older than its clock. */
export interface EngineStatus {
  readonly clock: number | null // the event clock, seconds since 1970
  readonly stream: number // created time of the input stream, ms
  readonly position: number // last sequence whose effects were carried out
  readonly forgotten?: Forgotten | null // the last request to forget that this engine carried out or set aside
}
