// What lies in the streams of an engine that has stopped: the whole input, for an undisturbed engine to read, and what was announced.
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { streams } from '@groundswell/schemas/subjects.ts'
import { findNatsServer } from '../../src/io/nats/find-server.ts'
import { startNatsServer } from '../../src/io/nats/server.ts'
import type { StreamMessage } from '../../src/ports.ts'
import { dataOf } from '../running-engine.ts'

export interface History { readonly created: number; readonly messages: readonly StreamMessage[]; readonly announced: readonly Announced[] } // created: of the input, ms
export interface Announced { readonly subject: string; readonly id: string } // id: of the event that it holds

/** Throws where the input stream no longer begins with its first message: then nothing can be compared. */
export async function readHistory(folder: string): Promise<History> {
  const binary = await findNatsServer()
  if (binary === null) throw new Error('the chaos test needs nats-server in PATH')
  const server = await startNatsServer({ binary, storeDir: join(dataOf(folder), 'nats'), port: 0 })
  const nc = await connect({ servers: `127.0.0.1:${server.port}` })
  try {
    const jsm = await jetstreamManager(nc)
    const js = jetstream(nc)
    const { created, state } = await jsm.streams.info(streams.in.name)
    if (state.messages !== state.last_seq) throw new Error(`the input stream holds ${state.messages} of ${state.last_seq} messages: it was trimmed, and the history is not whole`)
    const messages: StreamMessage[] = []
    for await (const { seq, time, subject, data } of all(js, jsm, streams.in.name)) messages.push({ seq, time, subject, data: data.slice() })
    const announced: Announced[] = []
    for await (const { subject, data } of all(js, jsm, streams.out.name)) announced.push({ subject, id: (JSON.parse(new TextDecoder().decode(data)) as { id: string }).id })
    return { created: Date.parse(created), messages, announced }
  } finally {
    await nc.close()
    await server.stop()
  }
}

interface Kept { readonly seq: number; readonly time: number; readonly subject: string; readonly data: Uint8Array }

async function* all(js: ReturnType<typeof jetstream>, jsm: Awaited<ReturnType<typeof jetstreamManager>>, stream: string): AsyncGenerator<Kept> {
  const { state } = await jsm.streams.info(stream)
  if (state.messages === 0) return
  const messages = await (await js.consumers.get(stream)).consume({ max_messages: 4096 })
  for await (const message of messages) {
    const { seq, subject, data, info } = message
    yield { seq, subject, data, time: Math.floor(info.timestampNanos / 1_000_000) }
    if (seq >= state.last_seq) break
  }
  await messages.close()
}
