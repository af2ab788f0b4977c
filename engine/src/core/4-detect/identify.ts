// A crossing as the message that leaves the process, with an id that is the same in every replay.
import type { IdentifiedEvent } from '@groundswell/schemas/spike.ts'
import { isoSecond } from './iso-second.ts'
import type { Crossing } from './thresholds.ts'

/** Keys stand in the order of the contract; the id is `<topic>/<count>/<within>/<at>/<kind>`. */
export function identify(topic: string, { kind, rule, at, count }: Crossing): IdentifiedEvent {
  const iso = isoSecond(at)
  return {
    kind, topic, rule: { count: rule.count, within: rule.within }, grade: rule.grade, at: iso, count,
    id: `${topic}/${rule.count}/${rule.within}/${iso}/${kind}`,
  }
}
