// When the thresholds of a topic will trip, as the wall and the API ask for it. None is told where what is counted is not what is there:
// while a topic's past is being filled in, while a source that it depends on is blind, and of a rule that has tripped.
import type { CountdownFigure } from '@groundswell/schemas/live.ts'
import { recentCounts } from './3-measure/recent-counts.ts'
import { Countdowns, whole } from './4-detect/countdown.ts'
import type { Topic } from './watch.ts'

interface Now { readonly clock: number; readonly since: number; readonly holds: (topic: string) => boolean }

export interface ThresholdNow {
  readonly count: number
  readonly within: string
  readonly held: number // mentions in its window now
  readonly tripped: boolean
  readonly countdown: CountdownFigure | null
}

/** Of one rule, for the wall: the probability in whole hundredths, so that a row that says the same is not sent again. */
export function countdownOf(topic: Topic, ruleIndex: number, now: Now): CountdownFigure | null {
  const rule = topic.thresholds.rules[ruleIndex]
  if (!rule || topic.thresholds.isTripped(ruleIndex)) return null
  const figure = countdownsAt(topic, now)?.of(rule)
  return figure ? { ...figure, probability: whole(figure.probability, 100) } : null
}

/** All of a topic, in the order of the rules. */
export function thresholdsNow(topic: Topic | undefined, now: Now): ThresholdNow[] | null {
  if (!topic) return null
  const countdowns = countdownsAt(topic, now)
  return topic.thresholds.rules.map((rule, i) => {
    const tripped = topic.thresholds.isTripped(i)
    const held = now.clock < 0 ? 0 : topic.wheels.count(rule.window, now.clock)
    return { count: rule.count, within: rule.within, held, tripped, countdown: tripped ? null : countdowns?.of(rule) ?? null }
  })
}

function countdownsAt({ wheels, waitingSeq, rules }: Topic, { clock, since, holds }: Now): Countdowns | null {
  if (clock < 0 || waitingSeq >= 0 || holds(rules.id)) return null
  return new Countdowns(wheels, recentCounts(wheels, clock, wheels.knownFrom < 0 ? since : wheels.knownFrom))
}
