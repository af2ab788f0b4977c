// `groundswell publish` as a user meets it: a process, its two outputs and its exit code, against a real NATS.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openNatsStream } from '../io/nats/stream.ts'
import { freePortForTest, startTestServer } from '../io/nats/test-server.ts'
import type { TestServer } from '../io/nats/test-server.ts'

let server: TestServer
let folder: string
beforeAll(async () => { server = await startTestServer() })
afterAll(() => server.stop())
beforeEach(async () => { await server.deleteStreams(); folder = await mkdtemp(join(tmpdir(), 'groundswell-publish-cli-')) })
afterEach(() => rm(folder, { recursive: true, force: true }))

const script = `import { Command, CommanderError } from 'commander'
  import { registerPublish } from ${JSON.stringify(new URL('./publish.ts', import.meta.url).href)}
  const program = new Command('groundswell').exitOverride()
  registerPublish(program)
  for (const command of program.commands) command.exitOverride()
  try { await program.parseAsync() } catch (error) { if (!(error instanceof CommanderError)) throw error; process.exitCode = error.exitCode === 0 ? 0 : 2 }`

async function groundswell(args: readonly string[], input = ''): Promise<{ code: number; out: unknown[]; err: string }> {
  const { code, out, err } = await spawned(args, input)
  return { code, err, out: out.split('\n').filter(Boolean).map((line) => JSON.parse(line) as unknown) }
}
const groundswellHelp = () => spawned(['--help'], '')

async function spawned(args: readonly string[], input: string): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, '--', 'publish', ...args], {
    cwd: new URL('.', import.meta.url).pathname, env: { PATH: process.env['PATH'] }, stdio: 'pipe',
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
  child.stdin.end(input)
  const [code] = await once(child, 'close') as [number]
  return { code, out, err }
}
const mention = (i: number) => JSON.stringify({ id: `weibo:${i}`, ts: 1_434_384_764_000 + i, platform: 'weibo', text: '断网' })

test('publishes a compressed file and standard input, warns that no engine answers, and sums up', async () => {
  const file = join(folder, 'a.ndjson.gz')
  await writeFile(file, gzipSync(Array.from({ length: 1000 }, (_, i) => mention(i)).join('\n')))
  const { code, out, err } = await groundswell([file, '-', '--nats', server.url], mention(5000))
  expect([code, out]).toEqual([0, [{ published: 1001, messages: 16, repeated: 0, refused: 0, seconds: expect.any(Number) as number }]])
  expect(err).toMatch(/no engine answers/)
  expect(await server.streamState('GROUNDSWELL')).toMatchObject({ messages: 17 })
})

test('a line of 10 MB is refused on stdout and in the exit code, the rest is published', async () => {
  const file = join(folder, 'big.ndjson')
  await writeFile(file, `${mention(1)}\n{"id":"${'x'.repeat(10_000_000)}"}\n${mention(2)}`)
  const { code, out } = await groundswell([file, '--nats', server.url])
  expect(code).toBe(1)
  expect(out).toEqual([expect.objectContaining({ kind: 'refused', file, line: 2, bytes: 10_000_009 }), expect.objectContaining({ published: 2, refused: 1 })])
})

test('a recording older than the clock of the engine is refused and nothing is sent', async () => {
  const stream = await openNatsStream({ url: server.url })
  stream.answerStatus(() => ({ clock: 1_434_384_764 + 3600, stream: stream.created, position: 0 }))
  await stream.link.nc.flush() // the server knows by now who answers
  const { code, out, err } = await groundswell(['-', '--nats', server.url], mention(1))
  expect([code, out]).toEqual([1, []])
  expect(err).toMatch(/clock is at 2015-06-15T17:12:44.*Nothing was sent/)
  expect((await stream.state()).lastSeq).toBe(0)
  await stream.close()
})

test.each([
  { args: ['-', '--speed', '0'], says: /a number over 0/, why: 'no speed' },
  { args: ['-', '--speed', 'fast'], says: /or max/, why: 'no number' },
  { args: ['-', '--shift-to-now'], says: /standard input can be read once/, why: 'stdin twice' },
  { args: [], says: /missing required argument/, why: 'no file' },
  { args: ['-', '--nats', 'http://x'], says: /NATS address/, why: 'no NATS address' },
])('wrong usage is exit 2 and says what is wrong: $why', async ({ args, says }) => {
  const { code, out, err } = await groundswell(args)
  expect([code, out]).toEqual([2, []])
  expect(err).toMatch(says)
})

test.each([['nowhere.ndjson', /nowhere\.ndjson cannot be read/], ['.', /is a folder/]])('%s is no file: exit 1, as for backtest', async (file, says) => {
  const { code, out, err } = await groundswell([file])
  expect([code, out]).toEqual([1, []])
  expect(err).toMatch(says)
})

test('the help says that publishing is as fast as it can be unless told otherwise', async () => {
  const { code, out } = await groundswellHelp()
  expect(code).toBe(0)
  expect(out).toMatch(/\(default: max\)/)
  expect(out).not.toMatch(/Infinity/)
})

test('a NATS that is not there is exit 1, naming the address, and is not waited for', async () => {
  const port = await freePortForTest()
  const { code, err } = await groundswell(['-', '--nats', `nats://127.0.0.1:${port}`], mention(1))
  expect(code).toBe(1)
  expect(err).toMatch(new RegExp(`NATS does not answer at nats://127.0.0.1:${port}`))
})
