import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { leftText, Progress } from './progress.ts'

test('a terminal is told the time that is left of the whole run, also where a large piece was just read', () => {
  let shown = ''
  const stream = Object.assign(new Writable({ write: (chunk: Buffer, _, done) => { shown += chunk.toString(); done() } }), { isTTY: true, columns: 200 }) as unknown as NodeJS.WriteStream
  let now = 0
  const progress = new Progress({ stream, bytesTotal: 1000, now: () => now })
  for (let second = 0; second < 65; second++) {
    if (second % 10 === 0) progress.read(100) // each ten seconds a tenth of the file, and a mention each second
    now = (second + 1) * 1000
    progress.published(1)
  }
  progress.end(false)
  expect(shown).toMatch(/70% · 65 mentions · 1\/s · about 28 s left/)
})

test.each([[30, 0, ''], [30, 0.5, 'about 30 s left'], [60, 0.01, 'about 1 h 39 min left'], [60, 1, 'about 0 s left']])('%i s for a share of %d: %s', (seconds, share, text) => {
  expect(leftText(seconds, share)).toBe(text)
})
