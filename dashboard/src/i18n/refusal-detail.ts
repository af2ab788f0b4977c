// Whether what the engine itself said of a refusal, in English, is told beside the words of the page.
import type { Language } from './language.ts'

/** The words of the page say all of these (of a store that fails the cause is worth its English); what a browser says of an engine that is away ("Failed to fetch") says nothing in any language. */
const saidByWords: ReadonlySet<string> = new Set(['token', 'forbidden', 'permission', 'role', 'unknown', 'topic'])

/** '' where the words of the page are enough. */
export function refusalDetail(why: string, detail: string | undefined, lang: Language): string {
  if (detail === undefined || why === 'away') return ''
  return lang !== 'en' && saidByWords.has(why) ? '' : detail
}
