// How the tests run: each file in a process of its own; what the CLI compiles to is kept, for the tests start it some hundreds of times.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './vitest.sequence.ts'

// Read by Node itself, by content: half of a start of the CLI was reading its TypeScript.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/groundswell-compiled', import.meta.url))

export default defineConfig({
  resolve: { alias: { 'fast-check': fileURLToPath(new URL('vitest.fast-check.ts', import.meta.url)) } },
  test: { include: ['{schemas,engine,dashboard,bench}/**/*.test.ts'], exclude: ['**/node_modules/**', '**/dist/**'], pool: 'forks', sequence: { sequencer: LongestFirst }, testTimeout: 300_000, hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } } }, // whatever is waited for has its time, however busy the machine: a limit is for what never comes
})
