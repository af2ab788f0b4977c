import { expect, test } from 'vitest'
import { InProcessStream } from '../io/in-process/stream.ts'
import { waitUntil } from '../../test/processes.ts'
import { watchStream } from './stream-state.ts'

test('the lag is what the stream holds behind the position, and nothing is said of it when no answer came for a while', async () => {
  const stream = new InProcessStream({ now: () => 1000 })
  for (const text of ['1', '2', '3']) await stream.publish('mentions.weibo', new TextEncoder().encode(text))
  let now = 0
  const watch = watchStream(stream, () => now)
  expect(watch.sample(0), 'not asked yet').toEqual({})
  await waitUntil('the first answer', () => watch.sample(1).streamLagMessages !== undefined)
  const { bytes, bytesMax } = await stream.state()
  expect(watch.sample(1)).toEqual({ streamLagMessages: 2, streamBytes: bytes, streamBytesMax: bytesMax })
  expect(watch.sample(9).streamLagMessages, 'the position is ahead of the answer').toBe(0)
  now = 21_000
  expect(watch.sample(1)).toEqual({})
  watch.close()
})
