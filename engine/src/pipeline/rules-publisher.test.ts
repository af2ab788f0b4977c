import { expect, test } from 'vitest'
import { InProcessStream } from '../io/in-process/stream.ts'
import { StreamFull } from '../stream-errors.ts'
import { newestRules, RulesPublisher } from './rules-publisher.ts'

const stream = () => new InProcessStream({ now: () => 1_000 })
const encode = (text: string) => new TextEncoder().encode(text)

test('a stream that is full delays new rules, and the newest of them wins', async () => {
  const to = stream()
  let refusals = 2
  const failures: string[] = []
  const { promise: published, resolve } = Promise.withResolvers<void>()
  const publisher = new RulesPublisher({
    publish: async (subject, data) => {
      if (refusals-- > 0) throw new StreamFull('the stream is full')
      const answer = await to.publish(subject, data)
      resolve()
      return answer
    },
  }, (error) => {
    failures.push(error.message)
    publisher.put('topics: [] # newer')
  })
  publisher.put('topics: []')
  await published
  publisher.close()
  expect(failures).toEqual(['the stream is full', 'the stream is full'])
  expect(await newestRules(to)).toBe('topics: [] # newer')
})

test.each(['not json', '{"kind":"rules"}', '{"kind":"end"}', 'null'])('the command %s on commands.rules tells of no rules and stops no start', async (data) => {
  const to = stream()
  expect(await newestRules(to)).toBeNull()
  await to.publish('commands.rules', encode(data))
  expect(await newestRules(to)).toBeNull()
})
