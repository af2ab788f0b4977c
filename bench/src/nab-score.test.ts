import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bestScore, readLabelled, readScores, scoreAt, type LabelledSeries } from './nab-score.ts'

const costs = { tpWeight: 1, fnWeight: 1, fpWeight: 0.11 }
const one: LabelledSeries = {
  file: 'a.csv', seconds: [], counts: [], probation: 2, weights: Float64Array.of(-1, -1, -1, 0.9, 0.5, 0, -0.5, -1), windows: Int32Array.of(-1, -1, -1, 0, 0, 0, -1, -1), windowCount: 1,
}
const scoresOf = (...scores: number[]) => new Map([['a.csv', scores]])

test.each([
  { scores: [0, 0, 0, 0, 0, 0, 0, 0.1], at: 0.5, score: 0, why: 'nothing is told' },
  { scores: [0, 0, 0, 0.9, 0.8, 0, 0, 0], at: 0.5, score: 95, why: 'the earliest row of a window counts' },
  { scores: [0, 0, 0, 0, 0.8, 0, 0.7, 0], at: 0.5, score: 75 - 2.75, why: 'a false row costs by its distance' },
  { scores: [0.9, 0.9, 0, 0.9, 0, 0, 0, 0], at: 0.5, score: 95, why: 'rows of the probation do not count' },
])('$why', ({ scores, at, score }) => {
  expect(scoreAt([one], scoresOf(...scores), { costs, threshold: at }).score).toBeCloseTo(score, 9)
})

test('the best threshold keeps the hit and leaves the false rows', () => {
  expect(bestScore([one], scoresOf(0, 0, 0.3, 0.6, 0, 0, 0, 0.5), costs)).toMatchObject({ threshold: 0.6, windowsHit: 1, falseRows: 0 })
  expect(() => bestScore([one], new Map(), costs)).toThrow('0 scores for the 8 rows of a.csv')
})

const folder = fileURLToPath(new URL('../../../shared/data/nab/', import.meta.url))
if (!existsSync(folder)) console.warn('shared/data/nab is not beside this repository: the test on published scores is skipped.')

test.skipIf(!existsSync(folder))('published detectors have their known scores', () => {
  const series = readLabelled(folder)!
  const profiles = JSON.parse(readFileSync(join(folder, 'profiles.json'), 'utf8')) as Record<string, { CostMatrix: typeof costs }>
  const scores = readScores(join(folder, 'peers/ARTime.csv.gz'))
  expect(Object.values(profiles).map(({ CostMatrix }) => Number(bestScore(series, scores, CostMatrix).score.toFixed(2)))).toEqual([86.96, 81.09, 91.31])
})
