// How what is said is put into words of any language. By itself, because the dashboard reads it too, where zod would be dead weight.
import type { ProblemCode } from './problem-texts.ts'

/** A text, a number, another thing that is said, or several that are, one after the other. */
export type SaidValue = string | number | Said | readonly Said[]
export interface Said { readonly code: ProblemCode; readonly values: Readonly<Record<string, SaidValue>> }

/** `between`: of several that are said. `tight`: no blank stands beside what is said within, as in languages whose words need none. */
export interface Wording { readonly texts: Readonly<Record<ProblemCode, string>>; readonly between: string; readonly tight: boolean }

/** A place without a value stays as it is. */
export function rendered({ code, values }: Said, wording: Wording): string {
  return wording.texts[code].replaceAll(/( ?)\{(\w+)\}( ?)/g, (place, before: string, name: string, after: string) => {
    const value = values[name]
    if (value === undefined) return place
    if (typeof value !== 'object') return `${before}${value}${after}`
    const within = (Array.isArray(value) ? value as readonly Said[] : [value as Said]).map((each) => rendered(each, wording)).join(wording.between)
    return wording.tight ? within : `${before}${within}${after}`
  })
}
