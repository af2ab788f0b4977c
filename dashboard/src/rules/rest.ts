// Waits in milliseconds: one that ends early, without a word, when its signal is aborted, and how long each of several is that follow one another.
export const rest = (ms: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    resolve()
  }, { once: true })
})

/** Twice as long each time, from a second to half a minute. */
export const waitMs = (before: number): number => Math.min(1_000 * 2 ** Math.min(before, 10), 30_000)
