// Which problems of the engine are told when there is room for two: what stops the picture before what only some of it suffers from.
import type { Problem } from '@groundswell/schemas/live.ts'

export const noticesMax = 2

/** Lower is told first. A blind source comes last: its panel and its alert say so too. */
const ranks: Readonly<Record<Problem['kind'], number>> = {
  'nats-down': 0, 'store-down': 1, 'disk-low': 2, 'stream-recreated': 3, 'canary-late': 4, 'lagging': 5, 'workers-failing': 6, 'counted-from-store': 7, 'checkpoint-failed': 8, 'rules-refused': 9, 'poison': 10, 'source-blind': 11,
}

export function toldProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => ranks[a.kind] - ranks[b.kind]).slice(0, noticesMax)
}
