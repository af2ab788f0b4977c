import { expect, test } from 'vitest'
import { screenOf, spanNames, spans, topicAddress, wallAddress } from './address.ts'

test.each([
  ['', { kind: 'wall' }], ['#', { kind: 'wall' }], [wallAddress, { kind: 'wall' }], ['#/topics/', { kind: 'wall' }], ['#/topics/a b', { kind: 'wall' }], ['#/topics/../x', { kind: 'wall' }],
  ['#/topics/network-outage', { kind: 'topic', id: 'network-outage', span: '24h' }], ['#/topics/x?span=7d', { kind: 'topic', id: 'x', span: '7d' }],
  ['#/topics/x?span=3y', { kind: 'topic', id: 'x', span: '24h' }], ['#/topics/x?span=toString', { kind: 'topic', id: 'x', span: '24h' }],
] as const)('%s', (hash, screen) => expect(screenOf(hash)).toEqual(screen))

test('an address that was made is read as what it was made of', () => {
  for (const span of spanNames) expect(screenOf(topicAddress('late-payout', span))).toEqual({ kind: 'topic', id: 'late-payout', span })
})

test('every span is a whole number of steps, and no more than a screen has columns', () => {
  for (const { seconds, stepSeconds } of Object.values(spans)) {
    expect(seconds % stepSeconds).toBe(0)
    expect(seconds / stepSeconds).toBeLessThanOrEqual(700)
  }
})
