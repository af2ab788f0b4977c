// Connections to the chDB engine of this process: one query at a time each, and none is used again after a failure.
import { Session } from 'chdb'
import { quoted } from './chdb-sql.ts'

export interface QueryState {
  readonly database: string
  readonly settings: ReadonlyMap<string, string>
  readonly params: ReadonlyMap<string, string>
}

export interface Connection { readonly session: Session; readonly key: string; readonly params: Set<string> }

/** An error in ClickHouse's own words: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
export class ChdbError extends Error {
  override readonly name = 'ChdbError'
  readonly code: number
  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export const toChdbError = (error: unknown): ChdbError => {
  if (error instanceof ChdbError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = Number(/^Code: (\d+)/.exec(message)?.[1] ?? 1002)
  return new ChdbError(code, /^Code: \d+/.test(message) ? message : `Code: ${code}. DB::Exception: ${message} (UNKNOWN_EXCEPTION)`, { cause: error })
}

/**
 * What is SET on a connection stays there, so a connection serves only requests with the same database and settings; one with
 * others takes its place when the pool is full. A parameter that an earlier request left behind must not answer for a missing
 * one, so such a connection is left out too.
 */
export class ChdbPool {
  readonly #directory: string
  readonly #connectionsMax: number
  readonly #waitingMax: number
  #idle: Connection[] = []
  #open = 0
  readonly #waiting: (() => void)[] = []

  constructor(directory: string, limits: { readonly connectionsMax: number; readonly waitingMax: number }) {
    this.#directory = directory
    this.#connectionsMax = limits.connectionsMax
    this.#waitingMax = limits.waitingMax
  }

  get busy(): number { return this.#open - this.#idle.length }

  async take(state: QueryState): Promise<Connection> {
    const key = JSON.stringify([state.database, [...state.settings].sort()])
    while (this.#idle.length === 0 && this.#open >= this.#connectionsMax) {
      if (this.#waiting.length >= this.#waitingMax) throw new ChdbError(202, `Code: 202. DB::Exception: Too many simultaneous queries: ${this.#open} run and ${this.#waitingMax} wait; try again later. (TOO_MANY_SIMULTANEOUS_QUERIES)`)
      await new Promise<void>((resolve) => { this.#waiting.push(resolve) })
    }
    const at = this.#idle.findIndex((one) => one.key === key && [...one.params].every((name) => state.params.has(name)))
    const found = at >= 0 ? this.#idle.splice(at, 1)[0]! : await this.#connect(key, state)
    try {
      for (const [name, value] of state.params) await found.session.queryAsync(`SET param_${name}=${quoted(value)}`)
      for (const name of state.params.keys()) found.params.add(name)
      return found
    } catch (error) {
      this.discard(found)
      throw toChdbError(error)
    }
  }

  /** The query went well and its whole answer was read. */
  giveBack(connection: Connection): void {
    this.#idle.push(connection)
    this.#waiting.shift()?.()
  }

  /** The query failed: what it left behind would come out in front of the next answer. */
  discard(connection: Connection): void {
    connection.session.close()
    this.#open--
    this.#waiting.shift()?.()
  }

  close(): void {
    for (const one of this.#idle.splice(0)) this.discard(one)
  }

  async #connect(key: string, state: QueryState): Promise<Connection> {
    if (this.#open >= this.#connectionsMax) this.discard(this.#idle.shift()!)
    const connection: Connection = { session: new Session(this.#directory), key, params: new Set() }
    this.#open++
    try {
      if (state.database !== 'default') await connection.session.queryAsync(`USE ${identifier(state.database)}`)
      for (const [name, value] of state.settings) await connection.session.queryAsync(`SET ${name}=${quoted(value)}`)
      return connection
    } catch (error) {
      this.discard(connection)
      throw toChdbError(error)
    }
  }
}

const identifier = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
