import type { Handling } from '@groundswell/schemas/action.ts'
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newsBetween, Recorder, recorderLimits, type KeptPicture } from './recorder.ts'

const name = { zh: '断网', en: 'Outage' }
const alert = (id: string, changes: Partial<AlertRow> = {}): AlertRow => ({ id, topic: 'outage', name, grade: 'severe', rule: { count: 10, within: '1m' }, at: '2026-01-01T00:00:00Z', count: 11, clearedAt: null, ...changes })
const first: Snapshot = {
  epoch: 'e', seq: 1, serverNow: 0, clock: 1, room: { title: name, zone: 'Asia/Shanghai', mode: 'live', version: '1' },
  totals: { stored: 0, counted: 0, duplicates: 0, late: 0, skewed: 0, deadLetters: 0, perMinute: 0, spark: [] },
  topics: [], topicsTotal: 0, sources: [], alerts: [], silences: [], pin: null, problems: [], canary: null,
}
const counted = (counted: number): Pick<Snapshot, 'totals'> => ({ totals: { ...first.totals, counted } })

/** A room whose clock is held, and a store that takes, refuses or never answers. */
function room() {
  const state = { snapshot: first as Snapshot | null, now: 1_000_000, store: 'takes' as 'takes' | 'refuses' | 'hangs', lost: 0 }
  const kept: KeptPicture[] = []
  const make = () => new Recorder({
    look: () => (state.snapshot === null ? null : { ...state.snapshot, serverNow: state.now, clock: Math.floor(state.now / 1000), seq: state.now }),
    keep: async (picture) => {
      if (state.store === 'hangs') return new Promise<void>(() => undefined)
      if (state.store === 'refuses') throw new Error('the store is away')
      kept.push(picture)
    },
    onLost: () => { state.lost++ },
  })
  let recorder = make()
  const seconds = async (many: number, each: (second: number) => void = () => undefined): Promise<void> => {
    for (let second = 0; second < many; second++) {
      each(second)
      recorder.tick()
      await Promise.resolve()
      await Promise.resolve()
      state.now += recorderLimits.lookMs
    }
  }
  return { state, kept, seconds, restart: () => { recorder = make() }, times: () => kept.map(({ at }) => (at - 1_000_000) / 1000) }
}

test('where something changes all the time a picture is kept every five seconds, as it was', async () => {
  const { state, kept, seconds, times } = room()
  await seconds(21, (second) => { state.snapshot = { ...first, ...counted(second) } })
  expect(times()).toEqual([0, 5, 10, 15, 20])
  expect(kept.map(({ snapshot }) => snapshot.totals.counted)).toEqual([0, 5, 10, 15, 20])
})

test('where nothing changes but the clock one a minute is kept, so that a gap can be told from calm', async () => {
  const { seconds, times } = room()
  await seconds(121)
  expect(times()).toEqual([0, 60, 120])
  expect(replayLimits.gapMs).toBeGreaterThan(replayLimits.stillMs)
})

