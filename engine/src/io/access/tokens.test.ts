import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../checkpoint/memory-disk.testing.ts'
import { readTokenFile, tokenLimits } from './token-file.ts'
import { TokenRefused, Tokens, type NewToken } from './tokens.ts'

const begin = Date.parse('2026-01-02T08:00:00Z')
const path = '/data/tokens.json'

async function opened(disk = new MemoryDisk()) {
  const clock = { now: begin }
  const failed: unknown[] = []
  const tokens = await Tokens.open({ folder: '/data', disk, now: () => clock.now, onUntold: (error) => failed.push(error) })
  return { tokens, disk, clock, failed, again: async () => (await opened(disk)).tokens }
}
const lobby: NewToken = { name: 'lobby', role: 'wall', wall: 'main', by: 'operator' }
const fileOf = (disk: MemoryDisk): string => Buffer.from(disk.files.get(path)!).toString()

test('a token is valid at once and at the next start, its cookie too, and the file holds neither', async () => {
  const { tokens, disk, again } = await opened()
  const { token, secret } = await tokens.add(lobby)
  expect(secret).toMatch(/^gsw_[\w-]{32}$/)
  const cookie = tokens.cookieFor(secret)!
  expect(cookie).not.toContain(secret.slice(4))
  for (const each of [tokens, await again()]) {
    expect(each.ofSecret(secret)).toMatchObject({ id: token.id, name: 'lobby', role: 'wall', wall: 'main' })
    expect(each.ofCookie(cookie)).toMatchObject({ id: token.id })
    expect([each.ofSecret(cookie), each.ofCookie(secret), each.ofSecret(`${secret}x`), each.ofSecret('')]).toEqual([null, null, null, null])
    expect([each.isOurs(secret), each.isOurs(cookie), each.isOurs('other')]).toEqual([true, true, false])
  }
  for (const hidden of [secret, cookie, cookie.split('.')[1]!]) expect(fileOf(disk)).not.toContain(hidden)
  expect(JSON.stringify(tokens.list)).not.toMatch(/[0-9a-f]{64}/)
})

test('a revoked token is nobody at once and at the next start, and still known to be one of ours', async () => {
  const { tokens, again } = await opened()
  const { token, secret } = await tokens.add(lobby)
  const cookie = tokens.cookieFor(secret)!
  expect(await tokens.revoke(token.id)).toMatchObject({ name: 'lobby' })
  for (const each of [tokens, await again()]) {
    expect([each.ofSecret(secret), each.ofCookie(cookie), each.cookieFor(secret), each.list]).toEqual([null, null, null, []])
    expect(each.isOurs(cookie)).toBe(true)
  }
  expect(await tokens.revoke(token.id)).toBeNull()
})

test.each([
  { name: '', says: 'wrong-name' }, { name: ' lobby', says: 'wrong-name' }, { name: 'a\nb', says: 'wrong-name' }, { name: 'x'.repeat(65), says: 'wrong-name' },
  { name: 'Operator', says: 'wrong-name' }, { name: '0123456789ab', says: 'wrong-name' }, { name: 'lobby', says: 'name-taken' },
])('a token named $name is refused as $says', async ({ name, says }) => {
  const { tokens } = await opened()
  await tokens.add(lobby)
  await expect(tokens.add({ ...lobby, name })).rejects.toMatchObject({ name: 'TokenRefused', error: says })
  expect(tokens.list).toHaveLength(1)
})

test('no more than a thousand are kept', async () => {
  const { tokens, disk } = await opened()
  const { tokens: [one], tag } = await tokens.add(lobby).then(() => JSON.parse(fileOf(disk)) as { tag: string; tokens: Record<string, unknown>[] })
  const hex = (i: number, length: number): string => i.toString(16).padStart(length, '0')
  const many = Array.from({ length: tokenLimits.tokensMax }, (_, i) => ({ ...one, id: hex(i, 12), name: `t${i}`, hash: hex(i, 64), cookieHash: hex(i, 64) }))
  disk.files.set(path, Buffer.from(JSON.stringify({ format: 1, tag, tokens: many })))
  const { tokens: full } = await opened(disk)
  await expect(full.add(lobby)).rejects.toThrow(TokenRefused)
})

test('a disk that refuses leaves a new token void, and a revoked one void all the same', async () => {
  const { tokens, disk, again } = await opened()
  const { token, secret } = await tokens.add(lobby)
  disk.full = /tokens/
  await expect(tokens.add({ ...lobby, name: 'desk' })).rejects.toThrow('ENOSPC')
  expect(tokens.list.map(({ name }) => name)).toEqual(['lobby'])
  await expect(tokens.revoke(token.id)).rejects.toThrow('ENOSPC')
  expect(tokens.ofSecret(secret)).toBeNull()
  disk.full = null
  expect((await again()).ofSecret(secret)).not.toBeNull()
  await tokens.close() // what could not be written is
  expect((await again()).ofSecret(secret)).toBeNull()
})

