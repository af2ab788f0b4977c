import { expect, test } from 'vitest'
import { Trimmer, trimPauseMs } from './trimmer.ts'

/** A trimmer over a stream whose fullness and failures are told by hand, on a clock that is moved by hand. */
function trimmed() {
  const world = { at: 0, full: 0, fails: false, looks: [] as number[] }
  let timers: { readonly due: number; readonly run: () => void }[] = []
  const trimmer = new Trimmer({
    look: async (upToSeq) => {
      if (world.fails) throw new Error('no answer')
      world.looks.push(upToSeq)
    },
    pressed: async () => {
      if (world.fails) throw new Error('no answer')
      return world.full > 0.75
    },
    now: () => world.at,
    after: (ms, run) => {
      const timer = { due: world.at + ms, run }
      timers.push(timer)
      return () => { timers = timers.filter((each) => each !== timer) }
    },
  })
  const advance = async (ms: number) => {
    world.at += ms
    const due = timers.filter((timer) => timer.due <= world.at)
    timers = timers.filter((timer) => timer.due > world.at)
    for (const { run } of due) run()
    await new Promise((resolve) => { setImmediate(resolve) })
  }
  return { world, trimmer, advance, waiting: () => timers.length }
}

test('a position told within the pause is trimmed when the pause is over, without another call', async () => {
  const { world, trimmer, advance, waiting } = trimmed()
  await trimmer.trim(1)
  await trimmer.trim(5)
  await trimmer.trim(9)
  expect(world.looks).toEqual([1])
  await advance(trimPauseMs)
  expect([world.looks, waiting()]).toEqual([[1, 9], 0])
})

test('a stream over three quarters full is trimmed at once', async () => {
  const { world, trimmer } = trimmed()
  await trimmer.trim(1)
  world.full = 0.8
  await trimmer.trim(5)
  expect(world.looks).toEqual([1, 5])
})

test('positions told while a look is under way are not forgotten', async () => {
  const { world, trimmer, advance } = trimmed()
  await Promise.all([trimmer.trim(1), trimmer.trim(2), trimmer.trim(3)])
  await advance(trimPauseMs)
  expect(world.looks.at(-1)).toBe(3)
})

test('a server that does not answer is asked again until it does', async () => {
  const { world, trimmer, advance } = trimmed()
  world.fails = true
  await expect(trimmer.trim(7)).rejects.toThrow('no answer')
  await advance(trimPauseMs)
  await advance(trimPauseMs)
  expect(world.looks).toEqual([])
  world.fails = false
  await advance(trimPauseMs)
  expect(world.looks).toEqual([7])
})

test('the same position is looked at again later, since what is young grows old', async () => {
  const { world, trimmer, advance } = trimmed()
  await trimmer.trim(7)
  await advance(trimPauseMs)
  await trimmer.trim(7)
  expect(world.looks).toEqual([7, 7])
})

test('nothing is left behind by one that is closed', async () => {
  const { trimmer, waiting } = trimmed()
  await trimmer.trim(1)
  await trimmer.trim(2)
  expect(waiting()).toBe(1)
  trimmer.close()
  await trimmer.trim(3)
  expect(waiting()).toBe(0)
})
