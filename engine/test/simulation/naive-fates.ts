// The fate of every line of a stream history, word by word: what the store must hold, found without the engine.
import type { StreamMessage } from '../../src/ports.ts'

export interface NaiveFates {
  readonly mentions: ReadonlyMap<string, number> // `<seq>:<line>` → fate, duplicates too
  readonly letters: ReadonlySet<string> // `<seq>:<line>` of what is no mention
  readonly memory: Memory // at the end
}

/** What decides fates: the ids seen, the oldest first, and the event clock in seconds. */
export interface Memory { readonly seen: ReadonlySet<string>; readonly clock: number }

const nothing: Memory = { seen: new Set(), clock: -1 }

const hasZone = (ts: string): boolean => /(Z|[+-]\d\d:\d\d)$/.test(ts)

/** For the few kinds of lines that stories hold. */
export function naiveFates(history: readonly StreamMessage[], seenMax: number, from = nothing): NaiveFates {
  const mentions = new Map<string, number>()
  const letters = new Set<string>()
  const seen = new Set(from.seen)
  let { clock } = from
  for (const { seq, time, subject, data } of history) {
    if (subject === 'ticks' && clock >= 0 && Math.abs(time - clock * 1000) <= 120_000) clock = Math.max(clock, Math.floor(time / 1000))
    if (!subject.startsWith('mentions.')) continue
    for (const [line, text] of new TextDecoder().decode(data).split('\n').entries()) {
      if (text === '') continue
      const mention = readMention(text)
      if (!mention) {
        letters.add(`${seq}:${line}`)
        continue
      }
      const second = Math.floor(mention.ts / 1000)
      const fate = seen.has(mention.id) ? 3 : mention.ts > time + 120_000 ? 2 : second < clock - 600 ? 1 : 0
      mentions.set(`${seq}:${line}`, fate)
      if (fate === 0) clock = Math.max(clock, second)
      if (fate === 3) continue
      remember(seen, mention.id, seenMax)
    }
  }
  return { mentions, letters, memory: { seen, clock } }
}

export function remember(seen: Set<string>, id: string, seenMax: number): void {
  if (seen.has(id)) return
  if (seen.size === seenMax) seen.delete(seen.values().next().value!)
  seen.add(id)
}

function readMention(text: string): { readonly id: string; readonly ts: number } | null {
  if (text.includes('☠')) return null
  try {
    const { id, ts, text: words } = JSON.parse(text) as { id?: unknown; ts?: unknown; text?: unknown }
    if (typeof id !== 'string' || id === '' || typeof words !== 'string') return null
    const at = typeof ts === 'string' && hasZone(ts) ? Date.parse(ts) : ts
    return Number.isInteger(at) && (at as number) >= 100_000_000_000 ? { id, ts: at as number } : null
  } catch {
    return null
  }
}
