// How long a command lives: an engine until Ctrl-C, SIGTERM, its own failure, or until its launcher is gone; the others until their launcher is.
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '../is-alive.ts'
import { StreamRecreated } from '../stream-errors.ts'

export interface Living {
  /** Rejects when the engine fails. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** Opens, waits for a reason to stop, closes; a second signal while closing ends at once. */
export async function live(open: () => Promise<Living>): Promise<void> {
  const stopping = new AbortController()
  let signals = 0
  const onSignal = (): void => {
    signals++
    if (signals > 1) process.exit(130)
    stopping.abort()
  }
  // Not SIGHUP: under nohup it is ignored and stays so; a terminal that closes ends the launcher, which ends us.
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const asked = new Promise<'asked'>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve('asked'))
  })
  const orphaned = parentGone(stopping.signal)
  while (!stopping.signal.aborted) {
    const app = await open()
    const failed = app.ended.then(() => 'ended' as const, (error: unknown) => ({ error }))
    const why = await Promise.race([asked, failed, orphaned])
    await app.close()
    if (typeof why !== 'object') return
    // Positions of a stream that is gone mean nothing: the engine begins again with the new one, from its first message.
    if (!(why.error instanceof StreamRecreated)) throw why.error
  }
}

/** For a command that has nothing to close: it ends with 1 when its launcher is gone. */
export function endWithLauncher(): void {
  const never = new AbortController()
  void parentGone(never.signal).then(() => process.exit(1))
}

/** Our launcher (bin/run-pinned.mjs) gone without a word, as after kill -9, is the only parent whose end is ours too. */
async function parentGone(stopped: AbortSignal): Promise<'orphaned'> {
  const launcher = Number(process.env['GROUNDSWELL_LAUNCHER'] ?? 0)
  // A launcher that lives but is not our parent launched somebody above us (a bench, a test), and its variable came along.
  if (launcher > 1 && (process.ppid === launcher || !isAlive(launcher))) {
    while (process.ppid === launcher && !stopped.aborted) await sleep(1000, undefined, { signal: stopped, ref: false }).catch(() => undefined)
    if (!stopped.aborted) return 'orphaned'
  }
  return new Promise(() => undefined)
}
