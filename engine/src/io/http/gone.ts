// Whether who asks still waits: a tab that was closed, a brush that moved on.
import type { FastifyReply } from 'fastify'

/** Aborted when the connection closes before the answer was sent; at once where it has, for then nothing tells it any more. */
export function untilGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const look = (): void => { if (!raw.writableFinished) gone.abort(new Error('who asked has gone')) }
  if (raw.destroyed) look()
  else raw.once('close', look)
  return gone.signal
}
