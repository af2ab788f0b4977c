// The traffic of the benches: seeded mentions of about 350 bytes as ready NDJSON messages of 50, and the rules that watch them
// (500 terms over 20 topics). Each message says where in its bytes the ids and times stand, so that a pool of them serves for ever.
import { vocabularyOf } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary.ts'
import { createChance } from '@groundswell/engine/src/drill/chance.ts'
import type { Chance } from '@groundswell/engine/src/drill/chance.ts'

export const trafficShape = { topics: 20, termsPerTopic: 25, mentionsPerMessage: 50, repostShare: 0.6, bareShare: 0.4, roundDigits: 6, slotDigits: 7 } as const
/** A topic for probes; its term is in no other mention. */
export const probe = { topic: 'probe', term: 'groundswellprobe' } as const

export interface TrafficOptions {
  readonly seed: number
  readonly messages: number
  readonly escaped: boolean // every Chinese character as \uXXXX
}
export interface PreparedMessage {
  readonly subject: string
  readonly data: Uint8Array
  readonly rounds: Uint32Array // offsets of the six digits of each id, parent and root that say in which round of the pool it was sent
  readonly times: Uint32Array // offsets of the 13 digits of each ts
}
export interface Traffic { readonly messages: readonly PreparedMessage[]; readonly rules: string; readonly bytesPerMention: number }

const platforms = ['weibo', 'douyin', 'wechat', 'xiaohongshu', 'forum', 'news'] as const
const roundMark = '0'.repeat(trafficShape.roundDigits)
const timeMark = '1700000000000'

export function generateTraffic(options: TrafficOptions): Traffic {
  const chance = createChance(options.seed)
  const vocabulary = vocabularyOf(chance, trafficShape)
  let slot = 0
  const messages = Array.from({ length: options.messages }, () => {
    const platform = platforms[Math.min(chance.below(8), platforms.length - 1)]!
    const lines = Array.from({ length: trafficShape.mentionsPerMessage }, () => lineOf({ chance, vocabulary, platform, slot: slot++ }))
    const text = `${lines.join('\n')}\n`
    return prepared(`mentions.${platform}`, Buffer.from(options.escaped ? escapeHan(text) : text))
  })
  const bytes = messages.reduce((sum, message) => sum + message.data.length, 0)
  return { messages, rules: rulesOf(vocabulary), bytesPerMention: bytes / (messages.length * trafficShape.mentionsPerMessage) }
}

/** Makes every mention of a message new: its ids say this round, its times say now. Rounds and their order are the caller's. */
export function renew(message: PreparedMessage, round: number, nowMs: number): void {
  const { data } = message
  const roundText = digits(round, trafficShape.roundDigits), timeText = digits(nowMs, timeMark.length)
  for (const offset of message.rounds) data.set(roundText, offset)
  for (const offset of message.times) data.set(timeText, offset)
}

interface LineInput { readonly chance: Chance; readonly vocabulary: Vocabulary; readonly platform: string; readonly slot: number }

function lineOf({ chance, vocabulary, platform, slot }: LineInput): string {
  const id = idOf(slot)
  const author = Math.floor(2_000_000 * chance.unit() ** 2)
  const isRepost = slot > 0 && chance.unit() < trafficShape.repostShare
  const root = Math.max(0, slot - 1 - Math.floor(4000 * chance.unit() ** 2))
  const parent = chance.unit() < 0.6 ? root : Math.min(slot - 1, root + chance.below(200))
  const edges = isRepost ? `,"parent":"${idOf(parent)}","root":"${idOf(root)}"` : ''
  const bare = isRepost && chance.unit() < trafficShape.bareShare
  const text = bare ? (chance.unit() < 0.5 ? '' : '转发微博') : sentence(chance, vocabulary)
  const likes = Math.floor(3 / (chance.unit() + 0.001))
  return `{"id":"${id}","ts":${timeMark},"text":"${text}","platform":"${platform}","kind":"${isRepost ? 'repost' : 'post'}","author":"${platform}:u${author}","authorName":"用户${author}"`
    + `,"followers":${Math.floor(80 / (chance.unit() + 0.0005))},"verified":${chance.unit() < 0.05}${edges},"lang":"zh"`
    + `${isRepost ? '' : `,"url":"https://${platform}.example/${author}/${slot}"`},"likes":${likes}${isRepost ? '' : `,"reposts":${likes >> 2},"comments":${likes >> 3}`}}`
}

const idOf = (slot: number) => `bench:b${roundMark}${String(slot).padStart(trafficShape.slotDigits, '0')}`

/** 20 to 70 characters of filler; about six in ten hold a watched term, some two. */
function sentence(chance: Chance, { fillers, topics }: Vocabulary): string {
  const parts = Array.from({ length: 7 + chance.below(18) }, () => fillers[Math.floor(fillers.length * chance.unit() ** 1.5)]!)
  for (let more = chance.unit(); more < 0.6; more += 0.35) {
    const terms = topics[Math.floor(topics.length * chance.unit() ** 1.6)]!
    const term = terms[Math.floor(terms.length * chance.unit() ** 1.6)]!
    parts[chance.below(parts.length)] = /^[a-z]/.test(term) ? ` ${term} ` : term
  }
  return `${parts.join('')}${chance.unit() < 0.4 ? '。' : '！#话题#'}`
}

function rulesOf({ topics }: Vocabulary): string {
  const watched = topics.map((terms, index) => topicYaml(`topic-${String(index + 1).padStart(2, '0')}`, `话题${index + 1}`, terms))
  return `topics:\n${[...watched, topicYaml(probe.topic, '探针', [probe.term])].join('')}`
}

function topicYaml(id: string, zh: string, terms: readonly string[]): string {
  return `  - id: ${id}\n    name: { zh: ${zh}, en: ${id} }\n    query: '${terms.join(' OR ')}'\n    velocity:\n      - { count: 100000, within: 10m, grade: moderate }\n      - { count: 2000000, within: 2h, grade: severe }\n`
}

function prepared(subject: string, data: Buffer): PreparedMessage {
  // A slot has seven digits and the mark six zeros behind a `b`: the whole `:b000000` cannot stand anywhere else.
  return { subject, data, rounds: offsetsOf(data, `:b${roundMark}`, 2), times: offsetsOf(data, `"ts":${timeMark}`, 5) }
}

function offsetsOf(data: Buffer, mark: string, skip: number): Uint32Array {
  const offsets: number[] = []
  for (let at = data.indexOf(mark); at >= 0; at = data.indexOf(mark, at + mark.length)) offsets.push(at + skip)
  return Uint32Array.from(offsets)
}

function digits(value: number, length: number): Uint8Array {
  const text = String(value).padStart(length, '0')
  if (text.length !== length) throw new Error(`${value} has more than ${length} digits: start with a new seed`)
  return Buffer.from(text, 'latin1')
}

const escapeHan = (text: string) => text.replaceAll(/[\u0080-\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
