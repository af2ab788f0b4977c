// One topic of the rules in force: what is measured of it, and what that means. New rules keep of it what they do not change.
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { TopicWheels } from './3-measure/topic-wheels.ts'
import { planWindows } from './3-measure/window-plan.ts'
import { Thresholds } from './4-detect/thresholds.ts'
import { Adaptive } from './adaptive.ts'

export interface Topic {
  readonly rules: TopicRules
  readonly place: number // in the rules file
  readonly wheels: TopicWheels
  readonly thresholds: Thresholds
  readonly adaptive: Adaptive
  waitingSeq: number // sequence of the rules command whose fill it waits for; −1: its past is in
  newSeconds: boolean // got mentions since a second closed
  newMinutes: boolean // got mentions since a minute closed
}

/** What decides the form of a topic's state: its id, the count and span of each of its rules, and whether it may alarm by its baseline. */
export const writtenRules = (topics: readonly Topic[]): string =>
  topics.map(({ rules }) => `${rules.id} ${(rules.velocity ?? []).map(({ count, within }) => `${count}/${within}`).join(' ')}${rules.baseline ? ' baseline' : ''}`).join('\n')

export interface NewTopic { readonly waitingSeq: number; readonly clock: number; readonly place: number }

/** `before`: whose thresholds, and whose normal, go on. */
export function newTopic(rules: TopicRules, { waitingSeq, clock, place }: NewTopic, before?: Partial<Pick<Topic, 'thresholds' | 'adaptive'>>): Topic {
  const wheels = new TopicWheels(rules, clock)
  return { rules, place, wheels, ...kept(rules, wheels, { before, clock }), waitingSeq, newSeconds: false, newMinutes: false }
}

/**
 * The topic under other rules. With another query nothing that was counted holds, nor what is normal; a threshold that is tripped stays so,
 * and the fill says whether it still is: until then nothing clears.
 */
export function renewed(rules: TopicRules, before: Topic | undefined, options: NewTopic): Topic {
  if (!before) return newTopic(rules, options)
  if (before.rules.query !== rules.query) return newTopic(rules, options, { thresholds: before.thresholds })
  const plan = planWindows(rules)
  if (!before.wheels.covers(plan)) return newTopic(rules, options, before)
  const { wheels, waitingSeq } = before
  wheels.replan(plan, options.clock)
  return { rules, place: options.place, wheels, ...kept(rules, wheels, { before, clock: options.clock }), waitingSeq, newSeconds: false, newMinutes: false }
}

function kept(rules: TopicRules, { plan }: TopicWheels, { before, clock }: { readonly before: Partial<Pick<Topic, 'thresholds' | 'adaptive'>> | undefined; readonly clock: number }): Pick<Topic, 'thresholds' | 'adaptive'> {
  before?.adaptive?.setRules(rules)
  return { thresholds: new Thresholds(rules, plan.ofRule, before?.thresholds), adaptive: before?.adaptive ?? new Adaptive(rules, clock) }
}
