// How surprising a count is beside another time: Dunning's log-likelihood ratio (Computational Linguistics 19(1), 1993), with a sign, as its root.

/** `now` of `nowOf` mentions hold it, and `before` of `beforeOf`. Above 0: more often now than then. About 3: one in a thousand by chance. */
export function signedRoot({ now, nowOf, before, beforeOf }: { readonly now: number; readonly nowOf: number; readonly before: number; readonly beforeOf: number }): number {
  const held = now + before, all = nowOf + beforeOf
  const part = (observed: number, row: number, column: number): number => (observed === 0 ? 0 : observed * Math.log((observed * all) / (row * column)))
  const ratio = 2 * (part(now, nowOf, held) + part(before, beforeOf, held) + part(nowOf - now, nowOf, all - held) + part(beforeOf - before, beforeOf, all - held))
  return Math.sqrt(Math.max(0, ratio)) * (now * beforeOf >= before * nowOf ? 1 : -1)
}
