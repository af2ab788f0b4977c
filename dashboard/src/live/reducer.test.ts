import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { liveLimits, type Frame, type Snapshot, type SourceRow, type TopicRow } from '@groundswell/schemas/live.ts'
import { snapshot } from '../../test/seeded.ts'
import { nothingYet, reduce, silenceMsMax, type Message, type Picture } from './reducer.ts'

const first = snapshot({ topics: 4 })
const held = reduce(nothingYet, { kind: 'snapshot', at: 0, snapshot: first })
const frame = (seq: number, changes: Partial<Frame> = {}): Frame => ({ epoch: first.epoch, seq, serverNow: first.serverNow + seq, clock: first.clock, ...changes })
const topic = (index: number, changes: Partial<TopicRow> = {}): TopicRow => ({ ...(first.topics[index] ?? expect.unreachable()), ...changes })

describe('frames', () => {
  test('the next frame is taken: changed rows replace, the rest stays', () => {
    const next = reduce(held, { kind: 'frame', at: 250, frame: frame(2, { topics: [topic(1, { count: 99 })], topicsTotal: 40 }) })
    expect(next).toMatchObject({ link: 'live', wantsSnapshot: false, goodAt: 250 })
    expect(next.snapshot?.topics.map(({ id, count }) => [id, count])).toEqual(first.topics.map(({ id, count }, index) => [id, index === 1 ? 99 : count]))
    expect(next.snapshot).toMatchObject({ seq: 2, topicsTotal: 40, totals: first.totals, alerts: first.alerts })
  })

  test('what a frame does not speak of is the very same list, so that nothing that hangs on it is worked out anew', () => {
    const next = reduce(held, { kind: 'frame', at: 250, frame: frame(2, { totals: first.totals }) }).snapshot
    for (const list of ['topics', 'sources', 'alerts', 'silences', 'problems'] as const) expect(next?.[list], list).toBe(held.snapshot?.[list])
  })

  test('order moves, adds and drops topics', () => {
    const added = topic(0, { id: 'new' })
    const order = ['new', first.topics[2]?.id ?? '', first.topics[0]?.id ?? '']
    const next = reduce(held, { kind: 'frame', at: 1, frame: frame(2, { topics: [added], order }) })
    expect(next.snapshot?.topics.map(({ id }) => id)).toEqual(order)
  })

  test.each([
    { why: 'a gap', wrong: frame(3) },
    { why: 'another epoch', wrong: { ...frame(2), epoch: 'e2' } },
    { why: 'an order that names a topic never shown', wrong: frame(2, { order: ['never-shown'] }) },
  ])('$why asks for a snapshot and holds the last picture', ({ wrong }) => {
    const next = reduce(held, { kind: 'frame', at: 250, frame: wrong })
    expect(next).toEqual({ ...held, wantsSnapshot: true })
    expect(reduce(next, { kind: 'snapshot', at: 300, snapshot: { ...first, epoch: wrong.epoch, seq: 9 } })).toMatchObject({ wantsSnapshot: false, link: 'live' })
  })

  test('a frame seen already changes nothing', () => {
    expect(reduce(held, { kind: 'frame', at: 250, frame: frame(1, { topicsTotal: 0 }) })).toBe(held)
  })

  test('lists stay within their limits', () => {
    const sources: SourceRow[] = Array.from({ length: liveLimits.sourcesMax + 5 }, (_, index) => ({ platform: `p${index}`, newestAt: index, cadenceMs: null, lastHour: 0, blindSince: null }))
    const alerts = Array.from({ length: liveLimits.alertsMax + 9 }, () => first.alerts[0] ?? expect.unreachable())
    const next = reduce({ ...held, snapshot: { ...first, sources: [] } }, { kind: 'frame', at: 1, frame: frame(2, { sources, alerts }) })
    expect(next.snapshot?.alerts).toHaveLength(liveLimits.alertsMax)
    expect(next.snapshot?.sources.map(({ newestAt }) => newestAt)).toEqual(Array.from({ length: liveLimits.sourcesMax }, (_, index) => index + 5))
  })
})

describe('another run', () => {
  const { run: _run, ...room } = first.room
  const of = (run: string | undefined, epoch: string): Message => ({ kind: 'snapshot', at: 1, snapshot: { ...first, epoch, room: { ...room, ...(run === undefined ? {} : { run }) } } })
  test.each<{ why: string; told: readonly (readonly [run: string | undefined, epoch: string])[]; runs: number }>([
    { why: 'the first picture begins none', told: [['1', 'e1']], runs: 0 },
    { why: 'an engine that started again on its stream goes on', told: [['1', 'e1'], ['1', 'e2'], ['1', 'e3']], runs: 0 },
    { why: 'a new drill is another one', told: [['1', 'e1'], ['2', 'e2']], runs: 1 },
    { why: 'and so is the next', told: [['1', 'e1'], ['2', 'e2'], ['2', 'e3'], ['3', 'e4']], runs: 2 },
    { why: 'an engine that does not say it is taken for the same', told: [[undefined, 'e1'], ['1', 'e2'], [undefined, 'e3'], ['2', 'e4']], runs: 0 },
  ])('$why', ({ told, runs }) => {
    const after = told.reduce((picture, [run, epoch]) => {
      const next = reduce(picture, of(run, epoch))
      expect(next.snapshot?.epoch).toBe(epoch)
      return reduce(reduce(next, { kind: 'frame', at: 2, frame: { ...frame(2), epoch } }), { kind: 'disconnect', at: 3 })
    }, nothingYet)
    expect(after.runs).toBe(runs)
  })
})

