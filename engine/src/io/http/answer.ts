// How the API says no: JSON {error, detail, hint} with a status. `detail` names the value, `hint` says what to do.
import { inEnglish, saidSchema, type Said } from '@groundswell/schemas/problem.ts'
import { z } from 'zod'

export const problemSchema = z.strictObject({
  error: z.string().describe('What is wrong, as a constant: unknown-topic, wrong-query, …'),
  detail: z.string().describe('Names the value'),
  hint: z.string().describe('What to do'),
  said: z.array(saidSchema).optional().describe('Detail and hint again, as codes and the values that they name, for a page in another language'),
})
export interface ProblemBody { readonly error: string; readonly detail: string; readonly hint: string; readonly said?: readonly Said[] }

/** Of every route that reads the store. */
export const storeAway = { description: 'The store is away', shape: problemSchema } as const

/** Thrown by handlers, answered as JSON; never a bug of ours. `more` goes into the body too. */
export class Refusal extends Error {
  readonly status: number
  readonly body: ProblemBody & Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: ProblemBody & Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
    super(`${body.error}: ${body.detail}`)
    this.name = 'Refusal'
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** A refusal whose words any page can say in its own language. */
export function refusal(status: number, error: string, { detail, hint, more = {} }: { readonly detail: Said; readonly hint: Said; readonly more?: Readonly<Record<string, unknown>> }, headers?: Readonly<Record<string, string>>): Refusal {
  return new Refusal(status, { error, detail: inEnglish(detail), hint: inEnglish(hint), said: [detail, hint], ...more }, headers)
}
