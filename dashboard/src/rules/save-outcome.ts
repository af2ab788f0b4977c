// What became of rules that were to be saved, where the answer is not that they are in force.
import type { RulesText } from '@groundswell/schemas/rules-desk.ts'
import type { RulesApi, RulesFailure, RulesRefusal } from '../live/rules-api.ts'
import { waitMs } from '../live/again.ts'
import { rest } from './rest.ts'
import type { EngineSaid } from '../live/refusal.ts'

export interface EditorFailure extends EngineSaid { readonly why: RulesFailure }

/** saved: it comes into force in a while · not-saved: nothing has changed · not-known: nobody can say, it is looked for. */
export type SaveOutcome = 'saved' | 'not-saved' | 'not-known'
export interface SaveFailure extends EditorFailure { readonly outcome: SaveOutcome }

const outcomes: ReadonlySet<unknown> = new Set<SaveOutcome>(['saved', 'not-saved', 'not-known'])

/** The engine's word counts; where it gave none, and perhaps never got to it, nothing is known. */
export function saveFailure({ why, detail, said, body }: Pick<RulesRefusal, 'why' | 'detail' | 'said' | 'body'>): SaveFailure {
  const { outcome } = body
  return { why, detail, said, outcome: outcomes.has(outcome) ? outcome as SaveOutcome : why === 'away' ? 'not-known' : 'not-saved' }
}

/** Asks again and again until other rules than those of `seq` are in force; null: it was over before. */
export async function otherRules(api: Pick<RulesApi, 'inForce'>, { seq, isOver, signal }: { readonly seq: number; readonly isOver: () => boolean; readonly signal: AbortSignal }): Promise<RulesText | null> {
  for (let tries = 0; ; tries++) {
    await rest(waitMs(tries), signal)
    if (signal.aborted || isOver()) return null
    const answer = await api.inForce(signal)
    if (signal.aborted || isOver()) return null
    if (answer.ok && answer.value.seq !== seq) return answer.value
  }
}
