import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { restoringName } from '../cli/data-format.ts'
import { manifestName, readManifest } from './manifest.ts'
import { readBackup } from './read-backup.ts'
import { filesOf, tarOf, TarRefused, type TarFile } from './tar.ts'
import { namesIn, writeBackup } from './write-backup.ts'

let room = ''
beforeEach(() => { room = mkdtempSync(join(tmpdir(), 'groundswell-backup-')) })
afterEach(() => { rmSync(room, { recursive: true, force: true }) })

async function* one<T>(...items: T[]): AsyncGenerator<T> { yield* items }
const put = (name: string, text: string | Uint8Array): void => { mkdirSync(dirname(join(room, name)), { recursive: true }); writeFileSync(join(room, name), text) }
async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
const tarFiles = (files: readonly (readonly [string, Uint8Array])[]): AsyncGenerator<TarFile> => one(...files.map(([name, bytes]) => ({ name, size: bytes.length, body: one(bytes) })))

describe('tar', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_%断网.-]{1,40}$/).filter((text) => !/^\.+$/.test(text))
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))

  test('what is written is read again, however the bytes are cut, whether or not a body is read', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 1500 })), { selector: ([text]) => text, maxLength: 5 }), fc.integer({ min: 1, max: 1400 }), fc.boolean(), async (files, cut, reads) => {
      const bytes = await collected(tarOf(tarFiles(files)))
      const chunks = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, at) => bytes.subarray(at * cut, (at + 1) * cut))
      const found: [string, number, string][] = []
      for await (const { name: text, size, body } of filesOf(one(...chunks))) found.push([text, size, reads ? (await collected(body)).toString('hex') : ''])
      expect(found).toEqual(files.map(([text, content]) => [text, content.length, reads ? Buffer.from(content).toString('hex') : '']))
    }), { numRuns: 60 })
  })

  test('the system\'s tar reads it', async () => {
    const long = `clickhouse/store/24d/${'a'.repeat(60)}/${'b'.repeat(60)}/data.bin`
    put('out.tar', await collected(tarOf(tarFiles([['断网.txt', Buffer.from('好')], [long, Buffer.alloc(1000, 7)]]))))
    mkdirSync(join(room, 'into'))
    execFileSync('tar', ['-xf', join(room, 'out.tar'), '-C', join(room, 'into')])
    expect([readFileSync(join(room, 'into', '断网.txt'), 'utf8'), readFileSync(join(room, 'into', long)).length]).toEqual(['好', 1000])
  })

  test('no bytes, whatever they are, make more than an error of it', async () => {
    const good = await collected(tarOf(tarFiles([['a', Buffer.from('hello')], ['b/c', Buffer.alloc(600)]])))
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(good.length), async (flips, length) => {
      const bytes = Buffer.from(good.subarray(0, length))
      for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value
      try {
        for await (const { name: text, body } of filesOf(one<Uint8Array>(bytes))) {
          expect(text.split('/').some((piece) => ['', '.', '..'].includes(piece))).toBe(false)
          await collected(body)
        }
      } catch (error) {
        expect(error).toBeInstanceOf(TarRefused)
      }
    }), { numRuns: 300 })
  })

  test.each(['../out', '/etc/passwd', 'a/../../out', 'a//b', './a', '', 'a\\b'])('a name that leads out is refused: %j', async (bad) => {
    const bytes = await collected(tarOf(tarFiles([[bad, Buffer.from('x')]])))
    await expect(collected((async function* () { for await (const file of filesOf(one<Uint8Array>(bytes))) yield* file.body })())).rejects.toThrow(TarRefused)
  })

  test('a file of over 8 GiB has its size, as GNU tar writes it', async () => {
    const head = await tarOf(one<TarFile>({ name: 'large', size: 2 ** 40 + 5, body: one() })).next()
    const reading = filesOf(one(head.value as Uint8Array))
    expect((await reading.next()).value).toMatchObject({ name: 'large', size: 2 ** 40 + 5 })
  })
})

const options = (): Parameters<typeof writeBackup>[0] => ({ folders: [{ path: join(room, 'data'), as: '' }], online: false, file: join(room, 'b.tar'), version: '1.2.3', position: { stream: 7, seq: 9 }, elsewhere: [], now: () => 0 })

async function backedUp(): Promise<string> {
  put('data/format.json', '{"format":1,"version":"1.2.3"}')
  put('data/checkpoints/checkpoint-000000000001', Buffer.alloc(200_000, 3))
  put('data/clickhouse/store/abc/data.bin', 'rows')
  await writeBackup(options())
  return options().file
}

