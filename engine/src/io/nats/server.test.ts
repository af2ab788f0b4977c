// The embedded server and its guardian: up when told so, gone when the engine is gone, back when it dies.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StreamMisconfigured } from '../../stream-errors.ts'
import { findNatsServer } from './find-server.ts'
import { endOrphan } from './orphan.ts'
import { roomFor } from './room.ts'
import { PortInUse, startNatsServer } from './server.ts'
import { openNatsStream } from './stream.ts'

const binary = (await findNatsServer())!
let storeDir: string
beforeEach(async () => { storeDir = await mkdtemp(join(tmpdir(), 'groundswell-embedded-')) })
afterEach(() => rm(storeDir, { recursive: true, force: true, maxRetries: 5 }))

/** A process that has ended and waits to be reaped by whoever adopted it is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync('/proc/self') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false // also where it went between the two
  }
}
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 10) })
}

test('starts with JetStream, keeps what was published over a restart, and stops with nothing left', async () => {
  const first = await startNatsServer({ binary, storeDir, port: 0 })
  const stream = await openNatsStream({ url: first.url })
  await stream.publish('ticks', new Uint8Array([1]))
  await stream.close()
  const pids = [first.pid(), first.guardianPid()]
  await first.stop()
  expect(pids.map(isAlive)).toEqual([false, false])
  const second = await startNatsServer({ binary, storeDir, port: first.port })
  const again = await openNatsStream({ url: second.url })
  expect([again.created, (await again.state()).lastSeq]).toEqual([stream.created, 1])
  await again.close()
  await second.stop()
})

test('what is on disk is readable by its owner only', async () => {
  const server = await startNatsServer({ binary, storeDir, port: 0 })
  const stream = await openNatsStream({ url: server.url })
  await stream.publish('mentions.a', new Uint8Array([1]))
  await stream.close()
  await server.stop()
  const all = ['.', ...readdirSync(storeDir, { recursive: true, encoding: 'utf8' })]
  expect(all.some((path) => path.endsWith('.blk'))).toBe(true)
  expect(all.filter((path) => (statSync(join(storeDir, path)).mode & 0o77) !== 0)).toEqual([])
})

test('a server that dies by itself is started again on the same port, and that is told', async () => {
  const deaths: string[] = []
  const server = await startNatsServer({ binary, storeDir, port: 0, onDeath: (detail) => deaths.push(detail) })
  const stream = await openNatsStream({ url: server.url })
  const up = new Promise<void>((resolve) => { stream.onTrouble((trouble) => { if (trouble.kind === 'up') resolve() }) })
  const before = server.pid()
  process.kill(before, 'SIGKILL')
  await up
  await until(() => server.pid() !== before) // the guardian tells it by itself, and may be slower than the server is up
  expect(deaths).toEqual([expect.stringMatching(/SIGKILL.*starts again/)])
  await stream.close()
  await server.stop()
})

test('when the engine is killed with -9, guardian and server end', async () => {
  const script = `import { startNatsServer } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    const server = await startNatsServer({ binary: ${JSON.stringify(binary)}, storeDir: ${JSON.stringify(storeDir)}, port: 0 })
    process.stdout.write(JSON.stringify([server.pid(), server.guardianPid()]) + '\\n')
    setInterval(() => {}, 1000)`
  const engine = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(engine.stdout, 'data') as [Buffer]
  const pids = JSON.parse(line.toString()) as number[]
  expect(pids.map(isAlive)).toEqual([true, true])
  engine.kill('SIGKILL')
  await until(() => !pids.some(isAlive))
})

test('a start right after the engine was killed with -9 waits for the server of before: two never have one store', async () => {
  const script = `import { startNatsServer } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    const server = await startNatsServer({ binary: ${JSON.stringify(binary)}, storeDir: ${JSON.stringify(storeDir)}, port: 0 })
    process.stdout.write(server.pid() + '\\n')
    setInterval(() => {}, 1000)`
  const engine = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(String((await once(engine.stdout, 'data'))[0]))
  process.kill(pid, 'SIGSTOP') // it does not listen when it is asked to end: its guardian insists after three seconds
  engine.kill('SIGKILL')
  const next = await startNatsServer({ binary, storeDir, port: 0 })
  const were = isAlive(pid)
  await next.stop()
  await until(() => !isAlive(pid))
  expect(were).toBe(false)
})

test('a guardian whose engine was killed and that does not come to its work is ended with its server, before the next one starts', async () => {
  const script = `import { startNatsServer } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    const server = await startNatsServer({ binary: ${JSON.stringify(binary)}, storeDir: ${JSON.stringify(storeDir)}, port: 0 })
    process.stdout.write(JSON.stringify([server.pid(), server.guardianPid()]) + '\\n')
    setInterval(() => {}, 1000)`
  const engine = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pids = JSON.parse(String((await once(engine.stdout, 'data'))[0])) as [number, number]
  await endOrphan(storeDir, 50)
  expect(pids.map(isAlive), 'one that has its engine is left alone').toEqual([true, true])
  process.kill(pids[1], 'SIGSTOP') // as on a machine that gives it no time
  engine.kill('SIGKILL')
  await once(engine, 'exit')
  await endOrphan(storeDir, 50)
  const was = isAlive(pids[0])
  if (was) process.kill(pids[0], 'SIGKILL')
  expect(was).toBe(false)
  await until(() => !isAlive(pids[1]))
})

test('when engine and guardian are both killed with -9, the next start ends the server they left and takes its place', async () => {
  const script = `import { startNatsServer } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    const server = await startNatsServer({ binary: ${JSON.stringify(binary)}, storeDir: ${JSON.stringify(storeDir)}, port: 0 })
    process.stdout.write(JSON.stringify([server.pid(), server.guardianPid(), server.port]) + '\\n')
    setInterval(() => {}, 1000)`
  const engine = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(engine.stdout, 'data') as [Buffer]
  const [pid, guardianPid, port] = JSON.parse(line.toString()) as [number, number, number]
  const beside = startNatsServer({ binary, storeDir, port })
  await expect(beside).rejects.toBeInstanceOf(PortInUse) // one that has its guardian is waited for, and left alone
  engine.kill('SIGSTOP') // or it would end the server when it sees its guardian go
  process.kill(guardianPid, 'SIGKILL')
  engine.kill('SIGKILL')
  await until(() => !isAlive(guardianPid))
  expect(isAlive(pid)).toBe(true)
  const next = await startNatsServer({ binary, storeDir, port })
  expect(isAlive(pid)).toBe(false)
  expect(next.pid()).not.toBe(pid)
  await next.stop()
})

test('a guardian that is killed is followed by another with a server of its own, and that is told', async () => {
  const deaths: string[] = []
  const server = await startNatsServer({ binary, storeDir, port: 0, onDeath: (detail) => deaths.push(detail) })
  const stream = await openNatsStream({ url: server.url })
  const up = new Promise<void>((resolve) => { stream.onTrouble((trouble) => { if (trouble.kind === 'up') resolve() }) })
  const before = [server.pid(), server.guardianPid()]
  process.kill(server.guardianPid(), 'SIGKILL')
  await up
  expect((await stream.publish('ticks', new Uint8Array([1]))).seq).toBe(1)
  expect(deaths).toEqual([expect.stringMatching(/guardian.*SIGKILL.*started again/)])
  expect(before.map(isAlive)).toEqual([false, false])
  const after = [server.pid(), server.guardianPid()]
  await stream.close()
  await server.stop()
  expect(after.map(isAlive)).toEqual([false, false])
})

test('a server that is stuck is started again when it is asked for, with what it had acknowledged', async () => {
  const server = await startNatsServer({ binary, storeDir, port: 0 })
  const stream = await openNatsStream({ url: server.url })
  await stream.publish('ticks', new Uint8Array([1]))
  const up = new Promise<void>((resolve) => { stream.onTrouble((trouble) => { if (trouble.kind === 'up') resolve() }) })
  const stuck = server.pid()
  process.kill(stuck, 'SIGSTOP') // as one that waits for itself: no signal but the last is heard
  server.restart()
  await up
  expect([isAlive(stuck), (await stream.state()).lastSeq]).toEqual([false, 1])
  await stream.close()
  await server.stop()
})

test('streams keep the room that they reserve when others fill the disk', async () => {
  const first = await startNatsServer({ binary, storeDir, port: 0 })
  const stream = await openNatsStream({ url: first.url, maxBytes: 2 ** 40 }) // as much as the server offers
  const { bytesMax } = await stream.state()
  await stream.close()
  await first.stop()
  const reserved = bytesMax + (256 << 20)
  const meta = join(storeDir, 'jetstream', '$G', 'streams', 'GROUNDSWELL', 'meta.inf')
  const text = readFileSync(meta, 'utf8')
  expect(JSON.parse(text)).toMatchObject({ max_bytes: bytesMax })
  expect(await roomFor(storeDir)).toBeGreaterThanOrEqual(reserved)
  writeFileSync(meta, text.replace(String(bytesMax), String(2 ** 50))) // more than any disk has
  expect(await roomFor(storeDir)).toBe(2 ** 50 + (256 << 20))
})

test('a port in use is named, with both ways out', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const starting = startNatsServer({ binary, storeDir, port })
  await expect(starting).rejects.toBeInstanceOf(PortInUse)
  await expect(starting).rejects.toThrow(new RegExp(`port ${port} .*--nats nats://127.0.0.1:${port}.*GROUNDSWELL_NATS_PORT`))
  other.close()
})

test('with a token, who has none is refused and told where to give it', async () => {
  const server = await startNatsServer({ binary, storeDir, port: 0, token: 'a secret' })
  const opening = openNatsStream({ url: server.url })
  await expect(opening).rejects.toBeInstanceOf(StreamMisconfigured)
  await expect(opening).rejects.toThrow(/nats:\/\/token@host/)
  const stream = await openNatsStream({ url: server.url.replace('//', '//a%20secret@') })
  expect((await stream.publish('ticks', new Uint8Array())).seq).toBe(1)
  await stream.close()
  await server.stop()
})

test('asks for write-through where it can be had, and warns where the server is too old for it', async () => {
  const warnings: string[] = []
  const server = await startNatsServer({ binary, storeDir, port: 0, syncAlways: true, warn: (message) => warnings.push(message) })
  const stream = await openNatsStream({ url: server.url })
  const [major = 0, minor = 0] = (stream.link.nc.info?.version ?? '').split('.').map(Number)
  expect(warnings).toEqual(major > 2 || minor >= 10 ? [] : [expect.stringContaining('sync_interval')])
  await stream.close()
  await server.stop()
})

test('a nats-server that was asked for and is not there is an error; one that is nowhere is null', async () => {
  await expect(findNatsServer(join(storeDir, 'nats-server'))).rejects.toThrow(/no nats-server to run at/)
  expect(await findNatsServer(undefined, storeDir)).toSatisfy((found: string | null) => found === null || found.endsWith('nats-server'))
})
