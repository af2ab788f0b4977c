// A thread for one backtest, from its first line to its result. To abort it ends the thread, wherever it is.
import { Worker } from 'node:worker_threads'
import type { BacktestResult, TopicBacktestOptions } from '../../topic-backtest.ts'

/** `before`: all that was said before this second has come with these lines. */
export interface LinesBefore { readonly lines: Uint8Array; readonly before: number } // lines: own their buffer, which goes along
export type BacktestSaid = { readonly kind: 'lines' } & LinesBefore | { readonly kind: 'end' }
export type BacktestReply = { readonly kind: 'took'; readonly looked: number } | { readonly kind: 'result'; readonly result: Omit<BacktestResult, 'cutTo'> }

export type BacktestProgress = { readonly done: false; readonly looked: number } | { readonly done: true; readonly result: Omit<BacktestResult, 'cutTo'> }

const heapMb = 2048

/** Throws what the thread threw, or the signal's reason. */
export async function* backtestInThread(options: TopicBacktestOptions, lines: AsyncIterable<LinesBefore>, signal: AbortSignal): AsyncGenerator<BacktestProgress> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('../../backtest-worker.ts', import.meta.url), { workerData: options, resourceLimits: { maxOldGenerationSizeMb: heapMb } })
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined) // met by who waits
  worker.on('error', failed.reject)
  worker.on('exit', (code) => failed.reject(new Error(`the thread of a backtest ended with ${code}`)))
  const abort = (): void => failed.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const ask = (said: BacktestSaid): Promise<BacktestReply> => {
    const { promise, resolve } = Promise.withResolvers<BacktestReply>()
    worker.once('message', resolve)
    worker.postMessage(said, said.kind === 'lines' ? [said.lines.buffer as ArrayBuffer] : [])
    return Promise.race([promise, failed.promise])
  }
  try {
    for await (const { lines: chunk, before } of lines) {
      signal.throwIfAborted()
      const reply = await ask({ kind: 'lines', lines: chunk, before })
      if (reply.kind === 'took') yield { done: false, looked: reply.looked }
    }
    const reply = await ask({ kind: 'end' })
    if (reply.kind === 'result') yield { done: true, result: reply.result }
  } finally {
    signal.removeEventListener('abort', abort)
    await worker.terminate()
  }
}
