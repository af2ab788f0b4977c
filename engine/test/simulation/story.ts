// What happens to one seed's world: rules, what publishers send and when, commands, and what goes wrong beside the single calls. All of it
// is drawn before anything runs, so that the story does not depend on what the engine does.
import { createChance, type Chance } from '../../src/drill/chance.ts'
import { poisonMarks } from './poison.ts'
import type { Faults } from './world.ts'

export interface Sending { readonly atMs: number; readonly subject: string; readonly text: string; readonly id: string | null }
export interface Span { readonly what: 'store' | 'stream' | 'disk'; readonly fromMs: number; readonly toMs: number }

export interface Story {
  readonly startMs: number
  readonly rules: string
  readonly publishers: readonly (readonly Sending[])[] // each sends one after another
  readonly outages: readonly Span[]
  readonly wipedAtMs: number | null // the stream is deleted and made again
  readonly stopsAtMs: readonly number[] // graceful stops
  readonly bytesMax: number // room of the stream
  readonly seenMax: number
  readonly insertWeightMax: number // where inserts end besides at ticks: a small part of the stream
  readonly checkpointMs: number // between checkpoints
  readonly checkpointsKept: number
  readonly isRoomy: boolean // the stream has room for what an older checkpoint needs: files may be damaged
  readonly readsAgain: boolean // an older checkpoint does where the newest cannot be read
  readonly rots: boolean // bits of files flip
  readonly faults: Faults
  readonly workerFailures: number // part of the batches whose worker fails by chance
}

const words = ['断网', '停电', 'outage', '漏水', 'flood'] as const
const platforms = ['weibo', 'douyin', 'zhihu', 'x'] as const
const badLines = ['{"id":', '{"id":"b","ts":1,"text":"断网"}', '{"ts":1767600000000,"text":"断网"}', '[]', '{"id":"","ts":1767600000000,"text":""}', '{"id":"b","ts":"2026-01-05T10:00:00","text":"停电"}'] as const
// Few, so that what compiling them takes is spent once for all seeds.
const queries = [['断网', '断网 OR outage', '停电 platform:weibo'], ['停电', '停电 OR 断网', 'outage'], ['漏水 NOT flood', 'flood OR 漏水', '漏水'], ['outage', 'flood NOT 停电', '断网 platform:x']] as const
const startMs = Date.UTC(2026, 0, 5, 12)
/** In some worlds hours of mentions are sent within minutes, as after an outage: what is normal is learnt only from the better part of an hour. */
const hurry = 120

export function tell(seed: number): Story {
  const chance = createChance(seed ^ 0x5eed)
  const lengthMs = 20_000 + chance.below(80_000)
  const messages = 30 + chance.below(120)
  const poison = chance.unit() < 0.25 ? 0.03 * chance.unit() : 0
  const pace = createChance(seed ^ 0xface).unit() < 0.4 ? hurry : 1
  const eventMsOf = (atMs: number): number => startMs + atMs - (pace - 1) * (lengthMs - atMs)
  const publishers = Array.from({ length: 1 + chance.below(3) }, (_, p) => sendingsOf(chance, { publisher: p, messages: Math.ceil(messages / 2), lengthMs, poison, eventMsOf }))
  const commands = commandsOf(chance, lengthMs)
  const wipedAtMs = chance.unit() < 0.15 ? lengthMs / 4 + chance.below(lengthMs / 2) : null
  const room = roomOf(chance, wipedAtMs === null && !commands.some(({ subject }) => subject === 'commands.forget'))
  const isSometimes = (part: number, value: number): number => (chance.unit() < part ? value * chance.unit() : 0)
  return {
    startMs, rules: rulesOf(chance),
    publishers: [...publishers, commands, actsOf(createChance(seed ^ 0xac7), lengthMs)],
    outages: outagesOf(chance, lengthMs),
    wipedAtMs, stopsAtMs: chance.unit() < 0.3 ? [chance.below(lengthMs)] : [],
    ...room,
    insertWeightMax: room.isRoomy && chance.unit() < 0.5 ? 24 << 20 : 2000 + chance.below(2000),
    checkpointMs: 500 + chance.below(15_000), checkpointsKept: 2 + chance.below(3),
    seenMax: chance.unit() < 0.2 ? 20 + chance.below(100) : 100_000,
    workerFailures: isSometimes(0.3, 0.1),
    faults: {
      fails: { stream: isSometimes(0.5, 0.15), store: isSometimes(0.6, 0.25), disk: isSometimes(0.4, 0.2), pool: 0, outbox: isSometimes(0.5, 0.3) },
      crash: chance.unit() < 0.85 ? 0.002 + 0.03 * chance.unit() : 0, crashesMax: 1 + chance.below(6), latencyMsMax: chance.unit() < 0.3 ? 400 : 5 + chance.below(60),
    },
  }
}

/**
 * In a narrow stream the oldest messages must go as soon as the newest checkpoint does without them, and what is forgotten goes with all that
 * came before. Of a stream that was deleted nothing is
 * read again: where the checkpoint that the next one began with is damaged too, it ends otherwise.
 */
function roomOf(chance: Chance, readsAgain: boolean): Pick<Story, 'bytesMax' | 'isRoomy' | 'rots' | 'readsAgain'> {
  return chance.unit() < 0.3 ? { bytesMax: 30_000 + chance.below(30_000), isRoomy: false, rots: false, readsAgain: false } : { bytesMax: 10_000_000, isRoomy: true, rots: chance.unit() < 0.5 && readsAgain, readsAgain }
}

