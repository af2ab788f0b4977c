// Why the engine did not answer a question, from its status and its words: the same for every question that is asked over HTTP.

/** token: the engine wants to see one · forbidden: who asks may not · store: the store does not answer · busy: too much is asked at once · refused: it says why. */
export type Refusal = 'token' | 'forbidden' | 'store' | 'busy' | 'refused'

/** `known`: errors of the engine that this question has a word of its own for. Of a body that is no JSON, as a proxy's, the status is told. */
export async function refusalOf<Own extends string>(response: Response, known: Readonly<Record<string, Own>>): Promise<{ readonly why: Refusal | Own; readonly detail: string }> {
  const { error = '', detail = `status ${response.status}`, hint = '' } = (await response.json().catch(() => null) ?? {}) as { error?: string; detail?: string; hint?: string }
  const own = Object.hasOwn(known, error) ? known[error] : undefined
  return { why: own ?? ofStatus(response.status, error), detail: hint === '' ? detail : `${detail} · ${hint}` }
}

function ofStatus(status: number, error: string): Refusal {
  if (status === 503) return error === 'busy' ? 'busy' : 'store'
  return ({ 401: 'token', 403: 'forbidden' } as const)[status] ?? 'refused'
}
