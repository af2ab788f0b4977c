// Saving rules where the stream takes them and fails to answer, refuses them, or says nothing at all: what is answered is so, and the file says what is in force.
import { afterEach, expect, test } from 'vitest'
import { InProcessStream } from '../io/in-process/stream.ts'
import { newestRules } from '../pipeline/rules-publisher.ts'
import type { InputStream } from '../ports.ts'
import { StreamDown, StreamFull } from '../stream-errors.ts'
import { RulesSaving } from './rules-saving.ts'

const decoder = new TextDecoder()
const down = (): never => { throw new StreamDown('NATS has not acknowledged within 5000 ms') }
const waits = { look: 0, again: 1, againMax: 1, caughtUp: 1, inForce: 1 }
let saving: RulesSaving
afterEach(() => saving.close())

/** A room whose rules 'old' are in force; `fails`: what the stream does besides. */
function room(fails: { publish?: (real: InProcessStream, ...message: Parameters<InputStream['publish']>) => ReturnType<InputStream['publish']>; last?: () => void }) {
  const real = new InProcessStream({ now: () => 1_000 })
  const state = { file: 'old', told: [] as string[], published: 0, real, fails }
  const stream = {
    publish: (...message: Parameters<InputStream['publish']>) => {
      state.published++
      return state.fails.publish === undefined ? real.publish(...message) : state.fails.publish(real, ...message)
    },
    last: async (subject: string) => {
      state.fails.last?.()
      return real.last(subject)
    },
  }
  const file = {
    write: async (text: string) => {
      const before = new TextEncoder().encode(state.file)
      state.file = text
      return { before, text, kept: null, dropped: [] }
    },
    restore: async ({ before }: { readonly before: Uint8Array | null }) => { state.file = decoder.decode(before ?? undefined) },
  }
  const log = { info: (what: string) => void state.told.push(what), warn: (what: string) => void state.told.push(what), error: (what: string) => void state.told.push(what) }
  saving = new RulesSaving({ stream, file, log, applied: () => 1_000_000, waits, rules: { seq: 0, text: 'old', reached: async () => true } })
  return state
}
const saved = (text = 'new'): Promise<unknown> => saving.save({ text, base: 0, by: 'li' }).then(() => 'in force', (error: { body: { error: string; outcome: string } }) => `${error.body.error}: ${error.body.outcome}`)

test('a stream that takes the rules and fails to answer has saved them, once, and the file holds them', async () => {
  const state = room({ publish: async (real, ...message) => { await real.publish(...message); return down() } })
  expect(await saved()).toBe('in force')
  expect([state.file, await newestRules(state.real), (await state.real.state()).lastSeq]).toEqual(['new', 'new', 1])
})

test('a stream that fails once is asked again under the same id', async () => {
  let failures = 1
  const state = room({ publish: async (real, ...message) => (failures-- > 0 ? down() : real.publish(...message)) })
  expect([await saved(), state.published, state.file]).toEqual(['in force', 2, 'new'])
})

test.each([
  { why: 'is full', publish: async () => { throw new StreamFull('the stream is full') }, says: 'stream-full: not-saved', times: 1 },
  { why: 'does not take them, and says that it has none', publish: async () => down(), says: 'stream-down: not-saved', times: 2 },
])('a stream that $why has saved nothing, and the file is as before', async ({ publish, says, times }) => {
  const state = room({ publish })
  expect([await saved(), state.file, state.published, await newestRules(state.real)]).toEqual([says, 'old', times, null])
})

test('where nobody can say it, it is not known: the file keeps them until the stream answers, whichever way that is', async () => {
  for (const takes of [true, false]) {
    let isAway = false
    const state = room({ publish: async (real, ...message) => { if (takes) await real.publish(...message); isAway = true; return down() }, last: () => { if (isAway) down() } })
    expect([await saved(), state.file]).toEqual(['not-known: not-known', 'new'])
    expect(await saved('newer'), 'nothing is saved on top of what is not known').toBe('stream-down: not-saved')
    isAway = false
    await expect.poll(() => state.told.length).toBe(1)
    expect([state.file, state.told[0]]).toEqual(takes ? ['new', expect.stringMatching(/were saved as command 1/)] : ['old', expect.stringMatching(/are not there/)])
    saving.close()
  }
})

test('where others came behind it meanwhile it is not sent again over theirs', async () => {
  const theirs = new TextEncoder().encode(JSON.stringify({ kind: 'rules', text: 'theirs' }))
  const state = room({ publish: async (real, subject) => { await real.publish(subject, theirs, `theirs ${state.published}`); return down() } })
  expect([await saved(), state.published, await newestRules(state.real)]).toEqual(['not-known: not-known', 1, 'theirs'])
})

test('rules that somebody else edited are refused before anything is written', async () => {
  const state = room({})
  await expect(saving.save({ text: 'new', base: 7, by: 'li' })).rejects.toMatchObject({ status: 409 })
  expect([state.file, state.published]).toEqual(['old', 0])
})
