// The player against an injected clock: what it sends, in which order, how fast, and how it waits for the stream.
import { expect, test } from 'vitest'
import { StreamDown, StreamFull, StreamRefused } from '../stream-errors.ts'
import { createDrill } from './drill.ts'
import { playDrill, playerLimits } from './player.ts'

const wallStart = Date.UTC(2026, 4, 1, 13)
const startMs = wallStart - 2 * 3_600_000

/** Runs the player on a clock that only sleeping moves, until `wallMs` have passed. */
async function play(options: { wallMs: number; publish?: (data: Uint8Array) => void }) {
  let wall = wallStart
  const stop = new AbortController()
  const sent: { subject: string; text: string; id: string; wall: number }[] = []
  const progress = await playDrill({
    seconds: createDrill({ seed: 3, startMs }), startMs, speed: 60, now: () => wall, signal: stop.signal,
    sleep: (ms) => {
      wall += ms
      if (wall - wallStart >= options.wallMs) stop.abort()
      return Promise.resolve()
    },
    publish: (subject, data, id) => {
      sent.push({ subject, text: new TextDecoder().decode(data), id, wall })
      return Promise.resolve()
    },
  })
  return { sent, progress }
}
const timesOf = (text: string) => text.trimEnd().split('\n').map((line) => (JSON.parse(line) as { ts: number }).ts)

test('event time runs at 60× and meets now after about two minutes, then goes on with the clock', async () => {
  const early = await play({ wallMs: 60_000 })
  expect(early.progress.eventMs).toBe(startMs + 3_600_000 - 6000) // the step at which it is stopped is not played
  expect(early.progress.met).toBe(false)
  const late = await play({ wallMs: 130_000 })
  expect(late.progress.met).toBe(true)
  expect(wallStart + 130_000 - late.progress.eventMs).toBeLessThanOrEqual(1100)
  for (const message of late.sent) expect(Math.max(...timesOf(message.text))).toBeLessThan(message.wall)
})

test('messages hold at most 64 mentions of one platform, ids differ, and no second comes before an earlier one', async () => {
  const { sent, progress } = await play({ wallMs: 100_000 })
  let lastSecond = 0, mentions = 0
  for (const { subject, text } of sent) {
    const lines = text.trimEnd().split('\n')
    const platforms = new Set(lines.map((line) => (JSON.parse(line) as { platform: string }).platform))
    expect([...platforms]).toEqual([subject.slice('mentions.'.length)])
    expect(lines.length).toBeLessThanOrEqual(playerLimits.mentionsPerMessageMax)
    const seconds = new Set(timesOf(text).map((ts) => Math.floor(ts / 1000)))
    expect(seconds.size).toBe(1)
    const [second] = seconds
    expect(second).toBeGreaterThanOrEqual(lastSecond)
    lastSecond = second!
    mentions += lines.length
  }
  expect(new Set(sent.map((message) => message.id)).size).toBe(sent.length)
  expect(mentions).toBe(progress.sent)
})

test('a stream that does not accept holds the player back; a failing one ends it with its error', async () => {
  let accept = () => {}
  let published = 0, calls = 0
  const base = { seconds: createDrill({ seed: 3, startMs }), startMs, speed: 60, now: () => wallStart + 60_000 * calls++, sleep: () => Promise.resolve() }
  const stop = new AbortController()
  const playing = playDrill({ ...base, signal: stop.signal, publish: () => { published++; return new Promise<void>((resolve) => { accept = () => { stop.abort(); resolve() } }) } })
  await Promise.resolve()
  const waiting = published
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  expect(waiting).toBeGreaterThan(0)
  expect(published).toBe(waiting)
  accept()
  stop.abort()
  void playing // its other messages are never accepted: it stays where it is, and is collected

  const refused = playDrill({ ...base, signal: new AbortController().signal, publish: () => Promise.reject(new StreamRefused('no such subject')) })
  await expect(refused).rejects.toThrow('no such subject')
})

test('a stream that is full or away is waited for: everything comes, once under each id, in order of seconds', async () => {
  const well = await play({ wallMs: 5000 })
  let wall = wallStart, calls = 0
  const stop = new AbortController()
  const sent: string[] = []
  await playDrill({
    seconds: createDrill({ seed: 3, startMs }), startMs, speed: 60, now: () => wall, signal: stop.signal,
    sleep: (ms) => { wall += ms; return Promise.resolve() },
    publish: (_subject, _data, id) => {
      if (calls++ % 3 < 2) return Promise.reject(calls % 2 ? new StreamFull('full') : new StreamDown('away'))
      sent.push(id)
      if (sent.length >= well.sent.length) stop.abort()
      return Promise.resolve()
    },
  })
  const secondOf = (id: string) => Number(id.split(':')[1])
  expect(new Set(sent).size).toBe(sent.length)
  expect(sent.map(secondOf)).toEqual(sent.map(secondOf).toSorted((a, b) => a - b))
  for (const { id } of well.sent) expect(sent).toContain(id)
})

test('one that is stopped while the stream is away ends, and does not say that it sent anything', async () => {
  const stop = new AbortController()
  const progress = await playDrill({
    seconds: createDrill({ seed: 3, startMs }), startMs, speed: 60, now: () => wallStart + 60_000, signal: stop.signal,
    sleep: () => { stop.abort(); return Promise.resolve() }, publish: () => Promise.reject(new StreamDown('away')),
  })
  expect(progress.sent).toBe(0)
})
