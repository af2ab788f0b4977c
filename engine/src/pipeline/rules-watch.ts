// Watches the rules file: a good change becomes a command on the stream, a bad one is told with line, column and reason and changes nothing.
import { readFile } from 'node:fs/promises'
import { rulesOf, type RulesText } from './rules-text.ts'

export class RulesRefused extends Error {
  override readonly name = 'RulesRefused'
}

const watchMs = 1000
const settleMs = 250
const looksMax = 20 // five seconds: what is written all the time is taken, or refused, as it is found

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

/** How it looks: tests tell what is read, and pass the time. */
export interface Looking {
  readonly read: (file: string) => Promise<Buffer>
  /** Calls `look` after `ms`, unless the answer is called before. */
  readonly after: (ms: number, look: () => void) => () => void
}

const real: Looking = { read: (file) => readFile(file), after: (ms, look) => { const timer = setTimeout(look, ms); return () => clearTimeout(timer) } }

/**
 * Looks once a second (editors replace files, network drives send no events), starting from the text that is in force. What is new counts when the next
 * look, soon after, finds it too: who writes in place may be half-way, though not for longer than five seconds. Answers the function that ends it.
 */
export function watchRules(file: string, inForce: string, on: RulesWatcher, { read, after }: Looking = real): () => void {
  let seen = Buffer.from(inForce).toString('latin1') // the bytes that counted last, good or bad
  let met: string | null = null // those of the last look, where they are others
  let looks = 0 // that each found something else
  let good = inForce
  let refused = false
  let ended = false
  const look = async (): Promise<void> => {
    const bytes = await read(file).catch((error: Error) => error)
    const state = bytes instanceof Error ? bytes.message : bytes.toString('latin1') // every byte, UTF-8 or not
    if (ended) return
    if (state === seen) met = null
    else if (state !== met && ++looks < looksMax) met = state
    else take(state, bytes)
    if (met === null) looks = 0
    cancel = after(met === null ? watchMs : settleMs, () => void look())
  }
  function take(state: string, bytes: Buffer | Error): void {
    seen = state
    met = null
    const rules: RulesText = bytes instanceof Error ? { ok: false, messages: [unreadable(file, bytes)] } : rulesOf(file, bytes)
    const mended = refused
    refused = !rules.ok
    if (!rules.ok) return on.refused(rules.messages.join('\n'))
    on.good()
    if (mended) on.mended?.()
    if (rules.text !== good) on.changed(rules.text)
    good = rules.text
  }
  let cancel = after(watchMs, () => void look())
  return () => {
    ended = true
    cancel()
  }
}
