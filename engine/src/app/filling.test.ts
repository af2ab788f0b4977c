// Fills over a store and a stream that fail as the test says, a clock that it holds, and the real core.
import { expect, test } from 'vitest'
import type { Command } from '@groundswell/schemas/command.ts'
import type { Clock } from '../clock.ts'
import { Engine } from '../core/engine.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import { InProcessStream } from '../io/in-process/stream.ts'
import { createLog } from '../io/log/log.ts'
import type { Enriching } from '../loop.ts'
import { compileRules } from '../pipeline/compile-rules.ts'
import { RulesInForce } from '../pipeline/rules-in-force.ts'
import { fillChanged } from './aftermath.ts'
import { createFill } from './filling.ts'
import type { House } from './house.ts'

const second = 1_700_000_000
const topic = (id: string, query: string): string => `  - { id: ${id}, name: { zh: 甲, en: A }, query: ${query} }\n`
const text = (...topics: string[]): string => `topics:\n${topics.join('')}`
const parsed = (rulesText: string) => { const rules = parseRules(rulesText); if (!rules.ok) throw new Error('no rules'); return rules.rules }

/** Wakes one sleeper when the test says so, and keeps how long each wanted to sleep. */
class HeldClock implements Clock {
  readonly slept: number[] = []
  #wake: (() => void) | null = null
  now = (): number => second * 1000
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms)
    return new Promise((resolve) => {
      this.#wake = resolve
      signal?.addEventListener('abort', () => resolve())
    })
  }
  async wake(): Promise<void> {
    this.#wake?.()
    await settled()
  }
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise<void>((resolve) => { setImmediate(resolve) })
}

/** A house whose engine waits for the fill of the rules of message 1; `failures`: what the next reads of the past throw. */
function room(failures: Error[], rulesText = text(topic('a', '断网'), topic('b', '停电'))) {
  const stream = new InProcessStream({ now: () => second * 1000 })
  const engine = new Engine({ rules: parsed(rulesText), rulesSeq: 1, stream: stream.created, filling: true, clock: second })
  const rules = new RulesInForce({ rules: parsed(rulesText), rulesSeq: 1, rulesText })
  const told: { readonly level: string; readonly message: string }[] = []
  const matching: Enriching = { workers: 1, run: async (raw, shared) => [compileRules(new TextDecoder().decode(new Uint8Array(shared.text).slice()), shared.seq)(raw)] }
  const store = { reads: 0, query: async () => [{ hour: Math.floor(second / 3600), mentions: 1, first: second, last: second }], async *queryChunks() {
    store.reads++
    const failure = failures.shift()
    if (failure) throw failure
    yield new TextEncoder().encode(`${JSON.stringify({ id: '1', ts: second * 1000, text: '断网了', platform: 'weibo' })}\n`)
  } }
  const house = { stream, engine, rules, store, matching, log: createLog({ level: 'warn', readable: false, write: (line) => told.push(JSON.parse(line) as typeof told[number]) }) } as unknown as House
  const clock = new HeldClock()
  const closing = new AbortController()
  const ask = createFill(house, { lastSeq: 0, done: Promise.resolve() }, { signal: closing.signal, clock })
  return { stream, engine, rules, store, told, clock, closing, ask: () => ask({ kind: 'fill', rulesSeq: 1, topics: engine.waiting, now: 0 })(), commands: () => published(stream) }
}

async function published(stream: InProcessStream): Promise<Command[]> {
  const { lastSeq } = await stream.state()
  if (lastSeq === 0) return []
  const messages = await stream.read(1).next({ messagesMax: 100, bytesMax: 1 << 20 })
  return messages.map(({ data }) => JSON.parse(new TextDecoder().decode(data)) as Command)
}

const down = (times: number): Error[] => Array.from({ length: times }, (_, n) => new Error(`connection refused ${n}`))

