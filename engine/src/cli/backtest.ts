// `groundswell backtest`: every spike and clear, every alarm of the baseline, and what cascades tell, that a rules file would have given on a recording, as JSON lines.
import type { Command } from 'commander'
import { backtest, type BacktestSummary } from '../backtest.ts'
import type { HourOfWeek } from '../core/4-detect/reason.ts'
import { hourOfWeekIn } from '../hour-of-week.ts'
import { loadSettings, SettingsError } from '../io/settings/settings.ts'
import { readRulesText } from '../pipeline/rules-text.ts'
import { RecordingUnreadable } from '../recording-lines.ts'
import { describeDeadLetters, endWithReader, progressOf, say, writeLines } from './recording-command.ts'

export interface BacktestFlags { readonly rules: string; readonly input: readonly string[]; readonly config?: string }

export function registerBacktest(program: Command): void {
  program.command('backtest')
    .description('run the same core on a recording: every spike, clear, alarm and what cascades tell as JSON lines, the same on every run')
    .requiredOption('--rules <file>', 'the rules file')
    .requiredOption('--input <files...>', 'recordings, NDJSON or NDJSON.gz, merged stably by ts; - is standard input')
    .option('--config <file>', 'settings file, for the zone in which alarms say the hour (default ./groundswell.yml)')
    .action(async (flags: BacktestFlags) => { process.exitCode = await runBacktest(flags) })
}

/** Runs it on the process' own streams; answers the exit code. */
export async function runBacktest({ rules: rulesFile, input, config }: BacktestFlags): Promise<0 | 1> {
  const read = readRulesText(rulesFile)
  if (!read.ok) {
    for (const message of read.messages) say(message)
    return 1
  }
  const { text, rules } = read
  const hourOfWeek = roomHours(config)
  const bar = progressOf(input)
  const begun = performance.now()
  endWithReader()
  try {
    const summary = await backtest({
      rules, rulesText: text, files: input, startedAt: Math.round(performance.timeOrigin),
      onFuture: (firstMs) => say(`the recording begins at ${new Date(firstMs).toISOString()}, which is still to come: none of its mentions is taken for skewed`),
      onEvents: writeLines,
      ...(hourOfWeek ? { hourOfWeek } : {}),
      ...(bar ? { onRead: (bytes: number) => bar.increment(bytes) } : {}),
    })
    bar?.stop()
    say(describe(summary, performance.now() - begun))
    return 0
  } catch (error) {
    bar?.stop()
    if (!(error instanceof RecordingUnreadable)) throw error
    say(error.message)
    return 1
  }
}

/** The hours that the room's clocks show, by the settings that an engine started here would have; null: they are wrong, which is no matter of the recording. */
function roomHours(config: string | undefined): HourOfWeek | null {
  try {
    return hourOfWeekIn(loadSettings({ flags: { config }, env: process.env, cwd: process.cwd() }).room.zone)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    say(`${error.message}\nso no zone of the room is known, and alarms say the hour in UTC`)
    return null
  }
}

/** Prose for people: what the recording held and what came of it. */
export function describe(summary: BacktestSummary, elapsedMs: number): string {
  const { counted, duplicates, late, skewed, deadLetters, reasons, spikes, clears, alarms, spread, ignitions, coordinations } = summary
  const rows = counted + duplicates + late + skewed
  const seconds = elapsedMs / 1000
  return [
    `${rows} mentions: ${counted} counted, ${duplicates} duplicates, ${late} late, ${skewed} skewed; ${describeDeadLetters(deadLetters, reasons)}`,
    `${spikes} spikes, ${clears} clears, ${alarms} alarms of the baseline; spread rules reached ${spread} times, ${ignitions} ignitions, coordination ${coordinations} times; ${seconds.toFixed(1)} s, ${Math.round((rows + deadLetters) / Math.max(seconds, 0.001))} lines/s`,
  ].join('\n')
}
