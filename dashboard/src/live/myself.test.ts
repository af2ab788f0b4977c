// Who sits here, by an engine that answers what a test says.
import { beforeEach, expect, test, vi } from 'vitest'
import { Myself } from './myself.svelte.ts'

beforeEach(() => {
  vi.stubGlobal('$state', Object.assign(<T>(value: T): T => value, { raw: <T>(value: T): T => value })) // nobody looks on
  return () => { vi.unstubAllGlobals() }
})
const li = { name: 'li', role: 'operator', wall: null, walls: [] }
const cut = (): ReadableStream => new ReadableStream({ start: (body) => { body.error(new Error('cut off')) } })

/** Answers one after the other, a minute apart. */
async function told(...answers: Response[]): Promise<Myself> {
  const left = [...answers]
  const myself = new Myself(new URL('http://wall/'), async () => left.shift()!)
  for (const at of answers.keys()) await myself.ask(at * 60_000)
  return myself
}

test.each([{ why: 'is whole', body: '{}' }, { why: 'is cut off in the middle', body: cut() }])('who is refused is nobody any more, where the answer $why', async ({ body }) => {
  const myself = await told(Response.json(li), new Response(body, { status: 401 }))
  expect([myself.state, myself.me, myself.mayAct]).toEqual(['refused', null, false])
})

test('an answer that says nothing new is read to its end, and the last one holds', async () => {
  const failed = new Response('the engine begins', { status: 503 })
  const myself = await told(Response.json(li), failed)
  expect([failed.bodyUsed, myself.state, myself.me]).toEqual([true, 'known', li])
})
