import { expect, test } from 'vitest'
import { shareRules } from '../io/pool/pool.ts'
import type { Enriching } from '../loop.ts'
import { compileRules } from './compile-rules.ts'
import { commandsOf, fillTopics } from './fill.ts'

const rules = 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: 断网 }\n  - { id: b, name: { zh: 乙, en: B }, query: 停电 }\n'
const line = (id: string, second: number, text: string): string => `${JSON.stringify({ id, ts: (1_700_000_000 + second) * 1000, text, platform: 'weibo' })}\n`
const enrich = compileRules(rules, 7)

/** In this thread, with buffers that are gone for the caller, as a worker takes them. */
const pool: Enriching = {
  workers: 1,
  run: async (raw) => [enrich(structuredClone(raw, { transfer: [raw.bytes.buffer, raw.ends.buffer, raw.seqs.buffer, raw.times.buffer] }))],
}

test('the past is counted by second and minute, and what the store hands out in pieces of its own buffers stays whole', async () => {
  const buffer = Buffer.from(line('1', 0, '停电了') + line('2', 1, '断网') + line('3', 61, '又停電'))
  const half = buffer.indexOf('\n') + 1
  async function* past(): AsyncIterable<Uint8Array> {
    yield buffer.subarray(0, half) // as a socket does it: one buffer, several views
    yield buffer.subarray(half)
  }
  const commands = await all(fillTopics({ pool, rules: shareRules(7, rules), topics: ['b'], rulesTopics: ['a', 'b'], clock: 1_700_000_061, past: past(), known: [[1_699_000_000, 1_700_000_061]], stream: 1 }))
  const minute = Math.floor(1_700_000_000 / 60)
  expect(commands).toEqual([{ kind: 'fill', rules: 7, topics: [{ id: 'b', seconds: [[1_700_000_000, 1], [1_700_000_061, 1]], minutes: [[minute, 1], [Math.floor(1_700_000_061 / 60), 1]], hours: [[Math.floor(minute / 60), 2]] }], known: [[1_699_000_000, 1_700_000_061]] }])
})

test('each command fits a message, and every topic is in one', () => {
  const slots = Array.from({ length: 10_000 }, (_, i) => i)
  const slices = { at: slots.map((i) => 1_700_000_000 + i), count: slots }
  const commands = [...commandsOf(['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, seconds: slices, minutes: id === 'c' ? slices : { at: [], count: [] }, hours: { at: [], count: [] } })), { rulesSeq: 3, known: [] })]
  expect(commands.map(({ topics }) => topics.map(({ id }) => id))).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  for (const command of commands) expect(JSON.stringify(command).length).toBeLessThan(1_000_000)
  expect(commands[0]!.topics[0]!.seconds[9]).toEqual([1_700_000_009, 9])
})

test('thousands of quiet topics come in commands that the core is soon done with', () => {
  const none = { at: [], count: [] }
  const commands = [...commandsOf(Array.from({ length: 40 }, (_, i) => ({ id: `t${i}`, seconds: none, minutes: none, hours: none })), { rulesSeq: 3, known: [[1, 2]] })]
  expect(commands.map(({ topics, known }) => [topics.length, known])).toEqual([[16, [[1, 2]]], [16, [[1, 2]]], [8, [[1, 2]]]])
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = []
  for await (const item of items) got.push(item)
  return got
}
