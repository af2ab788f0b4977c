// What can go wrong with the store, as classes that say whether doing it again can help.
import { ClickHouseError } from '@clickhouse/client'

/** The store is away, busy or out of room for now. Everything we ask of it is harmless to repeat: try again. */
export class StoreDown extends Error {
  override readonly name = 'StoreDown'
  readonly retry = true
}

/** The store does not accept this, and will not accept it later: the message says what to change. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused'
  readonly retry = false
  readonly code: number | null
  constructor(message: string, options?: ErrorOptions & { readonly code?: number }) {
    super(message, options)
    this.code = options?.code ?? null
  }
}

/** Error codes of ClickHouse that pass: too many queries or parts, timeouts, memory, disk, network, read-only while it starts or recovers. */
const passing = new Set([3, 159, 164, 202, 203, 209, 210, 241, 242, 243, 252, 279, 285, 319, 394, 425, 439, 999, 1000])

/** Throws what is a bug of ours: repeating it would go on for ever. */
export function toStoreError(error: unknown, doing: string): StoreDown | StoreRefused {
  if (error instanceof StoreDown || error instanceof StoreRefused) return error
  if (error instanceof TypeError || error instanceof RangeError) throw error
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ClickHouseError)) return new StoreDown(`${doing}: ClickHouse does not answer: ${message || (error as NodeJS.ErrnoException).code}`, { cause: error })
  const code = Number(error.code)
  if (/No space left on device|ENOSPC/.test(message)) return new StoreDown(`${doing}: the disk of ClickHouse is full, make room on it: ${message}`, { cause: error })
  if (passing.has(code)) return new StoreDown(`${doing}: ClickHouse says ${code} ${error.type ?? ''}: ${message}`, { cause: error })
  return new StoreRefused(`${doing}: ClickHouse refuses with ${code} ${error.type ?? ''}: ${message}`, { cause: error, code })
}

/** Whether ClickHouse gave a read up because it took too long (TIMEOUT_EXCEEDED) or too much memory. */
export const tooMuchFor = (error: unknown): boolean => error instanceof StoreDown && error.cause instanceof ClickHouseError && ['159', '241'].includes(error.cause.code)

/** Of a mutation that fails again and again; `reason` is ClickHouse's own, which begins with `Code: 40.` */
export function mutationFailure({ table, part, reason }: { readonly table: string; readonly part: string; readonly reason: string }): StoreDown | StoreRefused {
  const code = Number(/Code: (\d+)/.exec(reason)?.[1] ?? Number.NaN)
  const message = `table ${table}: part ${part} cannot be rewritten: ${reason}`
  if (passing.has(code) || /No space left on device|ENOSPC/.test(reason)) return new StoreDown(message)
  return new StoreRefused(message, Number.isNaN(code) ? {} : { code })
}
