// `npm run soak -- --minutes N [--rate R] [--save]`: the engine under steady load for N minutes, and whether any process of it grows.
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { startEngine, type EngineUnderTest } from './engine-under-test.ts'
import { conclusionOf, growthOf, growthRule, type Judged, type Sample } from './growth.ts'
import { resultOf, saveResult } from './results.ts'
import { runLoad, soakRules, type Sent } from './soak-load.ts'
import { parts, sample, type Figures } from './soak-sample.ts'

const usage = `npm run soak -- --minutes N [--rate R] [--save]
  --minutes  how long, warm-up included: a third of it, at most 20 minutes; 60. Below 20 minutes behind the warm-up no growth is judged
  --rate     mentions a second on average; 1,000
  --save     keeps the result in bench/results`
const MiB = 1024 ** 2
/** What is no growth in an hour: of memory 2 % and at least 8 MiB, of files, threads and handles one. */
const allowed = { memoryShare: 0.02, memoryBytes: 8 * MiB, things: 1 } as const
const sampleMs = 5000
const warmUpMinutesMax = 20
const drainMs = 60_000
const env = { GROUNDSWELL_SEEN_MAX: '100000', GROUNDSWELL_CHECKPOINT_EVERY: '5s', GROUNDSWELL_CANARY_EVERY: '10s', GROUNDSWELL_COOLDOWN: '30s', GROUNDSWELL_STREAM_MAX_BYTES: '256MiB' }

interface Taken { readonly seconds: number; readonly figures: Figures }
interface Soaked { readonly taken: readonly Taken[]; readonly sent: Sent; readonly allIn: boolean }

async function main(): Promise<number> {
  let minutes: number, rate: number, save: boolean
  try {
    const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '1000' }, save: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } })
    ;[minutes, rate, save] = [Number(values.minutes), Number(values.rate), values.save]
    if (values.help) { console.log(usage); return 0 }
    if (!(minutes > 0) || !(rate > 0)) throw new Error('--minutes and --rate are positive numbers')
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 2
  }
  const warmUp = Math.min(warmUpMinutesMax, minutes / 3)
  if (60 * (minutes - warmUp) < growthRule.secondsMin) console.log(`${minutes} minutes are too short: below ${growthRule.secondsMin / 60} minutes behind the warm-up (--minutes 30) growth is not judged, only whether each line is processed once`)
  const engine = await startEngine({ rules: soakRules(rate, 0), env })
  try {
    const soaked = await soak(engine, minutes, rate)
    const judged = judge(soaked.taken.filter(({ seconds }) => seconds >= 60 * warmUp))
    table(judged, soaked)
    const result = resultOf('soak', { minutes, rate, warmUpMinutes: warmUp, sampleSeconds: sampleMs / 1000, ...growthRule, allowedPerHour: allowed, ...env }, {
      sent: soaked.sent, everyOneProcessed: soaked.allIn, verdicts: Object.fromEntries(Object.entries(judged).map(([name, { verdict }]) => [name, verdict])), growth: judged, first: soaked.taken[0]?.figures, last: soaked.taken.at(-1)?.figures,
    })
    if (save) console.log(`saved: ${saveResult(result)}`)
    const { passed, line } = conclusionOf(judged, soaked.allIn)
    console.log(`\n${line}`)
    return passed ? 0 : 1
  } finally {
    await engine.stop()
    await engine.remove()
  }
}

async function soak(engine: EngineUnderTest, minutes: number, rate: number): Promise<Soaked> {
  const ending = new AbortController()
  const load = runLoad({ engine, rate, rules: soakRules(rate, 0), signal: ending.signal })
  load.catch(() => ending.abort()) // met below
  const taken: Taken[] = []
  const began = performance.now()
  for (let seconds = 0; seconds < 60 * minutes && !ending.signal.aborted; seconds = (performance.now() - began) / 1000) {
    taken.push({ seconds, figures: await sample(engine) })
    if (taken.length % 12 === 1) console.log(progress(taken.at(-1)!))
    await pause(sampleMs, undefined, { signal: ending.signal }).catch(() => undefined)
  }
  ending.abort()
  const sent = await load.catch((error: unknown) => { throw new Error(`${(error as Error).message}; the engine's last words:\n${engine.lastWords()}`, { cause: error }) })
  return { taken, sent, allIn: await processed(engine, sent) }
}

/** Whether everything sent has met its fate: counted, late, skewed, a duplicate or a dead letter. */
async function processed(engine: EngineUnderTest, sent: Sent): Promise<boolean> {
  const wanted = sent.mentions + sent.duplicates + sent.deadLetters
  for (const began = performance.now(); ; await pause(500)) {
    const { counted, late, skewed, duplicates, deadLetters } = await engine.stats()
    const found = counted + late + skewed + duplicates + deadLetters
    if (found === wanted) return true
    if (found > wanted || performance.now() - began > drainMs) { console.log(`${found} of ${wanted} lines were processed`); return false }
  }
}

/** Whatever is measured of a process; the disk grows by what is stored, and is only told. */
function judge(taken: readonly Taken[]): Judged {
  const names = [...new Set(taken.flatMap(({ figures }) => Object.keys(figures)))].filter((name) => !name.startsWith('disk ') && name !== 'ids seen').sort()
  return Object.fromEntries(names.map((name) => {
    const samples: Sample[] = taken.map(({ seconds, figures }) => ({ seconds, value: figures[name] ?? 0 }))
    const mean = samples.reduce((sum, { value }) => sum + value, 0) / samples.length
    return [name, growthOf(samples, isMemory(name) ? Math.max(allowed.memoryBytes, allowed.memoryShare * mean) : allowed.things)]
  }))
}

const isMemory = (name: string): boolean => /(rss|heap|external)$/.test(name)
const shown = (name: string, value: number): string => (!Number.isFinite(value) ? '–' : isMemory(name) ? `${(value / MiB).toFixed(1)} MiB` : value.toFixed(2))

function progress({ seconds, figures }: Taken): string {
  const rss = parts.map((part) => `${part} ${Math.round((figures[`${part} rss`] ?? 0) / MiB)}`).join(', ')
  return `${(seconds / 60).toFixed(1).padStart(7)} min  MiB: ${rss}; engine heap ${Math.round((figures['engine heap'] ?? 0) / MiB)}, files ${figures['engine files'] ?? 0}, handles ${figures['engine handles'] ?? 0}, ids ${figures['ids seen'] ?? 0}`
}

function table(judged: Judged, { sent, allIn, taken }: Soaked): void {
  console.log(`\n${'figure'.padEnd(22)}${'mean'.padStart(14)}${'an hour'.padStart(14)}${'95 % from'.padStart(14)}${'to'.padStart(14)}${'allowed'.padStart(12)}  verdict`)
  for (const [name, { mean, perHour, low, high, allowedPerHour, verdict }] of Object.entries(judged)) {
    console.log(name.padEnd(22) + [mean, perHour, low, high].map((value) => shown(name, value).padStart(14)).join('') + shown(name, allowedPerHour).padStart(12) + `  ${verdict}`)
  }
  const disk = Object.entries(taken.at(-1)?.figures ?? {}).filter(([name]) => name.startsWith('disk ')).map(([name, bytes]) => `${name.slice(5)} ${Math.round(bytes / MiB)} MiB`)
  console.log(`\ndisk at the end: ${disk.join(', ')}\nsent: ${JSON.stringify(sent)}; ${allIn ? 'each line was processed once' : 'NOT every line was processed once'}`)
}

process.exitCode = await main()
