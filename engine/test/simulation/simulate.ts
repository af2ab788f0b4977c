// `npm run simulate -- --seeds 5000 [--from N]`: many seeds on all cores, and a table of what was done to them. `-- --seed S --trace`: one
// seed, step by step.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { runSeed, type SeedResult } from './run-seed.ts'
import type { SeedSpan } from './seed-worker.ts'

const usage = `Runs the engine's loop and core in a simulated world, where NATS, the store, the disk, the workers and the clock are told by a seed.

  npm run simulate -- --seeds 5000 [--from 1] [--all]   that many seeds; ends with the first one that fails, without --all
  npm run simulate -- --seed S [--trace]                one seed, with every step where --trace is given
`
const spanSeeds = 20

interface Asked { readonly from: number; readonly end: number; readonly stops: boolean; readonly onResult: (result: SeedResult) => void }

async function main(args: readonly string[]): Promise<number> {
  const options = { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' }, all: { type: 'boolean' }, trace: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values']
  try {
    ({ values } = parseArgs({ args: [...args], options }))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`)
    return 2
  }
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const from = whole(values.seed ?? values.from ?? '1')
  const count = values.seed === undefined ? whole(values.seeds ?? '1000') : 1
  if (from === null || count === null) {
    process.stderr.write(`A seed is a whole number.\n\n${usage}`)
    return 2
  }
  const began = performance.now()
  const injected = new Map<string, number>()
  const failed: SeedResult[] = []
  let steps = 0
  let ran = 0
  const onResult = (result: SeedResult): void => {
    steps += result.steps
    for (const [what, times] of result.injected) injected.set(what, (injected.get(what) ?? 0) + times)
    if (result.failure !== null) {
      failed.push(result)
      process.stderr.write(`seed ${result.seed} failed …\n`) // a run that is broken off has told it
    }
    if (++ran % 1000 === 0) process.stderr.write(`${ran} seeds, ${failed.length} of them failed …\n`)
  }
  if (values.seed === undefined) await onAllCores({ from, end: from + count, stops: values.all !== true, onResult })
  else onResult(await runSeed(from, values.trace ? { trace: (line) => { process.stdout.write(`${line}\n`) } } : {}))
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(`${table(injected)}\n${ran} seeds, ${steps} steps in ${seconds.toFixed(1)} s (${(ran / seconds).toFixed(0)} seeds/s)${failed.length === 0 ? ': each ended as if nothing had happened' : ''}\n`)
  for (const { seed, failure } of failed.toSorted((a, b) => a.seed - b.seed)) {
    process.stdout.write(`\nseed ${seed} fails: ${failure}\nAgain, step by step: npm run simulate -- --seed ${seed} --trace\n`)
  }
  return failed.length === 0 ? 0 : 1
}

/** Spans are handed out in their order, so that what was handed out before a failure still tells of a smaller seed that fails. */
async function onAllCores({ from, end, stops, onResult }: Asked): Promise<void> {
  let next = from
  const onOne = async (): Promise<void> => {
    const worker = new Worker(new URL('seed-worker.ts', import.meta.url))
    try {
      while (next < end) {
        const span: SeedSpan = { from: next, end: Math.min(end, next + spanSeeds), stops }
        next = span.end
        for (const result of await answer(worker, span)) {
          onResult(result)
          if (stops && result.failure !== null) next = end
        }
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), Math.ceil((end - from) / spanSeeds)) }, onOne))
}

function answer(worker: Worker, span: SeedSpan): Promise<readonly SeedResult[]> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(error as Error)
    worker.once('error', fail)
    worker.once('message', (results: readonly SeedResult[]) => {
      worker.off('error', fail)
      resolve(results)
    })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    worker.postMessage(span)
  })
}

function whole(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

function table(injected: ReadonlyMap<string, number>): string {
  return [...injected].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, times]) => `${String(times).padStart(10)}  ${what}\n`).join('')
}

process.exitCode = await main(process.argv.slice(2))
