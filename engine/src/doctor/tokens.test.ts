import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemDisk } from '../disk.ts'
import { Tokens, type TokenRow } from '../io/access/tokens.ts'
import { lookAtTokens, tokenChecks } from './tokens.ts'

const day = 86_400_000
const now = Date.parse('2026-06-01T00:00:00Z')
const token = (over: Partial<TokenRow>): TokenRow => ({ id: '0123456789ab', name: 'lobby', role: 'wall', wall: 'main', createdAt: '2025-01-01T00:00:00.000Z', createdBy: 'operator', lastUsedAt: new Date(now - day).toISOString(), ...over })
const told = (tokens: readonly TokenRow[]): string[] => tokenChecks({ failure: null, tokens }, { walls: ['main'], now }).map(({ state, found }) => `${state} ${found}`)

test('tokens that nobody uses and walls that nobody describes are named', () => {
  expect(told([])).toEqual([])
  expect(told([token({})])).toEqual(['ok 1 token of people and devices'])
  expect(told([token({ lastUsedAt: null }), token({ name: 'old', lastUsedAt: new Date(now - 91 * day).toISOString() })])).toEqual(['ok 2 tokens of people and devices', 'note 2 tokens were not used for 90 days: "lobby", "old"'])
  expect(told([token({ wall: 'sold' }), token({ role: 'viewer', wall: null })])[1]).toContain('warn "lobby" belongs to the wall sold')
})

test('the file is read as it lies, and one that is none is told in its own words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-doctor-tokens-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  expect(await lookAtTokens(folder)).toEqual({ failure: null, tokens: [] })
  const tokens = await Tokens.open({ folder, disk: systemDisk, now: () => now })
  await tokens.add({ name: 'lobby', role: 'wall', wall: 'main', by: 'operator' })
  expect(await lookAtTokens(folder)).toMatchObject({ failure: null, tokens: [{ name: 'lobby', lastUsedAt: null }] })
  writeFileSync(join(folder, 'tokens.json'), '{')
  const [check] = tokenChecks(await lookAtTokens(folder), { walls: [], now })
  expect(check).toMatchObject({ state: 'wrong', found: expect.stringMatching(/tokens\.json is no JSON/) as string })
})
