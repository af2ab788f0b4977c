// What the command line refuses: wrong rules, ports in use, servers that are not there, wrong usage – each with a message that names the
// value and what to do, the agreed exit code, and no process left.
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, symlinkSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { freePortForTest } from '../src/io/nats/test-server.ts'
import { below, cleanEnvironment, cli, groundswell, processes, tempFolder, testFolder, waitUntil } from './processes.ts'

const topic = (id: string, query: string): string => `  - id: ${id}\n    name: { zh: 断网, en: Outage }\n    query: '${query}'\n`
const wrongRules = [
  { name: 'an unbalanced quote', text: `topics:\n${topic('a', '断网 OR "outage')}`, place: '4:19', says: /this quote is never closed/ },
  { name: 'an unknown field', text: `topics:\n${topic('a', '断网 planet:mars')}`, place: '4:16', says: /planet/ },
  { name: 'duplicate topic ids', text: `topics:\n${topic('a', '断网')}${topic('b', '停电')}${topic('a', '停水')}`, place: '8:9', says: /"?a"? .*(twice|already|unique|line 2)/ },
  { name: 'a query of only NOT', text: `topics:\n${topic('a', 'NOT 演练')}`, place: '4:13', says: /NOT/ },
  { name: 'a threshold of no number', text: `topics:\n${topic('a', '断网')}    velocity: [ { count: many, within: 2h } ]\n`, place: '5:26', says: /many|number|count/ },
  { name: 'text that is no YAML', text: 'topics: [\n', place: '2:1', says: /\S/ },
] as const

let start: string[] = []
let cwd = ''
let remove: () => Promise<void>
beforeAll(async () => {
  const made = await tempFolder('e2e-refusals')
  cwd = made.folder
  remove = made.remove
  start = ['start', '--data', 'data', '--http', '0', '--nats-port', '0']
  await writeFile(join(cwd, 'one.ndjson'), '{"id":"1","ts":1716206400000,"text":"断网","platform":"weibo"}\n')
})
afterAll(async () => {
  await waitUntil('nobody is left', () => {
    const left = below(process.pid).filter(({ command }) => /guardian\.ts|nats-server|chdb-child|cli\/main\.ts/.test(command))
    const orphans = processes().filter(({ command }) => command.includes(cwd))
    expect([...left, ...orphans]).toEqual([])
    return true
  })
  await remove()
})

test.each(wrongRules)('$name in the rules: start and check-rules refuse with file, line and column', async ({ text, place, says }) => {
  await writeFile(join(cwd, 'wrong.yml'), text)
  for (const args of [[...start, '--rules', 'wrong.yml'], ['check-rules', 'wrong.yml']]) {
    const { code, stdout, stderr } = await groundswell(args, { cwd })
    expect([code, stdout], stderr).toEqual([1, ''])
    expect(stderr).toContain(`wrong.yml:${place} `)
    expect(stderr).toMatch(says)
  }
  expect(existsSync(join(cwd, 'data')), 'nothing was begun').toBe(false)
})

/** Somebody else's server on a port, until the test is over. */
async function taken(): Promise<number> {
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => new Promise((resolve) => { server.close(() => resolve()) }))
  return (server.address() as AddressInfo).port
}

test('the HTTP port is in use', async () => {
  const port = await taken()
  const { code, stderr } = await groundswell(['start', '--data', 'taken-http', '--nats-port', '0', '--http', String(port)], { cwd })
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(new RegExp(`groundswell stops: .*${port}.*in use.*--http|groundswell stops: .*${port}.*--http.*`))
})

test('the NATS port is in use', async () => {
  const port = await taken()
  const { code, stderr } = await groundswell(['start', '--data', 'taken-nats', '--http', '0', '--nats-port', String(port)], { cwd })
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(new RegExp(`groundswell stops: port ${port} of 127\\.0\\.0\\.1 is in use.*--nats nats://127\\.0\\.0\\.1:${port}.*GROUNDSWELL_NATS_PORT`))
})

