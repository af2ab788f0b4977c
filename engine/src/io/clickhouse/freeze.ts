// Freezes the tables of the embedded ClickHouse where they are: hard links to every active part, in milliseconds, and copies of the small files
// that parts alone do not make a store of. Together they are what the folder of a store at rest would hold.
//
//   shadow/<name>/store/abc/<table>/<part>/…    links, made by ClickHouse: as store/abc/<table>/<part>/…
//   metadata/*.sql  store/def/<database>/*.sql  store/abc/<table>/{format_version.txt, mutation_*.txt, deduplication_logs/*}    copies, made here
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Migratable } from './migrate.ts'

export interface FreezeOptions {
  readonly store: Pick<Migratable, 'query' | 'command'>
  readonly directory: string // of the embedded ClickHouse
  readonly name: string // of letters, digits and _, which stand for themselves in a path
  readonly into: string // folder for the copies
}

/** Answers the folder of the links, which holds what belongs below `store`. What it leaves after a failure is for removeFrozen. */
export async function freezeTables({ store, directory, name, into }: FreezeOptions): Promise<string> {
  // Before the parts: a log of inserts that knows more than the parts hold would let a repeated insert fall.
  await all((await besideParts(directory)).map((file) => copy(directory, into, file)))
  const tables = await store.query<{ name: string }>('SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE \'%MergeTree\'')
  await mendCounter(directory)
  // One after another: the first makes the counter of freezes, and who finds it empty refuses.
  for (const table of tables) await store.command(`ALTER TABLE {table:Identifier} FREEZE WITH NAME '${nameOf(name)}'`, { table: table.name })
  // Behind the parts: a mutation that began meanwhile is carried out again by whoever opens the parts from before it.
  await all((await besideParts(directory)).filter((path) => /\/mutation_\d+\.txt$/.test(path)).map((file) => copy(directory, into, file)))
  return join(directory, 'shadow', name, 'store')
}

/** ClickHouse counts freezes in a file. A crash, or a full disk, in the moment in which it makes that file leaves it empty, and no freeze works ever after. */
async function mendCounter(directory: string): Promise<void> {
  const counter = join(directory, 'shadow', 'increment.txt')
  const found = await stat(counter).catch(() => null)
  if (found?.size === 0) await rm(counter, { force: true })
}

/** As Promise.all, but the first failure is told when all have ended: what they made can be removed then. */
async function all(promises: readonly Promise<unknown>[]): Promise<void> {
  for (const end of await Promise.allSettled(promises)) if (end.status === 'rejected') throw end.reason
}

/** Removes the links of the freezes that are ours; parts that ClickHouse has merged away meanwhile are gone with them. */
export async function removeFrozen(directory: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(join(directory, 'shadow'))) if (isOurs(name)) await rm(join(directory, 'shadow', name), { recursive: true, force: true })
}

/** Files of a store that lie in no part, as paths below it. */
async function besideParts(directory: string): Promise<string[]> {
  const files = await filesBelow(directory, 'metadata', 3)
  for (const first of await namesIn(join(directory, 'store'))) {
    for (const second of await namesIn(join(directory, 'store', first))) {
      const folder = `store/${first}/${second}`
      files.push(...await filesBelow(directory, folder, 0), ...await filesBelow(directory, `${folder}/deduplication_logs`, 0))
    }
  }
  return files
}

/** Regular files in a folder and so many levels below it; links are ClickHouse's own shortcuts. */
async function filesBelow(directory: string, folder: string, levels: number): Promise<string[]> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(noneIfGone)
  const files = entries.filter((entry) => entry.isFile() && !/\.tmp/.test(entry.name)).map((entry) => `${folder}/${entry.name}`)
  if (levels > 0) for (const entry of entries) if (entry.isDirectory()) files.push(...await filesBelow(directory, `${folder}/${entry.name}`, levels - 1))
  return files
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(noneIfGone)

function noneIfGone(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}

async function copy(from: string, into: string, file: string): Promise<void> {
  const to = join(into, file)
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await copyFile(join(from, file), to).catch(noneIfGone) // a log that was followed by another is no longer needed
}

function nameOf(name: string): string {
  if (/^[A-Za-z0-9_]+$/.test(name)) return name
  throw new TypeError(`${JSON.stringify(name)} is no name of a freeze`)
}
