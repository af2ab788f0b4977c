import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Spool } from './chdb-body.ts'

let root: string
let memory: string
let disk: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'groundswell-spool-'))
  memory = join(root, 'memory')
  disk = join(root, 'data', 'spool')
  mkdirSync(memory)
})
afterEach(() => { rmSync(root, { recursive: true, force: true }) })

test.each([
  { freeMin: 1, expected: () => memory, why: 'there is room in memory' },
  { freeMin: Infinity, expected: () => disk, why: 'memory has too little room' },
])('bodies are kept where $why, for us only', ({ freeMin, expected }) => {
  const spool = new Spool({ disk, memory, freeMin })
  expect(dirname(spool.directory)).toBe(expected())
  const path = spool.put(Buffer.from('a'))
  expect([statSync(spool.directory).mode & 0o77, statSync(path).mode & 0o77]).toEqual([0, 0])
  spool.close()
  expect(existsSync(spool.directory)).toBe(false)
})

test('a system without a place in memory keeps them on disk', () => {
  const spool = new Spool({ disk, memory: join(root, 'nowhere'), freeMin: 1 })
  expect(dirname(spool.directory)).toBe(disk)
})

test('what a dead process left behind is removed in both places, what a living one uses stays', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  mkdirSync(disk, { recursive: true })
  for (const parent of [memory, disk]) for (const owner of [pid, process.ppid]) mkdirSync(join(parent, `groundswell-chdb-${owner}-abc`))
  new Spool({ disk, memory, freeMin: 1 }).close()
  for (const parent of [memory, disk]) expect(readdirSync(parent)).toEqual([`groundswell-chdb-${process.ppid}-abc`])
})
