import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { groundswell } from '../../test/processes.ts'
import { beganOf, DataInUse, holderOfFolder, lockData, lockName } from './data-lock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundswell-lock-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
})
const hold = (holder: unknown): void => { writeFileSync(join(folder, lockName), typeof holder === 'string' ? holder : JSON.stringify(holder)) }

test('a folder is taken once, and free again when it is given back', () => {
  const release = lockData(folder)
  expect(() => lockData(folder)).toThrow(DataInUse)
  expect(readdirSync(folder)).toEqual([lockName])
  release()
  expect(existsSync(join(folder, lockName))).toBe(false)
  lockData(folder, () => expect.unreachable('it was given back'))()
  expect(existsSync(folder), 'a folder that was there stays').toBe(true)
})

test('a folder in which nothing was begun goes with its lock', () => {
  const unused = join(folder, 'data')
  lockData(unused)()
  expect(existsSync(unused)).toBe(false)
  const release = lockData(unused)
  writeFileSync(join(unused, 'facts'), '')
  release()
  expect(readdirSync(unused)).toEqual(['facts'])
})

test('a folder that is made is closed to others, and so is the lock', () => {
  const made = join(folder, 'above', 'data')
  const release = lockData(made)
  expect([statSync(made).mode & 0o777, statSync(join(made, lockName)).mode & 0o777].map((mode) => mode.toString(8))).toEqual(['700', '600'])
  release()
})

test.each([
  { why: 'its process is gone', holder: async () => ({ pid: await goneProcess(), began: 'then' }) },
  { why: 'its pid belongs to a later process', holder: async () => ({ pid: process.ppid, began: 'another time' }) },
  { why: 'it was cut short', holder: async () => '{"pid":' },
])('what is left behind is taken over and told: $why', async ({ holder }) => {
  hold(await holder())
  const told: (number | null)[] = []
  const { pid = null } = holderOfFolder(folder) ?? {}
  const release = lockData(folder, (gone) => told.push(gone))
  expect(told).toEqual([pid])
  expect(JSON.parse(readFileSync(join(folder, lockName), 'utf8'))).toEqual({ pid: process.pid, began: beganOf(process.pid) })
  release()
})

async function goneProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

test.each(['demo', 'start'])('%s on a folder that is in use is refused, names who has it, and touches nothing', async (command) => {
  const mark = 'this-folder-is-a-drill-and-is-emptied-at-every-demo'
  writeFileSync(join(folder, mark), '')
  writeFileSync(join(folder, 'facts'), 'of the one that runs')
  hold({ pid: process.pid, began: beganOf(process.pid) })
  const { code, stderr } = await groundswell([command, '--data', folder, '--http', '0', '--nats-port', '0'], { cwd: folder })
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(new RegExp(`is in use by the engine with process id ${process.pid}: stop that one first, or name another folder with --data`))
  expect(readdirSync(folder).sort()).toEqual([lockName, 'facts', mark].sort())
})
