// The rules of a story: right by construction, so a text that is refused is a fault of the story.
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules } from '../../src/core/2-enrich/rules-file.ts'

export function parsedRules(text: string): Rules {
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error(`the story's rules are wrong: ${parsed.problems[0]?.message ?? ''}\n${text}`)
  return parsed.rules
}
