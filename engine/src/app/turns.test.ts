import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('who goes while he waits is never served, and keeps no place', async () => {
  const turns = new Turns({ atOnce: 1, waitingMax: 2 })
  const under = Promise.withResolvers<string>()
  const served: string[] = []
  const serve = (who: string) => async (): Promise<string> => { served.push(who); return who }
  const first = turns.run(() => under.promise)
  const gone = new AbortController()
  const second = turns.run(serve('second'), gone.signal).catch((error: Error) => error.message)
  const third = turns.run(serve('third'))
  await expect(turns.run(serve('fourth'))).rejects.toMatchObject({ name: 'TurnsTaken' })
  gone.abort(new Error('gone'))
  expect(await second).toBe('gone')
  const fifth = turns.run(serve('fifth'), new AbortController().signal)
  await expect(turns.run(serve('late'), gone.signal)).rejects.toThrow('gone')
  under.resolve('first')
  expect([await first, await third, await fifth, served]).toEqual(['first', 'third', 'fifth', ['third', 'fifth']])
})
