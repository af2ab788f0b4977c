// Watches the rules file: a good change becomes a command on the stream, a bad one is told with line, column and reason and changes nothing.
import { readFile } from 'node:fs/promises'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { placed } from './rules-text.ts'

export class RulesRefused extends Error {
  override readonly name = 'RulesRefused'
}

export const watchMs = 1000

function problemsIn(file: string, text: string): string | null {
  const parsed = parseRules(text)
  return parsed.ok ? null : parsed.problems.map((problem) => placed(file, problem)).join('\n')
}

/** The text of a rules file that has been checked; throws RulesRefused with every problem's place, or what reading it said. */
export async function readRules(file: string): Promise<string> {
  const text = await readFile(file, 'utf8')
  const reason = problemsIn(file, text)
  if (reason !== null) throw new RulesRefused(reason)
  return text
}

export interface RulesWatcher {
  /** The file is good, whether or not its text is new: what was refused before is mended. */
  readonly good: () => void
  readonly changed: (text: string) => void
  readonly refused: (reason: string) => void
  /** What was refused, or gone, is right again, whether or not its text is new. */
  readonly mended?: () => void
}

const unreadable = (file: string, error: NodeJS.ErrnoException): string =>
  error.code === 'ENOENT' ? `${file} is gone: put it back, or save it anew; the rules in force stay` : `${file} cannot be read (${error.message}); the rules in force stay`

/** Looks once a second (editors replace files, network drives send no events), starting from the text that is in force. Answers the function that ends it. */
export function watchRules(file: string, inForce: string, on: RulesWatcher): () => void {
  let seen = inForce // the text that was looked at last, good or bad
  let good = inForce
  let refused = false
  const look = async (): Promise<void> => {
    const text = await readFile(file, 'utf8').catch((error: Error) => error)
    const state = typeof text === 'string' ? text : text.message
    if (state === seen) return
    seen = state
    const reason = typeof text === 'string' ? problemsIn(file, text) : unreadable(file, text)
    const mended = refused
    refused = reason !== null
    if (reason !== null) return on.refused(reason)
    on.good()
    if (mended) on.mended?.()
    if (state !== good) on.changed(state)
    good = state
  }
  const timer = setInterval(() => void look(), watchMs)
  return () => clearInterval(timer)
}
