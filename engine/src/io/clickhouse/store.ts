// The store over ClickHouse's HTTP interface: the same for a server and for the embedded one.
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { ClickHouseClient } from '@clickhouse/client'
import { Readable } from 'node:stream'
import { deadLetterColumns, fates, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import type { WireColumn } from '@groundswell/schemas/mention-columns.ts'
import type { InsertOptions, Store } from '../../ports.ts'
import { checkTables } from './check-tables.ts'
import { checkInsertSettings, insertSettings } from './insert-settings.ts'
import { wholeLines } from './lines.ts'
import { migrate } from './migrate.ts'
import { mergedNative } from './native-merge.ts'
import { setRetention } from './retention.ts'
import { StoreDown, toStoreError } from './store-errors.ts'
import { Underway } from './underway.ts'
import { WantedRead } from './wanted-read.ts'

export interface StoreOptions {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly database: string
  readonly retentionDays: number
}

/** How long is waited, and over how many connections; each kind has its own, so that slow readers never hold inserts up. */
export const storeLimits = { readMs: 30_000, slowMs: 300_000, pingMs: 3000, readConnections: 8, slowConnections: 4, writeConnections: 4 } as const
export type StoreLimits = { readonly [Key in keyof typeof storeLimits]: number }

/** Connects, migrates, sets the retention and checks the tables. Throws StoreDown or StoreRefused. */
export async function openStore(options: StoreOptions): Promise<ClickhouseStore> {
  const store = new ClickhouseStore(options)
  try {
    await store.createDatabase(options)
    await migrate(store)
    await setRetention(store, options.retentionDays)
    await checkTables(store)
    await checkInsertSettings(store)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

export class ClickhouseStore implements Store {
  readonly #writes: ClickHouseClient // inserts, statements, pings
  readonly #reads: ClickHouseClient
  readonly #slow: ClickHouseClient // what may take minutes: a restart's past, long answers
  readonly #limits: StoreLimits
  readonly #under = new Underway()
  #writing = new AbortController() // ends what is being written now

  constructor(options: StoreOptions, limits: Partial<StoreLimits> = {}) {
    this.#limits = { ...storeLimits, ...limits }
    const client = (connections: number, timeoutMs: number): ClickHouseClient => createClient({
      url: options.url, username: options.user, password: options.password, database: options.database, application: 'groundswell',
      request_timeout: timeoutMs, max_open_connections: connections, keep_alive: { enabled: true, idle_socket_ttl: 2500 }, compression: { request: false, response: false }, log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_input_format: 'best_effort', date_time_output_format: 'iso' },
    })
    const { writeConnections, readConnections, slowConnections, readMs, slowMs } = this.#limits
    this.#writes = client(writeConnections, slowMs)
    this.#reads = client(readConnections, readMs)
    this.#slow = client(slowConnections, slowMs)
  }

  async createDatabase(options: StoreOptions): Promise<void> {
    const admin = createClient({ url: options.url, username: options.user, password: options.password, database: 'default', log: { level: ClickHouseLogLevel.OFF } })
    try {
      await admin.command({ query: `CREATE DATABASE IF NOT EXISTS {database:Identifier}`, query_params: { database: options.database } })
    } catch (error) {
      throw toStoreError(error, `opening ${options.url}`)
    } finally {
      await admin.close()
    }
  }

  async ping(timeoutMs: number = this.#limits.pingMs): Promise<void> {
    await this.#under.within({ ms: timeoutMs, doing: 'pinging' }, async (signal) => {
      const result = await this.#writes.ping({ select: false, abort_signal: signal })
      if (!result.success) throw new StoreDown(`ClickHouse does not answer a ping: ${result.error.message}`, { cause: result.error })
    })
  }

  insertMentions(token: string, blocks: readonly Uint8Array[], options: InsertOptions = {}): Promise<void> {
    return this.#insertNative({ table: 'mentions', token, columns: mentionColumns, where: `WHERE fate != ${fates.duplicate}` }, blocks, options)
  }

  insertDeadLetters(token: string, blocks: readonly Uint8Array[], options: InsertOptions = {}): Promise<void> {
    return this.#insertNative({ table: 'dead_letters', token, columns: deadLetterColumns, where: '' }, blocks, options)
  }

  async insertRows(table: string, token: string, rows: readonly Readonly<Record<string, unknown>>[], options: InsertOptions = {}): Promise<void> {
    if (rows.length === 0) return
    const names = new Set<string>()
    for (const row of rows) for (const name in row) names.add(name)
    const columns = [...names].map(nameOf).join(', ')
    let part = 0
    for (const lines of linesOf(rows)) {
      const query = `INSERT INTO ${nameOf(table)} (${columns}) SETTINGS ${settingsOf(part === 0 ? token : `${token}+${part}`)}, date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 0 FORMAT JSONEachRow`
      await this.#send(query, [Buffer.from(lines)], { doing: `inserting ${rows.length} rows into ${table}`, outer: options.signal })
      part++
    }
  }

  /** Answered within 30 s or StoreDown; `patient` waits minutes. */
  async query<Row>(sql: string, params: Readonly<Record<string, unknown>> = {}, how?: 'patient' | AbortSignal): Promise<Row[]> {
    const [client, ms] = how === 'patient' ? [this.#slow, this.#limits.slowMs] : [this.#reads, this.#limits.readMs]
    const read = new WantedRead(sql, how === 'patient' ? undefined : how, (kill) => this.#kill(kill))
    try {
      return await this.#under.within({ ms, doing: `reading (${brief(sql)})`, outer: read.signal }, async (signal) => {
        const result = await client.query({ query: read.sql, query_params: { ...params }, format: 'JSONEachRow', abort_signal: signal })
        signal.addEventListener('abort', () => result.close())
        return result.json<Row>()
      })
    } finally {
      read.end()
    }
  }

  async *queryChunks(sql: string, params: Readonly<Record<string, unknown>> = {}, until?: AbortSignal): AsyncIterable<Uint8Array> {
    const doing = `reading (${brief(sql)})`
    const read = new WantedRead(sql, until, (kill) => this.#kill(kill))
    let stop: () => void = () => undefined
    try {
      const { stream } = await this.#under.within({ ms: this.#limits.slowMs, doing, outer: until }, (signal) => this.#slow.exec({ query: `${read.sql} FORMAT JSONEachRow`, query_params: { ...params }, abort_signal: signal }))
      const given = (): void => { stream.destroy(new StoreDown(`${doing}: given up`)) }
      const forget = this.#under.atClose((reason) => { stream.destroy(reason) })
      stop = () => {
        forget()
        until?.removeEventListener('abort', given)
      }
      until?.addEventListener('abort', given)
      yield* wholeLines(stream)
    } catch (error) {
      throw toStoreError(error, doing)
    } finally {
      stop()
      read.end()
    }
  }

  /** What it does not reach, because the store is away or has it still before it, ends by the limits that it has itself. */
  #kill({ sql, params }: { readonly sql: string; readonly params: Readonly<Record<string, unknown>> }): void {
    this.#under.within({ ms: this.#limits.pingMs, doing: 'ending a read' }, (signal) => this.#writes.command({ query: sql, query_params: { ...params }, abort_signal: signal })).catch(() => undefined)
  }

  /** A statement without an answer: DDL, mutations. */
  async command(sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#under.within({ ms: this.#limits.slowMs, doing: `running (${brief(sql)})`, outer: this.#writing.signal }, (signal) => this.#writes.command({ query: sql, query_params: { ...params }, abort_signal: signal }))
  }

  /**
   * Inserts and statements under way throw StoreDown. For a store that is back after it was away: a connection that went dead without a word
   * would hold them for minutes, and each of them is harmless to repeat. Resolves when those who wait for them know.
   */
  async giveUpWrites(): Promise<void> {
    const before = this.#writing
    this.#writing = new AbortController()
    before.abort()
    await new Promise((resolve) => { setImmediate(resolve) })
  }

  /** Aborts what is under way: it throws StoreDown. */
  async close(): Promise<void> {
    this.#under.close()
    await Promise.all([this.#writes.close(), this.#reads.close(), this.#slow.close()])
  }

  async #insertNative(into: { readonly table: string; readonly token: string; readonly columns: readonly WireColumn[]; readonly where: string }, blocks: readonly Uint8Array[], { signal }: InsertOptions): Promise<void> {
    if (blocks.length === 0) return
    const names = into.columns.map((column) => column.name).join(', ')
    const structure = into.columns.map((column) => `${column.name} ${column.type}`).join(', ').replaceAll('\'', '\\\'')
    const query = `INSERT INTO ${into.table} (${names}) SELECT ${names} FROM input('${structure}') ${into.where} SETTINGS ${settingsOf(into.token)} FORMAT Native`
    await this.#send(query, mergedNative(into.columns, blocks), { doing: `inserting ${blocks.length} blocks into ${into.table}`, outer: signal })
  }

  /** Encoded rows go through exec: the client's insert wants objects. The answer is read to its end, since only that is an acknowledgement. */
  #send(query: string, body: Iterable<Uint8Array>, { doing, outer }: { readonly doing: string; readonly outer: AbortSignal | undefined }): Promise<void> {
    const either = outer === undefined ? this.#writing.signal : AbortSignal.any([outer, this.#writing.signal])
    return this.#under.within({ ms: this.#limits.slowMs, doing, outer: either }, async (signal) => {
      const { stream } = await this.#writes.exec({ query, values: Readable.from(body, { objectMode: false, highWaterMark: 1024 * 1024 }), abort_signal: signal })
      signal.addEventListener('abort', () => { stream.destroy() })
      for await (const _ of stream) continue
      if (!stream.readableEnded) throw new StoreDown(`${doing}: ClickHouse went away before it had answered`)
    })
  }
}

