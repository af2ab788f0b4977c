import { expect, test } from 'vitest'
import { Heard } from './heard.ts'

const hour = 3600
const start = 1_767_600_000 // a whole hour

/** A store in which something is stored of every hour but the fifth; `asked` are the spans of its questions, in hours from the start. */
function stored() {
  const asked: [number, number][] = []
  const store = {
    query: async <Row>(_: string, params: Readonly<Record<string, unknown>> = {}): Promise<Row[]> => {
      const [from, to] = [Number(params['from']), Number(params['to'])]
      asked.push([(from - start) / hour, (to - start) / hour])
      return Array.from({ length: Math.ceil((to - from) / hour) }, (_, index) => from + index * hour).filter((first) => first !== start + 5 * hour).map((first) => ({ first, last: Math.min(first + hour, to) - 1 })) as Row[]
    },
  }
  return { asked, heard: new Heard(store) }
}
const at = (from: number, to: number) => ({ from: start + from * hour, to: start + to * hour })
const told = (hours: readonly { first: number; last: number }[]): number[][] => hours.map(({ first, last }) => [(first - start) / hour, (last + 1 - start) / hour])

test('what was asked once is not asked again; only the newest hours are', async () => {
  const { asked, heard } = stored()
  expect(told(await heard.within(at(0, 8)))).toEqual([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [6, 7], [7, 8]])
  expect(told(await heard.within(at(2, 4)))).toEqual([[2, 3], [3, 4]])
  expect(told(await heard.within(at(6, 10)))).toEqual([[6, 7], [7, 8], [8, 9], [9, 10]])
  expect(told(await heard.within(at(0, 10)))).toHaveLength(9)
  expect(asked).toEqual([[0, 8], [7, 10], [9, 10]])
})

test('an older span is asked as a whole, and so is one far ahead', async () => {
  const { asked, heard } = stored()
  await heard.within(at(10, 12))
  expect(told(await heard.within(at(8, 11)))).toEqual([[8, 9], [9, 10], [10, 11]])
  await heard.within(at(40, 41))
  expect(asked).toEqual([[10, 12], [8, 11], [40, 41]])
})

test('hours are cut to the span, and no more than sixty days are kept', async () => {
  const { heard, asked } = stored()
  expect(told(await heard.within(at(0.5, 1.25)))).toEqual([[0.5, 1.25]])
  await heard.within(at(0.5, 24 * 70))
  await heard.within(at(0.5, 24 * 70))
  expect(asked.at(-1)).toEqual([0.5, 24 * 70])
})
