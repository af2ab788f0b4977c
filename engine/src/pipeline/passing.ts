// A problem that nobody can declare to be over: it is when it has not been told anew for a while.
import type { Problem } from '@groundswell/schemas/live.ts'
import type { Clock } from '../clock.ts'
import type { Problems } from './problems.ts'

export interface PassingOptions { readonly problems: Problems; readonly clock: Clock; readonly afterMs: number; readonly signal: AbortSignal }

/** What raises it, again and again; one sleeper at most, and none once `signal` is aborted. */
export function passing(kind: Problem['kind'], { problems, clock, afterMs, signal }: PassingOptions): (detail: string) => void {
  let overAt = 0
  let waits = false
  const wait = async (): Promise<void> => {
    waits = true
    for (let left = overAt - clock.now(); left > 0 && !signal.aborted; left = overAt - clock.now()) await clock.sleep(left, signal)
    waits = false
    if (!signal.aborted) problems.over(kind)
  }
  return (detail) => {
    problems.raise(kind, detail)
    overAt = clock.now() + afterMs
    if (!waits) void wait()
  }
}
