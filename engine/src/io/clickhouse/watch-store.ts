// Whether ClickHouse is there while nothing is being inserted: a ping every few seconds.
export interface WatchOptions {
  readonly everyMs?: number // 5 s
  readonly timeoutMs?: number // 3 s
  readonly onDown: (error: Error) => void // once, when two pings in a row have failed
  readonly onUp: () => void // once, when a ping is answered after that
  /** Calls `run` after `ms`, unless the answer is called before. */
  readonly after?: (ms: number, run: () => void) => () => void
}

const secondLookMs = 1000

/**
 * Answers the function that stops it. When the store is back after an outage, what was being written is given up and so tried again: it may
 * wait on a connection that nobody will ever answer on. One slow answer is no outage: the second look comes a second
 * after the first.
 */
export function watchStore(store: { ping(timeoutMs?: number): Promise<void>; giveUpWrites(): Promise<void> }, options: WatchOptions): () => void {
  const { everyMs = 5000, timeoutMs = 3000, onDown, onUp, after = afterReal } = options
  let failures = 0
  let stopped = false
  let cancel = after(everyMs, () => void look())
  async function look(): Promise<void> {
    try {
      await store.ping(timeoutMs)
      if (!stopped && failures > 1) await store.giveUpWrites()
      if (!stopped && failures > 1) onUp()
      failures = 0
    } catch (error) {
      failures += 1
      if (!stopped && failures === 2) onDown(error as Error)
    }
    if (!stopped) cancel = after(failures === 1 ? secondLookMs : everyMs, () => void look())
  }
  return () => {
    stopped = true
    cancel()
  }
}

function afterReal(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  timer.unref()
  return () => { clearTimeout(timer) }
}
