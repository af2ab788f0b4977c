// The store of the simulated world: tables of inserts, each all or nothing, each known by its token. A token that comes again must carry
// the same rows: ClickHouse would leave other ones out without a word.
import { deadLetterColumns, mentionColumns, type WireColumn } from '@groundswell/schemas/mention-columns.ts'
import { StoreDown } from '../../src/io/clickhouse/store-errors.ts'
import { mergedNative } from '../../src/io/clickhouse/native-merge.ts'
import type { Store } from '../../src/ports.ts'
import type { Life, World } from './world.ts'

type Row = Readonly<Record<string, unknown>>

export interface StoredInsert { readonly token: string; readonly stream: number; readonly last: number; readonly version: number; readonly bytes: Buffer; readonly rows: readonly Row[] }

export interface SimStoreOptions { readonly ignoresTokens?: boolean }

export class SimStore {
  readonly tables = new Map<string, StoredInsert[]>()
  readonly forgotten = new Map<string, { readonly first: number; readonly last: number }>() // `<stream>:<seq>` of a request → when it was carried out
  down = false
  readonly #world: World
  readonly #options: SimStoreOptions
  readonly #tokens = new Map<string, StoredInsert>()

  constructor(world: World, options: SimStoreOptions = {}) {
    this.#world = world
    this.#options = options
  }

  inserts(table: string): readonly StoredInsert[] { return this.tables.get(table) ?? [] }
  rows(table: string): Row[] { return this.inserts(table).flatMap((insert) => insert.rows) }

  /** The newest row of `positions` of a stream; 0 where there is none. */
  position(stream: number): number {
    return this.rows('positions').reduce((newest, row) => (row['stream'] === stream ? Math.max(newest, row['last'] as number) : newest), 0)
  }

  setDown(down: boolean): void {
    this.down = down
    this.#world.trace(`the store is ${down ? 'down' : 'up'}`)
  }

  /** The store as one life of the engine sees it. */
  of(life: Life): Pick<Store, 'insertMentions' | 'insertDeadLetters' | 'insertRows'> {
    return {
      insertMentions: (token, blocks) => this.#insertNative(life, { table: 'mentions', token, columns: mentionColumns }, blocks),
      insertDeadLetters: (token, blocks) => this.#insertNative(life, { table: 'dead_letters', token, columns: deadLetterColumns }, blocks),
      insertRows: (table, token, rows) => {
        const kept = JSON.stringify(rows)
        return this.#call(life, `${table} ${token}`, () => this.#insert(table, token, { bytes: Buffer.from(kept), rows: JSON.parse(kept) as Row[] }))
      },
    }
  }

  /** The rows stay, for the oracle: when they went is what matters. */
  forget(life: Life, seq: number): Promise<void> {
    return this.#call(life, `forget ${seq}`, () => {
      const key = `${life.stream}:${seq}`
      const last = this.#world.version
      this.forgotten.set(key, { first: this.forgotten.get(key)?.first ?? last, last })
    })
  }

  ask<T>(life: Life, name: string, answer: () => T): Promise<T> { return this.#call(life, name, answer) }

  #insertNative(life: Life, { table, token, columns }: { readonly table: string; readonly token: string; readonly columns: readonly WireColumn[] }, blocks: readonly Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat([...mergedNative(columns, blocks)].map((piece) => Buffer.from(piece)))
    return this.#call(life, `${table} ${token}`, () => this.#insert(table, token, { bytes, rows: [] }))
  }

  #insert(table: string, token: string, content: { readonly bytes: Buffer; readonly rows: readonly Row[] }): void {
    const known = this.#tokens.get(token)
    if (known && !this.#options.ignoresTokens) {
      this.#world.count('inserts known by their token')
      if (!known.bytes.equals(content.bytes)) this.#world.fail(`${table}: the token ${token} came again with other rows, which a store would leave out`)
      return
    }
    const insert = { token, stream: Number(token.split(':', 1)[0]), last: Number(/-(\d+)/.exec(token)?.[1]), version: this.#world.version, ...content }
    this.#tokens.set(token, insert)
    const stored = this.tables.get(table)
    if (stored) stored.push(insert)
    else this.tables.set(table, [insert])
  }

  #call<T>(life: Life, name: string, effect: () => T): Promise<T> {
    return this.#world.call(life, {
      port: 'store', name,
      effect: () => {
        if (this.down) {
          this.#world.count('calls while the store was down')
          throw new StoreDown('the simulated store is down')
        }
        return effect()
      },
      error: (reason) => new StoreDown(reason),
    })
  }
}
