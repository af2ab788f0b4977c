// What may be asked of the cascades in memory: lists from their measured rows, one as a whole tree. It changes nothing.
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import type { CascadeTree } from './3-measure/cascades/cascade-tree.ts'

/** All that lists show of a cascade and no estimate; `lastHour` counts back from the event clock. */
export type LiveCascadeRow = Omit<CascadeRow, 'live' | 'reproduction'>

export interface LiveQuestion {
  readonly by: 'size' | 'speed' // mentions in all, or of the last hour
  readonly topic: string | null // null: any
  readonly platform: string | null // any mention of it is on this platform; null: any
  readonly fromMs: number | null // last spoken of then or later, event time; null: whenever
  readonly toMs: number | null // its first mention is before
  readonly max: number
}

export interface LiveCascades {
  /** At most `max` cascades of two mentions or more, the most first; of as many, the younger root first. Takes no walk of a large tree. */
  rankCascades(question: LiveQuestion): LiveCascadeRow[]
  /** The cascade under this root; null: nothing in memory has this id and is a root. */
  cascade(root: string): LiveCascadeRow | null
  /** Its tree, in time of its size; null as above. */
  cascadeTree(root: string): CascadeTree | null
}