test('when a token was last used is known at once, written at most once a minute, and at the end', async () => {
  const { tokens, disk, clock, again } = await opened()
  const { secret } = await tokens.add(lobby)
  const writes = (): number => disk.written.length
  expect(tokens.list[0]!.lastUsedAt).toBeNull()
  const before = writes()
  for (let second = 1; second <= 120; second += 1) {
    clock.now = begin + 1000 * second
    tokens.ofSecret(secret)
  }
  expect(tokens.list[0]!.lastUsedAt).toBe('2026-01-02T08:02:00.000Z')
  await tokens.close()
  expect(writes() - before).toBe(2)
  clock.now += 1000
  tokens.ofSecret(secret)
  await tokens.close()
  expect((await again()).list[0]!.lastUsedAt).toBe('2026-01-02T08:02:01.000Z')
})

test('a last use that cannot be written is told, and the token is valid', async () => {
  const { tokens, disk, clock, failed } = await opened()
  const { secret } = await tokens.add(lobby)
  disk.full = /tokens/
  clock.now += 60_000
  expect(tokens.ofSecret(secret)).not.toBeNull()
  await tokens.close()
  expect(failed.map(String)).toContainEqual(expect.stringContaining('ENOSPC'))
})

describe('a file that is not as it was written is refused with its path, what is wrong and what to do', () => {
  const good = { id: '0123456789ab', name: 'lobby', role: 'wall', wall: 'main', createdAt: '2026-01-02T08:00:00.000Z', createdBy: 'operator', lastUsedAt: null, hash: 'a'.repeat(64), cookieHash: 'b'.repeat(64) }
  const file = (over: object): string => JSON.stringify({ format: 1, tag: '0123456789ab', tokens: [good], ...over })
  test.each([
    { text: '{"format":1', says: 'is no JSON' }, { text: 'null', says: 'is not as it was written' }, { text: file({ format: 2 }), says: 'has format 2, and this version knows 1' },
    { text: file({ tokens: [{ ...good, role: 'king' }] }), says: 'tokens.0.role' }, { text: file({ tokens: [{ ...good, hash: 'secret' }] }), says: 'is 64 hex letters' },
    { text: file({ tokens: [good, { ...good, id: 'ba9876543210', hash: 'c'.repeat(64), cookieHash: 'd'.repeat(64) }] }), says: 'two tokens of one name (lobby)' },
  ])('$says', ({ text, says }) => {
    expect(() => readTokenFile(text, '/data/tokens.json')).toThrow(says)
    expect(() => readTokenFile(text, '/data/tokens.json')).toThrow(/^\/data\/tokens\.json .*groundswell tokens add$/)
  })
  test('and one that is, is read', () => { expect(readTokenFile(file({}), path).tokens).toEqual([good]) })
})

test('whatever is made, revoked and asked in whatever order, with starts between: who is valid is who was made and not revoked', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), name: fc.integer({ min: 0, max: 5 }), role: fc.constantFrom('wall', 'viewer', 'operator') as fc.Arbitrary<NewToken['role']> }),
    fc.record({ kind: fc.constant('revoke' as const), name: fc.integer({ min: 0, max: 5 }) }), fc.record({ kind: fc.constant('start' as const) }))
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
    const disk = new MemoryDisk()
    let tokens = (await opened(disk)).tokens
    const valid = new Map<string, { readonly secret: string; readonly role: string }>()
    const gone: string[] = []
    for (const one of steps) {
      if (one.kind === 'start') tokens = (await opened(disk)).tokens
      else if (one.kind === 'add') {
        const name = `t${one.name}`
        const made = await tokens.add({ name, role: one.role, wall: null, by: 'operator' }).catch(() => null)
        expect(made === null).toBe(valid.has(name))
        if (made !== null) valid.set(name, { secret: made.secret, role: one.role })
      } else {
        const name = `t${one.name}`
        const row = tokens.list.find((token) => token.name === name)
        expect(row !== undefined).toBe(valid.has(name))
        if (row !== undefined) {
          await tokens.revoke(row.id)
          gone.push(valid.get(name)!.secret)
          valid.delete(name)
        }
      }
    }
    expect(Object.fromEntries(tokens.list.map(({ name, role }) => [name, role]))).toEqual(Object.fromEntries([...valid].map(([name, { role }]) => [name, role])))
    for (const [name, { secret }] of valid) expect([tokens.ofSecret(secret)?.name, tokens.ofCookie(tokens.cookieFor(secret)!)?.name]).toEqual([name, name])
    for (const secret of gone) expect(tokens.ofSecret(secret)).toBeNull()
  }), { numRuns: 100 })
})
