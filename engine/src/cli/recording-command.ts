// What commands over recordings share: a bar while they are read, a pipe that may close, and prose for what was refused.
import { statSync } from 'node:fs'
import { once } from 'node:events'
import { SingleBar } from 'cli-progress'

/** A bar over the bytes of the files, on a terminal; elsewhere null. */
export function progressOf(files: readonly string[]): SingleBar | null {
  if (!process.stderr.isTTY) return null
  const bar = new SingleBar({ format: '{bar} {percentage}% of the files · {duration_formatted} · ETA {eta_formatted}', stream: process.stderr, clearOnComplete: true, hideCursor: true })
  bar.start(files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0), 0)
  return bar
}

/** Whoever reads the lines may have seen enough (`| head`): that is no failure. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}

/** Writes JSON lines to stdout; waits where nobody takes them. */
export async function writeLines(objects: readonly object[]): Promise<void> {
  if (!process.stdout.write(objects.map((object) => `${JSON.stringify(object)}\n`).join(''))) await once(process.stdout, 'drain')
}

/** `3 dead letters (2 not-json, 1 ts-missing)`, the most frequent reason first. */
export function describeDeadLetters(count: number, reasons: Readonly<Record<string, number>>): string {
  const refused = Object.entries(reasons).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([reason, times]) => `${times} ${reason}`)
  return `${count} dead letters${refused.length > 0 ? ` (${refused.join(', ')})` : ''}`
}

export const say = (text: string): void => { process.stderr.write(`${text}\n`) }
