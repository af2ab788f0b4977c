import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareRules } from '../io/pool/pool.ts'
import type { StreamMessage } from '../ports.ts'
import { Cutter, cutLimits, type Work } from './cut.ts'

const rules = (seq: number) => shareRules(seq, 'topics: []')
const encode = (text: string) => new TextEncoder().encode(text)
const message = (seq: number, subject: string, data: Uint8Array): StreamMessage => ({ seq, time: 1_000 + seq, subject, data })
const cutter = () => new Cutter({ stream: 7, rules: rules(0) })

/** Sequences at which an insert ends, and what each batch holds, as text. */
function outline(work: readonly Work[]): { ends: number[]; text: string; seqs: number[] } {
  const ends = work.filter((w) => (w.kind !== 'batch' && w.kind !== 'canary') || w.endsInsert).map((w) => w.seq)
  const batches = work.filter((w) => w.kind === 'batch')
  return { ends, text: batches.map((w) => Buffer.from(w.raw.bytes).toString('latin1')).join(''), seqs: batches.flatMap((w) => [...w.raw.seqs]) }
}

const size = fc.constantFrom(10, 1000, 300_000, 900_000)
const canary = (n: number) => encode(JSON.stringify({ id: `canary:run:${n}`, ts: 1_800_000_000_000 + n, text: 'test' }))
const stream = fc.array(fc.oneof({ weight: 1, arbitrary: fc.constant({ subject: 'commands.canary', bytes: 0 }) }, { weight: 6, arbitrary: size.map((bytes) => ({ subject: 'mentions.weibo', bytes })) }, { weight: 1, arbitrary: fc.constant({ subject: 'ticks', bytes: 2 }) }), { minLength: 1, maxLength: 60 })

test('inserts end at the same sequences however the messages arrive', () => {
  fc.assert(fc.property(stream, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (plan, sizes) => {
    const messages = plan.map((p, i) => message(i + 1, p.subject, p.bytes === 0 ? canary(i) : new Uint8Array(p.bytes).fill(97 + (i % 26))))
    const whole = outline(cutter().cut(messages))
    const piecewise = cutter()
    const work: Work[] = []
    for (let at = 0, turn = 0; at < messages.length; turn++) {
      const to = Math.min(messages.length, at + sizes[turn % sizes.length]!)
      work.push(...piecewise.cut(messages.slice(at, to)))
      at = to
    }
    expect(outline(work)).toEqual(whole)
    expect(whole.seqs).toEqual(messages.filter((m) => m.subject === 'mentions.weibo').map((m) => m.seq))
  }), { numRuns: 60 })
})

test('an insert ends once its messages weigh 24 MiB, and weighing starts again', () => {
  const heavy = 1 << 20
  const messages = Array.from({ length: 60 }, (_, i) => message(i + 1, 'mentions.x', new Uint8Array(heavy)))
  expect(outline(cutter().cut(messages)).ends).toEqual([24, 48])
})

test('an insert ends where one of an earlier run ended, however the messages arrive, and weighing starts again there', () => {
  const messages = Array.from({ length: 60 }, (_, i) => message(i + 1, 'mentions.x', new Uint8Array(1 << 20)))
  const whole = () => new Cutter({ stream: 7, rules: rules(0), stored: 10 })
  expect(outline(whole().cut(messages)).ends).toEqual([10, 34, 58])
  const piecewise = whole()
  expect(outline([...piecewise.cut(messages.slice(0, 10)), ...piecewise.cut(messages.slice(10))]).ends).toEqual([10, 34, 58])
})

test('tiny lines weigh what they will cost: a MiB of them is many inserts\' worth, not a sixteenth of one', () => {
  const tiny = encode('x\n'.repeat(1 << 19))
  const messages = Array.from({ length: 4 }, (_, i) => message(i + 1, 'mentions.x', tiny))
  expect(outline(cutter().cut(messages)).ends).toEqual([1, 2, 3, 4])
  expect(outline(cutter().cut(Array.from({ length: 300_000 }, (_, i) => message(i + 1, 'mentions.x', encode('x'))))).ends[0]).toBe(Math.ceil(cutLimits.insertWeightMax / 193))
})

