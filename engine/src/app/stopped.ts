// What the log says when the loop has stopped: up to where all is stored, and where the next start goes on.

/** `checkpoint`: position of the newest that is on the disk; null: there is none; off: the settings want none. */
export function stoppedWords(position: number, checkpoint: number | null | 'off'): string {
  const stopped = `stopped at position ${position}`
  if (checkpoint === 'off') return `${stopped}; checkpoints are off: the next start counts from the store`
  if (checkpoint === null) return `${stopped}, no checkpoint written: the next start counts from the store`
  return checkpoint >= position ? `${stopped}, checkpoint written` : `${stopped}; the newest checkpoint is at ${checkpoint}: the next start reads from there`
}
