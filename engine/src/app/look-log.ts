// Writes looks at names into the store before the names are shown: those that come while an insert is under way go together with the next.
import { randomBytes } from 'node:crypto'
import { insertLooks, type LookRow } from '../io/clickhouse/access-log.ts'
import type { Store } from '../ports.ts'

export const lookLimits = { waitingMax: 500, insertMs: 5000 } as const

interface Waiting { readonly look: LookRow; readonly done: PromiseWithResolvers<void> }

export class LookLog {
  readonly #store: Pick<Store, 'insertRows'>
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(store: Pick<Store, 'insertRows'>) { this.#store = store }

  /** Resolves once the store has it. Rejects where it has not within a few seconds, or too many wait. */
  async log(look: LookRow): Promise<void> {
    if (this.#waiting.length >= lookLimits.waitingMax) throw new Error(`${lookLimits.waitingMax} looks wait for the store`)
    const done = Promise.withResolvers<void>()
    this.#waiting.push({ look, done })
    if (!this.#isWriting) void this.#write()
    return done.promise
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const now = this.#waiting
      this.#waiting = []
      try {
        await insertLooks(this.#store, `look:${randomBytes(12).toString('hex')}`, { looks: now.map(({ look }) => look), signal: AbortSignal.timeout(lookLimits.insertMs) })
        for (const { done } of now) done.resolve()
      } catch (error) {
        for (const { done } of now) done.reject(error)
      }
    }
    this.#isWriting = false
  }
}
