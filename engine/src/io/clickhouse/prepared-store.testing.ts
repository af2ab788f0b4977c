// An empty store with all its tables, for tests: migrated once for these sources, then copied, for that is four fifths of what a first start
// of the embedded ClickHouse costs. Whoever opens it finds a folder that an engine before it has migrated. It asks nothing of the product.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { forgetUnfinished } from '../../../../vitest.cache.ts'
import { startEmbeddedClickhouse } from './embedded.ts'
import { openStore } from './store.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'groundswell-stores')
const inputs = ['schemas/src/clickhouse/*.sql', 'engine/src/io/clickhouse/{chdb-child,migrate,retention,store}.ts', 'package-lock.json']
const making = 'making-'
const keptMax = 6

/** Makes `directory` such a store; one that is there already stays what it is. */
export async function prepareStore(directory: string, retentionDays: number): Promise<void> {
  if (existsSync(directory) && readdirSync(directory).length > 0) return
  forgetUnfinished(cache, making)
  const made = join(cache, `${digest()}-${retentionDays}`)
  if (!existsSync(made)) await makeOnce(made, retentionDays)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  await promisify(execFile)('cp', ['-a', `${made}/.`, directory]) // a third of the time that Node's own takes for some hundreds of files
}

function digest(): string {
  const hash = createHash('sha256')
  for (const name of globSync(inputs, { cwd: root }).sort()) hash.update(name).update(readFileSync(join(root, name)))
  return hash.digest('hex').slice(0, 32)
}

/** Several may make it at once: the first to be ready is kept. */
async function makeOnce(place: string, retentionDays: number): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const directory = mkdtempSync(join(cache, making))
  try {
    const embedded = await startEmbeddedClickhouse({ directory })
    try {
      await openStore({ ...embedded, retentionDays }).then((store) => store.close())
    } finally {
      await embedded.stop()
    }
    renameSync(directory, place)
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    if (!existsSync(place)) throw error
  }
  forgetOld(place)
}

/** Those of earlier sources, the oldest first: one that is being copied now is among the newest. */
function forgetOld(newest: string): void {
  const others = readdirSync(cache).filter((name) => !name.startsWith(making)).map((name) => join(cache, name)).filter((path) => path !== newest)
  const byAge = others.map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 })).sort((a, b) => a.at - b.at)
  for (const { path } of byAge.slice(0, Math.max(0, byAge.length - keptMax))) rmSync(path, { recursive: true, force: true })
}
