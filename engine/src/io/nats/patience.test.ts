// What is asked again, and what that must never do: with answers that a test tells, and with a real server whose answers are lost.
import { jetstreamManager } from '@nats-io/jetstream'
import type { JetStreamManager } from '@nats-io/jetstream'
import { expect, onTestFinished, test } from 'vitest'
import { StreamDown } from '../../stream-errors.ts'
import { openLink } from './link.ts'
import { patiently } from './patience.ts'
import { ensureStreams } from './stream-config.ts'
import { NatsStream } from './stream.ts'
import { startTestServer } from './test-server.ts'

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

/** A manager of a real server with both streams, and its own questions, which a test may lose the answers of. */
async function managed() {
  const server = await startTestServer()
  const link = await openLink({ url: server.url })
  const manager = await jetstreamManager(link.nc)
  const { created } = await ensureStreams(manager, { warn: () => undefined })
  onTestFinished(async () => { await link.close(); await server.stop() })
  const losing = (streams: Partial<JetStreamManager['streams']>): JetStreamManager =>
    ({ getAccountInfo: () => manager.getAccountInfo(), streams: { info: (name: string) => manager.streams.info(name), ...streams } }) as unknown as JetStreamManager
  return { link, manager, created, losing }
}

test('a purge that is asked again spares a stream that was made again meanwhile', async () => {
  const { link, manager, created, losing } = await managed()
  let purges = 0
  const purge: JetStreamManager['streams']['purge'] = async (name, what) => {
    if (purges++ > 0) return manager.streams.purge(name, what)
    await manager.streams.delete(name)
    await ensureStreams(manager, { warn: () => undefined })
    for (let i = 0; i < 3; i++) await link.nc.request('ticks', 'new')
    throw unanswered()
  }
  const stream = new NatsStream(link, losing({ purge }), { url: link.url, createdText: created })
  await stream.trim(2, 'all')
  expect(await stream.state()).toMatchObject({ firstSeq: 1, lastSeq: 3 })
  await stream.close()
})

test('a change of a stream that nobody answers is no refusal: it is asked again', async () => {
  const { manager, losing } = await managed()
  let updates = 0
  const update: JetStreamManager['streams']['update'] = async (name, config) => {
    if (updates++ === 0) throw unanswered()
    return manager.streams.update(name, config)
  }
  const info = await patiently(() => ensureStreams(losing({ update }), { maxBytes: 100 << 20, warn: () => undefined }), { times: 2, whom: 'JetStream' })
  expect([info.config.max_bytes, updates]).toEqual([100 << 20, 2])
})
