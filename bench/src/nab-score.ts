// The score of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015) over series with labelled windows: early hits are worth more, false rows cost,
// normalised so that the null detector has 0 and a perfect one 100. The same arithmetic as ../shared/tools/nab-score.mjs.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

export interface LabelledSeries {
  readonly file: string
  readonly seconds: readonly number[]
  readonly counts: readonly number[]
  readonly probation: number // rows at the beginning that do not count
  readonly weights: Float64Array // of a detection at this row, −1 … 1
  readonly windows: Int32Array // which labelled window holds the row; −1: none
  readonly windowCount: number
}

export interface Costs { readonly tpWeight: number; readonly fnWeight: number; readonly fpWeight: number }

export interface NabScore { readonly score: number; readonly windowsHit: number; readonly windows: number; readonly falseRows: number; readonly threshold: number }

/** [file of the series] → scores of its rows. */
export type Scores = ReadonlyMap<string, ArrayLike<number>>

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const scaled = (place: number): number => (place > 3 ? -1 : 2 * sigmoid(-5 * place) - 1)
const best = scaled(-1)
const secondOf = (text: string): number => Date.parse(`${text.split('.')[0]!.replace(' ', 'T')}Z`) / 1000
const read = (path: string): string => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString('utf8')

/** Null where the folder is absent. */
export function readLabelled(folder: string): LabelledSeries[] | null {
  if (!existsSync(folder)) return null
  const labels = JSON.parse(read(join(folder, 'windows.json'))) as Record<string, [string, string][]>
  return readdirSync(join(folder, 'series')).filter((file) => file.endsWith('.csv')).sort().map((file) => {
    const rows = read(join(folder, 'series', file)).trim().split('\n').slice(1).map((line) => line.split(','))
    const seconds = rows.map(([time]) => secondOf(time!))
    const index = new Map(seconds.map((second, i) => [second, i]))
    const spans = labels[file]!.map(([from, to]): [number, number] => [index.get(secondOf(from))!, index.get(secondOf(to))!])
    return { file, seconds, counts: rows.map(([, value]) => Number(value)), probation: Math.ceil(Math.min(Math.floor(0.15 * rows.length), 0.15 * 5000)), ...weigh(rows.length, spans), windowCount: spans.length }
  })
}

function weigh(rows: number, spans: readonly (readonly [number, number])[]): { readonly weights: Float64Array; readonly windows: Int32Array } {
  const weights = new Float64Array(rows), windows = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    windows[row] = spans.findIndex(([from, to]) => from <= row && row <= to)
    const span = spans[windows[row]!]
    const before = spans.filter(([, to]) => to < row).at(-1)
    if (span) weights[row] = scaled(-(span[1] - row + 1) / (span[1] - span[0] + 1)) / best
    else weights[row] = before ? scaled((row - before[1]) / (before[1] - before[0])) : -1
  }
  return { weights, windows }
}

/** A published detector's `file,timestamp,anomaly_score`. */
export function readScores(path: string): Scores {
  const scores = new Map<string, number[]>()
  for (const line of read(path).trim().split('\n').slice(1)) {
    const [file, , score] = line.split(',')
    const key = basename(file!)
    const of = scores.get(key) ?? []
    if (of.length === 0) scores.set(key, of)
    of.push(Number(score))
  }
  return scores
}

/** At the threshold that is best on these series. */
export function bestScore(series: readonly LabelledSeries[], scores: Scores, costs: Costs): NabScore {
  let top: NabScore | null = null
  const last = walk(series, scores, costs, (now) => { if (top === null || now.score > top.score) top = now })
  return top ?? last
}

/** At a threshold that was chosen elsewhere. */
export function scoreAt(series: readonly LabelledSeries[], scores: Scores, { costs, threshold }: { readonly costs: Costs; readonly threshold: number }): NabScore {
  let at: NabScore | null = null
  const none = walk(series, scores, costs, (now) => { if (now.threshold >= threshold) at = now })
  return at ?? none
}

/** Lowers the threshold from above every score, and tells what it brings at each; answers the null detector's. */
function walk(series: readonly LabelledSeries[], scores: Scores, costs: Costs, tell: (now: NabScore) => void): NabScore {
  const rows: { readonly score: number; readonly weight: number; readonly window: string | null }[] = []
  const worth = new Map<string, number>()
  for (const { file, probation, weights, windows } of series) {
    const got = scores.get(file)
    if (got?.length !== weights.length) throw new Error(`${got?.length ?? 0} scores for the ${weights.length} rows of ${file}`)
    for (let row = probation; row < weights.length; row++) {
      const window = windows[row]! < 0 ? null : `${file}#${windows[row]!}`
      if (window) worth.set(window, -costs.fnWeight)
      rows.push({ score: got[row]!, weight: weights[row]!, window })
    }
  }
  rows.sort((a, b) => b.score - a.score)
  const windows = series.reduce((sum, { windowCount }) => sum + windowCount, 0)
  const nothing = -costs.fnWeight * worth.size
  let raw = nothing, falseRows = 0, windowsHit = 0
  const now = (threshold: number): NabScore => ({ score: (100 * (raw - nothing)) / (windows * costs.tpWeight - nothing), windowsHit, windows, falseRows, threshold })
  const none = now(1.1)
  for (let i = 0; i < rows.length;) {
    const threshold = rows[i]!.score
    for (; i < rows.length && rows[i]!.score === threshold; i++) {
      const { weight, window } = rows[i]!
      if (window === null) {
        raw += weight * costs.fpWeight
        falseRows++
        continue
      }
      const had = worth.get(window)!, has = Math.max(had, weight * costs.tpWeight)
      if (had === -costs.fnWeight && has > had) windowsHit++
      raw += has - had
      worth.set(window, has)
    }
    tell(now(threshold))
  }
  return none
}
