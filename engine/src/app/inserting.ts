// What writes to the store, and what is counted of it.
import { storedCount } from '../io/clickhouse/reads.ts'
import type { ClickhouseStore } from '../io/clickhouse/store.ts'
import { bytesOf, Inserter } from '../pipeline/inserts.ts'
import type { InputStream } from '../ports.ts'
import type { Beginning } from './begin.ts'
import type { Figures } from './house.ts'
import { tellStoreTrouble, type Tellers } from './telling.ts'

const insertsWaitingMax = 4

export interface Inserting extends Tellers {
  readonly store: ClickhouseStore
  readonly stream: InputStream
  readonly figures: Figures
  readonly beginning: Pick<Beginning, 'position' | 'stored'>
  readonly onStored: () => void
}

export function openInserter({ store, stream, figures, beginning, onStored, ...tellers }: Inserting): Inserter {
  const { metrics } = tellers
  // The first insert after a crash may be one that was stored already.
  let isRecounted = beginning.stored === 0
  const recount = async (): Promise<void> => {
    isRecounted = true
    figures.storedRows = await storedCount(store).catch(() => figures.storedRows)
  }
  return new Inserter({
    store, stream: stream.created, waitingMax: insertsWaitingMax, stored: beginning.stored,
    onStored: (insert, seconds) => {
      figures.storedRows += insert.rows
      if (!isRecounted) void recount()
      metrics.inserted({ table: 'mentions', rows: insert.rows, bytes: bytesOf(insert.mentions), seconds })
      if (insert.deadRows > 0) metrics.inserted({ table: 'dead_letters', rows: insert.deadRows, bytes: bytesOf(insert.deadLetters), seconds })
      onStored()
    },
    onTrouble: (trouble) => tellStoreTrouble(trouble, tellers),
  }, beginning.position)
}
