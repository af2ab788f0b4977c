// Groups of linked accounts: the connected parts of three or more, of all topics together and of each by itself. Worked out when it is asked.
import type { CoordinationEvidence, TopicsOf } from './coordination-evidence.ts'
import type { PairFacts } from './shared-pairs.ts'

export const groupAccountsMin = 3

/** Accounts by the one that stands for their group (union by size, paths halved). */
class Groups {
  readonly #above = new Map<number, number>()
  readonly #sizes = new Map<number, number>()

  join(a: number, b: number): void {
    const [one, other] = [this.of(a), this.of(b)]
    if (one === other) return
    const [oneSize, otherSize] = [this.size(one), this.size(other)]
    const [large, small] = oneSize < otherSize ? [other, one] : [one, other]
    this.#above.set(small, large)
    this.#sizes.set(large, oneSize + otherSize)
  }

  of(account: number): number {
    let at = account
    for (;;) {
      const above = this.#above.get(at) ?? at
      if (above === at) return at
      const higher = this.#above.get(above) ?? above
      this.#above.set(at, higher)
      at = higher
    }
  }

  size(root: number): number { return this.#sizes.get(root) ?? 1 }
}

export function accountsInGroups(pairs: readonly PairFacts[]): Set<number> {
  const groups = new Groups()
  for (const { a, b } of pairs) groups.join(a, b)
  const accounts = new Set<number>()
  for (const { a, b } of pairs) if (groups.size(groups.of(a)) >= groupAccountsMin) accounts.add(a).add(b)
  return accounts
}

/** What the pairs say of each topic, by the topic's id; a pair is of a topic where one of its latest objects is, and counts with those that are. */
export function evidenceByTopic(pairs: readonly PairFacts[], topicsOf: TopicsOf, isCapped: boolean): CoordinationEvidence[] {
  const byTopic = new Map<string, PairFacts[]>()
  for (const pair of pairs) {
    const topics = new Set(pair.latest.flatMap(({ topics: set }) => topicsOf(set)))
    for (const topic of topics) {
      const there = byTopic.get(topic)
      if (there) there.push(pair)
      else byTopic.set(topic, [pair])
    }
  }
  const told: CoordinationEvidence[] = []
  for (const [topic, linked] of byTopic) {
    const evidence = evidenceOf(topic, linked, (set) => topicsOf(set).includes(topic))
    if (evidence) told.push(isCapped ? { ...evidence, capped: true } : evidence)
  }
  return told.sort((a, b) => (a.topic < b.topic ? -1 : 1))
}

function evidenceOf(topic: string, pairs: readonly PairFacts[], isOf: (set: number) => boolean): CoordinationEvidence | null {
  const accounts = accountsInGroups(pairs)
  if (accounts.size === 0) return null
  const objects = new Set<number>()
  let shares = 0
  let capped = false
  let since = Infinity
  for (const pair of pairs) {
    if (!accounts.has(pair.a)) continue
    for (const { object, topics } of pair.latest) {
      if (!isOf(topics)) continue
      objects.add(object)
      shares++
    }
    capped ||= pair.isCapped
    since = Math.min(since, pair.since)
  }
  return { topic, accounts: accounts.size, shares, objects: objects.size, capped, since }
}
