// Our scores beside those of published detectors on labelled series of Twitter volume (Numenta Anomaly Benchmark, realTweets): one parameter
// set for all series, no row knows what comes after it. Beside the score at the threshold that is best on all series stands the honest
// one: each series at the threshold that is best on the others.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SeriesScorer } from '@groundswell/engine/src/score-series.ts'
import { mulberry32 } from '../mulberry32.ts'
import { bestScore, readLabelled, readScores, scoreAt, type Costs, type LabelledSeries, type NabScore, type Scores } from '../nab-score.ts'

const folder = fileURLToPath(new URL('../../../../shared/data/nab/', import.meta.url))

export function nab(): Record<string, unknown> {
  const series = readLabelled(folder)
  if (series === null) throw new Error('shared/data/nab is not beside this repository: there is nothing to score')
  const profiles = Object.entries(JSON.parse(readFileSync(join(folder, 'profiles.json'), 'utf8')) as Record<string, { readonly CostMatrix: Costs }>)
  const begun = performance.now()
  const scores = ourScores(series)
  const nsPerRow = Math.round(((performance.now() - begun) * 1e6) / series.reduce((sum, { counts }) => sum + counts.length, 0))
  const told = (of: Scores): Record<string, unknown> => Object.fromEntries(profiles.map(([name, { CostMatrix }]) => [name, { ...rounded(bestScore(series, of, CostMatrix)), thresholdOfTheOthers: leftOut(series, of, CostMatrix) }]))
  const peers = Object.fromEntries(readdirSync(join(folder, 'peers')).sort().map((file) => [file.replace('.csv.gz', ''), told(readScores(join(folder, 'peers', file)))]))
  return { groundswell: told(scores), nsPerRow, changedSeries: changed(series, profiles[0]![1].CostMatrix), peers }
}

function ourScores(series: readonly LabelledSeries[]): Scores {
  return new Map(series.map(({ file, seconds, counts }) => {
    const scorer = new SeriesScorer()
    return [file, Float64Array.from(counts, (count, row) => scorer.score({ second: seconds[row]!, count }))]
  }))
}

/** Each series at the threshold that is best on the others: their mean by windows. */
function leftOut(series: readonly LabelledSeries[], scores: Scores, costs: Costs): number {
  let sum = 0, windows = 0
  for (const one of series) {
    const { threshold } = bestScore(series.filter((other) => other !== one), scores, costs)
    sum += scoreAt([one], scores, { costs, threshold }).score * one.windowCount
    windows += one.windowCount
  }
  return round(sum / windows)
}

/** The standard profile on the same series with a part of the mentions left out at random, and with rows missing at the beginning: what only works on these counts falls here. */
function changed(series: readonly LabelledSeries[], costs: Costs): Record<string, number> {
  const best = (changedSeries: readonly LabelledSeries[]): number => round(bestScore(changedSeries, ourScores(changedSeries), costs).score)
  const thinned = (share: number, seed: number): LabelledSeries[] => {
    const random = mulberry32(seed)
    const kept = (count: number): number => {
      let left = 0
      for (let i = 0; i < count; i++) if (random() < share) left++
      return left
    }
    return series.map((one) => ({ ...one, counts: one.counts.map(kept) }))
  }
  const without = (rows: number): LabelledSeries[] => series.map((one) => ({
    ...one, seconds: one.seconds.slice(rows), counts: one.counts.slice(rows), weights: one.weights.slice(rows), windows: one.windows.slice(rows), probation: Math.max(one.probation - rows, 0),
  }))
  return {
    '70 % of the mentions': best(thinned(0.7, 1)), '50 % of the mentions': best(thinned(0.5, 2)), '25 % of the mentions': best(thinned(0.25, 3)),
    'without the first 100 rows': best(without(100)), 'without the first 350 rows': best(without(350)), 'without the first 700 rows': best(without(700)),
  }
}

const round = (value: number): number => Number(value.toFixed(2))
const rounded = ({ score, threshold, ...rest }: NabScore): Record<string, number> => ({ score: round(score), ...rest, threshold: Number(threshold.toPrecision(6)) })
