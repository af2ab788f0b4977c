import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LetterFound } from '../io/clickhouse/dead-letters.ts'
import { ReplayStopped, type ReplayQuestion } from '../io/http/dead-letters.ts'
import { StreamFull, StreamRefused } from '../stream-errors.ts'
import { dismissLetters, groupsOf, replayLetters, type Replaying } from './replay.ts'

const letter = (seq: number, bytes = 2): LetterFound => ({ ingested: 1000 + seq, stream: 7, seq, line: 0, platform: seq === 3 ? '' : 'weibo', bytes })
const question: ReplayQuestion = { all: false, limit: 100, dryRun: false, from: null }

/** Letters 1 to `count` in the store; what publishing message `seq` does is told by the test. */
function house(count: number, publish: (id: string) => { readonly duplicate: boolean } = () => ({ duplicate: false })) {
  const [published, noted, asked, metered]: [string[], unknown[], Record<string, unknown>[], unknown[]] = [[], [], [], []]
  const found = Array.from({ length: count }, (_, index) => letter(index + 1))
  const replaying: Replaying = {
    now: () => 0,
    metrics: { deadLettersReplayed: (outcome, letters) => { metered.push([outcome, letters]) } },
    stream: {
      created: 7, state: async () => ({ firstSeq: 1, lastSeq: 50, bytes: 0, bytesMax: 0 }),
      publish: async (subject, data, id = '') => { const { duplicate } = publish(id); published.push(`${subject} ${Buffer.from(data).toString()} ${id}`); return { seq: 60, duplicate } },
    },
    store: {
      query: async <Row>(sql: string, params: Readonly<Record<string, unknown>> = {}) => {
        asked.push(params)
        return (sql.includes('base64') ? found.map(({ stream, seq, line }) => ({ stream, seq, line, raw: Buffer.from(`r${seq}`).toString('base64') })) : found.map((one) => ({ ...one, at: one.ingested })).slice(0, Number(params['limit']))) as Row[]
      },
      insertRows: async (table, token, rows) => { noted.push([table, token.startsWith('replayed:'), rows.map((row) => row['seq'])]) },
    },
  }
  return { replaying, published, noted, asked, metered }
}

test('each letter is a message of its own platform, with an id of its place, and is noted once the stream has it', async () => {
  const { replaying, published, noted, asked, metered } = house(3, (id) => ({ duplicate: id === 'replay:7:2:0' }))
  expect(await replayLetters(replaying, { ...question, reason: 'poison' })).toEqual({ letters: 3, sent: 3, repeated: 1, refused: 0, bytes: 6, dryRun: false, next: null })
  expect(published).toEqual(['mentions.weibo r1 replay:7:1:0', 'mentions.weibo r2 replay:7:2:0', 'mentions.unknown r3 replay:7:3:0'])
  expect(noted).toEqual([['replayed_letters', true, [1, 2, 3]]])
  expect(metered).toEqual([['sent', 3]])
  expect(asked[0]).toMatchObject({ reason: 'poison', untilStream: 7, untilSeq: 50 })
})

test('a full stream stops it: what it took before is noted and told, the rest stays', async () => {
  const { replaying, noted } = house(3, (id) => { if (id === 'replay:7:2:0') throw new StreamFull('full'); return { duplicate: false } })
  await expect(replayLetters(replaying, question)).rejects.toSatisfy((error) => error instanceof ReplayStopped && error.cause instanceof StreamFull && error.soFar.sent === 2 && error.soFar.next === null)
  expect(noted).toEqual([['replayed_letters', true, [1, 3]]])
})

test('a letter that fits no message stays as it is, and the others go', async () => {
  const { replaying, noted, metered } = house(2, (id) => { if (id === 'replay:7:1:0') throw new StreamRefused('too large'); return { duplicate: false } })
  expect(await replayLetters(replaying, question)).toMatchObject({ sent: 1, refused: 1 })
  expect([noted, metered]).toEqual([[['replayed_letters', true, [2]]], [['sent', 1], ['refused', 1]]])
})

test('a dry run counts and sends nothing', async () => {
  const { replaying, published, noted } = house(2)
  expect(await replayLetters(replaying, { ...question, dryRun: true })).toMatchObject({ letters: 2, sent: 0, bytes: 4, dryRun: true })
  expect([published, noted]).toEqual([[], []])
})

test('dismissing notes every letter and sends none; a dry run does neither', async () => {
  const { replaying, published, noted, asked } = house(3)
  const dismiss = (dryRun: boolean): Promise<unknown> => dismissLetters(replaying, { reason: 'ts-missing', limit: 2, dryRun, from: null })
  expect(await dismiss(true)).toEqual({ letters: 2, dryRun: true, next: '1002.7.2.0.7.50' })
  expect(noted).toEqual([])
  expect(await dismiss(false)).toMatchObject({ letters: 2, dryRun: false })
  expect([published, noted]).toEqual([[], [['replayed_letters', true, [1, 2]]]])
  expect(asked[0]).toMatchObject({ reason: 'ts-missing', untilStream: 7, untilSeq: 50 })
})

test('a full page names the next, which begins behind it and ends where the first one did', async () => {
  const { replaying, asked } = house(2)
  const { next } = await replayLetters(replaying, { ...question, limit: 2, dryRun: true })
  await replayLetters(replaying, { ...question, limit: 2, dryRun: true, from: next })
  expect(asked[1]).toMatchObject({ afterIngested: 1002, afterStream: 7, afterSeq: 2, afterLine: 0, untilStream: 7, untilSeq: 50 })
})

test('groups hold every letter once and in order, and no more than 4 MiB unless one letter alone is larger', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 6 << 20 })), { maxLength: 1200 }), (sizes) => {
    const letters = sizes.map((bytes, index) => letter(index, bytes))
    const groups = groupsOf(letters)
    expect(groups.flat()).toEqual(letters)
    for (const group of groups) {
      expect(group.length).toBeLessThanOrEqual(500)
      if (group.length > 1) expect(group.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(4 << 20)
    }
  }), { numRuns: 30 })
})
