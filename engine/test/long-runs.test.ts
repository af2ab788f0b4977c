// The commands that run for hours, asked how they are used: help is no failure, wrong usage is 2 and a sentence.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const commands = ['engine/test/chaos/run.ts', 'engine/test/fuzz/run.ts', 'engine/test/simulation/simulate.ts', 'bench/src/soak.ts']
const root = fileURLToPath(new URL('../..', import.meta.url))

test.each(commands)('%s says how it is used, and what it does not know', (command) => {
  const run = (arg: string) => spawnSync(process.execPath, [command, arg], { cwd: root, encoding: 'utf8', timeout: 120_000 })
  const help = run('--help')
  expect([help.status, help.stderr]).toEqual([0, ''])
  expect(help.stdout).toMatch(/npm run \w+ --/)
  const wrong = run('--nonsense')
  expect([wrong.status, wrong.stdout]).toEqual([2, ''])
  expect(wrong.stderr).toMatch(/^Unknown option '--nonsense'/)
  expect(wrong.stderr).not.toMatch(/\n {4}at /)
})
