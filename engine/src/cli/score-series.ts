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
    .argument('<files...>', 'CSV, a row an interval, with or without a header; a time without a zone is UTC')
    .action(async (files: readonly string[]) => {
      process.stdout.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error
        process.exit(0) // whoever reads has seen enough
      })
      process.exitCode = await scoreSeriesFiles(files)
    })
}

/** Answers the exit code: 0 every file was read, 1 one could not be. A line that is no row costs itself: it is scored 0 and named. */
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
  let number = 0
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number++
    const line = number === 1 ? text.replace(/^\uFEFF/u, '') : text
    if (line.trim() === '') continue
    const { time, value } = fieldsOf(line)
    const second = secondOf(time), count = countOf(value)
    if (number === 1 && second === null && count === null) continue // a header
    if (second === null) err(`${file}:${number} ${JSON.stringify(unquoted(time))} is not a time: write 2026-01-31 08:00:00 or ISO-8601; the row is scored 0`)
    else if (count === null) err(`${file}:${number} ${JSON.stringify(unquoted(value))} is not a count from 0: the row is scored 0 and taken for missing`)
    const score = scorer.score(second === null ? null : { second, count })
    await out(`${basename(file)},${time},${score === 0 ? '0' : score.toPrecision(8)}`)
  }
}

const field = String.raw`("(?:[^"]|"")*"|[^,]*)`
const firstFields = new RegExp(`^${field}(?:,\\s*${field})?`, 'u')

/** The first two fields as they stand. */
function fieldsOf(line: string): { readonly time: string; readonly value: string } {
  const [, time = '', value = ''] = firstFields.exec(line) ?? []
  return { time, value }
}

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/su, '$1').replaceAll('""', '"')

const isoLike = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/iu

/** Seconds since 1970; null where it is no time. */
function secondOf(text: string): number | null {
  const [matched, day, clock = '00:00', zone = 'Z'] = isoLike.exec(unquoted(text)) ?? []
  if (matched === undefined) return null
  const ms = Date.parse(`${day}T${clock}${zone.toUpperCase()}`)
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000)
}

function countOf(text: string): number | null {
  const plain = unquoted(text).trim()
  const count = plain === '' ? Number.NaN : Number(plain)
  return Number.isFinite(count) && count >= 0 ? count : null
}
