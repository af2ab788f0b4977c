// What is normal for a topic now, as the engine has it that alarms: the newest step of a topic's page says what its alarms and the wall say.
import type { Stage } from '@groundswell/schemas/stage.ts'
import type { Gaps } from './3-measure/gaps.ts'
import type { Topic } from './watch.ts'

export interface NormalNow {
  readonly budgetPerDay: number | null // false alarms a day that the topic itself may tell: what its platforms leave of its budget
  readonly knownFrom: number | null // second from which on the engine knows what the topic held, silence included; null: from none
  readonly step: StepNow | null // null: nothing is known yet
}

export interface StepNow {
  readonly at: number // first second of the step under way
  readonly usual: number // that it holds in all when nothing is the matter
  readonly dispersion: number // variance over mean
  readonly stage: Stage | null
}

/** Steps begin at whole multiples of their seconds. null: there is no such topic. */
export function normalNow(topic: Topic | undefined, stepSeconds: number, { clock, gaps }: { readonly clock: number; readonly gaps: Gaps }): NormalNow | null {
  if (!topic) return null
  const { adaptive, wheels, waitingSeq } = topic
  const { baseline, budgetPerDay } = adaptive
  if (clock < 0 || waitingSeq >= 0) return { budgetPerDay, knownFrom: null, step: null }
  adaptive.catchUp(wheels, clock, gaps)
  const knownFrom = baseline.learntFrom
  if (!baseline.known) return { budgetPerDay, knownFrom, step: null }
  const at = Math.floor(clock / stepSeconds) * stepSeconds
  const usual = baseline.expected(at + stepSeconds - 1, stepSeconds)
  return { budgetPerDay, knownFrom, step: { at, usual, dispersion: baseline.dispersion(stepSeconds, usual), stage: adaptive.stage } }
}
