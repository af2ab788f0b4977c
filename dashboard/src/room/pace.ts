// Whether a topic gets faster or slower, as one sign; small changes are none, so that the sign does not flicker.
import type { TopicRow } from '@groundswell/schemas/live.ts'

export type Pace = '↗' | '→' | '↘'

/** The acceleration over its quarter of an hour against the velocity of that time: by less than 30 % is level. Null while it is not known. */
export function paceOf({ acceleration, spark }: Pick<TopicRow, 'acceleration' | 'spark'>): Pace | null {
  if (acceleration === null) return null
  const minutes = spark.slice(-16, -1).filter((count) => count >= 0)
  const mean = Math.max(0.2, minutes.reduce((sum, count) => sum + count, 0) / Math.max(1, minutes.length))
  const change = (acceleration * 15) / mean
  return change >= 0.3 ? '↗' : change <= -0.3 ? '↘' : '→'
}
