// A thread that runs the seeds it is sent, span by span.
import { parentPort } from 'node:worker_threads'
import { runSeed, type SeedResult } from './run-seed.ts'

/** From `from` to before `end`; it ends at a failure where `stops`. */
export interface SeedSpan { readonly from: number; readonly end: number; readonly stops: boolean }

parentPort!.on('message', (span: SeedSpan) => void run(span))

async function run({ from, end, stops }: SeedSpan): Promise<void> {
  const results: SeedResult[] = []
  for (let seed = from; seed < end; seed++) {
    const result = await runSeed(seed)
    results.push(result)
    if (stops && result.failure !== null) break
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort!.postMessage(results)
}
