// Damaged checkpoints: any change of a file or a segment is noticed; a state that is not what was saved is refused or loads, and nothing else.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { Engine } from '../../src/core/engine.ts'
import { StateReader, StateUnreadable, StateWriter } from '../../src/core/state.ts'
import { decodeCheckpoint, decodeSegment, encodeCheckpoint, encodeSegment, type CheckpointHeader } from '../../src/io/checkpoint/checkpoint-format.ts'
import { preparedBatch } from '../prepared-batch.ts'
import { inputFor, parsedRules, play, randomInputs, randomRules } from '../random-inputs.ts'
import { promised, type Target } from './target.ts'

const stream = 1_700_000_000_123
const cascades = { nodesMax: 60, quietSeconds: 3000 }
const statesMax = 48
const idsOfLarge = 70_000 // more than a segment of ids holds

type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number } // at: 0 … 1, a share of the length
  | { readonly kind: 'number'; readonly at: number; readonly value: number } // where the saved form has one, or across two
  | { readonly kind: 'cut' | 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'copy'; readonly at: number; readonly from: number }

const at = fc.double({ min: 0, max: 1, noNaN: true })
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('number' as const), at, value: fc.oneof(fc.constantFrom(Number.NaN, -1, -0, 0, 0.5, 1, 7, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e308, Infinity), fc.double()) }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'insert' as const), at, bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }) }),
  fc.record({ kind: fc.constant('copy' as const), at, from: at }),
)
const odd = fc.constantFrom<unknown>(null, -1, 0.5, 2 ** 53, 'x', [], {}, true, Number.NaN)
const headerFault = fc.record({ key: fc.constantFrom('stream', 'seq', 'rulesSeq', 'rulesText', 'lastInsert', 'savedAt', 'seenMax', 'segments', 'groundswell', 'more'), value: odd })

type Input =
  | { readonly what: 'state' | 'file' | 'segment'; readonly which: number; readonly damages: readonly Damage[] }
  | { readonly what: 'header'; readonly fault: { readonly key: string; readonly value: unknown } }

interface Saved { readonly bytes: Uint8Array<ArrayBuffer>; readonly rules: string; readonly rulesSeq: number; readonly seenMax: number; readonly segments: readonly Int32Array[] }
let states: readonly Saved[] | null = null

