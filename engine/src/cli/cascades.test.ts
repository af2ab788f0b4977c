import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
let folder = ''
const cascades = (args: readonly string[], input = '') => spawnSync(process.execPath, [main, 'cascades', ...args], { encoding: 'utf8', cwd: folder, input })
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'cascades-cli-')) })
afterAll(() => { rmSync(folder, { recursive: true }) })

const at = (seconds: number): string => new Date(Date.UTC(2015, 5, 15) + seconds * 1000).toISOString()
const line = (id: string, seconds: number, more: object = {}): string => `${JSON.stringify({ id, ts: at(seconds), text: '', ...more })}\n`

test('cascades go to stdout as JSON lines, prose to stderr', () => {
  writeFileSync(join(folder, 'a.ndjson'), [
    line('root', 0, { followers: 100 }), line('alone', 0), 'not json\n',
    line('early', 1, { parent: 'b', root: 'root', followers: 7 }), // its parent comes later
    line('lost', 2, { parent: 'deleted', root: 'root' }), // its parent is not known, its root is
    line('own', 3, { parent: 'gone', root: 'gone too' }), // nothing is known: a cascade of its own
    line('root', 90, { followers: 5 }), // the first one counts
  ].join(''))
  writeFileSync(join(folder, 'b.ndjson.gz'), gzipSync(line('b', 5.5, { parent: 'root', root: 'somebody else' }) + line('future', 1e9, { parent: 'alone', followers: 1 }))) // the chain of parents beats the root
  const { status, stdout, stderr } = cascades(['--input', 'a.ndjson', 'b.ndjson.gz'])
  expect(stderr).toMatch(/^7 mentions in 3 cascades, 1 duplicates; 1 dead letters \(1 not-json\); \d+\.\d s, \d+ lines\/s\n$/)
  expect(stdout).toBe([
    '{"root":"alone","size":2,"depth":1,"maxBreadth":1,"leaves":1,"structuralVirality":1,"durationSeconds":1000000000,"reach":1}',
    `{"root":"root","size":4,"depth":2,"maxBreadth":2,"leaves":2,"structuralVirality":${10 / 6},"durationSeconds":5.5,"reach":107}`,
    '{"root":"own","size":1,"depth":0,"maxBreadth":1,"leaves":1,"structuralVirality":0,"durationSeconds":0,"reach":0}', '',
  ].join('\n'))
  expect(status).toBe(0)
})

test('a ring of mentions is a tree under its earliest', () => {
  const { stdout } = cascades(['--input', '-'], line('b', 1, { parent: 'a' }) + line('a', 2, { parent: 'c' }) + line('c', 3, { parent: 'b' }) + line('self', 4, { parent: 'self', root: 'self' }))
  expect(stdout.trim().split('\n').map((each) => JSON.parse(each) as object)).toMatchObject([{ root: 'b', size: 3, depth: 2, structuralVirality: 4 / 3 }, { root: 'self', size: 1 }])
})

test('an empty recording has no cascades', () => {
  const { status, stdout, stderr } = cascades(['--input', '-'])
  expect([status, stdout]).toEqual([0, ''])
  expect(stderr).toMatch(/^0 mentions in 0 cascades/)
})

test.each([
  { args: ['--input', 'none.ndjson'], status: 1, says: /none\.ndjson cannot be read/ },
  { args: [], status: 2, says: /--input <files\.\.\.>' not specified/ },
  { args: ['--input', 'a.ndjson', '--rules', 'x'], status: 2, says: /unknown option '--rules'/ },
])('$args ends with $status and says why', ({ args, status, says }) => {
  const run = cascades(args)
  expect(run.stdout).toBe('')
  expect(run.stderr).toMatch(says)
  expect(run.status).toBe(status)
})
