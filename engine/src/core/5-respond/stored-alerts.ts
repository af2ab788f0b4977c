// Stored alerts read back: which belong to one episode, which episodes are open, and when the others ended. An episode has one alert a
// grade, of rising grade, and only its last one was stored again when it cleared.
import { levelRank } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'

export interface StoredAlerts {
  readonly rows: readonly AlertRow[] // newest first; all of a closed episode say when it ended
  readonly open: ReadonlyMap<string, readonly AlertRow[]> // by topic: the alerts of its open episode, oldest first
}

/** An alert that was never cleared but is followed by another episode ended with it: its rules had gone. */
export function readStoredAlerts(stored: readonly AlertRow[]): StoredAlerts {
  const open = new Map<string, AlertRow[]>()
  const newer = new Map<string, AlertRow>() // by topic: the row that was read last
  const rows = stored.toSorted(newestFirst).map((row) => {
    const next = newer.get(row.topic)
    const same = next !== undefined && row.clearedAt === null && levelRank(row.grade) < levelRank(next.grade)
    const read: AlertRow = same ? { ...row, clearedAt: next.clearedAt } : { ...row, clearedAt: row.clearedAt ?? next?.at ?? null }
    if (read.clearedAt === null) open.set(row.topic, [read, ...(open.get(row.topic) ?? [])])
    newer.set(row.topic, read)
    return read
  })
  return { rows, open }
}

/** The order of the list: alerts of one second go out by topic, and within a topic by rising grade. */
function newestFirst(a: AlertRow, b: AlertRow): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1
  if (a.topic !== b.topic) return a.topic < b.topic ? 1 : -1
  return levelRank(b.grade) - levelRank(a.grade)
}
