import { expect, test } from 'vitest'
import { startTrimming } from './trimming.ts'

const turns = async (): Promise<void> => { for (let i = 0; i < 20; i++) await new Promise((resolve) => { setImmediate(resolve) }) }

interface RoomOptions { kind?: 'nats' | 'in-process'; hasCheckpoints?: boolean; position?: number; bytes?: number; fails?: boolean }

/** A stream, an inserter and checkpoints whose places are told by hand, on a clock that is moved by hand. */
function room({ kind = 'nats', hasCheckpoints = true, ...given }: RoomOptions = {}) {
  const world = { position: 100, oldest: 20, newest: 60, bytes: 10, fails: false, ...given }
  const trimmed: number[] = []
  const asked: number[] = []
  let sleeping: { ms: number; wake: () => void }[] = []
  const trimming = startTrimming({
    stream: {
      kind, trim: async (upTo) => { trimmed.push(upTo) },
      state: async () => { if (world.fails) throw new Error('no answer'); return { firstSeq: 1, lastSeq: 100, bytes: world.bytes, bytesMax: 100 } },
    },
    inserter: { get position() { return world.position } },
    checkpointer: hasCheckpoints ? { needless: (isPressed) => (isPressed ? world.newest : world.oldest), reached: (seq) => { asked.push(seq); return new Promise(() => undefined) } } : null,
    clock: {
      now: () => 0,
      sleep: (ms, signal) => new Promise((wake) => {
        if (signal?.aborted) return wake()
        signal?.addEventListener('abort', () => wake())
        sleeping.push({ ms, wake })
      }),
    },
    onFailed: () => undefined,
  })
  return {
    world, trimmed, asked, trimming,
    pass: async (ms: number) => {
      const due = sleeping.filter((one) => one.ms <= ms)
      sleeping = sleeping.filter((one) => one.ms > ms)
      for (const { wake } of due) wake()
      await turns()
    },
  }
}

test('what the oldest checkpoint needs stays, whatever is carried out', async () => {
  const { world, trimmed, trimming, pass } = room()
  await turns()
  expect(trimmed).toEqual([20])
  world.oldest = 40
  trimming.look()
  await pass(1000)
  expect(trimmed).toEqual([20, 40])
  trimming.close()
})

test('a stream with little room keeps only what the newest checkpoint needs, and asks for the next one by itself', async () => {
  const { world, trimmed, asked, trimming, pass } = room({ bytes: 76 })
  await turns()
  expect([trimmed, asked]).toEqual([[60], [100]])
  world.newest = 100
  await pass(1000)
  expect([trimmed, asked]).toEqual([[60, 100], [100]])
  trimming.close()
})

test('never more goes than is carried out, and nothing while no checkpoint is of this stream', async () => {
  const { world, trimmed, trimming, pass } = room({ position: 10 })
  await turns()
  world.oldest = 0
  await pass(1000)
  await pass(60_000)
  expect(trimmed).toEqual([10])
  trimming.close()
})

test('a stream that does not answer is asked again', async () => {
  const { world, trimmed, trimming, pass } = room({ fails: true })
  await turns()
  expect(trimmed).toEqual([])
  world.fails = false
  trimming.look()
  await pass(1000)
  expect(trimmed).toEqual([20])
  trimming.close()
})

test.each([{ what: 'without checkpoints', options: { hasCheckpoints: false } }, { what: 'inside this process', options: { kind: 'in-process' as const } }])('a stream $what is needed by nobody once it is carried out', async ({ options }) => {
  const { trimmed, trimming } = room(options)
  await turns()
  expect(trimmed).toEqual([100])
  trimming.close()
})