test.each([
  { command: 'start', args: ['--data', 'no-nats', '--http', '0'] },
  { command: 'publish', args: ['one.ndjson'] },
  { command: 'forget', args: ['--author', 'someone'] },
])('$command with a NATS server that is not there says so, and does not wait for it', async ({ command, args }) => {
  const url = `nats://127.0.0.1:${await freePortForTest()}`
  const { code, stderr, ms } = await groundswell([command, ...args, '--nats', url], { cwd })
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(new RegExp(`NATS does not answer at ${url}.*start it, or name the one that runs with --nats`))
  expect(ms).toBeLessThan(45_000) // four seconds, and however long a busy machine takes to start it
})

test('start with a ClickHouse server that is not there says so', async () => {
  const url = `http://127.0.0.1:${await freePortForTest()}`
  const { code, stderr } = await groundswell([...start.with(2, 'no-clickhouse'), '--clickhouse', url], { cwd })
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(new RegExp(`groundswell stops: .*${url}`))
  expect(stderr).toMatch(/groundswell stops: .*ClickHouse/)
})

test.each([
  { args: ['start', '--colour', 'red'], says: /unknown option '--colour'/ },
  { args: ['start', '--http', 'eighty'], says: /http = "?eighty"? \(from --http\): a port/ },
  { args: ['start', '--rules', 'none.yml'], says: /rules = .*none\.yml/ },
  { args: ['publish', 'one.ndjson', '--speed', 'fast'], says: /--speed.*max/ },
  { args: ['forget'], says: /--mention ID and --author AUTHOR/ },
  { args: ['sing'], says: /unknown command 'sing'/ },
])('$args is wrong usage: exit 2, and says why', async ({ args, says }) => {
  const { code, stdout, stderr } = await groundswell(args, { cwd })
  expect([code, stdout], stderr).toEqual([2, ''])
  expect(stderr).toMatch(says)
})

/** nats-server is looked for in the usual places too; where it lies in one of them, only a mount of our own can hide it. */
function withoutNats(bare: string): readonly [command: string, ...args: string[]] | null {
  const there = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'].map((place) => join(place, 'nats-server')).filter((file) => existsSync(file))
  const run = [process.execPath, cli] as const
  if (there.length === 0) return run
  const [binary] = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'unshare')).filter((file) => existsSync(file))
  if (binary === undefined) return null
  const hide = `${there.map((file) => `mount --bind /dev/null ${file}`).join(' && ')} && PATH=${bare} exec "$@"`
  try {
    execFileSync(binary, ['--user', '--map-root-user', '--mount', 'sh', '-c', hide, 'sh', process.execPath, '--version'], { stdio: 'ignore' })
  } catch {
    return null
  }
  return [binary, '--user', '--map-root-user', '--mount', 'sh', '-c', hide, 'sh', ...run]
}

test('start without nats-server on the machine says how to get it', async (context) => {
  const folder = await testFolder('no-nats')
  const bare = join(folder, 'bin')
  await mkdir(bare)
  symlinkSync(process.execPath, join(bare, 'node'))
  const [command, ...args] = withoutNats(bare) ?? context.skip('nats-server lies where it is always found, and this user may not hide it')
  accessSync(command!, constants.X_OK)
  let stderr = ''
  let code = 0
  try {
    execFileSync(command!, [...args, ...start], { cwd: folder, env: cleanEnvironment({ PATH: [bare, dirname(command!)].join(delimiter) }), stdio: 'pipe', timeout: 120_000 })
  } catch (error) {
    ({ stderr, code } = { stderr: String((error as { stderr: Buffer }).stderr), code: (error as { status: number }).status })
  }
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(/there is no nats-server on this machine: install it \(.*apt-get install nats-server.*brew install nats-server\), or name a running one with --nats URL/)
})

test('publish of a file that is not there fails: exit 1, and says which', async () => {
  const { code, stdout, stderr } = await groundswell(['publish', 'none.ndjson'], { cwd })
  expect([code, stdout], stderr).toEqual([1, ''])
  expect(stderr).toMatch(/none\.ndjson cannot be read/)
})
