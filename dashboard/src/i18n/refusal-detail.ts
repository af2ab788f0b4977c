// What the engine itself said of a refusal, beside the words of the page.
import type { Language } from './language.ts'
import { problemWords, type EngineWords, type ProblemWords } from './problem-words.ts'

/** The words of the page say all of these where the engine's are English only (of a store that fails the cause is worth its English). */
const saidByWords: ReadonlySet<string> = new Set(['token', 'forbidden', 'permission', 'role', 'unknown', 'topic'])

/** Null where the words of the page are enough; what a browser says of an engine that is away ("Failed to fetch") says nothing in any language. */
export function refusalWords(why: string, told: EngineWords, lang: Language): ProblemWords | null {
  if (why === 'away') return null
  const words = problemWords(told, lang)
  return words.text === '' || (words.lang !== lang && saidByWords.has(why)) ? null : words
}
