// The load of a soak: a steady flow that swells and ebbs, mentions that come twice, lines that are none, walls that come and go, rules that
// change, questions to the API. All of it for as long as asked, in bounded memory of its own.
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientToServer, ServerToClient } from '@groundswell/schemas/live.ts'
import { createChance } from '@groundswell/engine/src/drill/chance.ts'
import { openLink } from '@groundswell/engine/src/io/nats/link.ts'
import { Publisher } from '@groundswell/engine/src/io/nats/publisher.ts'
import { io, type Socket } from 'socket.io-client'
import type { EngineUnderTest } from './engine-under-test.ts'
import { generateTraffic, renew, trafficShape, type PreparedMessage } from './generate.ts'

export interface LoadOptions { readonly engine: EngineUnderTest; readonly rate: number; readonly rules: string; readonly signal: AbortSignal }
export interface Sent { mentions: number; duplicates: number; deadLetters: number; rulesChanges: number; reconnects: number; questions: number }

const poolMessages = 1000
const turnMs = 25
const swellSeconds = 180 // of one swing
const repeatShare = 0.03 // of messages
const wallsMax = 3
const wallSeconds = 20
const rulesSeconds = 45
const askMs = 2000
const idRoundMax = 999_999

/** What soak rules look like: the topics of the benches, with thresholds that trip and clear as the flow swells and ebbs. */
export function soakRules(rate: number, variant: number): string {
  const { rules } = generateTraffic({ seed: 1, messages: 0, escaped: false })
  return `# variant ${variant}\n${rules.replaceAll('count: 100000, within: 10m', `count: ${Math.max(2, Math.round(rate * 2.5))}, within: 20s`).replaceAll('count: 2000000, within: 2h', `count: ${Math.max(3, Math.round(rate * 4) + variant)}, within: 90s`)}`
}

/** Until the signal; then waits for every acknowledgement. */
export async function runLoad(options: LoadOptions): Promise<Sent> {
  const sent: Sent = { mentions: 0, duplicates: 0, deadLetters: 0, rulesChanges: 0, reconnects: 0, questions: 0 }
  await Promise.all([publish(options, sent), walls(options, sent), changeRules(options, sent), ask(options, sent)])
  return sent
}

async function publish({ engine, rate, signal }: LoadOptions, sent: Sent): Promise<void> {
  const chance = createChance(7)
  const { messages } = generateTraffic({ seed: 1, messages: poolMessages, escaped: false })
  const link = await openLink({ url: engine.nats, name: 'soak publisher' })
  const publisher = new Publisher(link, { whenFull: 'wait' })
  const pending: (Promise<unknown> | undefined)[] = []
  const perMessage = trafficShape.mentionsPerMessage
  const began = performance.now()
  let due = 0
  let at = began
  let n = 0
  while (!signal.aborted) {
    const now = performance.now()
    due += (rate * (1 + 0.7 * Math.sin((2 * Math.PI * (now - began)) / (1000 * swellSeconds))) * (now - at)) / 1000
    at = now
    for (; due >= perMessage; due -= perMessage, n++) {
      const index = n % poolMessages
      await pending[index] // its bytes are still on their way
      const message = messages[index]!
      const repeats = n >= poolMessages && chance.unit() < repeatShare
      if (!repeats) renew(message, 1 + (Math.floor(n / poolMessages) % idRoundMax), Date.now())
      pending[index] = publisher.publish(message.subject, message.data)
      if (repeats) sent.duplicates += perMessage
      else sent.mentions += perMessage
      if (n % 50 === 0) await broken(publisher, message, sent)
    }
    await pause(turnMs)
  }
  await Promise.all(pending)
  publisher.close()
  await link.close()
}

async function broken(publisher: Publisher, { subject }: PreparedMessage, sent: Sent): Promise<void> {
  await publisher.publish(subject, Buffer.from('{"id":"broken'))
  sent.deadLetters++
}

/** Walls that stay for a while, and one after the other connect anew. */
async function walls({ engine, signal }: LoadOptions, sent: Sent): Promise<void> {
  const open = (): Socket<ServerToClient, ClientToServer> => io(engine.http, { transports: ['websocket'], forceNew: true })
  const connected = Array.from({ length: wallsMax }, open)
  for (let n = 0; !signal.aborted; n++) {
    await until(wallSeconds * 1000, signal)
    connected[n % wallsMax]!.close()
    connected[n % wallsMax] = open()
    sent.reconnects++
  }
  for (const wall of connected) wall.close()
}

async function changeRules({ engine, rate, signal }: LoadOptions, sent: Sent): Promise<void> {
  while (!signal.aborted) {
    await until(rulesSeconds * 1000, signal)
    if (signal.aborted) return
    await writeFile(join(dirname(engine.data), 'rules.yml'), soakRules(rate, ++sent.rulesChanges % 2))
  }
}

async function ask({ engine, signal }: LoadOptions, sent: Sent): Promise<void> {
  const paths = ['/api/topics', '/api/stats', '/api/spikes?limit=20', '/api/health', '/api/topics/topic-01/series?window=1m', '/']
  while (!signal.aborted) {
    await until(askMs, signal)
    const answer = await fetch(engine.http + paths[sent.questions++ % paths.length]!)
    await answer.arrayBuffer()
  }
}

const until = (ms: number, signal: AbortSignal): Promise<unknown> => pause(ms, undefined, { signal }).catch(() => undefined)
