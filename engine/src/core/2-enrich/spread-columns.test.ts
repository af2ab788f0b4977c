// What cascades are told of each mention: the columns of a batch against the plain mentions that went in.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdHash } from '../1-decode/hash.ts'
import { spreadFlags, type EnrichedBatch } from '../batch.ts'
import { createEnricher } from './enrich.ts'
import { authorHashOf } from './spread-columns.ts'

const now = 1_434_384_770_000
const enrich = createEnricher({ matcher: { topics: [], match: (_view, _out, at) => at }, scorer: { score: () => 0 }, rulesSeq: 0 })

function enrichLines(lines: readonly string[]): EnrichedBatch {
  const bytes = new Uint8Array(Buffer.from(lines.join('\n')))
  return enrich({ bytes, ends: Uint32Array.of(bytes.length), seqs: Float64Array.of(1), times: Float64Array.of(now), platforms: ['weibo'], stream: now, skewCheck: true })
}
const enrichAll = (mentions: readonly object[]): EnrichedBatch => enrichLines(mentions.map((mention) => JSON.stringify(mention)))
const hashOf = (text: string): [number, number] => {
  const hash = new IdHash()
  hash.ofText(text)
  return text === '' ? [0, 0] : [hash.low, hash.high]
}
const idsOf = ({ idBytes, idEnds }: EnrichedBatch): string[] => [...idEnds].map((end, i) => Buffer.from(idBytes.subarray(idEnds[i - 1] ?? 0, end)).toString())

test('a row holds what its mention says, and what it does not say is absent', () => {
  const text = fc.constantFrom('', '转发微博', '好', '好的', '今天天气真好我们去公园散步吧', 'The quick brown fox', '哈哈哈哈哈哈哈哈哈哈哈哈哈哈')
  const name = fc.string({ unit: fc.constantFrom('a', '1', '张', '"', '\\', 'Ａ', '😀'), maxLength: 6 })
  const mention = fc.record({
    ts: fc.integer({ min: now - 1e9, max: now }), text, parent: name, root: name, author: name, platform: fc.constantFrom('weibo', 'x', 'douyin'), url: name,
    followers: fc.nat(2 ** 31).map((count) => count / 2), verified: fc.boolean(),
  }, { requiredKeys: ['ts', 'text'] })
  fc.assert(fc.property(fc.array(mention, { minLength: 1, maxLength: 20 }), (plain) => {
    const mentions = plain.map((each, n) => ({ id: `张:${n}`, ...each }))
    const batch = enrichAll(mentions)
    expect(batch.rows).toBe(mentions.length)
    expect(idsOf(batch)).toEqual(mentions.map(({ id }) => id))
    expect([...batch.ats]).toEqual(mentions.map(({ ts }) => ts))
    for (const [row, { id, parent = '', root = '', url = '', author = '', platform = 'weibo', followers = -1, verified = false, text: said }] of mentions.entries()) {
      expect([batch.idLow[row], batch.idHigh[row]]).toEqual(hashOf(id))
      expect([batch.parentLow[row], batch.parentHigh[row]]).toEqual(hashOf(parent))
      expect([batch.rootLow[row], batch.rootHigh[row]]).toEqual(hashOf(root))
      expect(batch.links[row]).toBe(hashOf(url)[0])
      expect(batch.authors[row]).toBe(authorHashOf(platform, author))
      expect(batch.followers[row]).toBe(Math.floor(followers))
      expect(batch.flags[row]).toBe((said.length >= 2 && said !== '转发微博' ? spreadFlags.hasText : 0) | (verified ? spreadFlags.verified : 0))
      expect(batch.shareLow[row] !== 0 || batch.shareHigh[row] !== 0).toBe(said.startsWith('今天') || said.startsWith('The'))
    }
  }))
})

test('who names a mention as parent or root has its hash, however the id is written', () => {
  const id = 'weibo:张"1'
  const escaped = '"weibo:\\u5f20\\u00221"'
  const batch = enrichLines([JSON.stringify({ id, ts: now, text: '' }), `{"id":"b","ts":${now},"text":"","parent":${escaped},"root":${escaped}}`, `{"id":${escaped},"ts":${now},"text":""}`])
  const own = [batch.idLow[0], batch.idHigh[0]]
  expect([[batch.parentLow[1], batch.parentHigh[1]], [batch.rootLow[1], batch.rootHigh[1]], [batch.idLow[2], batch.idHigh[2]]]).toEqual([own, own, own])
  expect(idsOf(batch)).toEqual([id, 'b', id])
})

test('a root may name itself, a parent may not', () => {
  const batch = enrichAll([{ id: 'a', ts: now, text: '', parent: 'a', root: 'a' }])
  expect([batch.parentLow[0], batch.parentHigh[0]]).toEqual([0, 0])
  expect([batch.rootLow[0], batch.rootHigh[0]]).toEqual(hashOf('a'))
})

test('fields of a wrong type are absent', () => {
  const batch = enrichAll([{ id: 'a', ts: now, text: '', parent: 1, root: ['a'], author: 7, url: {}, followers: 'many', verified: 'yes' }])
  expect([batch.parentLow, batch.parentHigh, batch.rootLow, batch.rootHigh, batch.authors, batch.links, batch.flags, batch.followers].map(([value]) => value)).toEqual([0, 0, 0, 0, 0, 0, 0, -1])
})

test('an author is an account of one platform, the same in every batch', () => {
  const first = enrichAll([{ id: 'a', ts: now, text: '', author: 'u' }, { id: 'b', ts: now, text: '', author: 'u', platform: 'x' }])
  const second = enrichAll([{ id: 'c', ts: now, text: '', author: 'u', platform: 'x' }, { id: 'd', ts: now, text: '', author: 'u' }])
  expect(first.authors[0]).not.toBe(first.authors[1])
  expect([...second.authors]).toEqual([...first.authors].reverse())
})

test('two who say the same share it, links and names aside; one of few characters or of few different ones is not shared', () => {
  const said = ['今天天气真好我们去公园散步', '@李四 今天天氣真好，我們去公園散步！http://t.cn/x', '今天天气真好我们去公园散步', '今天天气真好我们去公', '[蜡烛][蜡烛][蜡烛][蜡烛][蜡烛][蜡烛]']
  const { shareLow, shareHigh } = enrichAll(said.map((text, n) => ({ id: String(n), ts: now, text })))
  const shares = Array.from(shareLow, (low, row) => `${low}:${shareHigh[row]}`)
  expect(new Set(shares.slice(0, 3)).size).toBe(1)
  expect(shares[0]).not.toBe('0:0')
  expect(shares.slice(3)).toEqual(['0:0', '0:0'])
})

test('a batch of any length holds for each row what a batch of that row alone holds', () => {
  const mentions = Array.from({ length: 2500 }, (_, n) => ({ id: `m:${n}`, ts: now - n, text: `这是第${n}条很长很长的消息`, parent: `m:${n >> 1}`, root: 'm:0', author: `u${n % 7}`, url: `u:${n}`, followers: n, verified: n % 2 === 0 }))
  const whole = enrichAll(mentions)
  const columns = ['ats', 'parentLow', 'parentHigh', 'rootLow', 'rootHigh', 'authors', 'followers', 'flags', 'shareLow', 'shareHigh', 'links'] as const
  for (const row of [0, 1, 2, 1023, 1024, 2047, 2048, 2499]) {
    const alone = enrichAll([mentions[row]!])
    for (const column of columns) expect(whole[column][row], `${column} of ${row}`).toBe(alone[column][0])
  }
  for (const column of columns) expect(whole[column].length).toBe(2500)
})
