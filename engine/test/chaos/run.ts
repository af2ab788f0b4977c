// `npm run chaos -- --rounds 50 --seed S [--seconds-per-round N] [--only engine,nats] [--save]`: prints a table of what was done and of what
// the oracle found; ends with 1 on any difference, with the seed and the data folder kept.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { tempFolder } from '../processes.ts'
import { factsOf } from '../result-facts.ts'
import { runChaos, type ChaosResult, type Round } from './chaos.ts'
import { harms, type Harm } from './patient.ts'

const usage = `npm run chaos -- [--rounds N] [--seed S] [--seconds-per-round N] [--only ${harms.join(',')}] [--save]
  --rounds             how many times something is killed; 50
  --seed               a number; another one each time where absent
  --seconds-per-round  at most between a recovery and the next harm; 8
  --only               these harms alone, separated by commas
  --save               keeps the result in bench/results`

async function main(): Promise<number> {
  const asked = read()
  if (typeof asked === 'number') return asked
  const { folder, remove } = await tempFolder('chaos')
  console.log(`seed ${asked.seed}, in ${folder}`)
  let result: ChaosResult
  try {
    result = await runChaos({ ...asked, folder, log: (line) => { console.log(line) } })
  } catch (error) {
    console.error(`\n${(error as Error).stack}`)
    console.log(`\nFAIL: it did not come to its end; seed ${asked.seed}, everything it left is in ${folder}`)
    return 1
  }
  const kinds = byKind(result.rounds)
  table(result, kinds)
  const wrong = result.checks.filter((check) => check.wrong.length > 0)
  if (asked.save) console.log(`\nsaved: ${save(asked, result, kinds)}`)
  if (wrong.length === 0) await remove()
  console.log(wrong.length === 0 ? `\nPASS: all ${result.checks.length} checks are the same as of a run without harm; seed ${asked.seed}`
    : `\nFAIL: ${wrong.length} of ${result.checks.length} checks differ; seed ${asked.seed}, everything is in ${folder}`)
  return wrong.length === 0 ? 0 : 1
}

interface Asked { readonly rounds: number; readonly seed: number; readonly secondsPerRound: number; readonly harms: readonly Harm[]; readonly save: boolean }

/** A number is what the command ends with: 0 after help, 2 after wrong usage. */
function read(): Asked | number {
  try {
    const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string' }, 'seconds-per-round': { type: 'string', default: '8' }, only: { type: 'string', default: harms.join(',') }, save: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } })
    if (values.help) { console.log(usage); return 0 }
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 30)), rounds = Number(values.rounds), secondsPerRound = Number(values['seconds-per-round'])
    const chosen = values.only.split(',')
    if (!Number.isInteger(seed) || !Number.isInteger(rounds) || rounds < 1 || !(secondsPerRound >= 0) || !chosen.every((name) => (harms as readonly string[]).includes(name))) throw new Error('numbers are whole and positive, --only names harms')
    return { seed, rounds, secondsPerRound, harms: chosen as Harm[], save: values.save }
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 2
  }
}

interface Kind { readonly kind: string; readonly times: number; readonly medianSeconds: number; readonly maxSeconds: number }

function byKind(rounds: readonly Round[]): Kind[] {
  const groups = Map.groupBy(rounds, (round) => (round.harms.length > 1 ? 'two at once' : round.harms[0]!))
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, all]) => {
    const seconds = all.map(({ recoverySeconds }) => recoverySeconds).sort((a, b) => a - b)
    return { kind, times: all.length, medianSeconds: round1(seconds[Math.floor(seconds.length / 2)]!), maxSeconds: round1(seconds.at(-1)!) }
  })
}

const round1 = (value: number): number => Math.round(10 * value) / 10

function table({ checks, complaints, published }: ChaosResult, kinds: readonly Kind[]): void {
  console.log(`\n${'harm'.padEnd(14)}${'times'.padStart(7)}${'median s'.padStart(10)}${'max s'.padStart(8)}`)
  for (const { kind, times, medianSeconds, maxSeconds } of kinds) console.log(`${kind.padEnd(14)}${String(times).padStart(7)}${medianSeconds.toFixed(1).padStart(10)}${maxSeconds.toFixed(1).padStart(8)}`)
  console.log(`\n${published.ids} ids acknowledged in ${published.messages} messages within ${published.seconds.toFixed(0)} s, ${published.again} sent again`)
  console.log(`\n${'oracle'.padEnd(36)}${'expected'.padStart(10)}${'found'.padStart(10)}  result`)
  for (const { what, expected, found, wrong } of checks) {
    console.log(`${what.padEnd(36)}${String(expected).padStart(10)}${String(found).padStart(10)}  ${wrong.length === 0 ? 'same' : 'DIFFERS'}`)
    for (const line of wrong) console.log(`    ${line}`)
  }
  if (complaints.length > 0) console.log(`\nNobody asked for, and started again:\n  ${complaints.join('\n  ')}`)
}

function save(asked: Asked, { rounds, checks, complaints, published }: ChaosResult, kinds: readonly Kind[]): string {
  const folder = fileURLToPath(new URL('../../../bench/results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const facts = factsOf('chaos', { rounds: asked.rounds, seed: asked.seed, secondsPerRound: asked.secondsPerRound, harms: asked.harms })
  const path = `${folder}chaos-${facts.at.slice(0, 10)}.json`
  writeFileSync(path, `${JSON.stringify({ ...facts, measured: { published, kinds, checks, endsNobodyAskedFor: complaints.length, rounds } }, null, 2)}\n`)
  return path
}

process.exitCode = await main()
