// Where a replay of the wall begins: where its address says, where an alert was first shown, or a while ago, as far as pictures were kept.
import { beginning, type ReplayState } from './replay-address.ts'
import type { ReplayApi } from './wall-api.ts'

const patienceMs = 10_000
const spanMs = 3_600_000 // any: the answer tells the ends of all that is kept

/** at: ms · unshown: the address names an alert, and no picture that is kept began to show it. */
export interface Begin { readonly at: number; readonly unshown: boolean }

/** What the address says alone; null: it is to be asked for. `now`: ms. */
export const beginOf = ({ at, alert }: ReplayState, now: number): Begin | null => (at === null || alert !== undefined ? null : { at: Math.min(at, now), unshown: false })

/** Asks where it has to; a question without an answer costs the exact place, and nothing else. */
export async function whereToBegin(api: ReplayApi, asked: ReplayState, { now, closed }: { readonly now: number; readonly closed: AbortSignal }): Promise<Begin> {
  const signal = AbortSignal.any([closed, AbortSignal.timeout(patienceMs)])
  if (asked.alert !== undefined) {
    const shown = await api.shown(asked.alert, signal)
    if (shown.ok && shown.value.at !== null) return { at: shown.value.at, unshown: false }
  }
  const unshown = asked.alert !== undefined
  if (asked.at !== null) return { at: Math.min(asked.at, now), unshown }
  const times = await api.times({ from: now - spanMs, to: now }, signal)
  return { at: beginning(now, times.ok ? times.value : { first: null, last: null }), unshown }
}
