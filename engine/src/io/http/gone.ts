// Whether who asks still waits: a tab that was closed, a brush that moved on.
import type { FastifyReply } from 'fastify'

/** Aborted when the connection closes before the answer was sent. */
export function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => { if (!reply.raw.writableFinished) gone.abort(new Error('who asked has gone')) })
  return gone.signal
}
