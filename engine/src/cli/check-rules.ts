// `groundswell check-rules FILE`: a JSON line a topic that says how its query is understood and what its baseline and spread rules may tell, one of the room
// with all alarm budgets together, or every problem with its place.
import type { Command } from 'commander'
import { hintsOf } from '../core/2-enrich/rules-file.ts'
import { explain, termsOf } from '../core/2-enrich/query/explain.ts'
import { parseQuery } from '../core/2-enrich/query/parse.ts'
import { placed, readRulesText } from '../pipeline/rules-text.ts'
import { explainBaseline, explainRoom } from './rules-baseline.ts'
import { notesOf } from '../pipeline/rules-notes.ts'
import { explainSpread } from './rules-spread.ts'

export function registerCheckRules(program: Command): void {
  program.command('check-rules')
    .description('validate a rules file and explain what each topic would match')
    .argument('<file>', 'the rules file, YAML')
    .action(async (file: string) => { process.exitCode = await checkRules(file) })
}

/** Where lines go; the process' own streams unless a caller wants them. */
export interface CheckRulesOutput { readonly out: (line: string) => void; readonly err: (line: string) => void }
const streams: CheckRulesOutput = { out: (line) => process.stdout.write(`${line}\n`), err: (line) => process.stderr.write(`${line}\n`) }

/** Answers the exit code: 0 the rules are right, 1 they are not, or the file cannot be read. */
export async function checkRules(file: string, { out, err }: CheckRulesOutput = streams): Promise<number> {
  const read = readRulesText(file)
  if (!read.ok) {
    for (const message of read.messages) err(message)
    return 1
  }
  const { text, rules } = read
  if (rules.topics.length === 0) err(`${file}: 0 topics: nothing is watched`)
  const hints = [...hintsOf(text, rules), ...notesOf(text, rules)].sort((a, b) => a.line - b.line || a.column - b.column)
  for (const hint of hints) err(placed(file, { ...hint, message: `note: ${hint.message}` }))
  for (const { id, name, query, baseline, spread } of rules.topics) {
    const understood = parseQuery(query)
    const about = { ...(baseline ? { baseline: explainBaseline(baseline) } : {}), ...(spread ? { spread: explainSpread(spread) } : {}) }
    if (understood.ok) out(JSON.stringify({ topic: id, name, query, terms: termsOf(understood.node), matches: explain(understood.node), ...about }))
  }
  const room = explainRoom(rules)
  if (room === null) return 0
  out(JSON.stringify({ room }))
  err(`${file}: ${room.en}`)
  return 0
}
