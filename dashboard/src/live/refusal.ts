// Why the engine did not answer a question, from its status and its words: the same for every question that is asked over HTTP.
import type { Said } from '@groundswell/schemas/said.ts'

/** token: the engine wants to see one · forbidden: who asks may not · store: the store does not answer · busy: too much is asked at once · refused: it says why. */
export type Refusal = 'token' | 'forbidden' | 'store' | 'busy' | 'refused'

/** What the engine says, in English, and the same as codes; of words that are not the engine's there are none. */
export interface EngineSaid { readonly detail: string; readonly said?: readonly Said[] | undefined }

/** `body`: of the answer, as JSON; null where it is none, as a proxy's: then the status is told. */
export function toldIn(body: unknown, status: number): EngineSaid {
  const { detail, hint = '', said } = (body ?? {}) as { detail?: string; hint?: string; said?: readonly Said[] }
  if (detail === undefined) return { detail: `status ${status}`, said: [{ code: 'status', values: { status } }] }
  return { detail: hint === '' ? detail : `${detail} · ${hint}`, said }
}

/** `known`: errors of the engine that this question has a word of its own for. */
export async function refusalOf<Own extends string>(response: Response, known: Readonly<Record<string, Own>>): Promise<{ readonly why: Refusal | Own } & EngineSaid> {
  const body: unknown = await response.json().catch(() => null)
  const { error = '' } = (body ?? {}) as { error?: string }
  const own = Object.hasOwn(known, error) ? known[error] : undefined
  return { why: own ?? ofStatus(response.status, error), ...toldIn(body, response.status) }
}

function ofStatus(status: number, error: string): Refusal {
  if (status === 503) return error === 'busy' ? 'busy' : 'store'
  return ({ 401: 'token', 403: 'forbidden' } as const)[status] ?? 'refused'
}
