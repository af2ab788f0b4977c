// Real cascades through `groundswell forecast`: what it has seen is what the data's own makers counted, and how far off it is on the whole of both sets is near what cross-validation told (bench `forecast`).
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CascadeForecast } from '@groundswell/schemas/cascade.ts'
import { cascadeForecastSchema } from '@groundswell/schemas/cascade.ts'
import { expect, test } from 'vitest'
import { readCascades } from '../src/recorded-cascades.ts'
import { readForecasts } from '../src/recorded-forecasts.ts'
import { groundswell, testFolder } from './processes.ts'

const data = (path: string): string => fileURLToPath(new URL(`../../../shared/data/${path}`, import.meta.url))
const weibo = data('weibo-cascades/'), twitter = data('twitter-retweets/')
for (const folder of [weibo, twitter]) if (!existsSync(folder)) console.warn(`${folder.split('/').slice(-4).join('/')} is not beside this repository: the test of forecasts of its real cascades is skipped.`)

/** Rows of a table by its first column; texts, in which commas mean nothing, stand behind the numbers. */
function rowsOf(file: string): Map<string, Record<string, string>> {
  const [header, ...rows] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/)
  const names = header!.split(',')
  return new Map(rows.map((row) => row.split(',')).map((values) => [values[0]!, Object.fromEntries(names.map((name, i) => [name, values[i]!]))]))
}

async function linesOf(folder: string, at: string): Promise<CascadeForecast[]> {
  const { code, stdout, stderr } = await groundswell(['forecast', '--input', `${folder}mentions.ndjson.gz`, '--at', at], { cwd: await testFolder('real-forecasts') })
  expect(code, stderr).toBe(0)
  return stdout.trimEnd().split('\n').map((line) => cascadeForecastSchema.parse(JSON.parse(line)))
}

/** Median of |predicted − final| / final in percent, coverage of the interval in percent; of those that have a number. */
function scoreOf(lines: readonly CascadeForecast[], finals: ReadonlyMap<string, number>) {
  const told = lines.filter(({ predicted }) => predicted !== null)
  const errors = told.map(({ root, predicted }) => Math.abs(predicted! / finals.get(root)! - 1)).sort((a, b) => a - b)
  const covered = told.filter(({ root, low, high }) => low <= finals.get(root)! && finals.get(root)! <= high!)
  return { error: 100 * errors[errors.length >> 1]!, coverage: (100 * covered.length) / told.length, withoutNumber: (100 * (lines.length - told.length)) / lines.length }
}
/** Mentions within seven days of the root, by the trees of the whole. */
async function finalsOf(folder: string): Promise<Map<string, number>> {
  const cascades = await readCascades({ files: [`${folder}mentions.ndjson.gz`], startedAt: Date.UTC(2026, 0, 1) })
  return new Map(Array.from(cascades.roots, (node) => {
    const { root, at } = cascades.treeOf(node)
    return [root, at.filter((ms) => ms <= at[0]! + 7 * 86_400_000).length]
  }))
}

test.skipIf(!existsSync(weibo))('Weibo: seen is what was counted, and forecasts of the whole set are as far off as cross-validation told', async () => {
  const counted = rowsOf(`${weibo}cascades.csv`)
  const forecasts = await readForecasts({ files: [`${weibo}mentions.ndjson.gz`], startedAt: Date.UTC(2026, 0, 1) })
  const finals = await finalsOf(weibo)
  for (const { seconds, column, told } of [
    { seconds: 600, column: 's10m', told: 37.3 }, { seconds: 3600, column: 's1h', told: 28.7 }, { seconds: 21_600, column: 's6h', told: 17.4 }, { seconds: 86_400, column: 's24h', told: 4.1 },
  ]) {
    const lines = [...forecasts.at(seconds)]
    expect(lines.length).toBe(counted.size)
    for (const { root, observed } of lines) expect(observed, root).toBe(Number(counted.get(root)![column]) + 1) // they count reposts
    const { error, coverage, withoutNumber } = scoreOf(lines, finals)
    console.log(`weibo-cascades at ${seconds} s: median error ${error.toFixed(1)} %, coverage ${coverage.toFixed(1)} %, super-critical ${withoutNumber.toFixed(1)} %`)
    expect(Math.abs(error - told)).toBeLessThan(1.5)
    expect(Math.abs(coverage - 80)).toBeLessThan(3)
    expect(withoutNumber).toBeLessThan(6)
  }
  expect(await linesOf(weibo, '1h')).toEqual([...forecasts.at(3600)])
}, 300_000)

test.skipIf(!existsSync(twitter))('Twitter: seen is what was counted, and forecasts of the whole set are nearer than cross-validation told', async () => {
  const counted = rowsOf(`${twitter}cascades.csv`)
  const forecasts = await readForecasts({ files: [`${twitter}mentions.ndjson.gz`], startedAt: Date.UTC(2026, 0, 1) })
  const finals = await finalsOf(twitter)
  for (const { seconds, column, told } of [
    { seconds: 600, column: 's10m', told: 16.3 }, { seconds: 1800, column: 's30m', told: 16.4 }, { seconds: 3600, column: 's1h', told: 16.2 },
    { seconds: 7200, column: 's2h', told: 17.6 }, { seconds: 21_600, column: null, told: 13.2 }, { seconds: 86_400, column: 's24h', told: 3.6 },
  ]) {
    const lines = [...forecasts.at(seconds)]
    for (const { root, observed } of lines) if (column) expect(observed, root).toBe(Number(counted.get(root.replace(/-0$/, ''))![column]) + 1)
    const { error, coverage, withoutNumber } = scoreOf(lines, finals)
    console.log(`twitter-retweets at ${seconds} s: ${lines.length} cascades, median error ${error.toFixed(1)} %, coverage ${coverage.toFixed(1)} %, super-critical ${withoutNumber.toFixed(1)} %`)
    expect(error).toBeLessThan(told + 1)
    expect(withoutNumber).toBeLessThan(9)
  }
  expect(await linesOf(twitter, '1h')).toEqual([...forecasts.at(3600)])
}, 300_000)
