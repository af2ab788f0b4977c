import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['{schemas,engine,dashboard,bench}/**/*.test.ts'], exclude: ['**/node_modules/**', '**/dist/**'], pool: 'forks', testTimeout: 90_000, hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } } }, // what a browser is to show is waited for, however busy the machine
})
