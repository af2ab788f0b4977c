// New rules are put in force, or refused with every reason: what was measured and told goes on as far as the rules are the same.
import type { Command } from '@groundswell/schemas/command.ts'
import { parseRules } from './2-enrich/rules-file.ts'
import { isoSecond } from './4-detect/iso-second.ts'
import type { Silence } from './4-detect/silence.ts'
import type { Alerts } from './5-respond/alerts.ts'
import type { Effect } from './input.ts'
import type { Spread } from './spread.ts'
import type { Watch } from './watch.ts'

export interface RuledParts { readonly watch: Watch; readonly spread: Spread; readonly alerts: Alerts; readonly silence: Silence; readonly clock: number }

/** Whether they are in force now. `seq`, `now`: of the command that brought them. */
export function putInForce({ text, by }: Pick<Extract<Command, { kind: 'rules' }>, 'text' | 'by'>, { seq, now }: { readonly seq: number; readonly now: number }, { watch, spread, alerts, silence, clock }: RuledParts, effects: Effect[]): boolean {
  const parsed = parseRules(text)
  if (!parsed.ok) {
    const reason = parsed.problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`).join('\n')
    effects.push({ kind: 'rules-refused', seq, reason })
    return false
  }
  const { waiting, kept } = watch.replace(parsed.rules, seq, clock)
  spread.replace(parsed.rules)
  for (const one of kept) alerts.retain(one.id, { ...one, tripped: one.tripped + spread.openOf(one.id) }, isoSecond(Math.max(0, clock)))
  silence.release()
  watch.heldAnew(clock)
  effects.push({ kind: 'rules', seq, text, ...(by === undefined ? {} : { by }) })
  if (waiting.length > 0) effects.push({ kind: 'fill', rulesSeq: seq, topics: waiting, now })
  return true
}
