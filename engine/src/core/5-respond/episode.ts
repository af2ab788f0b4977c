// One crisis of a topic, from its first spike until its rules have been armed for a while.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { Bilingual } from '@groundswell/schemas/live.ts'
import type { IdentifiedEvent } from '@groundswell/schemas/spike.ts'

/** A threshold event as the core has it: the message, and its second. */
export interface AtSecond { readonly event: IdentifiedEvent; readonly at: number; readonly name: Bilingual }

export interface Episode {
  readonly topic: string
  readonly rowIds: string[] // its alerts, one a grade, so at most three; the last has the highest grade
  grade: Grade // highest alerted
  tripped: number // rules tripped now
  lastSpikeAt: number
  lastClear: AtSecond | null // of the rule that re-armed last; null while any rule is tripped
}
