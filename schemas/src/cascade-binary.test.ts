// Cascades come back from their bytes as they were; what is no cascade is refused, whatever it claims.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeHashes, decodeTree, encodeHashes, encodeIds, encodeTree, withHashes, type CascadeColumns, type CascadeIds } from './cascade-binary.ts'
import { CascadeUnreadable, VarintReader, VarintWriter } from './varints.ts'

type Tree = CascadeColumns & CascadeIds
const word = fc.nat(2 ** 32 - 1)
const nodeArbitrary = fc.record({
  above: fc.nat(), id: fc.tuple(word, word), wait: fc.oneof(fc.nat(3), fc.nat(200_000), fc.nat(2 ** 30)), followers: fc.oneof(fc.constant(-1), fc.nat(500), fc.maxSafeNat().map((n) => Math.min(n, 2 ** 53 - 2))),
  author: fc.oneof(fc.nat(4), word), platform: fc.nat(3), sign: fc.constantFrom(-1, 0, 1), flags: fc.nat(7),
})
/** Any tree under node 0: nodes hang below others in an order of their own, which is not that of their times. */
const treeArbitrary: fc.Arbitrary<Tree> = fc.record({
  nodes: fc.array(nodeArbitrary, { minLength: 1, maxLength: 80 }), shuffle: fc.array(fc.nat(), { minLength: 80, maxLength: 80 }), root: fc.string({ unit: 'grapheme', minLength: 1 }), seconds: fc.boolean(), early: fc.nat(10_000_000),
  platforms: fc.constantFrom(['weibo', 'zhihu', 'news', 'douyin'], ['x', 'weibo', '', 'bilibili', 'nobody']),
}).map(({ nodes, shuffle, root, seconds, early, platforms }) => {
  const size = nodes.length
  const placed = [0] // node indexes, each hung below one that stands before it here
  const parent = new Int32Array(size)
  parent[0] = -1
  const waiting = Array.from({ length: size - 1 }, (_, i) => i + 1)
  while (waiting.length > 0) {
    const [node] = waiting.splice(shuffle[waiting.length]! % waiting.length, 1) as [number]
    parent[node] = placed[nodes[node]!.above % placed.length]!
    placed.push(node)
  }
  let clock = 1_300_000_000
  const times = nodes.map(({ wait }, i) => (i === 0 ? clock + early : (clock += wait)))
  const at = Float64Array.from(times, (time) => (seconds ? 1000 * (time % 2 ** 33) : time))
  at.subarray(1).sort()
  const numbers = <Column extends keyof (typeof nodes)[number]>(name: Column) => nodes.map((node) => node[name])
  return {
    root, size, parent, at, platforms,
    followers: Float64Array.from(numbers('followers')), author: Uint32Array.from(numbers('author')), platform: Uint8Array.from(numbers('platform')), sign: Int8Array.from(numbers('sign')), flags: Uint8Array.from(numbers('flags')),
    idLow: Uint32Array.from(nodes, ({ id }) => id[0]), idHigh: Uint32Array.from(nodes, ({ id }) => id[1]),
  }
})
/** The platforms that are used are the same, whatever place they have. */
const named = ({ platform, platforms, ...tree }: Tree) => ({ ...tree, platform: [...platform].map((place) => platforms[place]) })
const words = (value: string): Uint8Array => new TextEncoder().encode(value)

test('a tree and its hashes come back as they were', () => {
  fc.assert(fc.property(treeArbitrary, (tree) => {
    const back = withHashes(decodeTree(encodeTree(tree)), decodeHashes(encodeHashes(tree)))
    expect(named(back)).toEqual(named(tree))
    expect(back.platforms).toHaveLength(new Set(tree.platform).size)
  }), { numRuns: 500 })
})

