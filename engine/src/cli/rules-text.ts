// A rules file as the commands read it, and how they say where in it something is wrong.
import { readFileSync } from 'node:fs'
import type { RulesProblem } from '../core/2-enrich/rules-file.ts'

export type RulesText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }

/** The file's text without a byte order mark; a message where it cannot be read or is not UTF-8. */
export function readRulesText(file: string): RulesText {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return { ok: false, message: `${file} cannot be read (${(error as Error).message}): name a rules file` }
  }
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { ok: false, message: `${file} is not UTF-8: save it as UTF-8` }
  }
}

/** `file:line:column message`, as editors and terminals make a link of it. */
export function placed(file: string, { line, column, message }: RulesProblem): string {
  return `${file}:${line}:${column} ${message}`
}
