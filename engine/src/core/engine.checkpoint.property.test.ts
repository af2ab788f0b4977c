// A saved engine that is loaded is the one that was saved: whatever comes behind, effects, fates, pictures and the next saved state are equal.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inputFor, parsedRules, play, randomInputs, randomRules, type RandomInput } from '../../test/random-inputs.ts'
import { Engine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import { StateReader, StateUnreadable, StateWriter } from './state.ts'

const stream = 1_700_000_000_123
const cascades = { nodesMax: 60, quietSeconds: 3000 } // trees are evicted for both reasons
const noSegment = (number: number): never => { throw new Error(`segment ${number} is asked for and none is full`) }

function savedBytes(engine: Engine): Uint8Array<ArrayBuffer> {
  const out = new StateWriter()
  engine.save(out)
  return out.written.slice()
}

function loaded(bytes: Uint8Array, options: EngineOptions): Engine {
  const engine = new Engine({ cascades, ...options })
  const from = new StateReader(bytes)
  engine.load(from, noSegment)
  expect(from.done).toBe(true)
  return engine
}

/** The section of cascades has links that a load works out anew, in another order than the mentions came: what they mean is compared by what is told. */
function withoutCascades(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const at = text.indexOf('cascades') + 'cascades'.length
  const length = text.readDoubleLE(at + 8)
  return Buffer.concat([text.subarray(0, at), text.subarray(at + 16 + length)])
}

/** An engine and the rules that are in force in it. */
interface Played { readonly engine: Engine; readonly text: string }

function playAll(text: string, inputs: readonly RandomInput[], options: Partial<EngineOptions> = {}): Played {
  const engine = new Engine({ rules: parsedRules(text), rulesSeq: 0, stream, cascades, ...options })
  let inForce = text
  for (const input of inputs) inForce = step(engine, input, inForce).text
  return { engine, text: inForce }
}

function step(engine: Engine, input: RandomInput, text: string): { readonly text: string; readonly said: unknown } {
  const said = play(engine, inputFor(engine, input, parsedRules(text).topics.length))
  const rules = said.effects.find((effect) => effect.kind === 'rules')
  return { text: rules?.text ?? text, said: { ...said, picture: engine.picture(5) } }
}

test('effects, fates and pictures are equal for ever after, and so is every state that is saved later', () => {
  fc.assert(fc.property(randomRules, randomInputs(60), randomInputs(40), fc.boolean(), (rules, before, after, looked) => {
    const options = { seenMax: 200, cooldownSeconds: 300 }
    const { engine, text } = playAll(rules, before, options)
    if (looked) engine.picture(1) // reading it changes nothing but what is remembered of it
    const bytes = savedBytes(engine)
    const other = loaded(bytes, { rules: parsedRules(text), rulesSeq: engine.rulesSeq, stream, ...options })
    expect(withoutCascades(savedBytes(other))).toEqual(withoutCascades(bytes))
    expect(other.picture(3)).toEqual(engine.picture(3))
    expect([other.position, other.clock, other.counters, other.pendingFills(), other.ids.size, other.ids.horizonAt]).toEqual([engine.position, engine.clock, engine.counters, engine.pendingFills(), engine.ids.size, engine.ids.horizonAt])
    let inForce = text
    for (const input of after) {
      const one = step(engine, input, inForce)
      expect(step(other, input, inForce)).toEqual(one)
      inForce = one.text
    }
    expect(withoutCascades(savedBytes(other))).toEqual(withoutCascades(savedBytes(engine)))
    expect(other.spread).toEqual(engine.spread)
  }), { numRuns: 100 })
})

test('a byte that is flipped is refused by StateUnreadable or loads; nothing else happens', () => {
  fc.assert(fc.property(randomRules, randomInputs(25), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 20, maxLength: 20 }), (rules, before, flips) => {
    const { engine, text } = playAll(rules, before)
    const bytes = savedBytes(engine)
    for (const [place, bits] of flips) {
      const flipped = bytes.slice()
      flipped[place % bytes.length]! ^= bits
      try {
        const other = new Engine({ rules: parsedRules(text), rulesSeq: engine.rulesSeq, stream, cascades })
        other.load(new StateReader(flipped), noSegment)
        other.picture(0)
        savedBytes(other)
      } catch (error) {
        if (!(error instanceof StateUnreadable)) throw error
      }
    }
  }), { numRuns: 60 })
})

test('a state that is cut short is refused', () => {
  const { engine, text } = playAll(JSON.stringify({ topics: [{ id: 'a', name: { zh: '题', en: 'a' }, query: 'x', velocity: [{ count: 1, within: '1m' }] }] }), [
    { kind: 'batch', waitMs: 0, rejected: 1, rows: [{ id: 1, step: 0, topics: [0], sign: 1, platform: 'weibo', skewed: false }] }, { kind: 'end' },
  ])
  const bytes = savedBytes(engine)
  const rules = parsedRules(text)
  for (let length = 0; length < bytes.length; length++) {
    expect(() => new Engine({ rules, rulesSeq: 0, stream, cascades }).load(new StateReader(bytes.subarray(0, length)), noSegment)).toThrow(StateUnreadable)
  }
})

test('another number of the rules in force, and other rules, are refused', () => {
  const text = JSON.stringify({ topics: [{ id: 'a', name: { zh: '题', en: 'a' }, query: 'x', velocity: [{ count: 1, within: '1m' }] }] })
  const bytes = savedBytes(playAll(text, []).engine)
  const load = (options: Partial<EngineOptions>) => () => loaded(bytes, { rules: parsedRules(text), rulesSeq: 0, stream, ...options })
  expect(load({})).not.toThrow()
  expect(load({ rulesSeq: 4 })).toThrow('rules 0 were in force')
  expect(load({ rules: parsedRules(text.replace('"count":1', '"count":2')) })).toThrow('other topics or rules')
  expect(load({ rules: { topics: [] } })).toThrow('other topics or rules')
})

test('the state of a stream that was recreated goes on without position and counters, and its fills are asked for anew', () => {
  fc.assert(fc.property(randomRules, randomInputs(40), (rules, inputs) => {
    const { engine, text } = playAll(rules, inputs)
    const other = loaded(savedBytes(engine), { rules: parsedRules(text), rulesSeq: 0, stream: stream + 1 })
    expect(other.position).toEqual({ stream: stream + 1, seq: 0 })
    expect(other.counters).toEqual(new Engine({ rules: { topics: [] }, rulesSeq: 0, stream }).counters)
    expect(other.pendingFills().flatMap((fill) => fill.topics)).toEqual(engine.waiting)
    expect(other.pendingFills().every((fill) => fill.rulesSeq === 0)).toBe(true)
    const [{ totals: mine, topics, ...rest }, { totals: theirs, topics: before, ...expected }] = [other.picture(1), engine.picture(1)]
    expect(rest).toEqual(expected)
    expect(topics.filter(({ filling }) => !filling)).toEqual(before.filter(({ filling }) => !filling))
    expect(mine.perMinute).toBe(theirs.perMinute)
  }), { numRuns: 60 })
})
