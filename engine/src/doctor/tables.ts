// ClickHouse: version, migrations, dedup windows, retention, parts; and what the tables say of position, rules, dead letters and growth.
import { createHash } from 'node:crypto'
import { mendingOf, missingWindows } from '../io/clickhouse/check-tables.ts'
import { checksumOf, migrationsOnDisk, type Migration } from '../io/clickhouse/migrate.ts'
import { kept } from '../io/clickhouse/retention.ts'
import type { Store } from '../ports.ts'
import { ageText, bytesText, note, ok, warn, wrong, type Check } from './check.ts'
import { olderThan } from './nats.ts'

export interface TableRow { readonly name: string; readonly engine: string; readonly create: string }
export interface LetterRow { readonly reason: string; readonly letters: number; readonly ofTheDay: number; readonly waiting: number }
export interface TableFacts {
  readonly version: string
  readonly tables: readonly TableRow[]
  readonly migrations: readonly { readonly id: number; readonly name: string; readonly checksum: string }[]
  readonly parts: readonly { readonly table: string; readonly partition: string; readonly parts: number; readonly bytes: number }[]
  readonly detached: readonly { readonly table: string; readonly name: string; readonly reason: string }[]
  readonly positions: readonly { readonly stream: number; readonly last: number; readonly at: number }[] // the newest stream first
  readonly rules: { readonly seq: number; readonly hash: string } | null // newest of the newest stream
  readonly letters: readonly LetterRow[]
  readonly growthBytesPerDay: number | null
}

const daySeconds = 86_400

/** Each question that cannot be answered yet (no such table) is answered with nothing; a store that is away throws. */
export async function lookAtTables(store: Pick<Store, 'query'>): Promise<TableFacts> {
  const [server] = await store.query<{ version: string }>('SELECT version() AS version')
  const tables = await store.query<TableRow>('SELECT name, engine, create_table_query AS create FROM system.tables WHERE database = currentDatabase() ORDER BY name')
  const has = new Set(tables.map(({ name }) => name))
  const ask = async <Row>(table: string, sql: string): Promise<Row[]> => (has.has(table) ? store.query<Row>(sql) : [])
  const positions = await ask<TableFacts['positions'][number]>('positions', 'SELECT stream, max(last) AS last, toUnixTimestamp64Milli(max(insertedAt)) AS at FROM positions GROUP BY stream ORDER BY at DESC LIMIT 10')
  const [rules] = await ask<{ seq: number; text: string }>('rules', 'SELECT seq, text FROM rules FINAL ORDER BY stream DESC, seq DESC LIMIT 1')
  return {
    version: server?.version ?? '', tables, positions, rules: rules ? { seq: rules.seq, hash: rulesHash(rules.text) } : null,
    migrations: await ask('migrations', 'SELECT id, name, checksum FROM migrations FINAL ORDER BY id'),
    parts: await store.query('SELECT table, partition, count() AS parts, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table, partition ORDER BY parts DESC LIMIT 100'),
    detached: await store.query('SELECT table, name, ifNull(reason, \'\') AS reason FROM system.detached_parts WHERE database = currentDatabase() ORDER BY table, name LIMIT 20'),
    letters: await ask('dead_letters', `SELECT reason, count() AS letters, countIf(ingested > now() - ${daySeconds}) AS ofTheDay, count()${has.has('replayed_letters') ? ' - countIf((stream, seq, line) IN (SELECT stream, seq, line FROM replayed_letters))' : ''} AS waiting FROM dead_letters GROUP BY reason ORDER BY letters DESC`),
    growthBytesPerDay: await growthOf(store, has),
  }
}

