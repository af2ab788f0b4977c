// Sends traffic to whichever engine lives, over NATS and some of it over HTTP; notes every id that was acknowledged, and sends again,
// under the same ids, whatever was not. Knows nothing of what is being killed.
import { setTimeout as pause } from 'node:timers/promises'
import { jetstream, type JetStreamClient } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { connect } from '@nats-io/transport-node'
import { createChance, type Chance } from '../../src/drill/chance.ts'
import { Traffic, type Message } from './traffic.ts'

export interface ChaosPublisherOptions { readonly seed: number; readonly natsPort: number; readonly http: () => string | null } // null: no engine answers now

const turnMs = 50
const ackMs = 2000
const againMs = 200
const httpShare = 0.05

export class ChaosPublisher {
  readonly acknowledged = new Set<string>()
  readonly sent = new Set<string>()
  readonly #options: ChaosPublisherOptions
  readonly #chance: Chance
  readonly #waiting = new Set<Promise<void>>()
  readonly #connection: NatsConnection
  readonly #js: JetStreamClient
  #running: Promise<void> | null = null
  #stopped = false
  #acks = 0
  #again = 0
  #lastSeq = 0

  private constructor(options: ChaosPublisherOptions, connection: NatsConnection) {
    this.#options = options
    this.#chance = createChance(options.seed ^ 0x5bd1)
    this.#connection = connection
    this.#js = jetstream(connection, { timeout: ackMs })
  }

  static async open(options: ChaosPublisherOptions): Promise<ChaosPublisher> {
    return new ChaosPublisher(options, await connect({ servers: `127.0.0.1:${options.natsPort}`, reconnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 100, waitOnFirstConnect: true }))
  }

  /** Messages acknowledged so far, and how many times one was sent again. */
  get acks(): number { return this.#acks }
  get again(): number { return this.#again }
  /** The newest sequence that an acknowledgement named. */
  get lastSeq(): number { return this.#lastSeq }

  start(): void { this.#running ??= this.#run() }

  /** Stops making mentions and resolves when every one is acknowledged. */
  async drain(): Promise<void> {
    this.#stopped = true
    await this.#running
    await Promise.all(this.#waiting)
  }

  close(): Promise<void> { return this.#connection.close() }

  async #run(): Promise<void> {
    const traffic = new Traffic(this.#options.seed, Date.now())
    while (!this.#stopped) {
      for (const message of traffic.due(Date.now())) {
        for (const id of message.ids) this.sent.add(id)
        const done = this.#send(message, this.#chance.unit() < httpShare)
        this.#waiting.add(done)
        void done.finally(() => this.#waiting.delete(done))
      }
      await pause(turnMs)
    }
  }

  async #send(message: Message, overHttp: boolean): Promise<void> {
    const named = this.#chance.unit() < 0.5 // half of them are recognised by the stream itself when sent again, half by the engine
    const msgID = named ? `chaos-${this.#options.seed}-${message.ids[0] ?? 'none'}-${this.#chance.below(2 ** 30)}` : undefined
    for (let tries = 0; ; tries++) {
      if (tries > 0) this.#again++
      const seq = overHttp ? await this.#post(message) : await this.#publish(message, msgID)
      if (seq !== null) {
        this.#acks++
        this.#lastSeq = Math.max(this.#lastSeq, seq)
        for (const id of message.ids) this.acknowledged.add(id)
        return
      }
      await pause(againMs)
    }
  }

  async #publish({ subject, text }: Message, msgID: string | undefined): Promise<number | null> {
    try {
      return (await this.#js.publish(subject, text, msgID === undefined ? {} : { msgID })).seq
    } catch {
      return null // not acknowledged: whatever the reason, it is sent again
    }
  }

  async #post({ subject, text }: Message): Promise<number | null> {
    const url = this.#options.http()
    if (url === null) return null
    try {
      const answer = await fetch(`${url}/api/mentions?platform=${subject.slice('mentions.'.length)}`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: text, signal: AbortSignal.timeout(2 * ackMs) })
      if (answer.status !== 202) return null
      const { seqs } = await answer.json() as { readonly seqs: readonly number[] }
      return Math.max(...seqs)
    } catch {
      return null
    }
  }
}
