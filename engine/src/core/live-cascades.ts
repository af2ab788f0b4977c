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

/** A root whose id is not kept as text is named by its hash, which is never an id of a mention's that has a platform. */
export function nameOfRoot(id: string, low: number, high: number): string {
  return id === '' ? `hash:${hex(high)}${hex(low)}` : id
}

/** The hash that such a name says; null: it is an id. */
export function hashOfName(name: string): { readonly low: number; readonly high: number } | null {
  return /^hash:[0-9a-f]{16}$/.test(name) ? { high: Number.parseInt(name.slice(5, 13), 16), low: Number.parseInt(name.slice(13), 16) } : null
}

const hex = (word: number): string => word.toString(16).padStart(8, '0')
