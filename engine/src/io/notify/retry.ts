// When to try again: exponential with jitter, so that a receiver that comes back is not met by everybody at once.
export const retryLimits = { firstMs: 1000, longestMs: 5 * 60_000, retryAfterMaxMs: 86_400_000 } as const

/** Waits of an alert that its receiver refuses, five tries within an hour. */
export const refusedWaitsMs: readonly number[] = [1, 5, 15, 39].map((minutes) => minutes * 60_000)

/** Wait after the n-th failure in a row (from 1); `random` is 0…1. Half is certain, half is jitter. */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(retryLimits.longestMs, retryLimits.firstMs * 2 ** Math.min(failures - 1, 20))
  return Math.round(ceiling * (0.5 + random / 2))
}

/** ms of a Retry-After header: seconds or an HTTP date; undefined where it is neither. At most a day. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), retryLimits.retryAfterMaxMs)
}
