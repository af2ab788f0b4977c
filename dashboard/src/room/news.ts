// Which alerts are news to this wall: each is news once, however often the server tells of it, a reload of the page included.
import type { AlertRow } from '@groundswell/schemas/live.ts'

/** Ids that are remembered; above it the oldest are forgotten. A server tells of 50 at a time. */
export const knownMax = 200

export interface News {
  readonly known: readonly string[] // ids, oldest first
  readonly fresh: readonly AlertRow[] // in the order of the list: newest first
}

/** `known` is null for a wall that has seen nothing yet: then what is there already is known, for its rows and strip show it. */
export function newsOf(known: readonly string[] | null, alerts: readonly AlertRow[]): News {
  if (known === null) return { known: alerts.map(({ id }) => id).toReversed().slice(-knownMax), fresh: [] }
  const seen = new Set(known)
  const fresh = alerts.filter(({ id }) => !seen.has(id))
  if (fresh.length === 0) return { known, fresh }
  // What the list still holds is kept before what it no longer holds.
  const listed = new Set(alerts.map(({ id }) => id))
  const kept = [...known.filter((id) => !listed.has(id)), ...known.filter((id) => listed.has(id)), ...fresh.map(({ id }) => id).toReversed()]
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
