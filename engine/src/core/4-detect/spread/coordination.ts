// Coordinated behaviour as evidence: accounts that shared the same texts, links and roots within a minute of each other, repeatedly, more often than
// chance would have it, in groups of three or more. Streaming, in a fixed room; what is older than one to two days of event time is forgotten.
// A text under a root is an object of its own: who pastes one text under ten roots acted ten times, and who pastes it under others did not meet them.
//
//   mention ─► text, link, root ─► sharers.ts          who shared it within a minute; how many have in all
//                                  shared-pairs.ts     each pair of them: on how many objects, how unlikely each was
//   close   ─► pairs of three objects or more ─► coordination-chance.ts: linked? ─► linked-groups.ts: evidence of each topic
//
// A mention looks at up to three objects and makes at most `pairsAShare` pairs of each: a viral object costs no more, and is said to be capped.
import type { StateReader, Stateful, StateWriter } from '../../state.ts'
import { chanceOf, linkLimits, type ObjectKind } from './coordination-chance.ts'
import type { CoordinationEvidence, CoordinationWatch, Shared, TopicsOf } from './coordination-evidence.ts'
import { accountsInGroups, evidenceByTopic } from './linked-groups.ts'
import { RecentRows } from './recent-rows.ts'
import { daySeconds, pairsLimits, SharedPairs, type Meeting, type PairFacts } from './shared-pairs.ts'
import { Sharers, sharersLimits } from './sharers.ts'

export const coordinationLimits = {
  ...sharersLimits, ...pairsLimits, accountsMax: 1 << 18,
  toldMax: 10_000, // topics whose evidence was told; others are told anew each time that they are looked at
  lookSeconds: 10,
} as const

/** Most pairs that one share of an object makes: strangers meet on roots, and say little. */
const pairsAShare = { text: 32, link: 32, root: 8 } as const satisfies Record<ObjectKind, number>
const grownBy = 1.5
const toldSecondsMax = 2 * daySeconds
const linkHigh = 0x6c696e6b // "link": a link's hash has 32 bits
const rootMask = 0x726f6f74 // "root": an id is no text
const underRoot = 0x85ebca6b // odd: another root is another object; of none, 0, the text alone
const account = { day: 2, trials: 3, rare: 5, stride: 7 } as const // trials of today, and of the day before; texts and links among them
const none: readonly CoordinationEvidence[] = []

/** Rows of each kind; powers of two but for the candidates. By default 35 MB, taken as it is used. */
export interface CoordinationRoom { readonly onceMax: number; readonly objectsMax: number; readonly pairsMax: number; readonly candidatesMax: number; readonly accountsMax: number }

export class Coordination implements CoordinationWatch, Stateful {
  readonly #sharers: Sharers
  readonly #pairs: SharedPairs
  readonly #accounts: RecentRows
  readonly #told = new Map<string, { accounts: number; seen: number }>() // seen: second of the last look that found it
  #members = new Set<number>()
  /** Second as of which the groups are; −1: none yet. */
  lookedAt = -1
  readonly #meeting: Meeting = { object: 0, topics: 0, second: 0, chance: 0, logSharers: 0, isRare: false, isCapped: false }

  constructor(room: CoordinationRoom = coordinationLimits) {
    this.#sharers = new Sharers(room)
    this.#pairs = new SharedPairs(room, (author, day, kinds) => this.#trials(author, day, kinds === 'rare' ? account.rare : account.trials))
    this.#accounts = new RecentRows('accounts', { max: room.accountsMax, stride: account.stride })
  }

