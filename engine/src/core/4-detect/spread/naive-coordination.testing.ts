// Coordination worked out anew from everything that was ever shared, with no ring, no table and no cap: what `Coordination` answers while it has room.
import { chanceOf, isLinked, linkLimits, type Meetings, type ObjectKind } from './coordination-chance.ts'
import type { CoordinationEvidence, Shared, TopicsOf } from './coordination-evidence.ts'

const idleSeconds = 86_400
const dayOf = (second: number): number => Math.floor(second / 86_400)

interface Meeting { readonly object: string; readonly topics: number; readonly day: number; readonly second: number; readonly q: number; readonly logs: number; readonly isRare: boolean }
interface Pair { readonly a: number; readonly b: number; day: number; listed: boolean; meetings: Meeting[] }
interface Kept { last: number; readonly sharers: Map<number, number> }

export class NaiveCoordination {
  readonly #objects = new Map<string, Kept>()
  readonly #pairs = new Map<string, Pair>()
  readonly #trials = new Map<number, { readonly day: number; readonly isRare: boolean }[]>()

  share({ author, second, topics, textLow, textHigh, link, rootLow, rootHigh }: Shared): void {
    if (author === 0) return
    const objects: [ObjectKind, string][] = [['text', textLow === 0 && textHigh === 0 ? '0.0' : `${textLow}.${textHigh} under ${rootLow}.${rootHigh}`], ['link', `${link}.0`], ['root', `${rootLow}.${rootHigh}`]]
    for (const [kind, key] of objects) if (key !== '0.0') this.#object(kind, `${kind} ${key}`, { author, second, topics })
  }

  /** Linked pairs as of this second, and the evidence of each topic. */
  look(second: number, topicsOf: TopicsOf): { readonly accounts: Set<number>; readonly evidence: CoordinationEvidence[] } {
    const day = dayOf(second)
    const linked: Pair[] = []
    for (const pair of this.#pairs.values()) {
      if (!pair.listed) continue
      roll(pair, day)
      pair.listed = pair.meetings.length >= 3 && live(pair).length >= 3
      const meetings = live(pair)
      const of = (some: readonly Meeting[], isRare: boolean): Meetings => ({
        objects: some.length, chance: some.reduce((sum, { q }) => sum + q, 0), logSharers: some.reduce((sum, { logs }) => sum + logs, 0),
        trials: Math.min(this.#trialsOf(pair.a, day, isRare), this.#trialsOf(pair.b, day, isRare)),
      })
      if (pair.listed && isLinked(of(meetings.filter((meeting) => meeting.isRare), true), of(meetings, false))) linked.push(pair)
    }
    const topics = [...new Set(linked.flatMap((pair) => latest(pair).flatMap((meeting) => topicsOf(meeting.topics))))].sort()
    const evidence = topics.flatMap((topic) => evidenceOf(topic, linked, topicsOf))
    return { accounts: grouped(linked), evidence }
  }

  #trialsOf(author: number, today: number, isRare: boolean): number {
    const all = this.#trials.get(author) ?? []
    const as = Math.max(today, ...all.map(({ day }) => day))
    return all.filter((one) => one.day >= as - 1 && (one.isRare || !isRare)).length
  }

  #object(kind: ObjectKind, key: string, { author, second, topics }: { readonly author: number; readonly second: number; readonly topics: number }): void {
    let object = this.#objects.get(key)
    if (!object || second > object.last + idleSeconds) this.#objects.set(key, (object = { last: second, sharers: new Map() }))
    object.last = Math.max(object.last, second)
    const { sharers } = object
    const others = [...sharers].filter(([other]) => other !== author)
    const within = others.filter(([, at]) => Math.abs(at - second) <= 60)
    const isFirst = !sharers.has(author)
    if (isFirst && others.length === 1) this.#tried(others[0]![0], dayOf(second), kind)
    if (isFirst && others.length > 0) this.#tried(author, dayOf(second), kind)
    sharers.set(author, Math.max(second, sharers.get(author) ?? 0))
    const q = chanceOf(kind, within.length, others.length)
    if (q > linkLimits.shareMax) return
    for (const [other] of within) this.#met([author, other], { object: key, topics, day: dayOf(second), second, q, logs: Math.log(others.length + 1), isRare: kind !== 'root' })
  }

  /** A day that is older than the newest of the account counts as that. */
  #tried(author: number, day: number, kind: ObjectKind): void {
    const all = this.#trials.get(author) ?? []
    all.push({ day: Math.max(day, ...all.map((one) => one.day)), isRare: kind !== 'root' })
    this.#trials.set(author, all)
  }

  #met(accounts: readonly [number, number], meeting: Meeting): void {
    const [a, b] = [Math.min(...accounts), Math.max(...accounts)]
    const pair = this.#pairs.get(`${a} ${b}`) ?? { a, b, day: meeting.day, listed: false, meetings: [] }
    this.#pairs.set(`${a} ${b}`, pair)
    roll(pair, meeting.day)
    if (pair.meetings.slice(-8).some(({ object }) => object === meeting.object)) return
    pair.meetings.push({ ...meeting, day: pair.day })
    if (live(pair).length >= 3) pair.listed = true
  }
}

function roll(pair: Pair, day: number): void {
  pair.day = Math.max(pair.day, day)
  if (live(pair).length === 0) pair.meetings = []
}

const live = (pair: Pair): Meeting[] => pair.meetings.filter(({ day }) => day >= pair.day - 1)
const latest = (pair: Pair): Meeting[] => live(pair).slice(-8)

function evidenceOf(topic: string, linked: readonly Pair[], topicsOf: TopicsOf): CoordinationEvidence[] {
  const isOf = (meeting: Meeting): boolean => topicsOf(meeting.topics).includes(topic)
  const pairs = linked.filter((pair) => latest(pair).some(isOf))
  const accounts = grouped(pairs)
  const inside = pairs.filter(({ a }) => accounts.has(a))
  if (inside.length === 0) return []
  const shares = inside.flatMap((pair) => latest(pair).filter(isOf))
  return [{ topic, accounts: accounts.size, shares: shares.length, objects: new Set(shares.map(({ object }) => object)).size, capped: false, since: Math.min(...inside.flatMap((pair) => live(pair).map(({ second }) => second))) }]
}

/** Accounts of connected parts of three or more, by flooding. */
function grouped(pairs: readonly Pair[]): Set<number> {
  const all = new Set<number>()
  for (const { a } of pairs) {
    const part = new Set([a])
    for (let size = 0; size < part.size;) {
      size = part.size
      for (const pair of pairs) if (part.has(pair.a) || part.has(pair.b)) part.add(pair.a).add(pair.b)
    }
    if (part.size >= 3) for (const account of part) all.add(account)
  }
  return all
}
