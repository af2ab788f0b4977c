// The rules of a story: right by construction, so a text that is refused is a fault of the story.
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules } from '../../src/core/2-enrich/rules-file.ts'

const known = new Map<string, Rules>() // parsing is a large part of a seed
const knownMax = 1000

export function parsedRules(text: string): Rules {
  const rules = known.get(text) ?? parse(text)
  if (known.size >= knownMax) known.clear()
  known.set(text, rules)
  return rules
}

function parse(text: string): Rules {
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error(`the story's rules are wrong: ${parsed.problems[0]?.message ?? ''}\n${text}`)
  return parsed.rules
}
