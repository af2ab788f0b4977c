// Publishes a tick a second: it ends inserts, moves an idle event clock, and is how `now` gets into the stream.
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { InputStream } from '../ports.ts'

export const tickMs = 1000
const nothing = new TextEncoder().encode('{}')

/** Answers the function that stops them. A tick that cannot be published is left out: the next one does its work. */
export function startTicks(stream: InputStream, onFailed: (error: Error) => void): () => void {
  let under = false
  const tick = async (): Promise<void> => {
    if (under) return // one at a time: a stream that is away must not gather ticks
    under = true
    try {
      await stream.publish(subjects.tick, nothing)
    } catch (error) {
      onFailed(error as Error)
    }
    under = false
  }
  const timer = setInterval(() => void tick(), tickMs)
  return () => clearInterval(timer)
}

/** A last tick, so that nothing of the running insert is left uncut; answers its sequence, or null where the stream is away. */
export async function lastTick(stream: InputStream): Promise<number | null> {
  try {
    return (await stream.publish(subjects.tick, nothing)).seq
  } catch {
    return null // what is uncut will be read again from the stream
  }
}
