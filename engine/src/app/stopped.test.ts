import { expect, test } from 'vitest'
import { stoppedWords } from './stopped.ts'

test.each([
  { checkpoint: 42, words: 'stopped at position 42, checkpoint written' },
  { checkpoint: 40, words: 'stopped at position 42; the newest checkpoint is at 40: the next start reads from there' },
  { checkpoint: null, words: 'stopped at position 42, no checkpoint written: the next start counts from the store' },
  { checkpoint: 'off' as const, words: 'stopped at position 42; checkpoints are off: the next start counts from the store' },
])('a stop with the newest checkpoint at $checkpoint says where the next start goes on', ({ checkpoint, words }) => {
  expect(stoppedWords(42, checkpoint)).toBe(words)
})
