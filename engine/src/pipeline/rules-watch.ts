// Watches the rules file: a good change becomes a command on the stream, a bad one is told with line, column and reason and changes nothing.
import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseRules } from '../core/2-enrich/rules-file.ts'

export interface RulesProblem { readonly line: number; readonly column: number; readonly message: string }

/** Where a rules file is wrong, as editors and people read it: `rules.yml:12:9 unknown field …`. */
export const describeProblems = (file: string, problems: readonly RulesProblem[]): string =>
  problems.map((p) => `${file}:${p.line}:${p.column} ${p.message}`).join('\n')

export class RulesRefused extends Error {
  override readonly name = 'RulesRefused'
}

/** The text of a rules file that has been checked; throws RulesRefused with every problem's place, or what reading it said. */
export async function readRules(file: string): Promise<string> {
  const text = await readFile(file, 'utf8')
  const parsed = parseRules(text)
  if (!parsed.ok) throw new RulesRefused(describeProblems(file, parsed.problems))
  return text
}

/** Looks once a second (editors replace files, network drives send no events). Answers the function that ends it. */
export function watchRules(file: string, on: { readonly changed: (text: string) => void; readonly refused: (reason: string) => void }): () => void {
  let last: string | undefined
  const look = async (): Promise<void> => {
    try {
      const text = await readRules(file)
      if (text !== last) on.changed(text)
      last = text
    } catch (error) {
      on.refused((error as Error).message)
    }
  }
  const remember = async (): Promise<void> => { last ??= await readFile(file, 'utf8').catch(() => undefined) }
  void remember()
  const listener = (now: { mtimeMs: number }, before: { mtimeMs: number }): void => {
    if (now.mtimeMs !== before.mtimeMs) void look()
  }
  watchFile(file, { interval: 1000 }, listener)
  return () => unwatchFile(file, listener)
}
