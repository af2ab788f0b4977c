// Which alerts are news to this wall: each is news once, however often the server tells of it, a reload of the page included; and once more when
// the attention that people had stopped is due again: its silence ended, or somebody opened it anew.
import type { AlertRow } from '@groundswell/schemas/live.ts'

/** Ids that are remembered; above it the oldest are forgotten. A server tells of 50 at a time. */
export const knownMax = 200

export interface News {
  readonly known: readonly string[] // ids, oldest first
  readonly fresh: readonly AlertRow[] // in the order of the list: newest first
}

const nobody = (): boolean => false

/** `known` is null for a wall that has seen nothing yet: then what is there already is known, for its rows and strip show it. What is muted is neither news nor known. */
export function newsOf(known: readonly string[] | null, alerts: readonly AlertRow[], isMuted: (alert: AlertRow) => boolean = nobody): News {
  const muted = new Set(alerts.filter(isMuted).map(({ id }) => id))
  const told = muted.size === 0 ? alerts : alerts.filter(({ id }) => !muted.has(id))
  if (known === null) return { known: told.map(({ id }) => id).toReversed().slice(-knownMax), fresh: [] }
  const remembered = muted.size > 0 && known.some((id) => muted.has(id)) ? known.filter((id) => !muted.has(id)) : known
  const seen = new Set(remembered)
  const fresh = told.filter(({ id }) => !seen.has(id))
  if (fresh.length === 0) return { known: remembered, fresh }
  // What the list still holds is kept before what it no longer holds.
  const listed = new Set(told.map(({ id }) => id))
  const kept = [...remembered.filter((id) => !listed.has(id)), ...remembered.filter((id) => listed.has(id)), ...fresh.map(({ id }) => id).toReversed()]
  return { known: kept.slice(-knownMax), fresh }
}

/** As `JSON.stringify` of known ids left it; null where it is something else. */
export function knownFrom(text: string | null): readonly string[] | null {
  if (text === null) return null
  try {
    const ids: unknown = JSON.parse(text)
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? ids.slice(-knownMax) : null
  } catch {
    return null // another program's words: as good as none
  }
}
