import { expect, test } from 'vitest'
import { cascadeAddress, cascadesAddress, screenOf, spans, topicAddress, wallAddress } from './address.ts'

const wall = { kind: 'wall', stray: null }
const stray = (address: string, page: string): unknown => ({ kind: 'wall', stray: { address, page } })

test.each([
  ['', wall], ['#', wall], ['#top', wall], [wallAddress, wall], ['#/?lang=zh', wall], ['#/topics/', { kind: 'topics', query: '' }], ['#/topics?q=网络', { kind: 'topics', query: 'q=网络' }], ['#/alerts', { kind: 'alerts', query: '' }], ['#/alerts?state=new&mine=1', { kind: 'alerts', query: 'state=new&mine=1' }], ['#/alertsx', stray('#/alertsx', 'alerts')], ['#/topics/a b', stray('#/topics/a b', 'topics')], ['#/topics/%E6%96%AD', stray('#/topics/断', 'topics')], ['#/topics/../x', stray('#/topics/../x', 'topics')], ['#/topic/x', stray('#/topic/x', 'topics')],
  ['#/nowhere', stray('#/nowhere', 'wall')], ['#/%E5%A2%99', stray('#/墙', 'wall')], [`#/${'断'.repeat(50)}`, stray(`#/${'断'.repeat(22)}…`, 'wall')],
  ['#/topics/network-outage', { kind: 'topic', id: 'network-outage', query: '' }], ['#/topics/x?span=7d', { kind: 'topic', id: 'x', query: 'span=7d' }],
  [cascadesAddress, { kind: 'cascades', query: '' }], ['#/cascades/', { kind: 'cascades', query: '' }], ['#/cascades?by=R', { kind: 'cascades', query: 'by=R' }], ['#/cascadesx', stray('#/cascadesx', 'cascades')],
  ['#/cascades/weibo%3A43?node=7', { kind: 'cascade', root: 'weibo:43', query: 'node=7' }], ['#/cascades/a/b', stray('#/cascades/a/b', 'cascades')], ['#/cascades/%', stray('#/cascades/%', 'cascades')], [`#/cascades/${'x'.repeat(257)}`, stray(`#/cascades/${'x'.repeat(13)}…`, 'cascades')],
] as const)('%s', (hash, screen) => expect(screenOf(hash)).toEqual(screen))

test('an address that was made is read as what it was made of', () => {
  for (const query of ['', 'span=7d', 'text=%E6%96%AD&from=1&to=2']) expect(screenOf(topicAddress('late-payout', query))).toEqual({ kind: 'topic', id: 'late-payout', query })
})

test('any root is its own address', () => {
  for (const root of ['weibo:4345', 'https://a.example/x?y=1#z', '帖子 7/8', '100%', 'hash:00ff']) expect(screenOf(cascadeAddress(root, 'layout=wedge'))).toEqual({ kind: 'cascade', root, query: 'layout=wedge' })
})

test('every span is a whole number of steps, and no more than a screen has columns', () => {
  for (const { seconds, stepSeconds } of Object.values(spans)) {
    expect(seconds % stepSeconds).toBe(0)
    expect(seconds / stepSeconds).toBeLessThanOrEqual(700)
  }
})
