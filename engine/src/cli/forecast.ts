// `groundswell forecast`: how large every cascade of a recording will be seven days after its root, as told at one age, as JSON lines by the time of their roots, then their ids.
import { InvalidArgumentError, type Command } from 'commander'
import type { CascadeForecast } from '@groundswell/schemas/cascade.ts'
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import { readForecasts } from '../recorded-forecasts.ts'
import { RecordingTooLarge } from '../recorded-rows.ts'
import { RecordingUnreadable } from '../recording-lines.ts'
import { describeDeadLetters, endWithReader, progressOf, say, writeLines } from './recording-command.ts'

export interface ForecastFlags { readonly input: readonly string[]; readonly at: number } // s

const linesAtOnce = 1000
const ageMin = 60

export function registerForecast(program: Command): void {
  program.command('forecast')
    .description('how large every cascade of a recording will be seven days after its root, as told when it was of one age, as JSON lines')
    .requiredOption('--input <files...>', 'recordings, NDJSON or NDJSON.gz, merged stably by ts; - is standard input')
    .requiredOption('--at <age>', 'time since the ts of the root at which it is asked, 1m to 7d; younger cascades are left out', ageOf)
    .addHelpText('after', `
Sizes include the root. In 8 of 10 cases the size after seven days lies from low to high; where superCritical is true it grows so that
no size can be told, and predicted and high are null. Learnt from posts on Weibo that ended between 95 and 800, and from tweets that
ended above 2,000: of a post of a few mentions, and on another platform, it is no more than a guess, and mostly far too much.`)
    .action(async (flags: ForecastFlags) => { process.exitCode = await runForecast(flags) })
}

function ageOf(text: string): number {
  const seconds = durationSeconds(text)
  if (seconds === null || seconds < ageMin) throw new InvalidArgumentError('an age is a whole number and s, m, h or d, at least 1m and at most 7d, such as 1h.')
  return seconds
}

/** Runs it on the process' own streams; answers the exit code. */
export async function runForecast({ input, at }: ForecastFlags): Promise<0 | 1> {
  const bar = progressOf(input)
  const begun = performance.now()
  endWithReader()
  try {
    const forecasts = await readForecasts({ files: input, startedAt: Math.round(performance.timeOrigin), ...(bar ? { onRead: (bytes: number) => bar.increment(bytes) } : {}) })
    bar?.stop()
    let told = 0
    let lines: CascadeForecast[] = []
    for (const line of forecasts.at(at)) {
      told++
      if (lines.push(line) < linesAtOnce) continue
      await writeLines(lines)
      lines = []
    }
    await writeLines(lines)
    const { mentions, duplicates, deadLetters, reasons } = forecasts.summary
    say(`${mentions} mentions in ${forecasts.cascades} cascades, ${forecasts.cascades - told} of them too young, ${duplicates} duplicates; ${describeDeadLetters(deadLetters, reasons)}; ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    return 0
  } catch (error) {
    bar?.stop()
    if (!(error instanceof RecordingUnreadable) && !(error instanceof RecordingTooLarge)) throw error
    say(error.message)
    return 1
  }
}
