// Brings the tables to the newest version: numbered SQL files, each applied once and in order, none ever changed afterwards.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StoreRefused } from './store-errors.ts'

export interface Migration { readonly id: number; readonly name: string; readonly sql: string }

export interface Migratable {
  query<Row>(sql: string, params?: Readonly<Record<string, unknown>>, how?: 'patient'): Promise<Row[]>
  command(sql: string, params?: Readonly<Record<string, unknown>>): Promise<void>
  insertRows(table: string, token: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>
}

/** The files of schemas/src/clickhouse. */
export function migrationsOnDisk(): Migration[] {
  const directory = fileURLToPath(new URL('../../../../schemas/src/clickhouse/', import.meta.url))
  return readdirSync(directory).filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).sort()
    .map((name) => ({ id: Number(name.slice(0, 4)), name, sql: readFileSync(`${directory}/${name}`, 'utf8') }))
}

/** Answers the names of those it applied. A file that differs from what was applied is refused: the tables would not be what it says. */
export async function migrate(store: Migratable, migrations: readonly Migration[] = migrationsOnDisk()): Promise<string[]> {
  await store.command('CREATE TABLE IF NOT EXISTS migrations (id UInt32, name String, checksum String, appliedAt DateTime64(3, \'UTC\') DEFAULT now64(3)) ENGINE = ReplacingMergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 10000')
  const applied = new Map((await store.query<{ id: number; name: string; checksum: string }>('SELECT id, name, checksum FROM migrations FINAL')).map((row) => [row.id, row]))
  const newest = Math.max(0, ...applied.keys())
  const known = new Set(migrations.map((migration) => migration.id))
  for (const row of applied.values()) {
    if (!known.has(row.id)) throw new StoreRefused(`the tables were made by a newer groundswell (migration ${row.name} is not known here): run that version, or use another database`)
  }
  const done: string[] = []
  for (const migration of migrations) {
    const before = applied.get(migration.id)
    const checksum = checksumOf(migration.sql)
    if (before) {
      if (before.checksum !== checksum) throw new StoreRefused(`migration ${migration.name} was changed after it had been applied: restore the file and write what is new as the next number`)
      continue
    }
    if (migration.id < newest) throw new StoreRefused(`migration ${migration.name} comes before number ${newest}, which is applied already: give it the next free number`)
    for (const statement of statementsOf(migration.sql)) await store.command(statement)
    await store.insertRows('migrations', `migration:${migration.name}:${checksum}`, [{ id: migration.id, name: migration.name, checksum }])
    done.push(migration.name)
  }
  return done
}

export const checksumOf = (sql: string): string => createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')

/** A statement ends with a semicolon at the end of a line. */
const statementsOf = (sql: string): string[] => sql.split(/;[ \t\r]*(?:\n|$)/).map((part) => part.trim()).filter((part) => part !== '')
