// What coordinated behaviour is told from, and what is told of it: evidence, never a verdict on anybody.

/** A counted mention of a watched topic. Whoever feeds many reuses one object: nothing of it is kept. */
export interface Shared {
  topics: number // number of an interned set of topics
  author: number // 32-bit hash; 0: unknown, then the mention is left out
  second: number // event time, whole seconds since 1970; any order
  textLow: number // 64-bit hash of its own words; 0, 0: too few. With the root it is one object: under another root it is another
  textHigh: number
  link: number // 32-bit hash of its url; 0: none
  rootLow: number // 64-bit hash of the id of the root that it reposts; 0, 0: it is none
  rootHigh: number
}

/** What is said of a topic: all of its groups of linked accounts together. */
export interface CoordinationEvidence {
  readonly topic: string
  readonly accounts: number // in groups of three or more
  readonly shares: number // pairs of accounts that shared one object within a minute, each object once a pair
  readonly objects: number // different texts (each root's apart), links and roots among them; of each pair its latest eight
  readonly capped: boolean // pairs are missing: an object had too many sharers at once, or there was no room
  readonly since: number // second of the earliest of those shares that is remembered
}

/** The topics of an interned set, by their ids. */
export type TopicsOf = (set: number) => readonly string[]

/** How `Coordination` is used: `share` for each mention, `close` for each second of event time that closes (or the last of several). */
export interface CoordinationWatch {
  share(mention: Shared): void
  /** Whether the account was in a group of three or more linked accounts, of any topics, when they were last looked at. */
  isCoordinated(author: number): boolean
  /** Evidence of topics that have it newly, or of half as many accounts again as when it was last told. Looks every ten seconds of event time, or where it `mustLook`, and only where accounts were found linked. */
  close(second: number, topicsOf: TopicsOf, mustLook?: boolean): readonly CoordinationEvidence[]
}
