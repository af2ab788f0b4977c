// One crisis of a topic, from its first spike until its rules have been armed, and its baseline met, for a while.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { Bilingual } from '@groundswell/schemas/live.ts'
import type { AlarmEvent } from '@groundswell/schemas/spike.ts'

/** An event as the core has it: the message, and its second; `rises`: of an alarm that was told before, with a lower grade. */
export interface AtSecond { readonly event: AlarmEvent; readonly at: number; readonly name: Bilingual; readonly rises?: boolean }

/** An episode whose topic is counted anew by another query: it stays open until what is counted has been looked at. */
export interface Held {
  readonly until: number // last second of the minute in which the past came: by then every detector has looked at it. −1: it has not come
  readonly told: Grade | null // with which grade the topic's own alarm was told, of which it is not known yet whether it goes on
}

export interface Episode {
  readonly topic: string
  readonly rowIds: string[] // its alerts, one a grade, so at most three; the last has the highest grade
  grade: Grade // highest alerted
  sent: boolean // whether any alert of it went to who is disturbed by alerts; false: all were muted
  tripped: number // rules tripped now, and alarms of the baseline open
  lastSpikeAt: number
  lastClear: AtSecond | null // of the rule that re-armed last, or the alarm that ended last; null while any is tripped or open
  held?: Held // absent: it is not held. It is tripped or has a last clear, unless it is held and its past has not come
}
