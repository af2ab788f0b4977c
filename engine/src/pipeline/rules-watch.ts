// Watches the rules file: a good change becomes a command on the stream, a bad one is told with line, column and reason and changes nothing.
import { readFile } from 'node:fs/promises'
import { rulesOf, type RulesText } from './rules-text.ts'

export class RulesRefused extends Error {
  override readonly name = 'RulesRefused'
}

export const watchMs = 1000

/** The text of a rules file that has been checked, without a byte order mark; throws RulesRefused with every problem's place, or what reading it said. */
export async function readRules(file: string): Promise<string> {
  const rules = rulesOf(file, await readFile(file))
  if (!rules.ok) throw new RulesRefused(rules.messages.join('\n'))
  return rules.text
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
  let seen = Buffer.from(inForce).toString('latin1') // the bytes that were looked at last, good or bad
  let good = inForce
  let refused = false
  let ended = false
  const look = async (): Promise<void> => {
    const bytes = await readFile(file).catch((error: Error) => error)
    const state = bytes instanceof Error ? bytes.message : bytes.toString('latin1') // every byte, UTF-8 or not
    if (ended || state === seen) return
    seen = state
    const rules: RulesText = bytes instanceof Error ? { ok: false, messages: [unreadable(file, bytes)] } : rulesOf(file, bytes)
    const mended = refused
    refused = !rules.ok
    if (!rules.ok) return on.refused(rules.messages.join('\n'))
    on.good()
    if (mended) on.mended?.()
    if (rules.text !== good) on.changed(rules.text)
    good = rules.text
  }
  const timer = setInterval(() => void look(), watchMs)
  return () => {
    ended = true
    clearInterval(timer)
  }
}
