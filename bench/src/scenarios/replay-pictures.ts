// What the walls of a benched room showed at a moment: eight topics whose figures change with every picture, and whose minutes with every minute.
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { snapshot } from '../../../dashboard/test/seeded.ts'

export const everyMs = 5_000

/** `at`: ms. */
export function shownAt(at: number): Snapshot {
  const seen = snapshot({ now: at, seed: Math.floor(at / 60_000) }), place = at / everyMs
  const topics = seen.topics.map((row, rank) => ({ ...row, count: row.count + (place * (9 - rank)) % 5_000, perMinute: row.perMinute + (place % 37) }))
  return { ...seen, topics, seq: place }
}
