// A rules file as the commands read it, and how everybody says where in it something is wrong.
import { readFileSync } from 'node:fs'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules, type RulesProblem } from '../core/2-enrich/rules-file.ts'

export type RulesText = { readonly ok: true; readonly text: string; readonly rules: Rules } | { readonly ok: false; readonly messages: readonly string[] }

/** The file's text without a byte order mark, and its rules; messages where it cannot be read, is not UTF-8 or is refused. */
export function readRulesText(file: string): RulesText {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return { ok: false, messages: [`${file} cannot be read (${(error as Error).message}): name a rules file`] }
  }
  return rulesOf(file, bytes)
}

/** As readRulesText, of bytes that were read. */
export function rulesOf(file: string, bytes: Uint8Array): RulesText {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { ok: false, messages: [`${file} is not UTF-8: save it as UTF-8`] }
  }
  const parsed = parseRules(text)
  return parsed.ok ? { ok: true, text, rules: parsed.rules } : { ok: false, messages: parsed.problems.map((problem) => placed(file, problem)) }
}

/** `file:line:column message`, as editors and terminals make a link of it. */
export function placed(file: string, { line, column, message }: RulesProblem): string {
  return `${file}:${line}:${column} ${message}`
}
