// Counts what is in the store after the engine has ended: opened again by another process, so that no number of the engine's is believed.
import { join } from 'node:path'
import { startEmbeddedClickhouse } from '@groundswell/engine/src/io/clickhouse/embedded.ts'

export async function countStored(data: string): Promise<{ readonly rows: number; readonly ids: number }> {
  const server = await startEmbeddedClickhouse({ directory: join(data, 'clickhouse') })
  try {
    const answer = await fetch(`${server.url}/?database=${server.database}`, {
      method: 'POST', body: 'SELECT count() AS rows, uniqExact(id) AS ids FROM mentions FORMAT TabSeparated',
      headers: { 'X-ClickHouse-User': server.user, 'X-ClickHouse-Key': server.password },
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`the store does not count: ${text.slice(0, 400)}`)
    const [rows, ids] = text.trim().split('\t').map(Number)
    return { rows: rows!, ids: ids! }
  } finally {
    await server.stop()
  }
}
