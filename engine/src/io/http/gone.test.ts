import { EventEmitter } from 'node:events'
import type { FastifyReply } from 'fastify'
import { expect, test } from 'vitest'
import { untilGone } from './gone.ts'

const reply = (state: { readonly destroyed: boolean; readonly writableFinished: boolean }): FastifyReply => ({ raw: Object.assign(new EventEmitter(), state) }) as unknown as FastifyReply

test.each([
  { what: 'a connection that closes before it was answered', state: { destroyed: false, writableFinished: false }, closes: true, gone: true },
  { what: 'one that had closed before', state: { destroyed: true, writableFinished: false }, closes: false, gone: true },
  { what: 'one that is answered', state: { destroyed: false, writableFinished: true }, closes: true, gone: false },
  { what: 'one that waits', state: { destroyed: false, writableFinished: false }, closes: false, gone: false },
])('$what: gone is $gone', ({ state, closes, gone }) => {
  const asked = reply(state)
  const until = untilGone(asked)
  if (closes) asked.raw.emit('close')
  expect(until.aborted).toBe(gone)
})
