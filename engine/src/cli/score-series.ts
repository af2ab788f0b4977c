// `groundswell score-series FILE.csv…`: how far from normal each row of a `timestamp,value` series is, as CSV, by the engine's own baseline.
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { SeriesScorer } from '../score-series.ts'

/** Where lines go; the process' own streams unless a caller wants them. `out` may ask for patience. */
export interface ScoreSeriesOutput { readonly out: (line: string) => Promise<void> | void; readonly err: (line: string) => void }

const streams: ScoreSeriesOutput = {
  out: async (line) => { if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain') },
  err: (line) => process.stderr.write(`${line}\n`),
}

export function registerScoreSeries(program: Command): void {
  program.command('score-series')
    .description('score timestamp,value series: file,timestamp,anomaly_score for each row, 0…1, from what lies before it alone')
    .addHelpText('after', '\nAn event is told once, in the row that makes it plain, or where it stops rising: such rows are scored 0.33 where one day in ten holds\n'
      + 'as much, 0.5 where one in a hundred does, and towards 1. All other rows keep a tenth of that, so that a threshold of 0.3 gives one row an event.')
    .argument('<files...>', 'CSV, a row an interval, with or without a header; a time without a zone is UTC')
    .action(async (files: readonly string[]) => {
      process.stdout.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error
        process.exit(0) // whoever reads has seen enough
      })
      process.exitCode = await scoreSeriesFiles(files)
    })
}

/** So many lines of a file are named that are no rows; the others are counted. */
const namedMax = 20

/** Answers the exit code: 0 every file was read, 1 one could not be or held no row at all. A line that is no row costs itself: it is scored 0 and named. */
export async function scoreSeriesFiles(files: readonly string[], output: ScoreSeriesOutput = streams): Promise<0 | 1> {
  let code: 0 | 1 = 0
  await output.out('file,timestamp,anomaly_score')
  for (const file of files) {
    try {
      await scoreFile(file, output)
    } catch (error) {
      output.err(`${file} cannot be read: ${(error as Error).message}`)
      code = 1
    }
  }
  return code
}

async function scoreFile(file: string, { out, err }: ScoreSeriesOutput): Promise<void> {
  const scorer = new SeriesScorer()
  let number = 0, rows = 0, bad = 0, newest = -Infinity
  const name = (problem: string): void => { if (++bad <= namedMax) err(`${file}:${number} ${problem}`) }
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number++
    const line = number === 1 ? text.replace(/^\uFEFF/u, '') : text
    if (line.trim() === '') continue
    const { time, value } = fieldsOf(line)
    const second = secondOf(time), count = countOf(value)
    if (number === 1 && second === null && count === null) continue // a header
    if (second === null) name(`${JSON.stringify(unquoted(time))} is not a time: write 2026-01-31 08:00:00, ISO-8601 or seconds since 1970; the row is scored 0`)
    else if (count === null) name(`${JSON.stringify(unquoted(value))} is not a count from 0: the row is scored 0 and taken for missing`)
    else if (second <= newest) name(`${JSON.stringify(unquoted(time))} is not after the rows before it: the row is scored 0 and left out; sort the file by time`)
    else rows++
    if (second !== null) newest = Math.max(newest, second)
    const score = scorer.score(second === null ? null : { second, count })
    await out(`${basename(file)},${time},${score === 0 ? '0' : score.toPrecision(8)}`)
  }
  if (bad > namedMax) err(`${file}: ${bad - namedMax} more lines are no rows`)
  if (rows === 0) throw new Error('no line of it is a row: a row is a time and a count, with a comma between, in UTF-8')
}

const field = String.raw`("(?:[^"]|"")*"|[^,]*)`
const firstFields = new RegExp(`^${field}(?:,\\s*${field})?`, 'u')

/** The first two fields as they stand. */
function fieldsOf(line: string): { readonly time: string; readonly value: string } {
  const [, time = '', value = ''] = firstFields.exec(line) ?? []
  return { time, value }
}

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/su, '$1').replaceAll('""', '"')

const isoLike = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/iu

/** Seconds since 1970 of a time, or of a number of seconds or milliseconds since then; null where it is none. */
function secondOf(text: string): number | null {
  const [, epoch] = /^(\d{9,13})(?:\.\d+)?$/u.exec(unquoted(text)) ?? []
  if (epoch !== undefined) return Math.floor(Number(epoch) < 1e11 ? Number(epoch) : Number(epoch) / 1000)
  const plain = unquoted(text)
  const [matched, day, clock = '00:00', zone = 'Z'] = isoLike.exec(plain) ?? []
  if (matched === undefined) return null
  const ms = Date.parse(`${day}T${clock}${zone.length === 3 ? `${zone}:00` : zone.toUpperCase()}`)
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000)
}

function countOf(text: string): number | null {
  const plain = unquoted(text).trim()
  const count = plain === '' ? Number.NaN : Number(plain)
  return Number.isFinite(count) && count >= 0 ? count : null
}