test('a batch knows each message: its end, sequence, time and platform', () => {
  const work = cutter().cut([message(5, 'mentions.weibo', encode('{}\n')), message(6, 'mentions.news.hot', encode('{"a":1}'))])
  expect(work).toHaveLength(1)
  const { raw } = work[0] as Extract<Work, { kind: 'batch' }>
  expect([...raw.ends]).toEqual([3, 10])
  expect([...raw.seqs]).toEqual([5, 6])
  expect([...raw.times]).toEqual([1005, 1006])
  expect(raw.platforms).toEqual(['weibo', 'news'])
})

test('a canary is work of its own in its place, by the rules of its place, and ends no insert', () => {
  const good = encode(JSON.stringify({ kind: 'rules', text: 'topics: []\n' }))
  const work = cutter().cut([message(1, 'mentions.x', encode('a')), message(2, 'commands.canary', canary(1)), message(3, 'mentions.x', encode('b')), message(4, 'commands.rules', good), message(5, 'commands.canary', canary(2))])
  expect(work.map((w) => [w.kind, w.seq])).toEqual([['batch', 1], ['canary', 2], ['batch', 3], ['command', 4], ['canary', 5]])
  const [first, second] = work.filter((w) => w.kind === 'canary')
  expect([first?.canary.id, first?.rules.seq, first?.endsInsert, second?.rules.seq]).toEqual(['canary:run:1', 0, false, 4])
  expect(Buffer.from(first!.raw.bytes).equals(canary(1))).toBe(true)
  expect(first!.raw.bytes.buffer.byteLength).toBe(canary(1).length)
})

test('canaries weigh too: any number of them, and nothing else, still ends inserts', () => {
  const messages = Array.from({ length: 110_000 }, (_, i) => message(i + 1, 'commands.canary', canary(1)))
  const { ends } = outline(cutter().cut(messages))
  expect(ends[0]).toBe(Math.ceil(cutLimits.insertWeightMax / (canary(1).length + cutLimits.messageWeight + cutLimits.lineWeight)))
})

test('batches behind a good rules command carry its rules; behind a bad one, the old ones', () => {
  const good = 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: 断网 }\n'
  const command = (text: string) => encode(JSON.stringify({ kind: 'rules', text }))
  const work = cutter().cut([
    message(1, 'mentions.x', encode('a')), message(2, 'commands.rules', command(good)), message(3, 'mentions.x', encode('b')),
    message(4, 'commands.rules', command('topics: [')), message(5, 'mentions.x', encode('c')),
  ])
  expect(work.filter((w) => w.kind === 'batch').map((w) => w.rules.seq)).toEqual([0, 2, 2])
})

test.each([
  { data: 'not json', why: /not JSON/ },
  { data: '{"kind":"nuke"}', why: /kind/ },
  { data: '{"kind":"rules"}', why: /text/ },
  { subject: 'commands.canary', data: '{"id":"weibo:1","ts":1,"text":"x"}', why: /id/ },
  { subject: 'commands.canary', data: '{"id":"canary:r:1"}', why: /ts/ },
])('the command $data is unreadable and says why', ({ subject = 'commands.x', data, why }) => {
  const [work] = cutter().cut([message(1, subject, encode(data))])
  expect(work).toMatchObject({ kind: 'unreadable', seq: 1, subject, reason: expect.stringMatching(why) })
})

test.each(['{"kind":"forget"}', '{"kind":"forget","mention":"a","author":"b"}', '{"kind":"forget","author":""}'])('%s names nothing, or too much, to forget: unreadable', (data) => {
  expect(cutter().cut([message(1, 'commands.forget', encode(data))])[0]).toMatchObject({ kind: 'unreadable' })
})
