// The rules: the file is right, and is what is in force.
import { readRulesText } from '../pipeline/rules-text.ts'
import { counted, note, ok, warn, wrong, type Check } from './check.ts'
import { rulesHash } from './tables.ts'

export interface RulesFacts { readonly file: string; readonly messages: readonly string[]; readonly topics: number; readonly hash: string | null } // hash: null where it is refused

export function lookAtRules(file: string | null): RulesFacts | null {
  if (file === null) return null
  const read = readRulesText(file)
  return read.ok ? { file, messages: [], topics: read.rules.topics.length, hash: rulesHash(read.text) } : { file, messages: read.messages, topics: 0, hash: null }
}

/** `inForce`: hash of the newest rules that are applied, null where they are not known. */
export function rulesChecks(facts: RulesFacts | null, { inForce, running }: { readonly inForce: string | null; readonly running: boolean }): Check[] {
  if (facts === null && running && inForce !== null) return [ok('rules', 'the settings name no file; the engine that runs has rules in force')]
  if (facts === null) return [note('rules', 'there is no rules file: rules that are on the stream already are in force', 'name one with --rules or GROUNDSWELL_RULES')]
  const { file, messages, topics, hash } = facts
  if (hash === null) return [wrong('rules', messages.slice(0, 10).join('\n'), `mend the file; groundswell check-rules ${file} says whether it is right`)]
  if (topics === 0) return [warn('rules', `${file} has no topics: nothing is watched`, 'add topics; rules/example.yml shows how')]
  const found = `${file}: ${counted(topics, 'topic')}`
  if (inForce === null) return [ok('rules', found)]
  if (inForce === hash) return [ok('rules', `${found}, in force`)]
  return [running ? warn('rules', `${found}, but other rules are in force`, 'the engine takes a saved file over within seconds: see its log; where it was started with another file, name that one here with --rules') : note('rules', `${found}; the next start puts it in force`)]
}
