import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StateReader, StateWriter } from '../../state.ts'
import { Nodes, type NodeFacts } from './nodes.ts'
import { RootTexts } from './root-texts.ts'

const facts: NodeFacts = { idLow: 0, idHigh: 0, parentLow: 0, parentHigh: 0, rootLow: 0, rootHigh: 0, at: 0, author: 0, followers: -1, platform: 0, sign: 0, flags: 0, topics: 0 }
const id = fc.oneof(
  fc.constantFrom('0', '007', '0000000000000000000', '9999999999999999999', '1700000000000000001', '12345678901234567890', '1234567890', 'Mz8xY', '微博', ''),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String), fc.string({ maxLength: 60, unit: 'binary' }),
)

function textIn(texts: RootTexts, root: number, text: string): void {
  const bytes = new TextEncoder().encode(` ${text} `)
  texts.set(root, { bytes, start: 1, end: bytes.length - 1 })
}

test('ids are given back as they were, whatever was dropped in between', () => {
  fc.assert(fc.property(fc.array(fc.record({ id, drop: fc.nat(30) }), { maxLength: 60 }), (steps) => {
    const nodes = new Nodes(60)
    const texts = new RootTexts(nodes)
    const kept = new Map<number, string>()
    for (const { id: text, drop } of steps) {
      const root = nodes.create(facts)
      textIn(texts, root, text)
      kept.set(root, new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text)))
      if (kept.has(drop)) texts.drop(drop)
      if (kept.has(drop)) kept.set(drop, '')
    }
    for (const [root, text] of kept) expect(texts.of(root)).toBe(text)
    const out = new StateWriter()
    texts.save(out)
    const others = new RootTexts(nodes)
    others.load(new StateReader(out.written))
    for (const [root, text] of kept) expect(others.of(root)).toBe(text)
  }), { numRuns: 300 })
})

test('an id that begins with a byte order mark keeps it', () => {
  const nodes = new Nodes(1)
  const texts = new RootTexts(nodes)
  const root = nodes.create(facts)
  textIn(texts, root, '\uFEFFa')
  expect(texts.of(root)).toBe('\uFEFFa')
})
