// The rules that the core has in force, as the shell needs them: parsed for the API, shared for workers that fill, and awaited by who saves new ones.
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { shareRules, type SharedRules } from '../io/pool/pool.ts'

/** `at`: when the stream took them, ms: a start that reads them once more says the same. */
export interface RulesApplied { readonly seq: number; readonly text: string; readonly by?: string; readonly at: number }

export class RulesInForce {
  #rules: Rules
  #shared: SharedRules
  #text: string
  #by: string | null | undefined // undefined: from before this start, only the store knows
  #at: number | null = null
  readonly #awaited = new Set<() => void>()

  constructor({ rules, rulesSeq, rulesText }: { readonly rules: Rules; readonly rulesSeq: number; readonly rulesText: string }) {
    this.#rules = rules
    this.#shared = shareRules(rulesSeq, rulesText)
    this.#text = rulesText
  }

  get rules(): Rules { return this.#rules }
  get shared(): SharedRules { return this.#shared }
  get text(): string { return this.#text }
  /** Sequence of the command that brought them; 0: those at the first start. */
  get seq(): number { return this.#shared.seq }
  /** Who saved them at a desk; null: the file; undefined: they are from before this start. */
  get by(): string | null | undefined { return this.#by }

  /** ms: when they came into force; null: before this start, only the store knows. */
  get at(): number | null { return this.#at }

  /** Only with what the core has accepted. */
  replace({ seq, text, by, at }: RulesApplied): void {
    const parsed = parseRules(text)
    if (!parsed.ok) throw new Error(`the core accepted rules ${seq} that the shell refuses: ${parsed.problems[0]?.message ?? ''}`)
    this.#rules = parsed.rules
    this.#shared = shareRules(seq, text)
    this.#text = text
    this.#by = by ?? null
    this.#at = at
    for (const look of this.#awaited) look()
  }

  /** Whether the rules of this sequence, or newer ones, are in force, before `signal` is aborted. */
  async reached(seq: number, signal: AbortSignal): Promise<boolean> {
    if (this.seq >= seq) return true
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = (): void => { if (this.seq >= seq) resolve() }
    this.#awaited.add(look)
    signal.addEventListener('abort', () => { resolve() }, { once: true })
    if (!signal.aborted) await promise
    this.#awaited.delete(look)
    return this.seq >= seq
  }
}