test('without hashes, accounts are told apart by the order of their first mention', () => {
  fc.assert(fc.property(treeArbitrary, (tree) => {
    const order = [...new Set(tree.author)].filter((hash) => hash !== 0)
    expect([...decodeTree(encodeTree(tree)).author]).toEqual([...tree.author].map((hash) => order.indexOf(hash) + 1))
  }))
})

test('what is read from a view within other bytes is the same', () => {
  fc.assert(fc.property(treeArbitrary, fc.nat(9), (tree, before) => {
    for (const [bytes, decode] of [[encodeTree(tree), decodeTree], [encodeHashes(tree), decodeHashes]] as const) {
      const within = new Uint8Array(bytes.length + 20)
      within.set(bytes, before)
      expect(decode(within.subarray(before, before + bytes.length))).toEqual(decode(bytes))
    }
  }), { numRuns: 50 })
})

test('bytes that are cut short, followed by others, or changed are refused, or are a whole tree', () => {
  const change = fc.oneof(fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), byte: fc.nat(255) }), fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.nat(255) }), fc.record({ kind: fc.constant('more' as const), at: fc.nat(), byte: fc.nat(255) }))
  fc.assert(fc.property(treeArbitrary, fc.array(change, { minLength: 1, maxLength: 3 }), (tree, changes) => {
    for (const [whole, decode] of [[encodeTree(tree), decodeTree], [encodeHashes(tree), decodeHashes]] as const) {
      let bytes: Uint8Array = whole
      for (const { kind, at, byte } of changes) {
        if (kind === 'cut') bytes = bytes.slice(0, at % (bytes.length + 1))
        else if (kind === 'more') bytes = Uint8Array.from([...bytes, byte])
        else if (bytes.length > 0) bytes = bytes.with(at % bytes.length, byte)
      }
      try {
        const read = decode(bytes)
        if ('parent' in read) expect(() => encodeTree(read)).not.toThrow()
      } catch (error) {
        expect(error).toBeInstanceOf(CascadeUnreadable)
      }
    }
  }), { numRuns: 2000 })
})

test('any cut of a tree is refused', () => {
  fc.assert(fc.property(treeArbitrary, (tree) => {
    for (const [bytes, decode] of [[encodeTree(tree), decodeTree], [encodeHashes(tree), decodeHashes]] as const) {
      for (let length = 0; length < bytes.length; length++) expect(() => decode(bytes.subarray(0, length))).toThrow(CascadeUnreadable)
      expect(() => decode(Uint8Array.from([...bytes, 0]))).toThrow(CascadeUnreadable)
    }
  }), { numRuns: 20 })
})

describe('a tree of three in bytes', () => {
  const tree: Tree = {
    root: 'r', size: 3, parent: Int32Array.of(-1, 2, 0), at: Float64Array.of(5000, 4000, 70_000), followers: Float64Array.of(299, -1, 0), author: Uint32Array.of(7, 0, 7), platform: Uint8Array.of(2, 2, 2),
    platforms: ['a', 'b', 'weibo'], sign: Int8Array.of(0, -1, 1), flags: Uint8Array.of(3, 4, 1), idLow: Uint32Array.of(1, 2, 3), idHigh: Uint32Array.of(0, 0, 2 ** 32 - 1),
  }
  const bytes = [
    ...words('GSC1'), 3, 1, ...words('r'), 0xe8, 7, 5, 1, 5, ...words('weibo'),
    2, 0, 0, 0, 2, 0, // parents: the one behind; the root
    2, 0, 0, 0, 1, 66, // times
    4, 0, 0, 0, 0xac, 2, 0, 1, // followers
    3, 0, 0, 0, 3 + 8, 4 + 24, 1 + 16 + 48, // traits
    1, 0, 0, 0, 0, // accounts
  ]
  test('is this', () => {
    expect([...encodeTree(tree)]).toEqual(bytes)
    expect([...encodeHashes(tree)]).toEqual([...words('GSH1'), 3, 1, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 7, 0, 0, 0])
  })
  test.each([
    { what: 'another magic', at: 3, set: [0x32], says: /begin with "GSC2" where "GSC1"/ }, { what: 'no node', at: 4, set: [0], says: /the number of nodes is 0/ },
    { what: 'more nodes than there are bytes for', at: 4, set: [100], says: /2 bytes hold no 99 parents/ }, { what: 'a unit of its own', at: 7, set: [0xe9], says: /a unit of time is 1001 ms/ },
    { what: 'a parent that is not there', at: 21, set: [4], says: /parent of node 1 is 3 of 3/ }, { what: 'a ring', at: 22, set: [1], says: /is above itself/ },
    { what: 'a platform that is not there', at: 41, set: [80], says: /a trait is 80/ }, { what: 'an account that is not there', at: 48, set: [1], says: /an account is 1/ },
  ])('is refused with $what', ({ at, set, says }) => {
    expect(() => decodeTree(Uint8Array.from(bytes.with(at, set[0]!)))).toThrow(says)
  })
  test('has no hashes of another', () => {
    expect(() => withHashes(tree, { idLow: new Uint32Array(2), idHigh: new Uint32Array(2), accounts: new Uint32Array(7) })).toThrow(CascadeUnreadable)
  })
})

