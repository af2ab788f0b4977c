// Events of cascades as messages: their ids can be headers whatever the root is called.
import { expect, test } from 'vitest'
import { planTopic } from './planned-rules.ts'
import { identifyIgnition, identifySpread } from './spread-words.ts'

const topic = planTopic({ id: 'a', name: { zh: '题', en: 'a' }, query: 'x', spread: [{ size: 3, within: '1h' }] })!
const idsOf = (root: string): string[] => [
  identifySpread({ state: 'begin', at: 1_700_000_000, topic, rule: topic.spread[0]!, root, rootAt: 1_699_999_000_000, value: 3, size: 3, depth: 1, platforms: [0], interval: null, lastHour: 0, why: null }, () => 'weibo').id,
  identifyIgnition('a', { rootNode: 1, root, mention: 'm', at: 1_700_000_000, since: 1_699_999_000, followers: -1, quietSeconds: 3600, gained: 40, size: 60 }).id,
]

test.each(['4711', 'weibo-1_a.b~', 'A-9'])('a root called %s is in the ids as it is', (root) => {
  for (const id of idsOf(root)) expect(id).toContain(`/${root}/2023-11-14T22:13:20Z`)
})

test.each(['a\nb', 'a\r\nx: y', '微博/1', '\u{1f600}', 'a/b c', '\u0000'])('a root called %j makes no id that a header refuses, and none with a slash too many', (root) => {
  for (const id of idsOf(root)) {
    expect(id).toMatch(/^[!-~]+$/)
    expect(decodeURIComponent(id.split('/').at(id.endsWith('begin') ? -3 : -2)!)).toBe(root)
  }
})
