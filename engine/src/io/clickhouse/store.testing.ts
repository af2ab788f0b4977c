// An open store on an embedded ClickHouse of its own, for tests: it ends with them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { startEmbeddedClickhouse } from './embedded.ts'
import { prepareStore } from './prepared-store.testing.ts'
import { openStore, type ClickhouseStore } from './store.ts'

const retentionDays = 10_000

export interface TestStoreOptions {
  readonly directory?: string // of somebody who removes it himself; otherwise a new one
  readonly until?: (end: () => Promise<void>) => void // when it ends, at the latest; otherwise after all tests of the file
}

/** `end`: before its time; harmless when called twice. */
export async function testStore({ directory, until = afterAll }: TestStoreOptions = {}): Promise<{ readonly store: ClickhouseStore; readonly end: () => Promise<void> }> {
  const own = directory ?? mkdtempSync(join(tmpdir(), 'groundswell-store-'))
  await prepareStore(own, retentionDays)
  const embedded = await startEmbeddedClickhouse({ directory: own })
  const store = await openStore({ ...embedded, retentionDays })
  let ended = false
  const end = async (): Promise<void> => {
    if (ended) return
    ended = true
    await store.close()
    await embedded.stop()
    if (directory === undefined) rmSync(own, { recursive: true, force: true })
  }
  until(end)
  return { store, end }
}
