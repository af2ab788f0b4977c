// The dashboard that the engine serves, for tests that look at it in a browser.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConsoleMessage } from 'playwright-core'

/** What a console says that is wrong: not that a busy machine kept the store from answering for seconds, which is told as 503 and asked again. */
export const isWrong = (line: ConsoleMessage): boolean => line.type() === 'error' && !/the server responded with a status of 503/.test(line.text())

/** `npm test` builds it before the tests; a run of one file alone builds it only where there is none. */
export function buildWallWhereMissing(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  if (existsSync(join(root, 'dashboard', 'dist', 'index.html'))) return
  spawnSync(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], { cwd: join(root, 'dashboard'), stdio: 'inherit' })
}
