// Missing data is not calm: what a blind source spoke of does not clear, does not end, and is the same after a restart.
import { expect, test } from 'vitest'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { preparedBatch } from '../../test/prepared-batch.ts'
import { Engine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Effect } from './input.ts'
import { StateReader, StateWriter } from './state.ts'

const begin = 1_800_000_000
const minute = 60
const name = { zh: '题', en: 'topic' }
const topic = (id: string, within: string) => ({ id, name, query: id, velocity: [{ count: 20, within }] })
const rules: Rules = { topics: [topic('weibo-talk', '1h'), topic('news-talk', '1h'), topic('both-talk', '5m')] }
const yaml = JSON.stringify(rules)
const options: EngineOptions = { rules, rulesSeq: 0, stream: 7, seenMax: 100_000, cooldownSeconds: 3600, silence: { blindSeconds: 900 } }

/** A second of stream time at a time: a tick each, and every five seconds whoever speaks. */
class Room {
  engine = new Engine(options)
  readonly told: string[] = []
  second = begin
  #id = 0
  #topics: Readonly<Record<string, readonly number[]>> = { weibo: [0, 2], news: [1, 2] }

  run(seconds: number, ...speaking: readonly string[]): void {
    for (const until = this.second + seconds; this.second < until;) {
      this.second++
      const rows = this.second % 5 === 0 ? speaking.map((platform) => ({ id: ++this.#id, second: this.second, platform, topics: this.#topics[platform] ?? [] })) : []
      const seq = this.engine.position.seq + 1
      if (rows.length > 0) this.#tell(this.engine.step({ kind: 'batch', batch: preparedBatch(rows, { seq, time: this.second * 1000, rulesSeq: this.engine.rulesSeq }) }))
      this.#tell(this.engine.step({ kind: 'tick', seq: seq + 1, now: this.second * 1000 }))
    }
  }

  command(command: Parameters<Engine['step']>[0] & { kind: 'command' }): void { this.#tell(this.engine.step(command)) }

  /** As after a crash: another engine goes on from what was saved. */
  restart(): void {
    const out = new StateWriter()
    this.engine.save(out)
    this.engine = new Engine(options)
    this.engine.load(new StateReader(out.written.slice()), () => { throw new Error('no segment is full') })
  }

  /** What was told since the last time this was asked. */
  news(): string[] { return this.told.splice(0) }

  #tell(effects: readonly Effect[]): void {
    for (const effect of effects) if (effect.kind === 'alert') this.told.push(`${effect.event.kind} ${'source' in effect.event ? effect.event.source : effect.event.topic} ${Math.floor((this.second - begin) / minute)}`)
  }
}

test.each([false, true])('while a source is blind, what it spoke of neither clears nor ends, until every source of it is back (restarted in between: %s)', (restarted) => {
  const room = new Room()
  const pause = (): void => { if (restarted) room.restart() }
  room.run(30 * minute, 'weibo', 'news')
  expect(room.news()).toEqual(['spike both-talk 0', 'spike news-talk 1', 'spike weibo-talk 1'])
  pause()
  room.run(14 * minute + 54, 'news')
  expect(room.engine.silence).toEqual({ stale: 1, blind: [] })
  pause()
  room.run(minute, 'news')
  expect([room.news(), room.engine.silence]).toEqual([['blind weibo 45'], { stale: 0, blind: ['weibo'] }])
  expect(room.engine.picture(0)).toMatchObject({
    sources: [{ platform: 'weibo', blindSince: (begin + 45 * minute) * 1000 }, { platform: 'news', blindSince: null }],
    alerts: [{ id: expect.stringMatching(/^source:weibo\/.*\/blind$/), source: 'weibo', topic: 'source:weibo', grade: 'moderate', clearedAt: null, rule: { count: 0, within: '900s' } }, {}, {}, {}],
  })
  pause()
  room.run(180 * minute)
  // News fell silent too, a quarter of an hour later: then its topic is held as well.
  expect(room.news()).toEqual(['blind news 60'])
  expect(room.engine.topics(3).map(({ id, count, level }) => [id, count, level])).toEqual([['both-talk', 0, 'minor'], ['news-talk', 0, 'minor'], ['weibo-talk', 0, 'minor']])
  pause()
  room.run(10, 'weibo')
  expect(room.news()).toEqual(['seen weibo 225', 'clear weibo-talk 225'])
  room.run(10, 'news')
  expect(room.news()).toEqual(['seen news 226', 'clear both-talk 226', 'clear news-talk 226'])
  expect(room.engine.picture(0).alerts.map(({ topic, clearedAt }) => [topic, clearedAt !== null])).toEqual([['source:news', true], ['source:weibo', true], ['weibo-talk', true], ['news-talk', true], ['both-talk', true]])
})

test('an episode that had cleared before the source went blind does not end while it is blind', () => {
  const room = new Room()
  room.run(20 * minute, 'weibo')
  room.news()
  room.run(14 * minute) // the rule of five minutes has cleared, its cooldown of an hour runs
  expect(room.engine.topics(3).find(({ id }) => id === 'both-talk')?.level).toBe('normal')
  room.run(120 * minute)
  expect(room.news()).toEqual(['blind weibo 35'])
  room.run(10, 'weibo')
  expect(room.news()).toEqual(['seen weibo 154', 'clear both-talk 154', 'clear weibo-talk 154'])
})

test('a person who changes the rules lets what is held clear', () => {
  const room = new Room()
  room.run(20 * minute, 'weibo')
  room.run(120 * minute)
  expect(room.news().at(-1)).toBe('blind weibo 35')
  const seq = room.engine.position.seq + 1
  room.command({ kind: 'command', seq, now: room.second * 1000, command: { kind: 'rules', text: yaml } })
  room.run(1)
  expect(room.news()).toEqual(['clear both-talk 140', 'clear weibo-talk 140'])
  expect(room.engine.silence.blind).toEqual(['weibo'])
})

test('the messages and rows of a blindness: ids of their second, the same for whoever reads the stream again', () => {
  const effectsOf = (): Effect[] => {
    const room = new Room()
    const effects: Effect[] = []
    const step = room.engine.step.bind(room.engine)
    room.engine.step = (input) => { const said = step(input); effects.push(...said); return said }
    room.run(20 * minute, 'weibo')
    room.run(20 * minute)
    room.run(minute, 'weibo')
    return effects.filter((effect) => effect.kind === 'alert' && 'source' in effect.event)
  }
  const first = effectsOf()
  expect(effectsOf()).toEqual(first)
  const at = '2027-01-15T08:35:00Z'
  const row = { id: `source:weibo/${at}/blind`, topic: 'source:weibo', name: { zh: 'weibo', en: 'weibo' }, grade: 'moderate', rule: { count: 0, within: '900s' }, at, count: 0, source: 'weibo' }
  expect(first).toEqual([
    { kind: 'alert', event: { kind: 'blind', source: 'weibo', grade: 'moderate', at, silentSeconds: 900, cadenceSeconds: 5, id: `source:weibo/${at}/blind` }, row: { ...row, clearedAt: null } },
    { kind: 'alert', event: { kind: 'seen', source: 'weibo', grade: 'moderate', at: '2027-01-15T08:40:05Z', silentSeconds: 1205, cadenceSeconds: 5, id: 'source:weibo/2027-01-15T08:40:05Z/seen' }, row: { ...row, clearedAt: '2027-01-15T08:40:05Z' } },
  ])
})

test.each([
  { why: 'every source is blind', others: {} },
  { why: 'one is blind, and the other, never called blind, has been silent as long', others: { news: null } },
])('while nobody is heard nothing is learnt, also not of a topic of which nobody spoke shortly before: $why', ({ others }) => {
  const usualAfter = (outage: 'ticks' | 'jump'): (number | null)[] => {
    const engine = new Engine({ ...options, rules: { topics: [topic('quiet', '1h'), topic('busy', '1h')] }, silence: { blindSeconds: 900, bySource: others } })
    let [second, id] = [begin, 0]
    const step = (input: Parameters<Engine['step']>[0]): void => void engine.step(input)
    const tickUntil = (until: number): void => { for (let now = second; now < until; now += 5) step({ kind: 'tick', seq: engine.position.seq + 1, now: now * 1000 }) }
    const feed = (minutes: number): void => {
      for (let at = 0; at < minutes; at++, second += minute) {
        const rows = ['weibo', 'news'].map((platform) => ({ id: ++id, second, platform, topics: at % 100 === 50 ? [0, 1] : [1] }))
        step({ kind: 'batch', batch: preparedBatch(rows, { seq: engine.position.seq + 1, time: second * 1000 }) })
        tickUntil(second + minute)
      }
    }
    feed(2 * 1440 - 40)
    if (outage === 'ticks') tickUntil(second + 86_400)
    second += 86_400
    feed(30)
    expect(engine.silence.blind).toEqual([])
    return ['quiet', 'busy'].map((id) => engine.topics(2).find((row) => row.id === id)!.usual!.count)
  }
  const [ticks, jump] = [usualAfter('ticks'), usualAfter('jump')]
  ticks.forEach((usual, i) => expect(usual! / jump[i]!).toBeGreaterThan(0.93))
})
