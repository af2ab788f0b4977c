// What writes to the store, and what is counted of it.
import { storedCount } from '../io/clickhouse/reads.ts'
import type { ClickhouseStore } from '../io/clickhouse/store.ts'
import { bytesOf, Inserter, insertsAPosition } from '../pipeline/inserts.ts'
import type { InputStream } from '../ports.ts'
import type { Beginning } from './begin.ts'
import type { Figures } from './house.ts'
import { insertTeller, type Tellers } from './telling.ts'

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
  let left = insertsAPosition // inserts that an engine before this one may have stored already, and that are in the figure then
  return new Inserter({
    store, stream: stream.created, waitingMax: insertsWaitingMax, stored: beginning.stored,
    onStored: async (insert, seconds) => {
      figures.storedRows += insert.rows
      metrics.inserted({ table: 'mentions', rows: insert.rows, bytes: bytesOf(insert.mentions), seconds })
      if (insert.deadRows > 0) metrics.inserted({ table: 'dead_letters', rows: insert.deadRows, bytes: bytesOf(insert.deadLetters), seconds })
      onStored()
      if (left-- > 0) figures.storedRows = await storedCount(store).catch(() => figures.storedRows)
    },
    onTrouble: insertTeller(tellers),
  }, beginning.position)
}