const rowCharsMax = 32 * 1024 * 1024 // of one insert of rows; cascades are large

const settingsOf = (token: string): string =>
  Object.entries({ ...insertSettings, insert_deduplication_token: `'${token.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'')}'` }).map(([name, value]) => `${name} = ${value}`).join(', ')

function nameOf(identifier: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(identifier)) return identifier
  throw new TypeError(`${JSON.stringify(identifier)} is no name of a table or column`)
}

/** Rows of much text are cut the same way each time, so that a token names the same rows; one row is never cut. A lone surrogate in one string would fail a whole insert. */
function* linesOf(rows: readonly Readonly<Record<string, unknown>>[]): Generator<string> {
  let lines: string[] = []
  let chars = 0
  for (const row of rows) {
    const line = lineOf(row)
    if (chars > 0 && chars + line.length > rowCharsMax) {
      yield lines.join('')
      lines = []
      chars = 0
    }
    lines.push(line)
    chars += line.length
  }
  yield lines.join('')
}

/** A function that looks at every value doubles the time: only a line that may hold a lone surrogate, which JSON writes as \ud…, is written with one. */
function lineOf(row: Readonly<Record<string, unknown>>): string {
  const line = JSON.stringify(row)
  return `${line.includes('\\ud') ? JSON.stringify(row, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value)) : line}\n`
}

const brief = (sql: string): string => sql.replace(/\s+/g, ' ').trim().slice(0, 80)
