// Seeded bursts in real topics: what is told, how soon, and at how many false alarms, beside what people use instead, at their usual
// settings and at as many false alarms as ours.
import { fileURLToPath } from 'node:url'
import { inject, noises, shapes, type Kind, type Size } from '../bursts/burst.ts'
import { calmOf, usualPeak } from '../bursts/calm.ts'
import { minuteSeries, type MinuteSeries } from '../bursts/minutes.ts'
import { alarmsIn, delayOf, firstMinutes, table, weeksOf, type Outcome } from '../bursts/outcome.ts'
import { ourAlarms, type Alarm } from '../bursts/ours.ts'
import { quietTable } from '../bursts/quiet.ts'
import { mentionsMins, rivalAlarms, rivals, type Rival } from '../bursts/rivals.ts'
import { mulberry32 } from '../mulberry32.ts'

const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const budgets = ['1 per 7d', '1 per 24h', '2 per 8h'] as const
const budget = '1 per 24h'
const ours = 'groundswell'

const timesOver: Readonly<Record<string, number>> = { nab: 8, 'weibo-crises': 24 }

interface Topic { readonly series: MinuteSeries; readonly calm: Uint8Array; readonly peak: number }
/** A way to alarm: what it says of counts a minute. */
interface Detector { readonly name: string; readonly alarms: (counts: Uint32Array, topic: Topic) => Alarm[] }

/** `passes`: how often the recordings are filled with bursts; small sets more often, so that each kind of burst comes often enough. */
export function bursts({ passes }: { readonly passes: number }): Record<string, unknown> {
  const all = minuteSeries(data)
  if (!all) throw new Error('../shared/data is not here: the bursts have nothing real to come in')
  const sets = Map.groupBy(all.map((series): Topic => ({ series, calm: calmOf(series), peak: usualPeak(series) })), ({ series }) => series.set)
  const measured: Record<string, unknown> = { passes }
  for (const [set, topics] of sets) measured[set] = measure(set, topics, passes * (timesOver[set] ?? 1))
  return { ...measured, realisedAlarmsOfADayWhereNothingIsTheMatter: Object.fromEntries(budgets.map((of) => [of, quietTable(of, 3)])) }
}

function measure(set: string, topics: readonly Topic[], passes: number): Record<string, unknown> {
  const calmWeeks = topics.reduce((sum, { series, calm }) => sum + weeksOf(series, calm), 0)
  const allWeeks = topics.reduce((sum, { series }) => sum + weeksOf(series, null), 0)
  const falseAlarms: Record<string, string> = {}
  const tell = (name: string, alarms: readonly Alarm[][]): number => {
    const calm = alarms.reduce((sum, of, i) => sum + alarmsIn(of, topics[i]!.calm), 0)
    const inAll = alarms.reduce((sum, of) => sum + alarmsIn(of, null), 0)
    falseAlarms[name] = `${(calm / calmWeeks).toFixed(2)} where calm, ${(inAll / allWeeks).toFixed(2)} in all`
    return calm
  }
  let allowed = 0
  const newTopics = { alarmsInTheFirstHour: 0, alarmsInTheFirstDay: 0 }
  for (const of of budgets) {
    const alarms = topics.map(({ series }) => ourAlarms(series, of))
    const calm = tell(`${ours}, ${of}`, alarms)
    if (of !== budget) continue
    allowed = calm
    for (const { begin } of alarms.flat()) {
      if (begin < 60) newTopics.alarmsInTheFirstHour++
      if (begin < firstMinutes) newTopics.alarmsInTheFirstDay++
    }
  }
  const detectors: Detector[] = [{ name: ours, alarms: (counts, { series }) => ourAlarms({ from: series.from, counts }, budget) }]
  const sizes = { mentions: [30, 100, 300, 1000, 3000].map((mentions): Size => ({ mentions })), times: [2, 4, 8, 16].map((times): Size => ({ times })) }
  for (const rival of rivals) {
    for (const detector of [rivalOf(rival, { setting: rival.usual, mentionsMin: mentionsMins[0], of: 'usual' }), tuned(rival, { set, topics, allowed, sizes: sizes.times })]) {
      tell(detector.name, topics.map((topic) => detector.alarms(topic.series.counts, topic)))
      detectors.push(detector)
    }
  }
  const outcomes = { mentions: campaign({ set, topics, detectors, passes, sizes: sizes.mentions, seed: 11 }), times: campaign({ set, topics, detectors, passes, sizes: sizes.times, seed: 12 }) }
  return {
    topics: topics.length, calmTopicWeeks: Math.round(calmWeeks), topicWeeks: Math.round(allWeeks), falseAlarmsOfATopicWeek: falseAlarms, newTopics,
    recallAndMedianDelay: {
      byMentions: table(outcomes.mentions, sizeOf), byTimesTheUsualPeak: table(outcomes.times, sizeOf),
      byShape: table(outcomes.times, ({ burst }) => burst.shape.name), byNoise: table(outcomes.times, ({ burst }) => burst.noise),
      byHour: table(outcomes.times, ({ burst }) => `${String(6 * Math.floor(burst.hour / 6)).padStart(2, '0')}–${6 * Math.floor(burst.hour / 6) + 6} h`),
      oursBySizeAndShape: bySizeAndShape([...outcomes.mentions, ...outcomes.times].filter(({ detector }) => detector === ours)),
    },
  }
}