export const checkpoint: Target<Input> = {
  name: 'checkpoint', share: 0.15,
  promise: 'a changed file or segment is refused; a changed state is refused in its own words, or loads',
  inputs: fc.oneof(
    { weight: 12, arbitrary: fc.record({ what: fc.constant('state' as const), which: fc.nat(statesMax - 1), damages: fc.array(damage, { maxLength: 3 }) }) },
    { weight: 4, arbitrary: fc.record({ what: fc.constant('file' as const), which: fc.nat(statesMax - 2), damages: fc.array(damage, { maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('header' as const), fault: headerFault }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('segment' as const), which: fc.constant(0), damages: fc.array(damage, { maxLength: 2 }) }) },
  ),
  async check(input) {
    states ??= savedStates()
    switch (input.what) {
      case 'state': return loads(states[input.which]!, damaged(states[input.which]!.bytes, input.damages))
      case 'file': return noticed(states[input.which]!, input.damages)
      case 'segment': return noticedInSegment(input.damages)
      case 'header': return readsHeader(input.fault)
      default: input satisfies never
    }
  },
}

/** Engines of all sorts of pasts, the same on every run; the last holds a full segment of ids. */
function savedStates(): readonly Saved[] {
  const pasts = fc.sample(fc.tuple(randomRules, randomInputs(60)), { numRuns: statesMax - 1, seed: 1 })
  const small = pasts.map(([rules, inputs]) => {
    const engine = new Engine({ rules: parsedRules(rules), rulesSeq: 0, stream, seenMax: 200, cooldownSeconds: 300, cascades })
    let inForce = rules
    for (const input of inputs) {
      const { effects } = play(engine, inputFor(engine, input, parsedRules(inForce).topics.length))
      inForce = effects.find((effect) => effect.kind === 'rules')?.text ?? inForce
    }
    return saved(engine, inForce, 200)
  })
  const rules = '{"topics":[{"id":"m","query":"x"}]}'
  const large = new Engine({ rules: parsedRules(rules), rulesSeq: 0, stream, seenMax: 200_000, cascades })
  large.step({ kind: 'batch', batch: preparedBatch(Array.from({ length: idsOfLarge }, (_, id) => ({ id: id + 1, second: 1_700_000_000 }))) })
  return [...small, saved(large, rules, 200_000)]
}

function saved(engine: Engine, rules: string, seenMax: number): Saved {
  const out = new StateWriter()
  engine.save(out)
  return { bytes: out.written.slice(), rules, rulesSeq: engine.rulesSeq, seenMax, segments: engine.ids.full(0).map(({ words }) => words) }
}

function damaged(bytes: Uint8Array, damages: readonly Damage[]): Uint8Array<ArrayBuffer> {
  return damages.reduce<Uint8Array<ArrayBuffer>>((all, one) => {
    const place = Math.min(all.length - 1, Math.floor(one.at * all.length))
    if (place < 0) return all
    switch (one.kind) {
      case 'flip': all[place]! ^= 1 << one.bit; return all
      case 'number': if (place + 8 <= all.length) new DataView(all.buffer).setFloat64(place, one.value, true); return all
      case 'cut': return Uint8Array.from(Buffer.concat([all.subarray(0, place), all.subarray(place + one.bytes.length)]))
      case 'insert': return Uint8Array.from(Buffer.concat([all.subarray(0, place), one.bytes, all.subarray(place)]))
      case 'copy': all.copyWithin(place, Math.floor(one.from * all.length), Math.floor(one.from * all.length) + 24); return all
      default: return one satisfies never
    }
  }, Uint8Array.from(bytes))
}

function loads({ rules, rulesSeq, seenMax, segments }: Saved, bytes: Uint8Array): void {
  const engine = new Engine({ rules: parsedRules(rules), rulesSeq, stream, seenMax, cooldownSeconds: 300, cascades })
  try {
    engine.load(new StateReader(bytes), (number) => segments[number] ?? missing(number))
  } catch (error) {
    promised(error instanceof StateUnreadable && error.message !== '', () => `it is refused by ${String(error)}\n${(error as Error).stack}`)
  }
}

function missing(number: number): never { throw new StateUnreadable(`segment ${number} is on no disk`) }

const headerOf = ({ rules, rulesSeq, seenMax }: Saved): CheckpointHeader => ({ stream, seq: 9, rulesSeq, rulesText: rules, lastInsert: 9, savedAt: stream, seenMax, segments: { first: 0, crcs: [] }, groundswell: 'fuzz' })

async function noticed(state: Saved, damages: readonly Damage[]): Promise<void> {
  const whole = Uint8Array.from(Buffer.concat(await encodeCheckpoint(headerOf(state), state.bytes)))
  const changed = damaged(whole, damages)
  const read = await decodeCheckpoint(changed)
  const isSame = Buffer.compare(whole, changed) === 0
  promised(read.ok === isSame, () => (read.ok ? 'a changed file is taken' : `a file that was not changed is refused: ${read.reason}: ${read.detail}`))
  promised(!read.ok || (Buffer.compare(read.state, state.bytes) === 0 && isDeepStrictEqual(read.header, headerOf(state))), () => 'what is read is not what was written')
}

async function noticedInSegment(damages: readonly Damage[]): Promise<void> {
  const words = states!.at(-1)!.segments[0]!
  const { crc, pieces } = await encodeSegment(3, words)
  const whole = Uint8Array.from(Buffer.concat(pieces))
  const changed = damaged(whole, damages)
  const read = await decodeSegment(changed, { number: 3, crc })
  promised(read.ok === (Buffer.compare(whole, changed) === 0), () => (read.ok ? 'a changed segment is taken' : `a segment that was not changed is refused: ${read.detail}`))
}

async function readsHeader({ key, value }: { readonly key: string; readonly value: unknown }): Promise<void> {
  const header = { ...headerOf(states![0]!), [key]: value } as unknown as CheckpointHeader
  const read = await decodeCheckpoint(Uint8Array.from(Buffer.concat(await encodeCheckpoint(header, states![0]!.bytes))))
  const isText = (key === 'rulesText' || key === 'groundswell') && value === 'x'
  promised(read.ok === isText, () => `a header with ${key} ${JSON.stringify(value)} is ${read.ok ? 'taken' : 'refused'}`)
}
