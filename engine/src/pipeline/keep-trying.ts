// Work that waits for the world: tried again, with longer and longer waits, for as long as somebody wants it.
import { systemClock, type Clock } from '../clock.ts'

const firstWaitMs = 250
const longestWaitMs = 60_000

export interface Trying {
  readonly signal: AbortSignal // nobody wants it any more: no attempt is begun, and a failure is told to nobody
  readonly onTrouble: (trouble: { readonly error: Error; readonly retryInMs: number } | null) => void // each failure; null: it works again
  readonly clock?: Clock
}

/** True once an attempt has come to its end; false where `signal` came first. An attempt that finds nothing left to do ends as well as any. */
export async function keepTrying(attempt: () => Promise<void>, { signal, onTrouble, clock = systemClock }: Trying): Promise<boolean> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await attempt()
      if (signal.aborted) return false
      if (failures > 0) onTrouble(null)
      return true
    } catch (error) {
      if (signal.aborted) return false
      const retryInMs = Math.min(firstWaitMs * 2 ** failures, longestWaitMs)
      onTrouble({ error: error as Error, retryInMs })
      await clock.sleep(retryInMs, signal)
    }
  }
  return false
}