/** Bytes of all tables, as many of them a day as mentions came in within the last one. */
async function growthOf(store: Pick<Store, 'query'>, has: ReadonlySet<string>): Promise<number | null> {
  if (!has.has('mentions')) return null
  const [rows] = await store.query<{ all: number; ofTheDay: number; seconds: number }>(`SELECT count() AS all, countIf(ingested > now() - ${daySeconds}) AS ofTheDay, toUnixTimestamp(now()) - toUnixTimestamp(min(ingested)) AS seconds FROM mentions`)
  const [disk] = await store.query<{ bytes: number }>('SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase()')
  if (!rows || !disk || rows.all === 0 || rows.seconds < 3600) return null // less than an hour says nothing of a day
  return disk.bytes * (rows.ofTheDay / rows.all) * (daySeconds / Math.min(daySeconds, rows.seconds))
}

/** Of the text without a byte order mark. */
export const rulesHash = (text: string): string => createHash('sha256').update(text.replace(/^\ufeff/, '')).digest('hex')

const partsWarn = 300 // of one partition; a server begins to refuse inserts at 3,000

export function tableChecks(facts: TableFacts, { retentionDays }: { readonly retentionDays: number }, migrations: readonly Migration[] = migrationsOnDisk()): Check[] {
  const { version, tables, parts, detached } = facts
  const most = parts[0]
  const size = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  return [
    versionCheck(version, `${version}, ${tables.length} tables, ${bytesText(size)}`),
    ...migrationChecks(facts, migrations), ...windowChecks(tables), ...retentionChecks(tables, retentionDays),
    most && most.parts >= partsWarn ? warn('parts', `${most.parts} parts in ${most.table}, partition ${most.partition}`, 'merges do not keep up: look at disk and CPU of ClickHouse, and at SELECT * FROM system.merges') : ok('parts', `${parts.reduce((sum, one) => sum + one.parts, 0)} active`),
    ...(detached.length === 0 ? [ok('broken parts', 'none is set aside')] : detached.map(({ table, name, reason }) =>
      wrong('broken parts', `${table}: ${name} is set aside${reason === '' ? '' : ` (${reason})`}; its rows are missing`, `restore a backup, or bring the part back: ALTER TABLE ${table} ATTACH PART '${name}'; drop it only when its rows are elsewhere`))),
  ]
}

const testedVersion = '26.7' // that of docker-compose.yml, and the embedded one

function versionCheck(version: string, found: string): Check {
  return olderThan(version, testedVersion) ? warn('clickhouse', found, `use ClickHouse ${testedVersion} or newer, with which this version is tested: an older one may not know settings that pages of mentions ask with, and would refuse them`) : ok('clickhouse', found)
}

function migrationChecks({ migrations: applied, tables }: TableFacts, known: readonly Migration[]): Check[] {
  if (tables.length === 0) return [note('migrations', 'there are no tables yet', 'the first start makes them')]
  const byId = new Map(known.map((migration) => [migration.id, migration]))
  const found = applied.flatMap(({ id, name, checksum }) => {
    const migration = byId.get(id)
    if (!migration) return [wrong('migrations', `${name} is applied and not known to this version: a newer groundswell made these tables`, 'run that version, or use another database')]
    return checksumOf(migration.sql) === checksum ? [] : [wrong('migrations', `${name} is not the file that was applied`, 'restore the file of this version (git checkout, or install again)')]
  })
  const missing = known.filter(({ id }) => !applied.some((one) => one.id === id)).map(({ name }) => name)
  if (missing.length > 0) found.push(note('migrations', `not applied yet: ${missing.join(', ')}`, 'the next start applies them'))
  return found.length > 0 ? found : [ok('migrations', `${applied.length} applied, none unknown, none changed`)]
}

function windowChecks(tables: readonly TableRow[]): Check[] {
  const without = missingWindows(tables)
  if (without.length === 0) return [ok('dedup windows', 'every table knows a repeated insert')]
  return without.map((missing) => wrong('dedup windows', `table ${missing.name} would store a repeated insert twice`, `groundswell doctor --mend, or on a server of your own: ${mendingOf(missing)}`))
}

