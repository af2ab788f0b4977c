import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cleanEnvironment, cli, groundswell, processes, waitUntil } from '../../test/processes.ts'

/** Like engine/bin/run-pinned.mjs: starts the command, tells it whose launcher it is, and stays; here it says the command's pid too. */
const launcher = `const child = require('node:child_process').spawn(process.execPath, process.argv.slice(1), {
  detached: true, stdio: ['inherit', 'ignore', 'inherit'], env: { ...process.env, GROUNDSWELL_LAUNCHER: String(process.pid) } })
child.once('spawn', () => console.log(child.pid))
setInterval(() => undefined, 1000)`

test('a command that is no engine ends with its launcher too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-orphan-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  writeFileSync(join(folder, 'rules.yml'), 'topics: []\n')
  // Its input is a pipe that this test keeps open: by itself it would read from it for ever.
  execFileSync('mkfifo', [join(folder, 'input')])
  const input = openSync(join(folder, 'input'), 'r+')
  onTestFinished(() => { closeSync(input) })
  const parent = spawn(process.execPath, ['-e', launcher, cli, 'backtest', '--rules', 'rules.yml', '--input', '-'], { cwd: folder, env: cleanEnvironment(), stdio: [input, 'pipe', 'inherit'] })
  const [said] = await once(parent.stdout!, 'data') as [Buffer]
  const pid = Number(said.toString())
  const runs = (): boolean => processes().some((row) => row.pid === pid && row.command.includes('backtest'))
  onTestFinished(() => { if (runs()) process.kill(pid, 'SIGKILL') })
  await waitUntil('the command runs', runs)
  parent.kill('SIGKILL')
  await waitUntil('the command has ended', () => !runs())
})

test('a launcher of somebody above us, whose variable came along, ends nobody', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-inherited-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  writeFileSync(join(folder, 'rules.yml'), 'topics: []\n')
  const { code, stderr } = await groundswell(['check-rules', 'rules.yml'], { cwd: folder, env: { GROUNDSWELL_LAUNCHER: String(process.ppid) } })
  expect(code, stderr).toBe(0)
})
