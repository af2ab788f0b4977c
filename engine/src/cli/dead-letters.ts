// `groundswell dead-letters`: what was no mention, why, sending it again once the engine reads it, or being done with it. The engine must be running.
import { InvalidArgumentError, type Command } from 'commander'
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import { rejectReasons } from '@groundswell/schemas/mention.ts'
import type { DeadLetter, DismissAnswer, LetterReasonRow, ReplayAnswer } from '../io/http/dead-letters.ts'
import { loadSettings } from '../io/settings/settings.ts'
import { meaningOf } from './dead-letter-reasons.ts'
import { engineAt, EngineAway, EngineRefused, type EngineHttp } from './engine-http.ts'
import { settingsOr2 } from './settings-or-2.ts'

interface Flags { readonly reason?: string; readonly since?: number; readonly before?: number; readonly limit: number; readonly all?: true; readonly dryRun?: true; readonly http?: string; readonly config?: string }

const lettersOfARequest = 2000

export function registerDeadLetters(program: Command): void {
  const letters = program.command('dead-letters').description('what was no mention: list it, count it by reason, send it again, dismiss it; the engine must be running')
  const sub = (name: string, description: string, isDefault = false): Command => letters.command(name, { isDefault }).description(description)
    .option('--since <time>', 'only what came in since then: ISO-8601 with a zone, or an age such as 2h', timeOf)
    .option('--before <time>', 'only what came in before then', timeOf)
    .option('--http <port>', 'port of the engine\'s API (default 8080)')
    .option('--config <file>', 'settings file (default ./groundswell.yml)')
  sub('list', 'a JSON line for each dead letter, newest first', true)
    .option('--reason <reason>', 'only of this reason', reasonOf)
    .option('--limit <n>', 'at most so many, 1 to 1000', limitOf, 100)
    .option('--all', 'also those that were sent again or dismissed already')
    .action((flags: Flags) => withEngine(flags, (engine) => list(engine, flags)))
  sub('reasons', 'how many there are of each reason, what it means and what to do')
    .action((flags: Flags) => withEngine(flags, (engine) => reasons(engine, flags)))
  sub('replay', 'send dead letters through the stream again, byte for byte: of use where another version reads them; what is still bad becomes a dead letter again')
    .option('--reason <reason>', 'only of this reason', reasonOf)
    .option('--all', 'also those that were sent again or dismissed already')
    .option('--dry-run', 'only count what would be sent')
    .action((flags: Flags) => withEngine(flags, (engine) => replay(engine, flags)))
  sub('dismiss', 'be done with dead letters: they are kept and shown with --all, and nobody is warned of them any more')
    .option('--reason <reason>', 'only of this reason', reasonOf)
    .option('--dry-run', 'only count what would be dismissed')
    .action((flags: Flags) => withEngine(flags, (engine) => dismiss(engine, flags)))
}

async function withEngine(flags: Flags, use: (engine: EngineHttp) => Promise<void>): Promise<void> {
  const settings = settingsOr2(() => loadSettings({ flags: { http: flags.http, config: flags.config }, env: process.env, cwd: process.cwd() }))
  if (!settings) return
  try {
    await use(engineAt(settings))
  } catch (error) {
    if (!(error instanceof EngineAway) && !(error instanceof EngineRefused)) throw error
    process.stderr.write(`groundswell dead-letters: ${error.message}\n`)
    process.exitCode = 1
  }
}

async function list(engine: EngineHttp, { reason, since, before, limit, all }: Flags): Promise<void> {
  const { deadLetters } = await engine.get<{ deadLetters: DeadLetter[] }>('/api/dead-letters', { reason, since, before, limit, all })
  for (const letter of deadLetters) print(letter)
  if (deadLetters.length === 0) say(all ? 'there are no dead letters' : 'there are no dead letters that wait; --all shows those that were sent again or dismissed')
  else if (deadLetters.length === limit) say(`these are the newest ${limit}; --limit shows more, at most 1000`)
}

async function reasons(engine: EngineHttp, { since, before }: Flags): Promise<void> {
  const { reasons: rows } = await engine.get<{ reasons: LetterReasonRow[] }>('/api/dead-letters/reasons', { since, before })
  for (const row of rows) print({ ...row, ...meaningOf(row.reason) })
  if (rows.length === 0) say('there are no dead letters')
}

/** Page by page, so that neither side holds more than some megabytes and a long replay can be stopped at any moment. */
async function replay(engine: EngineHttp, { reason, since, before, all, dryRun }: Flags): Promise<void> {
  const sum = { letters: 0, sent: 0, repeated: 0, refused: 0, bytes: 0 }
  let failure: EngineAway | EngineRefused | null = null
  let next: string | null = null
  do {
    try {
      const page: ReplayAnswer = await engine.post('/api/dead-letters/replay', { reason, since, before, all, dryRun, limit: lettersOfARequest, from: next ?? undefined })
      add(sum, page)
      next = page.next
      if (next !== null) say(`${sum.letters} letters so far`)
    } catch (error) {
      if (!(error instanceof EngineRefused || error instanceof EngineAway)) throw error
      failure = error
      if (error instanceof EngineRefused) add(sum, error.body)
    }
  } while (next !== null && failure === null)
  if (failure === null || sum.letters > 0) print({ ...sum, dryRun: dryRun === true, complete: failure === null })
  if (sum.refused > 0) say(`${sum.refused} letters fit no message of this NATS server and stay as they are`)
  if (sum.sent > 0) say('they are on the stream; what is still bad comes back as a new dead letter: groundswell dead-letters reasons')
  if (failure) throw failure
}

async function dismiss(engine: EngineHttp, { reason, since, before, dryRun }: Flags): Promise<void> {
  let letters = 0
  let next: string | null = null
  do {
    const page: DismissAnswer = await engine.post('/api/dead-letters/dismiss', { reason, since, before, dryRun, limit: lettersOfARequest, from: next ?? undefined })
    letters += page.letters
    next = page.next
    if (next !== null) say(`${letters} letters so far`)
  } while (next !== null)
  print({ letters, dryRun: dryRun === true })
}

function add(sum: Record<'letters' | 'sent' | 'repeated' | 'refused' | 'bytes', number>, page: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(sum) as (keyof typeof sum)[]) if (typeof page[key] === 'number') sum[key] += page[key]
}

const print = (row: unknown): void => { process.stdout.write(`${JSON.stringify(row)}\n`) }
const say = (text: string): void => { process.stderr.write(`${text}\n`) }

/** ms since 1970. */
function timeOf(text: string): number {
  const age = durationSeconds(text)
  const at = age === null ? (/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN) : Date.now() - age * 1000
  if (Number.isNaN(at)) throw new InvalidArgumentError('a time with a zone, such as 2026-01-31T08:00:00Z, or an age of at most 7d, such as 2h.')
  return at
}

function reasonOf(text: string): string {
  if (!(rejectReasons as readonly string[]).includes(text)) throw new InvalidArgumentError(`there is no such reason; known are ${rejectReasons.join(', ')}.`)
  return text
}

function limitOf(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 1000) throw new InvalidArgumentError('a whole number from 1 to 1000.')
  return Number(text)
}
