// A read that is wanted while somebody waits for it: it has a name in its text, by which the store is told to end it when he has gone. A closed
// connection alone ends nothing: ClickHouse, and the embedded one, work on for whoever may still read.
import { randomUUID } from 'node:crypto'

export interface Kill { readonly sql: string; readonly params: Readonly<Record<string, unknown>> }

export class WantedRead {
  readonly sql: string
  readonly signal: AbortSignal | undefined
  readonly #gone: () => void

  /** Without a signal it is wanted to its end. `kill` is called once, if at all; not for one who had gone before. */
  constructor(sql: string, signal: AbortSignal | undefined, kill: (kill: Kill) => void) {
    const name = `/* wanted ${randomUUID()} */`
    this.sql = signal === undefined ? sql : `${name} ${sql}`
    this.signal = signal
    this.#gone = () => { kill({ sql: 'KILL QUERY WHERE startsWith(query, {name:String}) ASYNC', params: { name } }) }
    signal?.addEventListener('abort', this.#gone, { once: true })
  }

  /** It is answered or has failed. */
  end(): void { this.signal?.removeEventListener('abort', this.#gone) }
}
