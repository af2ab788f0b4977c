// One crisis of a topic, from its first spike until its rules have been armed, and its baseline met, for a while.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { Bilingual } from '@groundswell/schemas/live.ts'
import type { AlarmEvent } from '@groundswell/schemas/spike.ts'

/** An event as the core has it: the message, and its second; `rises`: of an alarm that was told before, with a lower grade. */
export interface AtSecond { readonly event: AlarmEvent; readonly at: number; readonly name: Bilingual; readonly rises?: boolean }

export interface Episode {
  readonly topic: string
  readonly rowIds: string[] // its alerts, one a grade, so at most three; the last has the highest grade
  grade: Grade // highest alerted
  sent: boolean // whether any alert of it went to who is disturbed by alerts; false: all were muted
  tripped: number // rules tripped now, and alarms of the baseline open
  lastSpikeAt: number
  lastClear: AtSecond | null // of the rule that re-armed last, or the alarm that ended last; null while any is tripped or open
}
