// `npm run fuzz -- --inputs 1000000 [--seed S] [--only decode|query|rules|checkpoint|cascade] [--path P] [--save]`: every target in a process of its
// own, two at a time; a table at the end, and for each failure the one command that shows it again.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { factsOf } from '../result-facts.ts'
import { targets } from './targets.ts'
import { fuzz, type Failure, type Fuzzed } from './watch-child.ts'

const usage = `npm run fuzz -- [--inputs N] [--seed S] [--only ${targets.map(({ name }) => name).join('|')}] [--path P] [--save]
  --inputs   how many in all; 1,000,000
  --seed     a number; another one each time where absent
  --only     one target
  --path     one input of the seed, as a failure names it
  --save     keeps the result in bench/results`

async function main(): Promise<number> {
  const asked = read()
  if (typeof asked === 'number') return asked
  const { seed, inputs, only, path } = asked
  const chosen = targets.filter(({ name }) => only === undefined || name === only)
  const shares = chosen.reduce((sum, { share }) => sum + share, 0)
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-fuzz-'))
  const fuzzed: Fuzzed[] = []
  try {
    const waiting = chosen.map(({ name, share }) => ({ name, seed, path, inputs: path === undefined ? Math.ceil((inputs * share) / shares) : 1, noteFile: join(folder, name) }))
    const work = async (): Promise<void> => {
      for (let order = waiting.shift(); order; order = waiting.shift()) {
        const done = await fuzz(order)
        fuzzed.push(done)
        console.log(`${done.name}: ${done.inputs} inputs in ${done.seconds.toFixed(0)} s, ${done.failure?.kind ?? 'good'}`)
      }
    }
    await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  fuzzed.sort((a, b) => chosen.findIndex(({ name }) => name === a.name) - chosen.findIndex(({ name }) => name === b.name))
  console.log('')
  table(fuzzed)
  if (asked.save) console.log(`\nsaved: ${save(asked, fuzzed)}`)
  return fuzzed.some(({ failure }) => failure !== null) ? 1 : 0
}

interface Asked { readonly seed: number; readonly inputs: number; readonly only: string | undefined; readonly path: string | undefined; readonly save: boolean }

/** A number is what the command ends with: 0 after help, 2 after wrong usage. */
function read(): Asked | number {
  try {
    const { values } = parseArgs({ options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string' }, only: { type: 'string' }, path: { type: 'string' }, save: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } })
    if (values.help) { console.log(usage); return 0 }
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 30)), inputs = Number(values.inputs)
    if (!Number.isInteger(seed) || !(inputs >= 1) || (values.only !== undefined && !targets.some(({ name }) => name === values.only))) throw new Error(`--seed and --inputs are whole numbers, --only is one of ${targets.map(({ name }) => name).join(', ')}`)
    return { seed, inputs, only: values.only, path: values.path, save: values.save }
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 2
  }
}

function table(fuzzed: readonly Fuzzed[]): void {
  console.log(`${'target'.padEnd(12)}${'inputs'.padStart(10)}${'seconds'.padStart(10)}${'a second'.padStart(10)}${'MiB at most'.padStart(13)}  result`)
  for (const { name, inputs, seconds, rssMaxMiB, failure } of fuzzed) {
    console.log(`${name.padEnd(12)}${String(inputs).padStart(10)}${seconds.toFixed(1).padStart(10)}${String(Math.round(inputs / seconds)).padStart(10)}${String(rssMaxMiB).padStart(13)}  ${failure?.kind ?? 'good'}`)
  }
  for (const { name, failure } of fuzzed) if (failure) console.log(`\n${name}: ${failure.kind}\n  again:  ${again(name, failure)}\n  input:  ${failure.input}\n  ${failure.message.replaceAll('\n', '\n  ')}`)
}

const again = (name: string, { seed, path }: Failure): string => `npm run fuzz -- --only ${name} --seed ${seed} --path ${path}`

function save(asked: Asked, fuzzed: readonly Fuzzed[]): string {
  const folder = fileURLToPath(new URL('../../../bench/results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const facts = factsOf('fuzz', { inputs: asked.inputs, seed: asked.seed, only: asked.only ?? 'all' })
  const path = `${folder}fuzz-${facts.at.slice(0, 10)}.json`
  writeFileSync(path, `${JSON.stringify({ ...facts, measured: { inputs: fuzzed.reduce((sum, { inputs }) => sum + inputs, 0), failures: fuzzed.filter(({ failure }) => failure).length, targets: fuzzed } }, null, 2)}\n`)
  return path
}

process.exitCode = await main()
