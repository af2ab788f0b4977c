// The store over ClickHouse's HTTP interface: the same for a server and for the embedded one.
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { ClickHouseClient } from '@clickhouse/client'
import { Readable } from 'node:stream'
import { deadLetterColumns, fates, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import type { WireColumn } from '@groundswell/schemas/mention-columns.ts'
import type { Store } from '../../ports.ts'
import { checkTables } from './check-tables.ts'
import { wholeLines } from './lines.ts'
import { migrate } from './migrate.ts'
import { mergedNative } from './native-merge.ts'
import { setRetention } from './retention.ts'
import { StoreDown, toStoreError } from './store-errors.ts'

export interface StoreOptions {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly database: string
  readonly retentionDays: number
}

/** The identity of a repeated insert is its token and how many blocks it is sent in: one (see native-merge.ts), not cut up on the way. */
const oneBlock = {
  async_insert: 0, insert_deduplicate: 1, deduplicate_blocks_in_dependent_materialized_views: 1, max_insert_threads: 1,
  min_insert_block_size_rows: 100_000_000, min_insert_block_size_bytes: 100_000_000_000,
} as const

/** Connects, migrates, sets the retention and checks the tables. Throws StoreDown or StoreRefused. */
export async function openStore(options: StoreOptions): Promise<ClickhouseStore> {
  const client = createClient({
    url: options.url, username: options.user, password: options.password, database: options.database, application: 'groundswell',
    request_timeout: 300_000, max_open_connections: 8, keep_alive: { enabled: true, idle_socket_ttl: 2500 }, compression: { request: false, response: false }, log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_input_format: 'best_effort', date_time_output_format: 'iso' },
  })
  const store = new ClickhouseStore(client)
  try {
    await store.createDatabase(options)
    await migrate(store)
    await setRetention(store, options.retentionDays)
    await checkTables(store)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

export class ClickhouseStore implements Store {
  readonly #client: ClickHouseClient

  constructor(client: ClickHouseClient) { this.#client = client }

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

  async ping(): Promise<void> {
    const result = await this.#client.ping()
    if (!result.success) throw new StoreDown(`ClickHouse does not answer a ping: ${result.error.message}`, { cause: result.error })
  }

  insertMentions(token: string, blocks: readonly Uint8Array[]): Promise<void> {
    return this.#insertNative({ table: 'mentions', token, columns: mentionColumns, where: `WHERE fate != ${fates.duplicate}` }, blocks)
  }

  insertDeadLetters(token: string, blocks: readonly Uint8Array[]): Promise<void> {
    return this.#insertNative({ table: 'dead_letters', token, columns: deadLetterColumns, where: '' }, blocks)
  }

  async insertRows(table: string, token: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    if (rows.length === 0) return
    // A lone surrogate in one string would fail the whole insert.
    const lines = rows.map((row) => `${JSON.stringify(row, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value))}\n`).join('')
    const query = `INSERT INTO ${nameOf(table)} (${[...new Set(rows.flatMap((row) => Object.keys(row)))].map(nameOf).join(', ')}) SETTINGS ${settingsOf(token)}, date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 0 FORMAT JSONEachRow`
    await this.#send(query, [Buffer.from(lines)], `inserting ${rows.length} rows into ${table}`)
  }

  async query<Row>(sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<Row[]> {
    try {
      const result = await this.#client.query({ query: sql, query_params: { ...params }, format: 'JSONEachRow' })
      return await result.json<Row>()
    } catch (error) {
      throw toStoreError(error, `reading (${brief(sql)})`)
    }
  }

  async *queryChunks(sql: string, params: Readonly<Record<string, unknown>> = {}): AsyncIterable<Uint8Array> {
    try {
      const { stream } = await this.#client.exec({ query: `${sql} FORMAT JSONEachRow`, query_params: { ...params } })
      yield* wholeLines(stream)
    } catch (error) {
      throw toStoreError(error, `reading (${brief(sql)})`)
    }
  }

  /** A statement without an answer: DDL, mutations. */
  async command(sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    try {
      await this.#client.command({ query: sql, query_params: { ...params } })
    } catch (error) {
      throw toStoreError(error, `running (${brief(sql)})`)
    }
  }

  close(): Promise<void> { return this.#client.close() }

  async #insertNative(into: { readonly table: string; readonly token: string; readonly columns: readonly WireColumn[]; readonly where: string }, blocks: readonly Uint8Array[]): Promise<void> {
    if (blocks.length === 0) return
    const names = into.columns.map((column) => column.name).join(', ')
    const structure = into.columns.map((column) => `${column.name} ${column.type}`).join(', ').replaceAll('\'', '\\\'')
    const query = `INSERT INTO ${into.table} (${names}) SELECT ${names} FROM input('${structure}') ${into.where} SETTINGS ${settingsOf(into.token)} FORMAT Native`
    await this.#send(query, mergedNative(into.columns, blocks), `inserting ${blocks.length} blocks into ${into.table}`)
  }

  /** Encoded rows go through exec: the client's insert wants objects. The answer is read to its end, since only that is an acknowledgement. */
  async #send(query: string, body: Iterable<Uint8Array>, doing: string): Promise<void> {
    try {
      const { stream } = await this.#client.exec({ query, values: Readable.from(body, { objectMode: false, highWaterMark: 1024 * 1024 }) })
      for await (const _ of stream) continue
      if (!stream.readableEnded) throw new StoreDown(`${doing}: ClickHouse went away before it had answered`)
    } catch (error) {
      throw toStoreError(error, doing)
    }
  }
}

const settingsOf = (token: string): string =>
  Object.entries({ ...oneBlock, insert_deduplication_token: `'${token.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'')}'` }).map(([name, value]) => `${name} = ${value}`).join(', ')

function nameOf(identifier: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(identifier)) return identifier
  throw new TypeError(`${JSON.stringify(identifier)} is no name of a table or column`)
}

const brief = (sql: string): string => sql.replace(/\s+/g, ' ').trim().slice(0, 80)
