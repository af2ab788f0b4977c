// What is wrong with what somebody wrote or asked, as a code and the values that it names, so that each reader has it in his own language. The English beside it
// is rendered from the same.
import { z } from 'zod'
import { problemTexts, type ProblemCode } from './problem-texts.ts'

/** A text, a number, another thing that is said, or several that are, one after the other. */
export type SaidValue = string | number | Said | readonly Said[]
export interface Said { readonly code: ProblemCode; readonly values: Readonly<Record<string, SaidValue>> }

export const saidSchema = z.strictObject({ code: z.string().describe('Stable; its English is the message beside it'), values: z.record(z.string(), z.unknown()).describe('What the message names: texts, numbers, and what is said within it') })

type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never
type TextOf<Code extends ProblemCode> = (typeof problemTexts)[Code]
/** Nothing where the text has no places. */
type Values<Code extends ProblemCode> = [Places<TextOf<Code>>] extends [never] ? [] : [Readonly<Record<Places<TextOf<Code>>, SaidValue>>]

export const said = <Code extends ProblemCode>(code: Code, ...[values]: Values<Code>): Said => ({ code, values: values ?? {} })

export const inEnglish = (one: Said): string => rendered(one, problemTexts, '; ')

/** `between`: of several. A place without a value stays as it is. */
export function rendered({ code, values }: Said, texts: Readonly<Record<ProblemCode, string>>, between: string): string {
  return texts[code].replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name]
    if (value === undefined) return place
    if (typeof value !== 'object') return String(value)
    return (Array.isArray(value) ? value as readonly Said[] : [value as Said]).map((each) => rendered(each, texts, between)).join(between)
  })
}

/** `a and b`, `a and b and c`; one alone is itself. */
export function joined([first = '', ...rest]: readonly string[]): Said | string {
  return rest.length === 0 ? first : said('and', { first, rest: joined(rest) })
}

const texts = new Map<string, Said>() // one each for what the shapes of this code say

/** The message of a zod shape: zod hands on its text alone, and `saidOf` knows what was said. To be called where a shape is made, with what is known there. */
export function shapeText<Code extends ProblemCode>(code: Code, ...values: Values<Code>): string {
  const one = said(code, ...values)
  const text = inEnglish(one)
  texts.set(text, one)
  return text
}

/** Of a zod issue: what its shape says, or of one that a function adds, its `params.said`. Null: they are zod's own words. */
export function saidOf({ message, params }: { readonly message: string; readonly params?: Readonly<Record<string, unknown>> | undefined }): Said | null {
  return params?.['said'] as Said | undefined ?? texts.get(message) ?? null
}

/** For a shape's function that adds an issue. */
export const saidIssue = (what: Said): { readonly code: 'custom'; readonly message: string; readonly params: { readonly said: Said } } => ({ code: 'custom', message: inEnglish(what), params: { said: what } })