function retentionChecks(tables: readonly TableRow[], days: number): Check[] {
  const wrongs = kept.flatMap(({ table, column }) => {
    const create = tables.find(({ name }) => name === table)?.create
    if (create === undefined || create.includes(`TTL ${column} + toIntervalDay(${days})`)) return []
    return [warn('retention', `table ${table} is not kept for ${days} days but ${/TTL ([^\n]*?)(?: SETTINGS|$)/.exec(create)?.[1] ?? 'for ever'}`, 'start the engine: it sets what retentionDays says')]
  })
  return wrongs.length > 0 ? wrongs : [ok('retention', `${days} days`)]
}

const aDayAgo = 'dead letters'

export function letterChecks(letters: readonly LetterRow[]): Check[] {
  if (letters.length === 0) return [ok(aDayAgo, 'there are none')]
  return letters.map(({ reason, letters: all, ofTheDay, waiting }) => {
    const found = `${reason}: ${ofTheDay} in the last 24 h, ${all} in all, ${waiting} not done with`
    const mend = reason === 'poison' ? 'report it with the line; after the update that mends it: groundswell dead-letters replay --reason poison'
      : `groundswell dead-letters reasons says what it means and what its publisher should do; when you are done with them: groundswell dead-letters dismiss --reason ${reason}`
    if (waiting === 0) return ok(aDayAgo, found)
    return ofTheDay > 0 || reason === 'poison' ? warn(aDayAgo, found, mend) : note(aDayAgo, found, mend)
  })
}

export interface Places {
  readonly position: { readonly stream: number; readonly seq: number; readonly at: number } | null // of the store or the running engine
  readonly stream: { readonly created: number; readonly firstSeq: number; readonly lastSeq: number } | null
  /** lastInsert: the last message that was stored before it; behind that it may have seen what needed no row. */
  readonly checkpoint: { readonly stream: number; readonly lastInsert: number } | null
  readonly now: number
}

/** Whether position, stream and newest checkpoint can belong to one past. */
export function placeChecks({ position, stream, checkpoint, now }: Places): Check[] {
  if (position === null) return [note('position', 'nothing is stored yet')]
  const { seq } = position
  const found = `${seq} of the stream made ${new Date(position.stream).toISOString()}, ${ageText(now - position.at)} ago`
  if (checkpoint && checkpoint.stream === position.stream && checkpoint.lastInsert > seq) {
    return [wrong('position', `${found}; the newest checkpoint is ahead of it, at ${checkpoint.lastInsert}: the store was put back, or lost rows`, 'restore store and checkpoints from the same backup; without one remove the folder checkpoints, and the next start counts from the store')]
  }
  if (stream === null) return [note('position', `${found}; the stream was not looked at`)]
  if (stream.created !== position.stream) return [warn('position', `${found}; the stream that is there was made ${new Date(stream.created).toISOString()}`, 'the stream was recreated: the next start reads it from its first message and says so; what the old one held and nobody had read is lost')]
  if (seq > stream.lastSeq) return [wrong('position', `${found}; the stream ends before, at ${stream.lastSeq}: the server lost messages that it had acknowledged`, 'look at the disk of NATS; use sync_interval: always; publishers send again what they have. See the log of the engine')]
  if (stream.firstSeq > seq + 1) return [wrong('position', `${found}; the stream begins at ${stream.firstSeq}: messages ${seq + 1} to ${stream.firstSeq - 1} were removed before they were read`, 'see who purged the stream; publishers send those messages again')]
  return [ok('position', found), lagCheck(stream.lastSeq - seq)]
}

const lagWarn = 100_000 // messages

function lagCheck(lag: number): Check {
  return lag < lagWarn ? ok('lag', `${lag} messages behind the stream`) : warn('lag', `${lag} messages behind the stream`, 'where it shrinks, wait; where it grows, look at ClickHouse, disk and CPU, and set more workers')
}
