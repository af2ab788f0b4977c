// Bit rot: every part of every table is read and compared with its checksums, a bounded time a table.
import type { Store } from '../ports.ts'
import { note, ok, withinMs, wrong, type Check } from './check.ts'
import type { TableRow } from './tables.ts'

export interface DamagedPart { readonly part: string; readonly message: string }

/** What was found in one table; `failure` where the server did not come to an end. */
export interface DeepFacts { readonly table: string; readonly parts: number; readonly damaged: readonly DamagedPart[]; readonly failure: string | null }

// A table's limit is less than the store waits for a patient answer; afterMs: a server that keeps to the limit says so by then.
const limits = { tableMs: 280_000, afterMs: 5000 } as const

/** One table after another: reading a whole disk at once would leave nothing for anybody else. */
export async function lookDeep(store: Pick<Store, 'query'>, tables: readonly Pick<TableRow, 'name' | 'engine'>[], { tableMs, afterMs }: { readonly [Key in keyof typeof limits]: number } = limits): Promise<DeepFacts[]> {
  const found: DeepFacts[] = []
  for (const { name } of tables.filter(({ engine }) => engine.endsWith('MergeTree'))) {
    const table = name.replaceAll('`', '\\`')
    const sql = `CHECK TABLE \`${table}\` SETTINGS check_query_single_value_result = 0, max_execution_time = ${Math.ceil(tableMs / 1000)}`
    try {
      const rows = await withinMs(store.query<{ part_path: string; is_passed: number; message: string }>(sql, {}, 'patient'), tableMs + afterMs)
      found.push({ table: name, parts: rows.length, damaged: rows.filter((row) => row.is_passed !== 1).map((row) => ({ part: row.part_path, message: row.message })), failure: null })
    } catch (error) {
      found.push({ table: name, parts: 0, damaged: [], failure: (error as Error).message })
    }
  }
  return found
}

const what = 'checksums'

export function deepChecks(found: readonly DeepFacts[]): Check[] {
  const bad = found.flatMap(({ table, damaged }) => damaged.map(({ part, message }) => wrong(what, `${table}: part ${part} is damaged on the disk: ${message}`,
    `restore a backup that was made before; without one take the part out, and what it holds with it: ALTER TABLE ${table} DETACH PART '${part}'. Look at the disk too: bits do not flip by themselves`)))
  const unread = found.flatMap(({ table, failure }) => (failure === null ? [] : [wrong(what, `${table} could not be read to its end: ${failure}`, `run CHECK TABLE ${table} yourself, without a limit of time`)]))
  if (bad.length + unread.length > 0) return [...bad, ...unread]
  return [found.length === 0 ? note(what, 'there are no tables yet') : ok(what, `${found.reduce((sum, { parts }) => sum + parts, 0)} parts of ${found.length} tables are as they were written`)]
}
