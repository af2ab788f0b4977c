// What is asked of the store at this moment: each with a deadline, each given up when the caller aborts it or the store is closed.
import { StoreDown, toStoreError } from './store-errors.ts'

export interface Asked { readonly ms: number; readonly doing: string; readonly outer?: AbortSignal | undefined }

export class Underway {
  readonly #closers = new Set<(reason: StoreDown) => void>()
  #closed = false

  /** Runs within `ms`, the wait for a connection included. Throws StoreDown where that does not do, or what the store says. */
  async within<T>({ ms, doing, outer }: Asked, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController()
    const given = Promise.withResolvers<never>()
    own.signal.addEventListener('abort', () => { given.reject(own.signal.reason) })
    const giveUp = (): void => { own.abort(new StoreDown(`${doing}: given up`)) }
    const timer = setTimeout(() => { own.abort(new StoreDown(`${doing}: ClickHouse has not answered within ${ms / 1000} s`)) }, ms)
    const forget = this.atClose(giveUp)
    outer?.addEventListener('abort', giveUp)
    try {
      if (this.#closed || outer?.aborted) throw new StoreDown(`${doing}: given up`)
      return await Promise.race([run(own.signal), given.promise])
    } catch (error) {
      throw toStoreError(own.signal.aborted ? own.signal.reason : error, doing)
    } finally {
      clearTimeout(timer)
      forget()
      outer?.removeEventListener('abort', giveUp)
    }
  }

  /** Calls `stop` when the store is closed, unless the answer is called before. */
  atClose(stop: (reason: StoreDown) => void): () => void {
    this.#closers.add(stop)
    return () => { this.#closers.delete(stop) }
  }

  close(): void {
    this.#closed = true
    for (const stop of this.#closers) stop(new StoreDown('the store is closed'))
  }
}
