// `npm run simulate -- --seeds 5000 [--from N]`: many seeds, and a table of what was done to them. `-- --seed S --trace`: one seed, step by step.
import { parseArgs } from 'node:util'
import { runSeed } from './run-seed.ts'

const usage = `Runs the engine's loop and core in a simulated world, where NATS, the store, the disk, the workers and the clock are told by a seed.

  npm run simulate -- --seeds 5000 [--from 1]   that many seeds; ends with the first one that fails
  npm run simulate -- --seed S [--trace]        one seed, with every step where --trace is given
`

async function main(args: readonly string[]): Promise<number> {
  const options = { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' }, trace: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  const { values } = parseArgs({ args: [...args], options })
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
  let steps = 0
  for (let seed = from; seed < from + count; seed++) {
    const result = await runSeed(seed, values.trace ? { trace: (line) => { process.stdout.write(`${line}\n`) } } : {})
    steps += result.steps
    for (const [what, times] of result.injected) injected.set(what, (injected.get(what) ?? 0) + times)
    if (result.failure === null) {
      if ((seed - from + 1) % 1000 === 0) process.stderr.write(`${seed - from + 1} seeds …\n`)
      continue
    }
    process.stdout.write(`${table(injected)}\nseed ${seed} fails: ${result.failure}\n\nAgain, step by step: npm run simulate -- --seed ${seed} --trace\n`)
    return 1
  }
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(`${table(injected)}\n${count} seeds, ${steps} steps in ${seconds.toFixed(1)} s (${(count / seconds).toFixed(0)} seeds/s): each ended as if nothing had happened\n`)
  return 0
}

function whole(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

function table(injected: ReadonlyMap<string, number>): string {
  return [...injected].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, times]) => `${String(times).padStart(10)}  ${what}\n`).join('')
}

process.exitCode = await main(process.argv.slice(2))
