// What a start could not know, or had to begin anew, stands on the wall for an hour: the room must not take missing data for calm.
import type { Problem } from '@groundswell/schemas/live.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { Engine } from '../core/engine.ts'

/** Shares of sentiment and platform are those of an hour: after it they are whole again. */
export const startNoteMs = 3_600_000

/** What an engine does not know that was counted from the store: of baselines it has what was normal, not how surprising that was from minute to minute. */
export function unknownOf(engine: Pick<Engine, 'picture'>, { topics }: Rules, now: number): string {
  const unheard = engine.picture(now).sources.filter(({ cadenceMs }) => cadenceMs === null).map(({ platform }) => platform)
  const rhythms = unheard.length === 0 ? '' : `the rhythms of ${unheard.join(', ')} until they are heard again, `
  const surprises = topics.some(({ baseline }) => baseline) ? 'what is normal on single platforms and how rare surprises are until they are learnt again, ' : ''
  return `shares of sentiment and platform for an hour, the cascades of before, which are in the store as far as they had left memory, ${rhythms}${surprises}and the duplicates of before: their counter begins at 0`
}

/** What is told of a `Beginning`. */
interface Begun { readonly from: { readonly isOtherStream: boolean } | null; readonly unknown: string | null }

/** Apart from the problems: the engine works, and /api/health says so. */
export function createStartNotes({ from, unknown }: Begun, stream: number, now: () => number): () => readonly Problem[] {
  const since = now()
  const notes: Problem[] = []
  if (from?.isOtherStream === true) notes.push({ kind: 'stream-recreated', since, detail: `the input stream was deleted and made again: /api/stats and the wall count since ${new Date(stream).toISOString()}; ids, windows and alerts go on` })
  if (unknown !== null) notes.push({ kind: 'counted-from-store', since, detail: `no checkpoint could be used at the start. Not known: ${unknown}` })
  return () => (now() - since < startNoteMs ? notes : [])
}
