// The dashboard as it is shipped: the test runner's own NODE_ENV would give a development build, which is larger and several times slower.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Builds into `outDir`, which must be the test's own. */
export async function buildWall(outDir: string): Promise<void> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'error', build: { outDir } })
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}
