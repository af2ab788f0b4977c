import { expect, test } from 'vitest'
import { watchStore } from './watch-store.ts'

test('an outage is told once, after two pings in a row have failed, and its end once, with writes given up; a single slow answer is none', async () => {
  const told: string[] = []
  const waits: number[] = []
  let answers = true
  let next = () => {}
  const stop = watchStore({ ping: async (timeoutMs) => { if (!answers) throw new Error(`no answer within ${timeoutMs}`) }, giveUpWrites: async () => { told.push('writes given up') } }, {
    onDown: (error) => told.push(error.message), onUp: () => told.push('up'), timeoutMs: 700,
    after: (ms, run) => { waits.push(ms); next = run; return () => { next = () => told.push('looked after it was stopped') } },
  })
  const look = async (well: boolean) => {
    answers = well
    next()
    await new Promise((resolve) => { setImmediate(resolve) })
  }
  for (const well of [true, false, true]) await look(well)
  expect([told, waits]).toEqual([[], [5000, 5000, 1000, 5000]])
  for (const well of [false, false, false, true, true]) await look(well)
  expect(told).toEqual(['no answer within 700', 'writes given up', 'up'])
  stop()
})