describe('loss', () => {
  test.each([
    { after: silenceMsMax, link: 'live' },
    { after: silenceMsMax + 1, link: 'lost' },
  ])('after $after ms of silence the link is $link', ({ after, link }) => {
    expect(reduce(held, { kind: 'tick', at: after }).link).toBe(link)
  })

  test('silence is on the wall within five seconds', () => expect(silenceMsMax + 250).toBeLessThan(5_000))

  test('a disconnect is a loss at once, the picture is kept, and the next frame in order heals it', () => {
    const lost = reduce(held, { kind: 'disconnect', at: 10 })
    expect(lost).toEqual({ ...held, link: 'lost' })
    expect(reduce(lost, { kind: 'frame', at: 20, frame: frame(2) }).link).toBe('live')
  })

  test('before the first snapshot there is nothing to lose', () => expect(reduce(nothingYet, { kind: 'disconnect', at: 10 })).toBe(nothingYet))
})

describe('any delivery', () => {
  const ids = ['a', 'b', 'c', 'd', 'e']
  const change = fc.record({
    rows: fc.array(fc.tuple(fc.constantFrom(...ids), fc.nat(1000)), { maxLength: 3 }), shown: fc.option(fc.shuffledSubarray(ids, { minLength: 1 }), { nil: undefined }),
    source: fc.option(fc.tuple(fc.constantFrom('weibo', 'news', 'x'), fc.nat(1000)), { nil: undefined }), restart: fc.boolean().map((yes) => yes), odds: fc.nat(9),
  })
  /** What a network may do to the messages of one run: lose, double, hold back. */
  const fate = fc.record({ lost: fc.nat(3).map((n) => n === 0), doubled: fc.boolean(), heldBack: fc.nat(3) })

  test('cuts, doubles and reorderings, then a resync, give exactly the picture of the server', () => {
    fc.assert(fc.property(fc.array(fc.tuple(change, fate), { maxLength: 40 }), (steps) => {
      const server = new NaiveServer(ids)
      const sent: { message: Message; due: number }[] = [{ message: server.snapshotMessage(), due: 0 }]
      steps.forEach(([wanted, luck], index) => {
        const message = wanted.restart && wanted.odds === 0 ? server.restart() : server.frame(wanted)
        if (!luck.lost) sent.push({ message, due: index + luck.heldBack })
        if (luck.doubled) sent.push({ message, due: index + 2 * luck.heldBack })
      })
      let picture: Picture = nothingYet
      for (const { message } of sent.toSorted((a, b) => a.due - b.due)) {
        picture = reduce(picture, message)
        if (picture.snapshot !== null) expect(server.everShown).toContainEqual(comparable(picture.snapshot)) // never a mixture
      }
      picture = reduce(picture, server.snapshotMessage())
      expect(comparable(picture.snapshot ?? expect.unreachable())).toEqual(server.everShown.at(-1))
      expect(picture.wantsSnapshot).toBe(false)
    }), { numRuns: 300 })
  })

  const comparable = (shot: Snapshot) => ({ ...shot, sources: shot.sources.toSorted((a, b) => (a.platform < b.platform ? -1 : 1)) })

  /** Keeps everything and says everything: the picture that the wall must come to. */
  class NaiveServer {
    readonly rows = new Map<string, TopicRow>()
    readonly sources = new Map<string, SourceRow>()
    readonly everShown: Snapshot[] = []
    epoch = 1
    seq = 0
    order: string[]
    constructor(order: string[]) {
      this.order = order
      for (const id of order) this.rows.set(id, topic(0, { id }))
    }

    snapshot(): Snapshot {
      return { ...first, epoch: `e${this.epoch}`, seq: this.seq, serverNow: this.seq, topics: this.order.map((id) => this.rows.get(id) ?? expect.unreachable()), sources: [...this.sources.values()] }
    }

    snapshotMessage(): Message {
      this.everShown.push(comparable(this.snapshot()))
      return { kind: 'snapshot', at: this.seq, snapshot: this.snapshot() }
    }

    restart(): Message {
      this.epoch++
      this.seq = 0
      return this.snapshotMessage()
    }

    /** A frame holds rows that changed or came into the order anew. */
    frame(wanted: { rows: [string, number][]; shown: string[] | undefined; source: [string, number] | undefined }): Message {
      const before = new Set(this.order)
      const changed = new Set<string>()
      for (const [id, count] of wanted.rows) {
        this.rows.set(id, { ...(this.rows.get(id) ?? expect.unreachable()), count })
        changed.add(id)
      }
      if (wanted.shown !== undefined) this.order = wanted.shown
      const topics = this.order.filter((id) => changed.has(id) || !before.has(id)).map((id) => this.rows.get(id) ?? expect.unreachable())
      const row = wanted.source === undefined ? undefined : { platform: wanted.source[0], newestAt: wanted.source[1], cadenceMs: null, lastHour: 1, blindSince: null }
      if (row !== undefined) this.sources.set(row.platform, row)
      this.seq++
      this.everShown.push(comparable(this.snapshot()))
      return { kind: 'frame', at: this.seq, frame: { epoch: `e${this.epoch}`, seq: this.seq, serverNow: this.seq, clock: first.clock, topics,
        ...(wanted.shown === undefined ? {} : { order: wanted.shown }), ...(row === undefined ? {} : { sources: [row] }) } }
    }
  }
})