  /** What was given up or left out for want of room since the engine began: objects, accounts and pairs. */
  get givenUp(): { readonly objects: number; readonly accounts: number; readonly pairs: number } {
    return { objects: this.#sharers.givenUp, accounts: this.#accounts.givenUp, pairs: this.#pairs.givenUp + this.#pairs.leftOut }
  }

  share(mention: Shared): void {
    if (mention.author === 0) return
    this.#meeting.topics = mention.topics
    this.#meeting.second = mention.second
    if ((mention.textLow | mention.textHigh) !== 0) this.#object('text', mention.textLow ^ Math.imul(mention.rootLow, underRoot), mention.textHigh ^ Math.imul(mention.rootHigh, underRoot), mention.author)
    if (mention.link !== 0) this.#object('link', mention.link, linkHigh, mention.author)
    if ((mention.rootLow | mention.rootHigh) !== 0) this.#object('root', mention.rootLow, mention.rootHigh ^ rootMask, mention.author)
  }

  isCoordinated(author: number): boolean { return this.#members.has(author) }

  close(second: number, topicsOf: TopicsOf, mustLook = false): readonly CoordinationEvidence[] {
    const day = Math.floor(second / daySeconds)
    const isNewDay = day > Math.floor(this.lookedAt / daySeconds) && this.#told.size + this.#members.size > 0
    if ((!this.#pairs.hasNews && !isNewDay) || second < this.lookedAt + (mustLook ? 0 : coordinationLimits.lookSeconds)) return none
    this.lookedAt = second
    this.#pairs.hasNews = false
    const linked: PairFacts[] = []
    this.#pairs.read(day, (pair) => linked.push(pair))
    this.#members = accountsInGroups(linked)
    return this.#toTell(evidenceByTopic(linked, topicsOf, this.#pairs.isFull), second)
  }

  save(out: StateWriter): void {
    out.section('coordination', 1, () => {
      this.#sharers.save(out)
      this.#pairs.save(out)
      this.#accounts.save(out)
      out.array(Uint32Array.from(this.#members))
      out.number(this.lookedAt)
      out.json([...this.#told].map(([topic, { accounts, seen }]) => [topic, accounts, seen]))
    })
  }

  /** Into a new one of the same room. */
  load(from: StateReader): void {
    from.section('coordination', 1, () => {
      this.#sharers.load(from)
      this.#pairs.load(from)
      this.#accounts.load(from, isAccount)
      this.#members = new Set(from.words())
      this.lookedAt = from.whole(-1)
      for (const [topic, accounts, seen] of toldIn(from)) this.#told.set(topic, { accounts, seen })
    })
  }

  #object(kind: ObjectKind, low: number, high: number, author: number): void {
    const lo = (low | high) === 0 ? 1 : low
    const sharers = this.#sharers
    const meeting = this.#meeting
    if (!sharers.add(lo, high, author, meeting.second)) return
    const day = Math.floor(meeting.second / daySeconds)
    if (sharers.opened !== 0) this.#tried(sharers.opened, day, kind)
    if (sharers.isFirst && sharers.before > 0) this.#tried(author, day, kind)
    if (sharers.near === 0) return
    meeting.chance = chanceOf(kind, sharers.within, sharers.before)
    if (meeting.chance > linkLimits.shareMax) return
    const pairs = Math.min(sharers.near, pairsAShare[kind])
    meeting.object = lo ^ Math.imul(high, 0x9e3779b1)
    meeting.logSharers = Math.log(sharers.before + 1)
    meeting.isRare = kind !== 'root'
    meeting.isCapped = sharers.isFull || pairs < sharers.near
    for (let i = 0; i < pairs; i++) this.#pairs.add(author, sharers.accounts[i]!, meeting)
  }

  /** One more object that the account and somebody else shared. */
  #tried(author: number, day: number, kind: ObjectKind): void {
    const at = this.#accounts.claim(author, 0, day * daySeconds)
    const { words } = this.#accounts
    const days = day - words[at + account.day]!
    if (days > 0) {
      words[at + account.day] = day
      words[at + account.trials + 1] = days === 1 ? words[at + account.trials]! : 0
      words[at + account.trials] = 0
      words[at + account.rare + 1] = days === 1 ? words[at + account.rare]! : 0
      words[at + account.rare] = 0
    }
    words[at + account.trials]!++
    if (kind !== 'root') words[at + account.rare]!++
  }

  #trials(author: number, today: number, lane: number): number {
    const at = this.#accounts.find(author, 0)
    if (at < 0) return 0
    const { words } = this.#accounts
    const days = today - words[at + account.day]!
    if (days > 1) return 0
    return words[at + lane]! + (days <= 0 ? words[at + lane + 1]! : 0)
  }

  #toTell(found: readonly CoordinationEvidence[], second: number): readonly CoordinationEvidence[] {
    for (const [topic, { seen }] of this.#told) if (second > seen + toldSecondsMax) this.#told.delete(topic)
    return found.filter((evidence) => {
      const told = this.#told.get(evidence.topic)
      if (told) told.seen = second
      if (told && evidence.accounts < grownBy * told.accounts) return false
      if (told) told.accounts = evidence.accounts
      else if (this.#told.size < coordinationLimits.toldMax) this.#told.set(evidence.topic, { accounts: evidence.accounts, seen: second })
      return true
    })
  }
}

function isAccount(words: Uint32Array, at: number): boolean {
  return words[at + account.trials]! + words[at + account.trials + 1]! > 0
}

function toldIn(from: StateReader): readonly (readonly [string, number, number])[] {
  const told = from.json()
  const isOne = (one: unknown): one is readonly [string, number, number] => Array.isArray(one) && one.length === 3 && typeof one[0] === 'string' && Number.isInteger(one[1]) && Number.isInteger(one[2])
  if (!Array.isArray(told) || told.length > coordinationLimits.toldMax || !told.every(isOne)) from.refuse('what was told is no list of topics, accounts and seconds')
  return told
}
