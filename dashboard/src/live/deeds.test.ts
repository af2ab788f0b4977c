// How long what was done at a desk is told.
import { beforeEach, expect, test, vi } from 'vitest'
import type { ActionsApi } from './actions-api.ts'
import { Deeds } from './deeds.svelte.ts'

beforeEach(() => {
  vi.stubGlobal('$state', Object.assign(<T>(value: T): T => value, { raw: <T>(value: T): T => value })) // nobody looks on
  return () => { vi.unstubAllGlobals() }
})
const shown = { alertOf: () => null, silences: [], pin: null }

test.each([
  { why: 'what can be taken back', undo: [{ what: 'pin', topic: 'outage', until: 1 } as const], toldMs: 30_000 },
  { why: 'what cannot', undo: [], toldMs: 8_000 },
])('$why is told for $toldMs ms once it is done', async ({ undo, toldMs }) => {
  const deeds = new Deeds({ act: async () => ({ ok: true }) } as unknown as ActionsApi)
  deeds.do({ what: 'unpin', about: 'outage', actions: [{ what: 'unpin' }], undo })
  await vi.waitFor(() => { expect(deeds.all[0]?.state).toBe('accepted') })
  deeds.look(shown, 1_000)
  deeds.look(shown, 1_000 + toldMs)
  expect(deeds.all.map(({ state }) => state)).toEqual(['done'])
  deeds.look(shown, 1_001 + toldMs)
  expect(deeds.all).toEqual([])
})
