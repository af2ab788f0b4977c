// Time as the shell sees it: told and waited for through this, so that a simulation can hold the clock.
import { setTimeout as timeout } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after `ms`, or at once when `signal` is aborted: whoever waits looks at the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => { await timeout(ms, undefined, signal ? { signal } : {}).catch(() => undefined) },
}