describe('backup and restore', () => {
  test('a folder comes back byte for byte; what belongs to a run alone, access tokens and links are left out', async () => {
    for (const name of ['tokens.json', 'tokens.json.tmp', 'engine.lock', 'engine.lock.12', 'nats/nats-server.log', 'nats/nats-server.pid', 'nats/nats-server.conf', 'clickhouse/spool/1', 'clickhouse/status', 'checkpoints/checkpoint-2.tmp']) put(`data/${name}`, 'x')
    put('data/empty', '')
    put('data/account-key', 'f00d')
    put('data/nats/jetstream/$G/streams/GROUNDSWELL/msgs/1.blk', Buffer.from([0, 255, 10]))
    const file = await backedUp()
    symlinkSync('/etc', join(room, 'data', 'link'))
    const manifest = await readBackup(file, join(room, 'new'))
    const names = ['account-key', 'checkpoints/checkpoint-000000000001', 'clickhouse/store/abc/data.bin', 'empty', 'format.json', 'nats/jetstream/$G/streams/GROUNDSWELL/msgs/1.blk']
    expect(await namesIn(join(room, 'new'))).toEqual(names)
    for (const name of names) expect(readFileSync(join(room, 'new', name)).equals(readFileSync(join(room, 'data', name))), name).toBe(true)
    expect(manifest).toMatchObject({ version: '1.2.3', at: '1970-01-01T00:00:00.000Z', position: { stream: 7, seq: 9 } })
    expect([statSync(join(room, 'new')).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
    expect(readdirSync(room).toSorted()).toEqual(['b.tar', 'data', 'new'])
  })

  test('a folder that is not empty is refused and stays as it is', async () => {
    const file = await backedUp()
    await expect(readBackup(file, join(room, 'data'))).rejects.toThrow(/is not empty \(checkpoints is in it\): name a new folder/)
    expect(existsSync(join(room, 'data', 'format.json'))).toBe(true)
  })

  test('a flipped byte anywhere, or a missing end, is refused and leaves nothing behind', async () => {
    const file = await backedUp()
    const whole = readFileSync(file)
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= by
      writeFileSync(file, bytes)
      const manifest = await readBackup(file, join(room, 'new')).catch(() => null)
      // Padding and unread fields of a header are nobody's: then what was restored must still be right.
      if (manifest) for (const { name } of manifest.files) expect(readFileSync(join(room, 'new', name)).equals(readFileSync(join(room, 'data', name)))).toBe(true)
      else expect(existsSync(join(room, 'new'))).toBe(false)
      rmSync(join(room, 'new'), { recursive: true, force: true })
    }), { numRuns: 40 })
    writeFileSync(file, whole)
    truncateSync(file, 100_000)
    await expect(readBackup(file, join(room, 'new'))).rejects.toThrow(/is refused: the file ends too early/)
  })

  test('links and foreign files are refused, and nothing is written outside', async () => {
    await backedUp()
    mkdirSync(join(room, 'evil'))
    symlinkSync('/tmp', join(room, 'evil', 'a'))
    execFileSync('tar', ['--format=ustar', '-cf', join(room, 'link.tar'), '-C', join(room, 'evil'), 'a'])
    await expect(readBackup(join(room, 'link.tar'), join(room, 'new'))).rejects.toThrow(/"a" is no regular file/)
    execFileSync('tar', ['--format=ustar', '-cf', join(room, 'plain.tar'), '-C', join(room, 'data'), 'format.json'])
    await expect(readBackup(join(room, 'plain.tar'), join(room, 'new'))).rejects.toThrow(/no backup of groundswell/)
    put('text.tar', 'hello'.repeat(500))
    await expect(readBackup(join(room, 'text.tar'), join(room, 'new'))).rejects.toThrow(/no tar file of this kind/)
    put('marker.tar', await collected(tarOf(tarFiles([[restoringName, Buffer.from('x')]]))))
    await expect(readBackup(join(room, 'marker.tar'), join(room, 'new'))).rejects.toThrow(/belongs to a run/)
    expect(existsSync(join(room, 'new'))).toBe(false)
  })

  test('a file that changes while it is copied, or a backup that is there already, ends it and leaves no half of one', async () => {
    for (const size of [1, 3]) await expect(collected(tarOf(one<TarFile>({ name: 'growing', size, body: one(Buffer.from('ab')) })))).rejects.toThrow(/growing changed while it was copied/)
    put('data/format.json', 'x'.repeat(100))
    put('data/going', '')
    await expect(writeBackup({ ...options(), onFile: () => { rmSync(join(room, 'data', 'going'), { force: true }) } })).rejects.toThrow(/going/)
    put('d.tar.partial', '')
    await expect(writeBackup({ ...options(), file: join(room, 'd.tar') })).rejects.toThrow(/EEXIST/)
    expect(readdirSync(room).toSorted()).toEqual(['d.tar.partial', 'data'])
  })

  test('a manifest of a newer version is refused with both', async () => {
    const file = await backedUp()
    const files: [string, Buffer][] = []
    for await (const { name, body } of filesOf(createReadStream(file))) files.push([name, await collected(body)])
    const manifest = JSON.parse(files.pop()![1].toString()) as Record<string, unknown>
    const text = Buffer.from(JSON.stringify({ ...manifest, format: 4, version: '9.0.0' }))
    put('newer.tar', await collected(tarOf(tarFiles([...files, [manifestName, text]]))))
    await expect(readBackup(join(room, 'newer.tar'), join(room, 'new'))).rejects.toThrow(/groundswell 9\.0\.0 in format 4; this version reads formats up to 1/)
    expect(readManifest(Buffer.from('{}'))).toMatchObject({ ok: false })
  })
})
