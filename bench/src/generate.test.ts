// The traffic is what the benches say it is.
import { mentionSchema } from '@groundswell/schemas/mention.ts'
import { rulesSchema } from '@groundswell/schemas/rules.ts'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { generateTraffic, renew, trafficShape } from './generate.ts'

const decode = (data: Uint8Array) => new TextDecoder().decode(data).trimEnd().split('\n').map((line) => mentionSchema.parse(JSON.parse(line)))

test('mentions have about 350 bytes, 60 % are reposts and two fifths of those bare; the rules hold 500 terms over 20 topics', () => {
  const traffic = generateTraffic({ seed: 1, messages: 100, escaped: false })
  expect(traffic.bytesPerMention).toBeGreaterThan(320)
  expect(traffic.bytesPerMention).toBeLessThan(380)
  const mentions = traffic.messages.flatMap((message) => decode(message.data))
  expect(mentions.length).toBe(5000)
  const reposts = mentions.filter((mention) => mention.kind === 'repost')
  expect(reposts.length / mentions.length).toBeCloseTo(0.6, 1)
  expect(reposts.filter((mention) => mention.text === '' || mention.text === '转发微博').length / reposts.length).toBeCloseTo(0.4, 1)
  const topics = rulesSchema.parse(parse(traffic.rules)).topics.filter((topic) => topic.id !== 'probe')
  const terms = topics.flatMap((topic) => topic.query.split(' OR '))
  expect([topics.length, terms.length, new Set(terms).size]).toEqual([20, 500, 500])
  const matching = mentions.filter((mention) => terms.some((term) => mention.text.includes(term))).length / mentions.length
  expect(matching).toBeGreaterThan(0.3)
  expect(matching).toBeLessThan(0.7)
})

test('the escaped variant says the same in ASCII', () => {
  const plain = generateTraffic({ seed: 2, messages: 5, escaped: false }), escaped = generateTraffic({ seed: 2, messages: 5, escaped: true })
  expect(escaped.messages.map((message) => decode(message.data))).toEqual(plain.messages.map((message) => decode(message.data)))
  for (const message of escaped.messages) expect(message.data.every((byte) => byte < 0x80)).toBe(true)
})

test('renewing gives every mention a new id and time and keeps its edges inside the round', () => {
  const { messages } = generateTraffic({ seed: 3, messages: 20, escaped: false })
  const ids = new Set<string>()
  for (const round of [1, 2, 314]) {
    for (const message of messages) {
      renew(message, round, 1_800_000_000_000 + round)
      for (const mention of decode(message.data)) {
        expect(mention.ts).toBe(1_800_000_000_000 + round)
        ids.add(mention.id)
        for (const edge of [mention.id, mention.parent, mention.root]) if (edge) expect(edge).toContain(`:b${String(round).padStart(trafficShape.roundDigits, '0')}`)
      }
    }
  }
  expect(ids.size).toBe(3 * 20 * 50)
})
