// The dashboard as it is shipped: the test runner's own NODE_ENV would give a development build, which is larger and several times slower.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { forgetUnfinished } from '../../vitest.cache.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'groundswell-dashboard')
const inputs = ['dashboard/src/**/*', 'dashboard/public/**/*', 'dashboard/*.{json,html,ts}', 'schemas/src/**/*.ts', 'package-lock.json']
const building = 'building-'
const keptMax = 3

/** Puts a build into `outDir`, which must be the test's own. What was built of the same sources is built once, by whichever test comes first. */
export async function buildWall(outDir: string): Promise<void> {
  forgetUnfinished(cache, building)
  const built = join(cache, digest())
  if (!existsSync(built)) await buildOnce(built)
  cpSync(built, outDir, { recursive: true })
}

function digest(): string {
  const hash = createHash('sha256')
  for (const file of globSync(inputs, { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 32)
}

/** Several may build at once: the first to be ready is kept. */
async function buildOnce(place: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const outDir = mkdtempSync(join(cache, building))
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build({ configFile: join(root, 'dashboard', 'vite.config.ts'), logLevel: 'error', build: { outDir, emptyOutDir: true } })
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
  try {
    renameSync(outDir, place)
  } catch (error) {
    rmSync(outDir, { recursive: true, force: true })
    if (!existsSync(place)) throw error
  }
  forgetOld(place)
}

/** Those of earlier sources; one that another run still copies from stays long enough. */
function forgetOld(newest: string): void {
  const names = readdirSync(cache).filter((name) => !name.startsWith(building) && join(cache, name) !== newest)
  for (const name of names.slice(0, Math.max(0, names.length - keptMax))) rmSync(join(cache, name), { recursive: true, force: true })
}
