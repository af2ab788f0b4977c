import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Sources } from '../3-measure/sources.ts'
import { StateReader, StateWriter } from '../state.ts'
import { Silence, silenceLimits, type SilenceChange, type SilenceOptions } from './silence.ts'

const begin = 1_800_000_000_000
const minute = 60_000
const hour = 60 * minute

/** A room with a clock: `run` lets time pass with a tick a second, and whoever speaks then. */
class Room {
  readonly sources = new Sources()
  readonly silence: Silence
  now = begin
  readonly told: string[] = []
  topics: readonly string[] = []

  constructor(options: SilenceOptions = { blindSeconds: 900 }) { this.silence = new Silence(this.sources, options) }

  say(...platforms: readonly string[]): void { for (const platform of platforms) this.sources.arrived(this.sources.idOf(platform), this.now) }
  tick(): void { this.#tell(this.silence.tick(this.now, () => this.topics)) }
  end(): void { this.#tell(this.silence.ended(this.now)) }

  /** For `ms`, with a tick a second; each platform speaks every so many ms. */
  run(ms: number, every: Readonly<Record<string, number>> = {}): void {
    for (const until = this.now + ms; this.now < until;) {
      this.now += 1000
      for (const [platform, gap] of Object.entries(every)) if ((this.now - begin) % gap === 0) this.say(platform)
      this.tick()
    }
  }

  #tell(changes: readonly SilenceChange[]): void {
    for (const { kind, source, at, silentMs } of changes) this.told.push(`${kind} ${source} at ${(at - begin) / minute} min after ${silentMs / minute}`)
  }
}

test('a source that stops is stale after twice its cadence, blind after the set time, and seen when it speaks again', () => {
  const room = new Room()
  room.run(20 * minute, { weibo: 10_000, news: 30_000 })
  room.run(19_000, { news: 30_000 })
  expect(room.silence.state).toEqual({ stale: 0, blind: [] })
  room.run(1000, { news: 30_000 })
  expect(room.silence.state).toEqual({ stale: 1, blind: [] })
  room.run(15 * minute - 21_000, { news: 30_000 })
  expect([room.told, room.silence.blindSince(0)]).toEqual([[], null])
  room.run(1000, { news: 30_000 })
  expect([room.told, room.silence.state]).toEqual([['blind weibo at 35 min after 15'], { stale: 0, blind: ['weibo'] }])
  expect(room.silence.blindSince(0)).toBe(begin + 35 * minute)
  room.run(5 * minute, { news: 30_000 })
  room.say('weibo')
  room.tick()
  expect(room.told.at(-1)).toBe('seen weibo at 40 min after 20')
  expect(room.silence.state).toEqual({ stale: 0, blind: [] })
})

test('nobody is heard while all are blind, or silent for the set time where they never are: until one speaks', () => {
  const room = new Room({ blindSeconds: 900, bySource: { canary: null } })
  room.run(20 * minute, { weibo: 10_000, news: 30_000, canary: 60_000 })
  room.run(15 * minute, { news: 30_000, canary: 60_000 })
  expect([room.silence.state.blind, room.silence.isDeaf]).toEqual([['weibo'], false])
  room.run(15 * minute, { canary: 60_000 })
  expect([room.silence.state.blind, room.silence.isDeaf]).toEqual([['weibo', 'news'], false])
  room.run(15 * minute)
  expect(room.silence.isDeaf).toBe(true)
  room.say('canary')
  room.tick()
  expect([room.silence.state.blind, room.silence.isDeaf]).toEqual([['weibo', 'news'], false])
})

test.each([
  { why: 'spoke for less than the set time: somebody published a file', speak: (room: Room) => room.run(14 * minute, { weibo: 1000 }) },
  { why: 'spoke twice: no cadence is known', speak: (room: Room) => { room.say('weibo'); room.run(30 * minute); room.say('weibo') } },
  { why: 'was in a recording that ended', speak: (room: Room) => { room.run(hour, { weibo: 1000 }); room.end() } },
  { why: 'comes by hand, a day between', speak: (room: Room) => { room.run(10_000, { weibo: 1000 }); room.run(24 * hour); room.run(10_000, { weibo: 1000 }) } },
])('a source that $why is never blind', ({ speak }) => {
  const room = new Room()
  speak(room)
  room.run(6 * hour)
  expect([room.told, room.silence.state.blind]).toEqual([[], []])
})

test('a collector that brings an hour at once is blind after two hours, not between its hours, on the third day too', () => {
  const room = new Room()
  for (let n = 0; n < 60; n++) {
    room.run(10_000, { weibo: 1000 })
    room.run(hour - 10_000)
  }
  expect(room.told).toEqual([])
  room.run(2 * hour)
  expect(room.told).toHaveLength(1)
})

test('a silence that ended in blindness teaches nothing: the next one is told as soon', () => {
  const room = new Room()
  room.run(hour, { weibo: 5000 })
  for (const _ of [1, 2]) {
    room.run(3 * hour)
    room.run(hour, { weibo: 5000 })
  }
  expect(room.told.filter((line) => line.startsWith('blind')).map((line) => line.slice(-2))).toEqual(['15', '15'])
})

test('a long silence is forgotten after two days', () => {
  const room = new Room()
  room.run(14 * minute, { weibo: 5000 })
  room.run(2 * hour)
  room.run(49 * hour, { weibo: 5000 })
  room.run(15 * minute)
  expect(room.told).toHaveLength(1)
})

test('a recording that ends excuses only who spoke until then, and only until it speaks again', () => {
  const room = new Room()
  room.run(hour, { weibo: 5000, news: 5000 })
  room.run(10 * minute, { weibo: 5000 })
  room.end()
  room.run(5 * minute)
  expect(room.told).toEqual(['blind news at 75 min after 15'])
  room.say('weibo')
  room.run(15 * minute)
  expect(room.told.at(-1)).toBe('blind weibo at 90 min after 15')
})

test('while nobody looked nobody was silent: neither for ten hours without a tick, nor for a stream that begins anew', () => {
  const room = new Room()
  room.run(hour, { weibo: 5000 })
  room.run(10 * minute)
  room.now += 10 * hour
  room.tick()
  room.run(5 * minute - 1000)
  expect(room.told).toEqual([])
  room.run(1000)
  expect(room.told).toEqual(['blind weibo at 675 min after 15'])
})

test('who spoke while nobody looked is seen at the next look, and the time teaches nothing', () => {
  const room = new Room()
  room.run(hour, { weibo: 5000 })
  room.run(15 * minute)
  room.now += 5 * hour
  room.say('weibo')
  room.now += hour
  room.tick()
  expect(room.told.at(-1)).toBe('seen weibo at 435 min after 15')
  room.run(15 * minute)
  expect(room.told.at(-1)).toBe('blind weibo at 450 min after 15')
})

test('a platform has a time of its own, or is never blind', () => {
  const room = new Room({ blindSeconds: 900, bySource: { news: 3600, forum: null } })
  const all = { weibo: 5000, news: 5000, forum: 5000 }
  room.run(2 * hour, all)
  room.run(3 * hour)
  expect(room.told).toEqual(['blind weibo at 135 min after 15', 'blind news at 180 min after 60'])
  const off = new Room({ blindSeconds: null, bySource: { news: 3600 } })
  off.run(2 * hour, all)
  off.run(3 * hour)
  expect(off.told.map((line) => line.split(' ')[1])).toEqual(['news'])
})

test('what a source spoke of before it fell silent is held while it is blind, until a person changes the rules', () => {
  const room = new Room({ blindSeconds: 2 * 3600 })
  room.run(3 * hour, { weibo: 5000 })
  room.topics = ['outage']
  room.run(35 * minute)
  room.topics = []
  expect(room.silence.holds('outage')).toBe(false)
  room.run(2 * hour)
  expect([room.silence.holds('outage'), room.silence.holds('price')]).toEqual([true, false])
  room.silence.release()
  expect([room.silence.holds('outage'), room.silence.state.blind]).toEqual([false, ['weibo']])
})

type Op = { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'say'; readonly platform: string } | { readonly kind: 'tick'; readonly topics: readonly string[] } | { readonly kind: 'end' } | { readonly kind: 'release' }

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 200, max: 2500 }) }, { weight: 1, arbitrary: fc.integer({ min: 4998, max: 60_000 }) }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('say' as const), platform: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('tick' as const), topics: fc.subarray(['t', 'u']) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'end' as const }, { kind: 'release' as const }) },
)
const options: SilenceOptions = { blindSeconds: 8, bySource: { b: 15, c: null } }

