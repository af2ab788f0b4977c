// What is wrong with what somebody wrote or asked, as a code and the values that it names, so that each reader has it in his own language. The English beside it
// is rendered from the same.
import { z } from 'zod'
import { problemTexts, type ProblemCode } from './problem-texts.ts'
import { rendered, type Said, type SaidValue } from './said.ts'

export type { Said }

/** A code may be one that only a newer engine knows. */
export const saidSchema = z.strictObject({ code: z.string().describe('Stable; its English is the message beside it'), values: z.record(z.string(), z.unknown()).describe('What the message names: texts, numbers, and what is said within it') }) as unknown as z.ZodType<Said>

type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never
type TextOf<Code extends ProblemCode> = (typeof problemTexts)[Code]
/** Nothing where the text has no places. */
type Values<Code extends ProblemCode> = [Places<TextOf<Code>>] extends [never] ? [] : [Readonly<Record<Places<TextOf<Code>>, SaidValue>>]

export const said = <Code extends ProblemCode>(code: Code, ...[values]: Values<Code>): Said => ({ code, values: values ?? {} })

export const inEnglish = (one: Said): string => rendered(one, { texts: problemTexts, between: '; ', tight: false })

/** `a and b`, `a and b and c`; one alone is itself. */
export function joined([first = '', ...rest]: readonly string[]): Said | string {
  return rest.length === 0 ? first : said('and', { first, rest: joined(rest) })
}

const texts = new Map<string, Said>() // one each for what this code says so: a few dozen

/** A message for what hands on its text alone, as zod does of its shapes: `saidOf` knows what it says. Only with values that are constants of this code. */
export function codedText<Code extends ProblemCode>(code: Code, ...values: Values<Code>): string {
  const one = said(code, ...values)
  const text = inEnglish(one)
  texts.set(text, one)
  return text
}

/** Of an issue of zod's or an Error: what it says, or of an issue that a function adds, its `params.said`. Null: they are somebody else's words. */
export function saidOf({ message, params }: { readonly message: string; readonly params?: Readonly<Record<string, unknown>> | undefined }): Said | null {
  return params?.['said'] as Said | undefined ?? texts.get(message) ?? null
}

/** For a shape's function that adds an issue. */
export const saidIssue = (what: Said): { readonly code: 'custom'; readonly message: string; readonly params: { readonly said: Said } } => ({ code: 'custom', message: inEnglish(what), params: { said: what } })
