// `npm run bench -- throughput|latency|pixels|micro|core|checkpoint|durability|sizing|countdown|bursts|nab|baseline|reproduction|ignition|cascade-binary|cascade-reads|graph|drawing|bundle|wall-cpu|console|evidence|replay|forecast|forecast-constants [--seconds N] [--rate N] [--escaped] [--save]`: runs a scenario, prints it, keeps it with --save.
import { parseArgs } from 'node:util'
import { measureBaseline } from './micro-baseline.ts'
import { measureCascadeBinary } from './micro-cascade-binary.ts'
import { checkpoint } from './micro-checkpoint.ts'
import { measureCore } from './micro-core.ts'
import { measureGraph } from './micro-graph.ts'
import { measureIgnition } from './spread/ignition.ts'
import { measureSpread } from './micro-spread.ts'
import { resultOf, saveResult } from './results.ts'
import { bundle } from './scenarios/bundle.ts'
import { cascadeReads } from './scenarios/cascade-reads.ts'
import { consoleSoak } from './scenarios/console.ts'
import { countdown } from './scenarios/countdown.ts'
import { bursts } from './scenarios/bursts.ts'
import { drawing } from './scenarios/drawing.ts'
import { durability } from './scenarios/durability.ts'
import { evidence } from './scenarios/evidence.ts'
import { forecast, forecastConstants } from './scenarios/forecast.ts'
import { latency } from './scenarios/latency.ts'
import { micro } from './scenarios/micro.ts'
import { nab } from './scenarios/nab.ts'
import { pixels } from './scenarios/pixels.ts'
import { replay } from './scenarios/replay.ts'
import { sizing } from './scenarios/sizing.ts'
import { throughput } from './scenarios/throughput.ts'
import { wallCpu } from './scenarios/wall-cpu.ts'

const usage = `npm run bench -- throughput|latency|pixels|micro|core|checkpoint|durability|sizing|countdown|bursts|nab|baseline|reproduction|ignition|cascade-binary|cascade-reads|graph|drawing|bundle|wall-cpu|console|evidence|replay|forecast|forecast-constants [--seconds N] [--rate N] [--escaped] [--save]
  throughput   the whole path as fast as it goes, or at --rate mentions a second; 30 s
  latency      published → shown, at --rate mentions a second (40,000), 30 s
  pixels       published → painted by a browser, at --rate mentions a second (500), 30 s
  durability   throughput with checkpoints and 50 M ids remembered beside without, in turn; --rounds pairs of --seconds
  sizing       cores, memory and disk at several rates, --seconds each
  micro        decode, match and windows alone, on one core, and the pause of a checkpoint
  core         what the engine's main thread does for a mention, with room for cascades and without
  checkpoint   that pause for many and for busy topics, and loading 50 M ids
  countdown    forecasts of thresholds over replays of ../shared/data against what happened; --fit first fits the constants; minutes
  bursts       seeded bursts in real topics, beside thresholds, 3-sigma, EWMA and SQL; --rounds times over the recordings
  nab          labelled series of Twitter volume, beside published detectors
  baseline     the normal of a topic: nanoseconds a slice and a look, bytes a topic, at 10,000 topics
  cascade-binary  bytes a node of a cascade, and milliseconds to write, read and measure one of 100,000
  cascade-reads what the API takes for a cascade of 100,000 mentions, in memory and among two million stored ones
  graph        what the dashboard's graph takes for cascades of 10,000 to 200,000, beside d3-hierarchy
  drawing      such cascades on the screen of a browser without a GPU, beside SVG, canvas paths and sigma; minutes
  bundle       what a browser loads for each page of the dashboard
  wall-cpu     what share of a core a wall takes at 1 Hz without a GPU, --seconds each
  console      the page of alerts over eight hours of a hundred a second: heap, page, frames and keys; --seconds as they come, 2.88 million as fast as it goes, a quarter of an hour
  evidence     what the page of a topic waits for: mentions, columns, narratives, spreaders, clusters of 100,000 among a million stored
  replay       seeks of each replay: pictures of the walls in a store with a day of them, a cascade of 100,000, a topic's columns; frames of each in a browser while it plays
  forecast     final sizes of real cascades by cross-validation, beside SEISMIC, a growth factor, no change and one constant; minutes
  forecast-constants  learns from all of them and writes the constants that the engine has
  ignition     quiet cascades that ignite: how soon it is told, how many are found, and how often it cries wolf
  reproduction what is said of real cascades while they grow, beside what became of them; hidden parents found
  --escaped    every Chinese character as \\uXXXX
  --save       keeps the result in bench/results`

process.exitCode = await main()

async function main(): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string' }, rounds: { type: 'string' }, rate: { type: 'string' }, escaped: { type: 'boolean', default: false }, fit: { type: 'boolean', default: false }, save: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } })
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 2
  }
  const { values, positionals: [scenario] } = parsed
  if (values.help) {
    console.log(usage)
    return 0
  }
  const seconds = Number(values.seconds ?? 30), rounds = Number(values.rounds ?? 3), rate = Number(values.rate ?? (scenario === 'latency' ? 40_000 : scenario === 'pixels' ? 500 : 0))
  if (!(seconds > 0) || !(rate >= 0) || !(rounds > 0)) {
    console.error(`--seconds ${values.seconds ?? ''} --rate ${values.rate ?? ''} --rounds ${values.rounds ?? ''}: they are positive numbers\n${usage}`)
    return 2
  }
  const options = { seconds, rate, escaped: values.escaped }
  const scenarios = { throughput: () => throughput(options), latency: () => latency(options), pixels: () => pixels(options), micro: () => Promise.resolve(micro(options)), core: () => Promise.resolve({ ...measureCore() }), checkpoint: () => Promise.resolve(checkpoint()),
    nab: () => Promise.resolve(nab()), baseline: () => Promise.resolve({ ...measureBaseline() }), reproduction: () => Promise.resolve(measureSpread()), ignition: () => measureIgnition(), 'cascade-reads': () => cascadeReads(), 'cascade-binary': () => Promise.resolve(measureCascadeBinary()),
    graph: () => Promise.resolve(measureGraph()), drawing: () => drawing(), bundle: () => bundle(), 'wall-cpu': () => wallCpu({ seconds }), console: () => consoleSoak({ seconds }), evidence: () => evidence(), replay: () => replay(), forecast: () => forecast(), 'forecast-constants': () => Promise.resolve(forecastConstants()),
    countdown: () => Promise.resolve(countdown({ fit: values.fit })), durability: () => durability({ seconds, rounds }), bursts: () => Promise.resolve(bursts({ passes: rounds })), sizing: () => sizing({ seconds, rates: [1000, 5000, 20_000, 50_000] }),
  }
  const chosen = scenario !== undefined && Object.hasOwn(scenarios, scenario) ? scenarios[scenario as keyof typeof scenarios] : null
  if (!chosen) {
    console.error(`"${scenario ?? ''}" is no scenario\n${usage}`)
    return 2
  }
  let measured: Record<string, unknown>
  try {
    measured = await chosen()
  } catch (error) {
    console.error(`bench: ${(error as Error).message}`)
    return 1
  }
  const result = resultOf(values.escaped ? `${scenario}-escaped` : scenario!, options, measured)
  console.log(JSON.stringify(result, null, 2))
  if (values.save) console.error(`saved: ${saveResult(result)}`)
  return result.measured['everyOneStored'] === false ? 1 : 0
}