test('a fill that fails is tried again with longer waits until it is on the stream: one ERROR, and a WARN when it works', async () => {
  const { ask, clock, told, commands } = room(down(10))
  ask()
  await settled()
  expect([clock.slept, await commands()]).toEqual([[250], []])
  for (let n = 0; n < 9; n++) await clock.wake()
  expect(await commands()).toEqual([])
  await clock.wake()
  expect(clock.slept).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  expect(await commands()).toMatchObject([{ kind: 'fill', rules: 1, topics: [{ id: 'a', seconds: [[second, 1]], hours: [[Math.floor(second / 3600), 1]] }, { id: 'b', seconds: [] }], known: [[second, second]] }])
  expect(told).toMatchObject([{ level: 'error', message: expect.stringMatching(/could not be filled/) }, { level: 'warn', message: expect.stringMatching(/went through/) }])
})

test('a stream that refuses the fill is waited for like the store', async () => {
  const { ask, clock, stream, commands } = room([])
  const publish = stream.publish.bind(stream)
  stream.publish = async () => { throw new Error('no room') }
  ask()
  await settled()
  expect(clock.slept).toEqual([250])
  stream.publish = publish
  await clock.wake()
  expect(await commands()).toHaveLength(1)
})

test('topics that new rules took away or changed meanwhile are left out, and where none is left nothing is read any more', async () => {
  const { ask, clock, engine, rules, store, commands } = room(down(2))
  ask()
  await settled()
  const replace = (seq: number, rulesText: string): void => {
    engine.step({ kind: 'command', seq, now: 0, command: { kind: 'rules', text: rulesText } })
    rules.replace({ seq, text: rulesText, at: 0 })
  }
  replace(2, text(topic('b', '停电'), topic('a', '断网了')))
  await clock.wake()
  expect([store.reads, engine.pendingFills()]).toEqual([2, [{ rulesSeq: 1, topics: ['b'] }, { rulesSeq: 2, topics: ['a'] }]])
  replace(3, 'topics: []\n')
  await clock.wake()
  expect([store.reads, clock.slept, await commands()]).toEqual([2, [250, 500], []])
})

test('of topics that changed meanwhile the others are filled', async () => {
  const { ask, clock, engine, rules, commands } = room(down(1))
  ask()
  await settled()
  const changed = text(topic('b', '断网'), topic('a', '断网'))
  engine.step({ kind: 'command', seq: 2, now: 0, command: { kind: 'rules', text: changed } })
  rules.replace({ seq: 2, text: changed, at: 0 })
  await clock.wake()
  expect(await commands()).toMatchObject([{ kind: 'fill', rules: 1, topics: [{ id: 'a', seconds: [[second, 1]] }] }])
})

test('an engine that ends tries no more, and says nothing of it', async () => {
  const { ask, clock, closing, store, told } = room(down(9))
  ask()
  await settled()
  closing.abort()
  await settled()
  await clock.wake()
  expect([store.reads, told.map(({ level }) => level)]).toEqual([1, ['error']])
})

test('topics that changed while the engine was off are filled by the second try, and by no third', async () => {
  const { engine, clock, told } = room([])
  const house = { engine, log: createLog({ level: 'warn', readable: false, write: (line) => told.push(JSON.parse(line) as typeof told[number]) }) }
  let reads = 0
  const rematched = async function* () {
    yield { kind: 'fill' as const, rules: 1, topics: [{ id: 'a', seconds: [[second, 3]] as [number, number][], minutes: [] }] }
    if (++reads === 1) throw new Error('the connection was cut')
    yield { kind: 'fill' as const, rules: 1, topics: [{ id: 'b', seconds: [[second, 4]] as [number, number][], minutes: [] }] }
  }
  const stop = fillChanged(house, { position: 1, past: { changed: ['a', 'b'], steady: rematched, rematched } }, clock)
  await settled()
  expect([engine.waiting, clock.slept]).toEqual([['b'], [250]])
  await clock.wake()
  expect([engine.waiting, reads, told.map(({ level }) => level)]).toEqual([[], 2, ['error', 'warn']])
  await stop()
})

test('what changed while the engine was off is not filled behind the end', async () => {
  const { engine, clock } = room([])
  let reads = 0
  const rematched = () => { reads++; throw new Error('down') }
  const stop = fillChanged({ engine, log: createLog({ level: 'error', write: () => undefined }) }, { position: 1, past: { changed: ['a', 'b'], steady: rematched, rematched } }, clock)
  await settled()
  await stop()
  await settled()
  expect([reads, engine.waiting]).toEqual([1, ['a', 'b']])
})
