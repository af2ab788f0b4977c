// From the text of a rules file to the function that enriches batches by it: what workers, backtests and fills share.
import { createEnricher } from '../core/2-enrich/enrich.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { compileMatcher } from '../core/2-enrich/matcher/compile.ts'
import { createLexiconScorer } from '../core/2-enrich/sentiment.ts'

/** Throws where the text is refused: whoever puts rules in force has parsed them before. */
export function compileRules(text: string, rulesSeq: number): ReturnType<typeof createEnricher> {
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error(`rules ${rulesSeq} came to a worker unchecked: ${parsed.problems[0]?.message ?? 'no reason'}`)
  return createEnricher({ matcher: compileMatcher(parsed.rules), scorer: createLexiconScorer(), rulesSeq })
}