export function rulesOf(chance: Chance): string {
  const count = 2 + chance.below(3)
  const topics = Array.from({ length: count }, (_, t) => {
    const query = queries[t]![chance.below(3)]!
    const rules = Array.from({ length: 1 + chance.below(2) }, (_, r) => {
      const grade = pick(chance, ['', ', grade: moderate', ', grade: severe'])
      return `{ count: ${2 * chance.below(5) + 2 + r}, within: ${pick(chance, ['5s', '10s', '30s', '1m', '2m', '3h'])}${grade} }`
    })
    return `  - id: t${t}\n    query: '${query}'\n    velocity: [${rules.join(', ')}]\n${t % 2 === 0 ? '    baseline: { alarmBudget: 1 per 1m }\n' : ''}`
  })
  return `topics:\n${topics.join('')}`
}

interface Sender { readonly publisher: number; readonly messages: number; readonly lengthMs: number; readonly poison: number; readonly eventMsOf: (atMs: number) => number }

function sendingsOf(chance: Chance, { publisher, messages, lengthMs, poison, eventMsOf }: Sender): Sending[] {
  const burstAt = chance.below(lengthMs)
  const times = Array.from({ length: messages }, () => (chance.unit() < 0.4 ? Math.min(lengthMs, burstAt + chance.below(5000)) : chance.below(lengthMs))).toSorted((a, b) => a - b)
  const ids: string[] = []
  return times.map((atMs, m) => {
    const lines = Array.from({ length: 1 + chance.below(5) }, (_, line) => {
      const lineChance = chance.unit()
      if (lineChance < 0.04) return pick(chance, badLines)
      const id = lineChance < 0.14 && ids.length > 0 ? ids[chance.below(ids.length)]! : `p${publisher}:${m}:${line}`
      ids.push(id)
      return mentionLine(chance, id, eventMsOf(atMs)) + (chance.unit() < poison ? pick(chance, Object.values(poisonMarks)) : '')
    })
    return { atMs, subject: `mentions.${pick(chance, platforms)}`, text: lines.join('\n') + (chance.unit() < 0.5 ? '\n' : ''), id: chance.unit() < 0.8 ? `p${publisher}-${m}` : null }
  })
}

function mentionLine(chance: Chance, id: string, nowMs: number): string {
  const when = chance.unit()
  const offset = when < 0.04 ? -600_000 - chance.below(100_000) : when < 0.07 ? 121_000 + chance.below(100_000) : when < 0.1 ? chance.below(30_000) : -chance.below(6000)
  const text = Array.from({ length: chance.below(3) + 1 }, () => (chance.unit() < 0.75 ? pick(chance, words) : '今天天气')).join(' ')
  return JSON.stringify({ id, ts: nowMs + offset, text, ...(chance.unit() < 0.3 ? { platform: pick(chance, platforms) } : {}), ...(chance.unit() < 0.2 ? { author: `a${chance.below(9)}`, followers: chance.below(1000), odd: true } : {}) })
}

function commandsOf(chance: Chance, lengthMs: number): Sending[] {
  const many = chance.below(6)
  const times = Array.from({ length: many }, () => chance.below(lengthMs)).toSorted((a, b) => a - b)
  return times.map((atMs, c) => {
    const kind = chance.unit()
    const [name, command] = kind < 0.55 ? ['rules', { kind: 'rules', text: rulesOf(chance) }] as const
      : kind < 0.65 ? ['rules', { kind: 'rules', text: 'topics: [{ id: a }]' }] as const
        : kind < 0.8 ? ['end', { kind: 'end' }] as const
          : kind < 0.9 ? ['canary', { id: `canary:s:${c}`, ts: startMs + atMs, text: '自检 self-test 断网' }] as const
            : kind < 0.95 ? ['forget', { kind: 'forget', author: `a${chance.below(9)}` }] as const
              : ['odd', { kind: 'odd' }] as const
    return { atMs, subject: `commands.${name}`, text: JSON.stringify(command), id: `command-${c}` }
  })
}

/** What people do: now and then with an id that came before, about topics that may have gone. */
function actsOf(chance: Chance, lengthMs: number): Sending[] {
  const times = Array.from({ length: chance.below(8) }, () => chance.below(lengthMs)).toSorted((a, b) => a - b)
  return times.map((atMs, c) => {
    const topic = `t${chance.below(4)}`
    const until = startMs + atMs + chance.below(40_000)
    const action = pick(chance, [
      { what: 'silence', topic, grade: pick(chance, ['minor', 'severe']), until, reason: 'a drill' }, { what: 'silence', topic, grade: 'severe', until, reason: 'a drill' }, { what: 'unsilence', topic }, { what: 'pin', topic, until },
      { what: 'note', alert: `${topic}/1`, text: '打过电话了' }, { what: 'acknowledge', alert: `${topic}/1` },
    ])
    return { atMs, subject: 'commands.act', text: JSON.stringify({ kind: 'act', id: `act-${chance.below(9)}`, by: 'li', action }), id: `act-${c}` }
  })
}

function outagesOf(chance: Chance, lengthMs: number): Span[] {
  return Array.from({ length: chance.below(4) }, () => {
    const fromMs = chance.below(lengthMs)
    return { what: pick(chance, ['store', 'stream', 'disk'] as const), fromMs, toMs: fromMs + 500 + chance.below(chance.unit() < 0.2 ? 130_000 : 20_000) }
  })
}

function pick<T>(chance: Chance, from: readonly T[]): T { return from[chance.below(from.length)]! }
