// What the engine answers where it refuses, as its API does: words in English, and the same as codes.
import { inEnglish, type Said } from '@groundswell/schemas/problem.ts'

export function refused(status: number, error: string, { detail, hint, more = {} }: { readonly detail: Said; readonly hint: Said; readonly more?: Readonly<Record<string, unknown>> }): { readonly status: number; readonly body: unknown } {
  return { status, body: { error, detail: inEnglish(detail), hint: inEnglish(hint), said: [detail, hint], ...more } }
}

/** A problem of a rules file. */
export const problemAt = (path: string, place: { readonly line: number; readonly column: number }, what: Said): Readonly<Record<string, unknown>> => ({ ...place, path, message: inEnglish(what), said: what })
