// Lets the stream forget what nobody will read again: what is carried out, and is needed by no checkpoint. The oldest checkpoint counts,
// for those behind it may turn out to be damaged; a stream that has little room keeps only what the newest needs. Never more goes.
import type { Clock } from '../clock.ts'
import type { Checkpointer } from '../pipeline/checkpointer.ts'
import type { Inserter } from '../pipeline/inserts.ts'
import type { InputStream } from '../ports.ts'

export interface TrimmingOptions {
  readonly stream: Pick<InputStream, 'kind' | 'state' | 'trim'>
  readonly inserter: Pick<Inserter, 'position'>
  readonly checkpointer: Pick<Checkpointer, 'needless' | 'reached'> | null
  readonly clock: Clock
  readonly onFailed: (error: Error) => void
}

export interface Trimming {
  /** Something was carried out, or a checkpoint is durable. */
  look(): void
  close(): void
}

export const pressedShare = 0.75
const pauseMs = 1000
const lookAgainMs = 60_000

export function startTrimming({ stream, inserter, checkpointer, clock, onFailed }: TrimmingOptions): Trimming {
  const closed = new AbortController()
  let isAsked = false
  let isAwaited = false // a checkpoint that was asked for
  let waiting = new AbortController()

  const once = async (): Promise<void> => {
    // A stream inside this process ends with it: no later start reads it, whatever a checkpoint says.
    if (checkpointer === null || stream.kind === 'in-process') return stream.trim(inserter.position)
    const [oldest, newest] = [checkpointer.needless(false), checkpointer.needless(true)]
    const isPressed = await pressed()
    if (isPressed) void relieve(checkpointer, newest)
    const upTo = Math.min(inserter.position, isPressed ? newest : oldest)
    if (upTo > 0) await stream.trim(upTo)
  }

  /** A full stream refuses ticks too, and then nothing but this asks for the next checkpoint and looks again. */
  const relieve = async (asked: Pick<Checkpointer, 'reached'>, newest: number): Promise<void> => {
    isAsked = true
    if (isAwaited || newest >= inserter.position) return
    isAwaited = true
    await asked.reached(inserter.position)
    isAwaited = false
  }

  const pressed = async (): Promise<boolean> => {
    const { bytes, bytesMax } = await stream.state()
    return bytesMax > 0 && bytes > bytesMax * pressedShare
  }

  const run = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      isAsked = false
      await once().catch((error: unknown) => onFailed(error as Error))
      await clock.sleep(pauseMs, closed.signal)
      waiting = new AbortController()
      if (!isAsked) await clock.sleep(lookAgainMs, AbortSignal.any([waiting.signal, closed.signal]))
    }
  }
  void run()
  return {
    look: () => {
      isAsked = true
      waiting.abort()
    },
    close: () => { closed.abort() },
  }
}
