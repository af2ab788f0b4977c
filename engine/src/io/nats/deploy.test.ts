// The users of deploy/nats.conf on a real server: who hands mentions in can do just that.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '@nats-io/transport-node'
import type { NatsConnection } from '@nats-io/nats-core'
import { Publisher } from './publisher.ts'
import { startTestServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'
import { openNatsStream } from './stream.ts'
import type { NatsStream } from './stream.ts'

const conf = readFileSync(new URL('../../../../deploy/nats.conf', import.meta.url), 'utf8')
const authorization = /^authorization \{.*?^\}/ms.exec(conf)![0]
const bytes = (text: string) => new TextEncoder().encode(text)
let server: TestServer
let engine: NatsStream
let publisher: NatsConnection
const urlOf = (login: string) => server.url.replace('//', `//${login}@`)

beforeAll(async () => {
  const passwords = authorization.replace('$NATS_ENGINE_PASSWORD', 'tengine').replace('$NATS_PUBLISHER_PASSWORD', 'tpublisher')
  server = await startTestServer(passwords, { user: 'engine', pass: 'tengine' })
  engine = await openNatsStream({ url: urlOf('engine:tengine') })
  engine.answerStatus(() => ({ clock: 1, stream: engine.created, position: 2 }))
  await engine.link.nc.flush() // the server knows by now who answers
  publisher = await connect({ servers: server.url, user: 'publisher', pass: 'tpublisher' })
})
afterAll(async () => {
  await publisher?.close()
  await engine?.close()
  await server?.stop()
})

test('the engine may do everything', async () => {
  await engine.publish('commands.rules', bytes('{}'))
  await engine.announce('alerts.severe', bytes('{}'), 'a')
  expect((await engine.state()).lastSeq).toBeGreaterThan(0)
})

test('a publisher hands mentions in as `groundswell publish` does, and asks where the engine is', async () => {
  const stream = await openNatsStream({ url: urlOf('publisher:tpublisher') })
  const sink = new Publisher(stream.link, { whenFull: 'wait' })
  const { seq } = await sink.publish('mentions.weibo', bytes('{}'))
  expect((await sink.publish('commands.end', bytes('{}'))).seq).toBe(seq + 1)
  expect((await publisher.request('groundswell.status', '', { timeout: 60_000 })).json()).toEqual({ clock: 1, stream: engine.created, position: 2 })
  sink.close()
  await stream.close()
})

test.each(['commands.forget', 'commands.rules', 'ticks', 'spikes.a', 'alerts.severe', '$JS.API.STREAM.PURGE.GROUNDSWELL', '$JS.API.STREAM.DELETE.GROUNDSWELL', '$JS.API.STREAM.MSG.GET.GROUNDSWELL', '$JS.API.CONSUMER.CREATE.GROUNDSWELL'])('a publisher may not ask for %s', async (subject) => {
  const before = await engine.state()
  await expect(publisher.request(subject, '{"last_by_subj":"mentions.weibo"}', { timeout: 60_000 })).rejects.toThrow(/permission|violation/i)
  expect((await engine.state()).lastSeq).toBe(before.lastSeq)
})

test.each(['mentions.>', '>', 'spikes.>'])('a publisher may not listen to %s', async (subject) => {
  const listening = publisher.subscribe(subject)
  await expect((async () => { for await (const _ of listening) throw new Error('it heard something') })()).rejects.toThrow(/permission|violation/i)
})

test('nobody comes without a password', async () => {
  await expect(connect({ servers: server.url })).rejects.toThrow(/authori/i)
  await expect(connect({ servers: server.url, user: 'publisher', pass: 'tengine' })).rejects.toThrow(/authori/i)
})