test('an alert that is new, cleared or acted on, a silence and a pin are kept at once and told', async () => {
  const { state, kept, seconds, times } = room()
  await seconds(1)
  const told: Partial<Snapshot>[] = [
    { alerts: [alert('1')] },
    { alerts: [alert('1', { handling: { state: 'acknowledged', by: 'li', at: 5, assignee: null, notes: 0 } })] },
    { alerts: [alert('1', { clearedAt: '2026-01-01T00:01:00Z', handling: { state: 'acknowledged', by: 'li', at: 5, assignee: null, notes: 0 } })] },
    { silences: [{ topic: 'outage', grade: 'severe', since: 1, until: 9, by: 'li', reason: 'known' }] },
    { silences: [] },
    { pin: { topic: 'outage', by: 'li', since: 1, until: 9 } },
    { pin: null },
  ]
  for (const changes of told) await seconds(1, () => { state.snapshot = { ...state.snapshot!, ...changes } })
  expect(times()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(kept.slice(1).map(({ news }) => news.map((one) => one.what))).toEqual([['alert'], ['handled'], ['cleared'], ['silenced'], ['unsilenced'], ['pinned'], ['unpinned']])
  expect(kept[1]!.news[0]).toEqual({ what: 'alert', alert: '1', topic: 'outage', name, grade: 'severe' })
})

test('a note and another assignee are told as what they are, and what topics are done to by their name', () => {
  const held = (handling: Partial<Handling>) => ({ ...first, alerts: [alert('1', { handling: { state: 'acknowledged', by: 'li', at: 5, assignee: null, notes: 0, ...handling } })] })
  const did = (before: Snapshot, after: Snapshot) => newsBetween(before, after).map((one) => (one.what === 'handled' ? [one.did, one.assignee] : [one.what]))
  expect(did(held({}), held({ notes: 1 }))).toEqual([['note', undefined]])
  expect(did(held({}), held({ assignee: 'wang' }))).toEqual([['assigned', 'wang']])
  expect(did(held({ assignee: 'wang' }), held({}))).toEqual([['assigned', null]])
  expect(did(held({}), held({ state: 'resolved' }))).toEqual([['state', undefined]])
  expect(did({ ...first, alerts: [alert('1')] }, held({ state: 'new', notes: 1 }))).toEqual([['note', undefined]])
  expect(newsBetween(held({}), { ...held({}), pin: { topic: 'outage', by: 'li', since: 1, until: 9 } })).toEqual([{ what: 'pinned', topic: 'outage', name, by: 'li' }])
})

test('a store that is away costs the pictures of that time and nothing else; what was notable is told by the first that is kept again', async () => {
  const { state, kept, seconds, times } = room()
  await seconds(1)
  state.store = 'refuses'
  await seconds(15, (second) => { state.snapshot = { ...first, ...counted(second), alerts: second > 2 ? [alert('1')] : [] } })
  expect(state.lost).toBeGreaterThan(0)
  state.store = 'takes'
  await seconds(10, (second) => { state.snapshot = { ...state.snapshot!, ...counted(100 + second) } })
  expect(times().filter((at) => at > 0 && at < 16)).toEqual([])
  expect(kept[1]!.news.map((one) => one.what)).toEqual(['alert'])
  expect(kept.slice(2).every(({ news }) => news.length === 0)).toBe(true)
})

test('a store that never answers has at most four pictures under way', async () => {
  const { state, seconds } = room()
  state.store = 'hangs'
  await seconds(60, (second) => { state.snapshot = { ...first, ...counted(second) } })
  expect(state.lost).toBe(12 - recorderLimits.underWayMax)
})

test('after a restart the first picture is kept, and what it shows is not news', async () => {
  const { state, kept, seconds, restart } = room()
  state.snapshot = { ...first, alerts: [alert('1')] }
  await seconds(1)
  restart()
  await seconds(1)
  expect(kept.map(({ news }) => news)).toEqual([[], []])
})

test('a clock that is set back, and a picture that cannot be had, stop nothing', async () => {
  const { state, kept, seconds } = room()
  await seconds(1)
  state.now -= 3_600_000
  await seconds(1)
  expect(kept).toHaveLength(2)
  state.snapshot = null
  await seconds(10)
  state.snapshot = { ...first, ...counted(7) }
  await seconds(1)
  expect(kept).toHaveLength(3)
})

test('whatever the alerts do, news are told once and bring the list before to the list after', () => {
  const list = fc.uniqueArray(fc.record({ id: fc.constantFrom('1', '2', '3', '4'), cleared: fc.boolean(), state: fc.constantFrom(null, 'acknowledged' as const, 'working' as const) }), { selector: ({ id }) => id })
    .map((rows) => rows.map(({ id, cleared, state }) => alert(id, { clearedAt: cleared ? '2026-01-01T00:01:00Z' : null, ...(state === null ? {} : { handling: { state, by: 'li', at: 1, assignee: null, notes: 0 } }) })))
  fc.assert(fc.property(list, list, (before, after) => {
    const news = newsBetween({ ...first, alerts: before }, { ...first, alerts: after })
    const was = (id: string) => before.find((one) => one.id === id)
    const idsOf = (what: string): string[] => news.filter((one) => one.what === what).map((one) => ('alert' in one ? one.alert : '')).sort()
    expect(idsOf('alert')).toEqual(after.filter(({ id }) => was(id) === undefined).map(({ id }) => id).sort())
    expect(idsOf('cleared')).toEqual(after.filter(({ id, clearedAt }) => clearedAt !== null && was(id)?.clearedAt === null).map(({ id }) => id).sort())
    expect(idsOf('handled')).toEqual(after.filter(({ id, handling }) => handling !== undefined && handling.state !== was(id)?.handling?.state).map(({ id }) => id).sort())
    expect(newsBetween({ ...first, alerts: after }, { ...first, alerts: after })).toEqual([])
  }))
})
