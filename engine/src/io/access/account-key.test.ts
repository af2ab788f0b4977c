import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { testStore } from '../clickhouse/store.testing.ts'
import { accountKeys, accountSecretName, openAccountKeys } from './account-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundswell-account-key-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

test('an account has the same key at every start, and another in another folder', () => {
  const first = openAccountKeys(folder).of('weibo', '张三')
  expect(first).toMatch(/^[0-9a-f]{16}$/)
  expect(openAccountKeys(folder).of('weibo', '张三')).toBe(first)
  const other = mkdtempSync(join(folder, 'other-'))
  expect(openAccountKeys(other).of('weibo', '张三')).not.toBe(first)
})

test('platform and author are told apart, and nobody has no key', () => {
  const keys = openAccountKeys(folder)
  expect(new Set([keys.of('a', 'bc'), keys.of('ab', 'c'), keys.of('abc', ' '), keys.of('b', 'bc')]).size).toBe(4)
  expect(keys.of('weibo', '')).toBe('')
})

test('a pseudonym is the same at every start, another in another folder, and nobody has none', () => {
  const keys = openAccountKeys(folder)
  expect(keys.pseudonym('0000-0007')).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}$/)
  expect([openAccountKeys(folder).pseudonym('0000-0007'), keys.pseudonym('')]).toEqual([keys.pseudonym('0000-0007'), ''])
  expect(accountKeys(Buffer.alloc(32, 7)).pseudonym('0000-0007')).not.toBe(keys.pseudonym('0000-0007'))
})

test('only the user of the engine may read the secret, and a file that is none is refused in words', () => {
  const path = join(folder, accountSecretName)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const kept = readFileSync(path)
  writeFileSync(path, 'secret\n')
  expect(() => openAccountKeys(folder)).toThrow(`${path} is not the secret that names accounts`)
  writeFileSync(path, kept)
})

test('a query of the store gives the keys that the engine gives', async () => {
  const { store } = await testStore()
  const secret = Buffer.alloc(32, 7)
  const keys = accountKeys(secret)
  const accounts = [['weibo', ''], ['weibo', '李四'], ...fc.sample(fc.tuple(fc.constantFrom('weibo', 'x-1', ''), fc.string({ unit: 'grapheme' })), { numRuns: 50, seed: 3 })] as [string, string][]
  const rows = await store.query<{ key: string }>(`SELECT ${keys.sql({ platform: 'account.1', author: 'account.2' })} AS key FROM (SELECT arrayJoin(JSONExtract({accounts:String}, 'Array(Tuple(LowCardinality(String), String))')) AS account)`, { accounts: JSON.stringify(accounts), ...keys.params })
  expect(rows.map(({ key }) => key)).toEqual(accounts.map(([platform, author]) => keys.of(platform, author)))
  expect(keys.of('weibo', '李四')).toBe(createHmac('sha256', secret).update('weibo\0李四').digest('hex').slice(0, 16))
})
