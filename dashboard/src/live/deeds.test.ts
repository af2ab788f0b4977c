// How long what was done at a desk is told, and what of it has room.
import { beforeEach, expect, test, vi } from 'vitest'
import type { ActionsApi } from './actions-api.ts'
import { Deeds, shownOf, type Deed, type DeedState } from './deeds.svelte.ts'

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

const deed = (id: number, state: DeedState): Deed => ({ id, state, what: 'acknowledge', about: `${id}`, actions: [], left: 0, failure: null })

test.each<{ why: string; states: readonly DeedState[]; shown: readonly number[] }>([
  { why: 'few are all shown', states: ['done', 'failed', 'sending'], shown: [0, 1, 2] },
  { why: 'of many alike the newest', states: ['done', 'done', 'done', 'done', 'done', 'done'], shown: [2, 3, 4, 5] },
  { why: 'what failed stays, however much is done after it', states: ['failed', 'done', 'done', 'done', 'done', 'done'], shown: [0, 3, 4, 5] },
  { why: 'what is done now is shown, however much failed before it', states: ['failed', 'failed', 'failed', 'failed', 'done'], shown: [1, 2, 3, 4] },
])('four have room, in their order: $why', ({ states, shown }) => {
  expect(shownOf(states.map((state, id) => deed(id, state))).map(({ id }) => id)).toEqual(shown)
})