const sizeOf = ({ burst: { size } }: Outcome): string => ('mentions' in size ? `${size.mentions}` : `×${size.times}`)

const bySizeAndShape = (outcomes: readonly Outcome[]): Record<string, Record<string, string>> =>
  table(outcomes.map((outcome) => ({ ...outcome, detector: sizeOf(outcome) })), ({ burst }) => burst.shape.name)

function rivalOf(rival: Rival, { setting, mentionsMin, of }: { readonly setting: number; readonly mentionsMin: number; readonly of: string }): Detector {
  return {
    name: `${rival.name}, ${of}: ${Number(setting.toPrecision(3))}${mentionsMin === mentionsMins[0] ? '' : ` of ${mentionsMin} mentions`}`,
    alarms: (counts, { peak }) => rivalAlarms(rival.figures(counts, { peak, mentionsMin }), setting),
  }
}

interface Tuning { readonly set: string; readonly topics: readonly Topic[]; readonly allowed: number; readonly sizes: readonly Size[] }

/** The rival at the most sensitive setting that gives no more false alarms than are allowed, with what matters chosen by what it recalls. */
function tuned(rival: Rival, { set, topics, allowed, sizes }: Tuning): Detector {
  const candidates = mentionsMins.map((mentionsMin) => {
    const figures = topics.map(({ series, peak }) => rival.figures(series.counts, { peak, mentionsMin }))
    const setting = least((tried) => figures.reduce((sum, of, i) => sum + alarmsIn(rivalAlarms(of, tried), topics[i]!.calm), 0), allowed)
    return rivalOf(rival, { setting, mentionsMin, of: 'as many false alarms' })
  })
  const outcomes = campaign({ set, topics, detectors: candidates, passes: 1, sizes, seed: 10 })
  const recalled = (of: Detector): number => outcomes.filter(({ detector, delay }) => detector === of.name && delay !== null).length
  return candidates.reduce((best, candidate) => (recalled(candidate) > recalled(best) ? candidate : best))
}

/** The least setting that gives no more false alarms than are allowed; fewer than ours where the next step below gives more. */
function least(falseAlarms: (setting: number) => number, allowed: number): number {
  let low = 1e-3, high = 1e6
  for (let i = 0; i < 30; i++) {
    const middle = Math.sqrt(low * high)
    if (falseAlarms(middle) > allowed) low = middle
    else high = middle
  }
  return high
}

interface Campaign { readonly set: string; readonly topics: readonly Topic[]; readonly detectors: readonly Detector[]; readonly passes: number; readonly sizes: readonly Size[]; readonly seed: number }

function campaign({ set, topics, detectors, passes, sizes, seed }: Campaign): Outcome[] {
  const chance = mulberry32(seed)
  const next = inTurns(sizes.flatMap((size) => shapes.flatMap((shape) => noises.map((noise): Kind => ({ size, shape, noise })))), chance)
  const outcomes: Outcome[] = []
  const without = topics.map((topic) => detectors.map(({ alarms }) => alarms(topic.series.counts, topic)))
  for (let pass = 0; pass < passes; pass++) {
    for (const [n, topic] of topics.entries()) {
      const { counts, bursts: injected } = inject(topic.series, { calm: topic.calm, peak: topic.peak, chance, next })
      if (injected.length === 0) continue
      detectors.forEach(({ name, alarms }, i) => {
        const told = alarms(counts, topic)
        for (const burst of injected) outcomes.push({ set, detector: name, burst, delay: delayOf(told, burst, without[n]![i]!) })
      })
    }
  }
  return outcomes
}

/** Every kind as often as every other, in an order that is drawn. */
function inTurns(kinds: readonly Kind[], chance: () => number): () => Kind {
  let left: Kind[] = []
  return () => {
    if (left.length === 0) left = [...kinds]
    return left.splice(Math.floor(chance() * left.length), 1)[0]!
  }
}
