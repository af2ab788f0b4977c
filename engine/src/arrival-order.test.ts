import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArrivalOrder } from './arrival-order.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const lineOf = (stream: number, seq: number, line: number, second: number): string => `{"0":${stream},"1":${seq},"2":${line},"3":${second},"id":"${stream}/${seq}/${line}"}\n`

test('a mention is handed over as it was published', () => {
  const order = new ArrivalOrder()
  order.add(encode(lineOf(1_700_000_000_000, 7, 2, 60)))
  expect([...order.before(660)]).toEqual([])
  expect([...order.before(661)].map(({ bytes, second }) => `${decode(bytes)} ${second}`)).toEqual(['{"id":"1700000000000/7/2"} 60'])
})

test('whatever the engine counted comes back in the order in which it came', () => {
  const steps = fc.array(fc.record({ ahead: fc.integer({ min: -600, max: 400 }), newMessage: fc.boolean(), newStream: fc.integer({ min: 0, max: 30 }) }), { minLength: 1, maxLength: 80 })
  fc.assert(fc.property(steps, (given) => {
    let [clock, stream, seq, line] = [10_000, 1, 1, 0]
    const came = given.map(({ ahead, newMessage, newStream }) => {
      const second = clock + ahead // at most ten minutes behind the clock: counted
      clock = Math.max(clock, second)
      if (newStream === 0) [stream, seq, line] = [stream + 1, 1, 0]
      else if (newMessage) [seq, line] = [seq + 1, 0]
      else line++
      return { stream, seq, line, second, minute: Math.floor(second / 60) }
    })
    const order = new ArrivalOrder()
    const back: string[] = []
    const take = (second: number): void => { for (const { bytes } of order.before(second)) back.push((JSON.parse(decode(bytes)) as { id: string }).id) }
    const minutes = Map.groupBy(came, ({ minute }) => minute)
    for (const minute of [...minutes.keys()].sort((a, b) => a - b)) {
      order.add(encode(minutes.get(minute)!.map((one) => lineOf(one.stream, one.seq, one.line, one.second)).join('')))
      take(60 * (minute + 1))
    }
    take(Infinity)
    expect(back).toEqual(came.map((one) => `${one.stream}/${one.seq}/${one.line}`))
  }))
})
