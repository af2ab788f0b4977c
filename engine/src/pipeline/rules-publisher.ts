// Puts the rules file on the stream as a command, and goes on trying until it is in: a stream that is full or away delays new rules, nothing else.
import { setTimeout as sleep } from 'node:timers/promises'
import { commandSchema } from '@groundswell/schemas/command.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { InputStream } from '../ports.ts'

const firstWaitMs = 500
const longestWaitMs = 10_000

export class RulesPublisher {
  readonly #stream: Pick<InputStream, 'publish'>
  readonly #onFailed: (error: Error) => void
  readonly #closed = new AbortController()
  #next: string | null = null
  #busy = false

  constructor(stream: Pick<InputStream, 'publish'>, onFailed: (error: Error) => void) {
    this.#stream = stream
    this.#onFailed = onFailed
  }

  /** The newest text wins over one that is still waiting. */
  put(text: string): void {
    this.#next = text
    if (!this.#busy) void this.#run()
  }

  close(): void { this.#closed.abort() }

  async #run(): Promise<void> {
    this.#busy = true
    for (let waitMs = firstWaitMs; this.#next !== null && !this.#closed.signal.aborted;) {
      const text = this.#next
      try {
        await this.#stream.publish(subjects.command('rules'), new TextEncoder().encode(JSON.stringify({ kind: 'rules', text })))
        if (this.#next === text) this.#next = null
        waitMs = firstWaitMs
      } catch (error) {
        this.#onFailed(error as Error)
        await sleep(waitMs, undefined, { signal: this.#closed.signal }).catch(() => undefined)
        waitMs = Math.min(2 * waitMs, longestWaitMs)
      }
    }
    this.#busy = false
  }
}

/** The text of the newest rules command on the stream, applied already or not; null where there is none, or none that can be read. */
export async function newestRules(stream: Pick<InputStream, 'last'>): Promise<string | null> {
  const message = await stream.last(subjects.command('rules'))
  if (!message) return null
  try {
    const command = commandSchema.safeParse(JSON.parse(new TextDecoder().decode(message.data)))
    return command.success && command.data.kind === 'rules' ? command.data.text : null
  } catch (error) {
    if (error instanceof SyntaxError) return null // the loop leaves it out too, and says so
    throw error
  }
}