test('ids without accounts are the hashes of a tree in which no account is known, and what is written next is not mixed with what was refused', () => {
  const ids = { idLow: Uint32Array.of(1, 2 ** 32 - 1), idHigh: Uint32Array.of(3, 0) }
  expect(encodeIds(ids)).toEqual(encodeHashes({ size: 2, author: new Uint32Array(2), ...ids }))
  const tree = { root: '根', size: 2, parent: Int32Array.of(-1, 0), at: Float64Array.of(0, 1), followers: Float64Array.of(0, 0), author: new Uint32Array(2), platform: new Uint8Array(2), platforms: ['x'], sign: new Int8Array(2), flags: new Uint8Array(2) }
  const bytes = encodeTree(tree)
  expect(() => encodeTree({ ...tree, flags: Uint8Array.of(0, 8) })).toThrow(RangeError)
  expect(encodeTree(tree)).toEqual(bytes)
})

test('a claim of millions of nodes in a few bytes costs nothing', () => {
  const out = new VarintWriter()
  out.raw(words('GSH1'))
  out.varint(2 ** 26)
  out.varint(2 ** 26)
  expect(() => decodeHashes(out.finish())).toThrow(/end after 0 of 268435456 bytes/)
})

test('a whole number comes back from its varint, and nothing else is written', () => {
  fc.assert(fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.nat(52).map((bit) => 2 ** bit), fc.nat(52).map((bit) => 2 ** bit - 1)), (value) => {
    const out = new VarintWriter()
    out.varint(value)
    const from = new VarintReader(out.finish())
    expect([from.varint(), from.left]).toEqual([value, 0])
  }))
  for (const value of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) expect(() => { new VarintWriter().varint(value) }).toThrow(RangeError)
})

test.each([
  { what: 'its own parent', change: { parent: Int32Array.of(-1, 1) } }, { what: 'times that go back', change: { size: 3, parent: Int32Array.of(-1, 0, 0), at: Float64Array.of(0, 2, 1) } },
  { what: 'a time between two ms', change: { at: Float64Array.of(0, 0.5) } }, { what: 'a flag that nobody knows', change: { flags: Uint8Array.of(0, 8) } }, { what: 'no node', change: { size: 0 } }, { what: 'a platform without a name', change: { platform: Uint8Array.of(0, 1) } },
])('a tree with $what is not written', ({ change }) => {
  const two = { root: 'r', size: 2, parent: Int32Array.of(-1, 0), at: Float64Array.of(0, 1), followers: Float64Array.of(0, 0), author: new Uint32Array(2), platform: new Uint8Array(2), platforms: ['x'], sign: new Int8Array(2), flags: new Uint8Array(2) }
  expect(() => encodeTree({ ...two, ...change })).toThrow(RangeError)
})
