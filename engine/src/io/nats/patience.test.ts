import { expect, test } from 'vitest'
import { StreamDown } from '../../stream-errors.ts'
import { patiently } from './patience.ts'

const unanswered = (): Error => Object.assign(new Error('timeout'), { name: 'TimeoutError' })

/** What is answered one after the other; and how often it was asked. */
function answers(...each: readonly (Error | string)[]) {
  const asked = { times: 0 }
  const ask = async (): Promise<string> => {
    const answer = each[asked.times++]!
    if (answer instanceof Error) throw answer
    return answer
  }
  return { asked, ask }
}

test('a question that nobody answers is asked again, and one that is answered is not', async () => {
  const { asked, ask } = answers(unanswered(), unanswered(), 'here', 'again')
  expect(await patiently(ask, { times: 3, whom: 'NATS' })).toBe('here')
  expect(asked.times).toBe(3)
})

test('after the last time it is said who does not answer', async () => {
  const { asked, ask } = answers(unanswered(), unanswered(), 'too late')
  const failed: unknown = await patiently(ask, { times: 2, whom: 'JetStream at nats://a:1' }).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(StreamDown)
  expect((failed as Error).message).toBe('JetStream at nats://a:1 does not answer, asked 2 times: look at its log and at how busy the machine is')
  expect(asked.times).toBe(2)
})

test('a no is an answer', async () => {
  const { asked, ask } = answers(new Error('no responders'), 'never')
  await expect(patiently(ask, { times: 5, whom: 'NATS' })).rejects.toThrow('no responders')
  expect(asked.times).toBe(1)
})