/** One look at a source: its newest arrival, the silence that it came back from, and whether it was blind behind it. */
interface Look { readonly newest: number; gap?: number; blind: boolean }

/** Every question is answered from the whole history. */
class NaiveSilence {
  readonly #ticks: number[] = []
  readonly #looks = new Map<string, Look[]>()
  readonly #endedAt = new Map<string, number>() // newest arrival with which a recording ended
  readonly #noted = new Map<string, { readonly newest: number; readonly topics: readonly string[] }>()

  /** Time from … to that somebody looked: of two ticks over 5 s apart, nothing between them. */
  looked(from: number, to: number): number {
    let away = Math.max(0, Math.min(to, this.#ticks[0] ?? Infinity) - from)
    for (let i = 1; i < this.#ticks.length; i++) {
      const [a, b] = [this.#ticks[i - 1]!, this.#ticks[i]!]
      if (b - a > 5000) away += Math.max(0, Math.min(to, b) - Math.max(from, a))
    }
    return Math.max(0, to - from - away)
  }

  look(kind: 'tick' | 'end', now: number, { sources, topics }: { readonly sources: Sources; readonly topics: readonly string[] }): string[] {
    const told: string[] = []
    const looking = kind === 'end' || (this.#ticks.length > 0 && now - this.#ticks.at(-1)! <= 5000)
    if (kind === 'tick') this.#ticks.push(now)
    for (let id = 0; id < sources.size; id++) {
      const name = sources.nameOf(id)
      const looks = this.#looks.get(name) ?? []
      this.#looks.set(name, looks)
      const newest = sources.newestAt(id)
      const last = looks.at(-1)
      const spoke = last !== undefined && newest > last.newest
      const gap = this.looked(last?.newest ?? newest, newest)
      if (spoke && last.blind) told.push(`seen ${name} ${gap}`)
      const look: Look = { newest, blind: last !== undefined && last.blind && !spoke }
      if (spoke && looking && !last.blind) look.gap = gap
      looks.push(look)
      const cadence = sources.cadence(id)
      const silent = this.looked(newest, now)
      if (kind === 'end') {
        if (!look.blind && (cadence === null || silent < Math.max(5000, 2 * cadence))) this.#endedAt.set(name, newest)
        continue
      }
      const after = this.blindAfter(name, newest)
      if (look.blind || after === null || cadence === null) continue
      if (silent >= Math.min(after, 1_800_000) && this.#noted.get(name)?.newest !== newest) this.#noted.set(name, { newest, topics })
      if (silent < after) continue
      look.blind = true
      told.push(`blind ${name} ${silent}`)
    }
    return told
  }

  blindAfter(name: string, newest: number): number | null {
    const seconds = name === 'c' ? null : name === 'b' ? 15 : 8
    const looks = this.#looks.get(name)!
    if (seconds === null || this.#endedAt.get(name) === newest || newest - looks[0]!.newest < seconds * 1000) return null
    return Math.max(seconds * 1000, 2 * Math.max(0, ...looks.map(({ gap }) => gap ?? 0)))
  }

  release(): void { for (const [name, { newest }] of this.#noted) this.#noted.set(name, { newest: this.#isBlind(name) ? newest : -1, topics: [] }) }
  holds(topic: string): boolean { return [...this.#noted].some(([name, { newest, topics }]) => this.#isBlind(name) && this.#looks.get(name)!.at(-1)!.newest === newest && topics.includes(topic)) }
  #isBlind(name: string): boolean { return this.#looks.get(name)?.at(-1)?.blind ?? false }
}

function resaved(silence: Silence, sources: Sources): Silence {
  const out = new StateWriter()
  silence.save(out)
  const other = new Silence(sources, options)
  const from = new StateReader(out.written.slice())
  other.load(from)
  expect(from.done).toBe(true)
  const again = new StateWriter()
  other.save(again)
  expect(again.written).toEqual(out.written)
  return other
}

test('events and what is held are those of a recomputation from the whole history, saved and loaded or not', () => {
  fc.assert(fc.property(fc.array(op, { maxLength: 300, minLength: 60 }), fc.nat(300), (ops, saveAt) => {
    const sources = new Sources()
    let silence = new Silence(sources, options)
    const naive = new NaiveSilence()
    let now = begin
    for (const [index, one] of ops.entries()) {
      if (index === saveAt) silence = resaved(silence, sources)
      if (one.kind === 'wait') now += one.ms
      else if (one.kind === 'say') sources.arrived(sources.idOf(one.platform), now)
      else if (one.kind === 'release') {
        silence.release()
        naive.release()
      } else {
        const topics = one.kind === 'tick' ? one.topics : []
        const changes = one.kind === 'tick' ? silence.tick(now, () => topics) : silence.ended(now)
        expect(changes.map(({ kind, source, silentMs }) => `${kind} ${source} ${silentMs}`)).toEqual(naive.look(one.kind, now, { sources, topics }))
      }
      for (const topic of ['t', 'u']) expect(silence.holds(topic)).toBe(naive.holds(topic))
    }
  }), { numRuns: 400 })
})

test('what cannot be a saved silence is refused', () => {
  const room = new Room()
  room.run(hour, { weibo: 5000 })
  const out = new StateWriter()
  room.silence.save(out)
  const bytes = out.written.slice()
  const load = (cut: Uint8Array): void => new Silence(room.sources, options).load(new StateReader(cut))
  expect(() => load(bytes)).not.toThrow()
  for (let length = 0; length < bytes.length; length++) expect(() => load(bytes.subarray(0, length))).toThrow(/not readable/)
  expect(silenceLimits.tickGapMsMax).toBe(5000)
})
