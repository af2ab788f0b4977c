// The drill keeps its promises: the curve, the marks, the order, the trees, and the same seed the same bytes.
import { mentionSchema } from '@groundswell/schemas/mention.ts'
import { describe, expect, test } from 'vitest'
import { ignitionMinute } from './curve.ts'
import { createDrill } from './drill.ts'
import type { DrillMention } from './drill.ts'
import { stories } from './stories.ts'

const startMs = Date.UTC(2026, 4, 1, 11)

function take(seed: number, seconds: number): DrillMention[][] {
  const drill = createDrill({ seed, startMs })
  return Array.from({ length: seconds }, () => [...drill.next().value.mentions])
}
const twoHours = take(1, 7200)
const aboutOutage = /断网|网络中断|没信号|outage|no signal/i

describe('the curve', () => {
  const matched = twoHours.map((mentions) => mentions.filter((mention) => aboutOutage.test(mention.line)).length)
  const sum = (fromMinute: number, toMinute: number) => matched.slice(fromMinute * 60, toMinute * 60).reduce((total, count) => total + count, 0)

  test('nobody speaks of an outage before it happens', () => { expect(sum(0, ignitionMinute)).toBe(0) })
  test('it passes 100,000 mentions within the first two hours, but not in the first hour and a half', () => {
    expect(sum(0, 120)).toBeGreaterThan(105_000)
    expect(sum(0, 90)).toBeLessThan(95_000)
  })
  test('each ten minutes bring more than the ten before until it is trending everywhere', () => {
    const tens = [2, 3, 4, 5, 6, 7].map((ten) => sum(ten * 10, ten * 10 + 10))
    expect(tens).toEqual([...tens].sort((a, b) => a - b))
    expect(tens[0]).toBeGreaterThan(50)
    expect(tens.at(-1)).toBeGreaterThan(15_000)
  })
  test('the window still holds over 100,000 at half past two, and the worst two hours about 135,000', () => {
    const longer = take(1, 9000).map((mentions) => mentions.filter((mention) => aboutOutage.test(mention.line)).length)
    const last = longer.slice(1800).reduce((total, count) => total + count, 0)
    expect(last).toBeGreaterThan(120_000)
    expect(last).toBeLessThan(150_000)
  })
  test('background topics go on through the outage', () => {
    const late = twoHours.slice(6600).flat()
    for (const story of stories) expect(late.filter((mention) => mention.story === story.id).length).toBeGreaterThan(50)
  })
})

test('the same seed and start give the same mentions, another seed gives others', () => {
  const lines = (seed: number) => take(seed, 120).flat().map((mention) => mention.line)
  expect(lines(5)).toEqual(lines(5))
  expect(lines(6)).not.toEqual(lines(5))
})

test('mentions come in event-time order and each in its own second', () => {
  let last = 0
  for (const [second, mentions] of twoHours.entries()) {
    for (const { ts } of mentions) {
      expect(ts >= last && Math.floor((ts - startMs) / 1000) === second).toBe(true)
      last = ts
    }
  }
})

test('every mention is a valid one, marked as a drill in id, text and tag; ids are distinct and parents came before', () => {
  const seen = new Map<string, string>() // id → root
  const kinds = new Set<string>(), platforms = new Set<string>(), langs = new Set<string>()
  let answers = 0, deep = 0
  for (const { line, ts, platform } of twoHours.slice(0, 4500).flat()) {
    const mention = mentionSchema.parse(JSON.parse(line))
    if (!mention.id.startsWith('drill:') || !/^(【演练】|\[DRILL\])/.test(mention.text) || !mention.tags?.includes('drill')) throw new Error(`not marked: ${line}`)
    if (mention.ts !== ts || mention.platform !== platform || seen.has(mention.id)) throw new Error(`wrong ts, platform or id: ${line}`)
    if (mention.parent) {
      answers++
      if (seen.get(mention.parent) !== mention.root) throw new Error(`parent unknown or of another root: ${line}`)
      if (mention.parent !== mention.root) deep++
    }
    seen.set(mention.id, mention.root ?? mention.id)
    kinds.add(mention.kind ?? '')
    platforms.add(platform)
    langs.add(mention.lang ?? '')
  }
  expect(answers / seen.size).toBeGreaterThan(0.5)
  expect(deep / answers).toBeGreaterThan(0.3)
  expect([...kinds].sort()).toEqual(['article', 'comment', 'post', 'reply', 'repost', 'video'])
  expect(platforms.size).toBe(7)
  expect([...langs].sort()).toEqual(['en', 'zh'])
})
