// Plays the drill into the input stream: from two hours before now at 60×, until it meets now, then on at 1× until stopped.
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { DrillMention, DrillSecond } from './drill.ts'

export const playerLimits = { mentionsPerMessageMax: 64, stepMs: 100, progressMs: 1000, againMs: 1000 } as const

export interface PlayerOptions {
  readonly seconds: Iterator<DrillSecond> // a createDrill whose start is `startMs`
  readonly startMs: number
  readonly speed: number // 60: an hour of event time in a minute
  /** Resolves when the stream has it; awaiting it is the back-pressure. What it throws with `retry: true` is tried again with the same id. */
  readonly publish: (subject: string, data: Uint8Array, messageId: string) => Promise<unknown>
  readonly now: () => number // wall clock, ms
  readonly sleep: (ms: number) => Promise<void>
  readonly signal: AbortSignal
  readonly onProgress?: (progress: PlayerProgress) => void
}
export interface PlayerProgress {
  readonly eventMs: number // end of the newest second that was sent
  readonly sent: number // mentions
  readonly met: boolean // true once event time has met now
}

/** Resolves when the signal is aborted. A stream that is full or away is waited for; one that refuses for good ends it with that error. */
export async function playDrill(options: PlayerOptions): Promise<PlayerProgress> {
  const { now, signal, startMs, speed } = options
  const began = now()
  const dueMs = () => Math.min(now(), startMs + (now() - began) * speed)
  let next = options.seconds.next()
  let progress: PlayerProgress = { eventMs: startMs, sent: 0, met: false }
  let told = began
  while (!signal.aborted) {
    // A second is sent when it is over, whole: its mentions differ by platform in the stream, never by second.
    while (!signal.aborted && !next.done && next.value.startMs + 1000 <= dueMs()) {
      const { startMs: second, mentions } = next.value
      const sent = await Promise.all(messagesOf(second, mentions).map((message) => sendUntilIn(message, options)))
      if (sent.includes(false)) break
      progress = { eventMs: second + 1000, sent: progress.sent + mentions.length, met: progress.met || dueMs() >= now() }
      next = options.seconds.next()
    }
    if (options.onProgress && now() - told >= playerLimits.progressMs) {
      told = now()
      options.onProgress(progress)
    }
    if (!signal.aborted) await options.sleep(playerLimits.stepMs)
  }
  return progress
}

/** False where the signal was aborted before the stream took it. */
async function sendUntilIn({ subject, data, id }: DrillMessage, { publish, sleep, signal }: PlayerOptions): Promise<boolean> {
  for (;;) {
    try {
      await publish(subject, data, id)
      return true
    } catch (error) {
      if ((error as { readonly retry?: unknown }).retry !== true) throw error
      if (signal.aborted) return false
      await sleep(playerLimits.againMs)
      if (signal.aborted) return false
    }
  }
}

interface DrillMessage { readonly subject: string; readonly data: Uint8Array; readonly id: string }
const encoder = new TextEncoder()

/** The messages of one second, by platform in order of first mention, each of at most 64. */
function messagesOf(secondMs: number, mentions: readonly DrillMention[]): DrillMessage[] {
  const messages: DrillMessage[] = []
  for (const [platform, lines] of Map.groupBy(mentions, (mention) => mention.platform)) {
    for (let at = 0; at < lines.length; at += playerLimits.mentionsPerMessageMax) {
      const part = lines.slice(at, at + playerLimits.mentionsPerMessageMax)
      const text = `${part.map((mention) => mention.line).join('\n')}\n`
      messages.push({ subject: subjects.mentions(platform), data: encoder.encode(text), id: `drill:${secondMs}:${platform}:${at}` })
    }
  }
  return messages
}
