// The rules that the core has in force, as the shell needs them: parsed for the API, shared for workers that fill.
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { shareRules, type SharedRules } from '../io/pool/pool.ts'

export class RulesInForce {
  #rules: Rules
  #shared: SharedRules
  #text: string

  constructor({ rules, rulesSeq, rulesText }: { readonly rules: Rules; readonly rulesSeq: number; readonly rulesText: string }) {
    this.#rules = rules
    this.#shared = shareRules(rulesSeq, rulesText)
    this.#text = rulesText
  }

  get rules(): Rules { return this.#rules }
  get shared(): SharedRules { return this.#shared }
  get text(): string { return this.#text }

  /** Only with what the core has accepted. */
  replace({ seq, text }: { readonly seq: number; readonly text: string }): void {
    const parsed = parseRules(text)
    if (!parsed.ok) throw new Error(`the core accepted rules ${seq} that the shell refuses: ${parsed.problems[0]?.message ?? ''}`)
    this.#rules = parsed.rules
    this.#shared = shareRules(seq, text)
    this.#text = text
  }
}
