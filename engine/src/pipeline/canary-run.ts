// Sends a canary now and then, looks which are late, and takes the picture that shows them where nobody watches.
import { liveLimits } from '@groundswell/schemas/live.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { InputStream } from '../ports.ts'
import type { Canaries } from './canary.ts'

export interface CanaryRunOptions {
  readonly canaries: Canaries
  readonly everyMs: number
  readonly stream: Pick<InputStream, 'publish'>
  /** Whether frames are taken for somebody: they show what came through. */
  readonly isWatched: () => boolean
  /** Takes the picture that a frame would be made of. */
  readonly look: () => void
  readonly clock?: Clock
  readonly random?: () => number
}

const firstMs = 1000

/** Answers the function that ends it. */
export function runCanaries(options: CanaryRunOptions): () => Promise<void> {
  const stopping = new AbortController()
  const running = run(options, stopping.signal)
  return async () => {
    stopping.abort()
    await running
  }
}

async function run({ canaries, everyMs, stream, isWatched, look, clock = systemClock, random = Math.random }: CanaryRunOptions, signal: AbortSignal): Promise<void> {
  let under = false
  const publish = async (): Promise<void> => {
    under = true
    const canary = canaries.send(clock.now())
    try {
      await stream.publish(subjects.command('canary'), new TextEncoder().encode(JSON.stringify(canary)), canary.id)
      canaries.streamed(canary.id)
    } catch (error) {
      canaries.refused(canary.id, (error as Error).message)
    }
    under = false
  }
  let due = clock.now() + firstMs
  while (!signal.aborted) {
    const now = clock.now()
    if (now >= due && !under) {
      // Ticks end inserts once a second: canaries that kept step with them would all take the same time.
      due = now + everyMs - 500 + 1000 * random()
      void publish()
    }
    if (canaries.isWaiting && !isWatched()) look()
    canaries.check(now)
    await clock.sleep(liveLimits.frameMs, signal)
  }
}
