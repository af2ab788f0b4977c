import { beforeEach, expect, test, vi } from 'vitest'
import { AddressKeeper } from './address-keeper.ts'

let written: string[] = []
const page = new EventTarget(), tab = new EventTarget()
beforeEach(() => {
  vi.useFakeTimers()
  written = []
  const place = new URL('http://room/#/replay')
  vi.stubGlobal('location', place)
  vi.stubGlobal('history', { replaceState: (_state: unknown, _title: string, to: URL) => { place.hash = to.hash; written.push(to.hash) } })
  vi.stubGlobal('document', tab)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  return () => { vi.useRealTimers(); vi.unstubAllGlobals() }
})
const pass = (ms: number): void => { vi.advanceTimersByTime(ms) }

test('a single step is in the address at once, steps in a row when they rest', () => {
  const keeper = new AddressKeeper()
  keeper.keep('#a')
  expect(written).toEqual(['#a'])
  pass(200)
  keeper.keep('#b')
  expect(written).toEqual(['#a', '#b'])
  for (const hash of ['#c', '#d', '#e']) {
    pass(30)
    keeper.keep(hash)
  }
  expect(written).toEqual(['#a', '#b'])
  pass(160)
  expect(written).toEqual(['#a', '#b', '#e'])
  keeper.close()
})

test.each([['pagehide', page], ['visibilitychange', tab]] as const)('what waits is written at %s, once, and nothing of a page that is closed', (leaves, where) => {
  const keeper = new AddressKeeper()
  keeper.keep('#a')
  keeper.keep('#b')
  where.dispatchEvent(new Event(leaves))
  where.dispatchEvent(new Event(leaves))
  pass(2_000)
  expect(written).toEqual(['#a', '#b'])
  keeper.keep('#c')
  keeper.keep('#d')
  keeper.close()
  where.dispatchEvent(new Event(leaves))
  pass(2_000)
  expect(written).toEqual(['#a', '#b', '#c'])
})

test.each([16, 160, 250])('told every %i ms for minutes, it tells the browser fewer than 100 times in any 30 s', (every) => {
  const keeper = new AddressKeeper()
  const at: number[] = []
  for (let ms = 0; ms < 120_000; ms += every) {
    const before = written.length
    keeper.keep(`#${ms}`)
    pass(every)
    for (let more = before; more < written.length; more++) at.push(ms)
  }
  expect(Math.max(...at.map((from) => at.filter((one) => one >= from && one < from + 30_000).length))).toBeLessThan(100)
  expect(at.length).toBeGreaterThan(60)
  keeper.close()
})
