// Counts what is in the store after the engine has ended: opened again by another process, so that no number of the engine's is believed.
import { join } from 'node:path'
import { startEmbeddedClickhouse } from '@groundswell/engine/src/io/clickhouse/embedded.ts'

/** `bytes`: of the parts of `mentions` on the disk, merged into one. */
export interface Counted { readonly rows: number; readonly ids: number; readonly bytes: number }

export async function countStored(data: string): Promise<Counted> {
  const server = await startEmbeddedClickhouse({ directory: join(data, 'clickhouse') })
  const ask = async (sql: string): Promise<string> => {
    const answer = await fetch(`${server.url}/?database=${server.database}`, { method: 'POST', body: sql, headers: { 'X-ClickHouse-User': server.user, 'X-ClickHouse-Key': server.password } })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`the store does not count: ${text.slice(0, 400)}`)
    return text.trim()
  }
  try {
    const [rows, ids] = (await ask('SELECT count(), uniqExact(id) FROM mentions FORMAT TabSeparated')).split('\t').map(Number)
    await ask('OPTIMIZE TABLE mentions FINAL')
    const bytes = Number(await ask("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'mentions' AND database = currentDatabase() FORMAT TabSeparated"))
    return { rows: rows!, ids: ids!, bytes }
  } finally {
    await server.stop()
  }
}
