// `groundswell cascades`: the exact shape of every cascade of a recording, singletons included, as JSON lines by the time of their roots, then their ids.
import type { Command } from 'commander'
import type { CascadeShape } from '@groundswell/schemas/cascade.ts'
import { readCascades, type RecordedSummary } from '../recorded-cascades.ts'
import { RecordingTooLarge } from '../recorded-rows.ts'
import { RecordingUnreadable } from '../recording-lines.ts'
import { describeDeadLetters, endWithReader, progressOf, say, writeLines } from './recording-command.ts'

export interface CascadesFlags { readonly input: readonly string[] }

const linesAtOnce = 1000

export function registerCascades(program: Command): void {
  program.command('cascades')
    .description('the exact shape of every cascade of a recording as JSON lines: size, depth, breadth, leaves, structural virality, duration, reach')
    .requiredOption('--input <files...>', 'recordings, NDJSON or NDJSON.gz, merged stably by ts; - is standard input')
    .action(async (flags: CascadesFlags) => { process.exitCode = await runCascades(flags) })
}

/** Runs it on the process' own streams; answers the exit code. */
export async function runCascades({ input }: CascadesFlags): Promise<0 | 1> {
  const bar = progressOf(input)
  const begun = performance.now()
  endWithReader()
  try {
    const cascades = await readCascades({ files: input, startedAt: Math.round(performance.timeOrigin), ...(bar ? { onRead: (bytes: number) => bar.increment(bytes) } : {}) })
    bar?.stop()
    let lines: CascadeShape[] = []
    for (const shape of cascades.shapes()) {
      if (lines.push(shape) < linesAtOnce) continue
      await writeLines(lines)
      lines = []
    }
    await writeLines(lines)
    say(describe(cascades.summary, cascades.roots.length, performance.now() - begun))
    return 0
  } catch (error) {
    bar?.stop()
    if (!(error instanceof RecordingUnreadable) && !(error instanceof RecordingTooLarge)) throw error
    say(error.message)
    return 1
  }
}

/** Prose for people: what the recording held. */
function describe({ mentions, duplicates, deadLetters, reasons }: RecordedSummary, cascades: number, elapsedMs: number): string {
  const seconds = elapsedMs / 1000
  return `${mentions} mentions in ${cascades} cascades, ${duplicates} duplicates; ${describeDeadLetters(deadLetters, reasons)}; ${seconds.toFixed(1)} s, ${Math.round((mentions + duplicates + deadLetters) / Math.max(seconds, 0.001))} lines/s`
}
