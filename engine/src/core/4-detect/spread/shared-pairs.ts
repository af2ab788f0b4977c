// Pairs of accounts that shared the same object within a minute of each other: on how many, of what kind, since when; of today and yesterday in event time.
//
//   pair ► day · objects │ texts and links │ Σq │ Σ ln sharers │ first, each of today and of the day before · latest 8 objects, each with its topics
import type { StateReader, StateWriter } from '../../state.ts'
import { isLinked, linkLimits, type Meetings } from './coordination-chance.ts'
import { RecentRows, rowWord } from './recent-rows.ts'

export const pairsLimits = { pairsMax: 1 << 17, candidatesMax: 1 << 15, latestMax: 8 } as const

export const daySeconds = 86_400
const { latestMax } = pairsLimits
const { objectsMin } = linkLimits
// A number of today, and behind it that of the day before.
const word = { day: 2, objects: 3, rare: 5, chance: 7, logs: 9, rareChance: 11, rareLogs: 13, first: 15, marks: 17, seen: 18, latest: 19, topics: 19 + latestMax, stride: 19 + 2 * latestMax } as const
const wordLanes = [word.objects, word.rare, word.first] as const
const floatLanes = [word.chance, word.logs, word.rareChance, word.rareLogs] as const
const mark = { listed: 1, cappedToday: 2, cappedBefore: 4, linked: 8 } as const

/** One share that met others: what is the same for all pairs that it makes. */
export interface Meeting {
  object: number // 32-bit hash
  topics: number
  second: number
  chance: number
  logSharers: number
  isRare: boolean // a text or a link
  isCapped: boolean
}

/** Objects that the account shared with anybody, as of a day: texts and links, or all. */
export type TrialsOf = (account: number, day: number, kinds: 'rare' | 'all') => number

/** What a pair has in common, as of a day. */
export interface PairFacts {
  readonly a: number
  readonly b: number
  readonly since: number
  readonly isCapped: boolean
  readonly latest: readonly { readonly object: number; readonly topics: number }[]
}

export class SharedPairs {
  /** Whether a pair was linked that had not been, since it was set to false. */
  hasNews = false
  /** Pairs of three objects that were left out of the candidates for want of room. */
  leftOut = 0
  readonly #rows: RecentRows
  readonly #candidates: Uint32Array // where their rows begin; those whose row another pair has taken are dropped when they are read
  #count = 0
  readonly #trialsOf: TrialsOf
  readonly #rare: Meetings = { objects: 0, chance: 0, logSharers: 0, trials: 0 }
  readonly #all: Meetings = { objects: 0, chance: 0, logSharers: 0, trials: 0 }

  constructor({ pairsMax, candidatesMax }: { readonly pairsMax: number; readonly candidatesMax: number }, trialsOf: TrialsOf) {
    this.#trialsOf = trialsOf
    this.#rows = new RecentRows('pairs', { max: pairsMax, stride: word.stride })
    this.#candidates = new Uint32Array(candidatesMax)
  }

  get givenUp(): number { return this.#rows.givenUp }
  /** Whether there is room for more pairs of three objects. */
  get isFull(): boolean { return this.#count === this.#candidates.length }

  /** Two accounts met; an object that is among the latest eight of the pair already is not counted again. */
  add(account: number, other: number, meeting: Meeting): void {
    const at = account < other ? this.#rows.claim(account, other, meeting.second) : this.#rows.claim(other, account, meeting.second)
    const { words, floats } = this.#rows
    const day = Math.floor(meeting.second / daySeconds)
    if (this.#rows.isNew) words[at + word.day] = day
    else this.#roll(at, day)
    const seen = words[at + word.seen]!
    const object = meeting.object >>> 0
    for (let i = Math.min(seen, latestMax) - 1; i >= 0; i--) if (words[at + word.latest + i] === object) return
    words[at + word.latest + (seen % latestMax)] = object
    words[at + word.topics + (seen % latestMax)] = meeting.topics
    words[at + word.seen] = seen + 1
    const objects = ++words[at + word.objects]!
    if (meeting.isRare) {
      words[at + word.rare]!++
      floats[at + word.rareChance]! += meeting.chance
      floats[at + word.rareLogs]! += meeting.logSharers
    }
    floats[at + word.chance]! += meeting.chance
    floats[at + word.logs]! += meeting.logSharers
    if (objects === 1 || meeting.second < words[at + word.first]!) words[at + word.first] = meeting.second
    if (meeting.isCapped) words[at + word.marks]! |= mark.cappedToday
    const all = objects + words[at + word.objects + 1]!
    words[at + rowWord.weight] = all
    if (all >= objectsMin) this.#list(at)
  }

  /** Calls `each` with every linked pair as of this day, in no particular order. */
  read(day: number, each: (facts: PairFacts) => void): void {
    const { words } = this.#rows
    const listed = this.#candidates.subarray(0, this.#count)
    let kept = 0
    for (const at of listed) {
      if ((words[at + word.marks]! & mark.listed) === 0) continue
      words[at + word.marks]! &= ~mark.listed
      this.#roll(at, day)
      if (words[at + word.objects]! + words[at + word.objects + 1]! >= objectsMin) this.#candidates[kept++] = at
    }
    this.#count = kept
    for (let i = 0; i < kept; i++) {
      const at = this.#candidates[i]!
      words[at + word.marks]! |= mark.listed
      words[at + word.marks]! &= ~mark.linked
      if (!this.#isLinked(at)) continue
      words[at + word.marks]! |= mark.linked
      each(this.#facts(at))
    }
  }

  save(out: StateWriter): void {
    this.#rows.save(out)
    const keys = new Uint32Array(2 * this.#count)
    for (let i = 0; i < this.#count; i++) {
      keys[2 * i] = this.#rows.lowOf(this.#candidates[i]!)
      keys[2 * i + 1] = this.#rows.highOf(this.#candidates[i]!)
    }
    out.array(keys)
    out.number(this.leftOut)
    out.number(this.hasNews ? 1 : 0)
  }

  load(from: StateReader): void {
    this.#rows.load(from, isSound)
    const keys = from.words()
    if (keys.length % 2 !== 0 || keys.length / 2 > this.#candidates.length) from.refuse(`${keys.length} words are not up to ${this.#candidates.length} pairs`)
    this.#count = keys.length / 2
    for (let i = 0; i < this.#count; i++) {
      const at = this.#rows.find(keys[2 * i]!, keys[2 * i + 1]!)
      if (at < 0) from.refuse(`candidate ${i} is no pair`)
      this.#candidates[i] = at
    }
    this.leftOut = from.whole(0)
    this.hasNews = from.whole(0, 1) === 1
  }

  #list(at: number): void {
    const { words } = this.#rows
    if ((words[at + word.marks]! & mark.linked) === 0 && this.#isLinked(at)) {
      words[at + word.marks]! |= mark.linked
      this.hasNews = true
    }
    if ((words[at + word.marks]! & mark.listed) !== 0) return
    if (this.#count === this.#candidates.length) {
      this.leftOut++
      return
    }
    words[at + word.marks]! |= mark.listed
    this.#candidates[this.#count++] = at
  }

  /** What was of today is of the day before where a day has gone by, and forgotten after two. A late share counts as of the newest day. */
  #roll(at: number, day: number): void {
    const { words, floats } = this.#rows
    const days = day - words[at + word.day]!
    if (days <= 0) return
    words[at + word.day] = day
    for (const lane of wordLanes) {
      words[at + lane + 1] = days === 1 ? words[at + lane]! : 0
      words[at + lane] = 0
    }
    for (const lane of floatLanes) {
      floats[at + lane + 1] = days === 1 ? floats[at + lane]! : 0
      floats[at + lane] = 0
    }
    const marks = words[at + word.marks]!
    words[at + word.marks] = (marks & (mark.listed | mark.linked)) | (days === 1 && (marks & mark.cappedToday) !== 0 ? mark.cappedBefore : 0)
    words[at + rowWord.weight] = words[at + word.objects + 1]!
    if (words[at + word.objects + 1] === 0) words[at + word.seen] = 0
  }

  #isLinked(at: number): boolean {
    const { words, floats } = this.#rows
    const [rare, all] = [this.#rare, this.#all]
    rare.objects = words[at + word.rare]! + words[at + word.rare + 1]!
    rare.chance = floats[at + word.rareChance]! + floats[at + word.rareChance + 1]!
    rare.logSharers = floats[at + word.rareLogs]! + floats[at + word.rareLogs + 1]!
    rare.trials = this.#trials(at, 'rare')
    all.objects = words[at + word.objects]! + words[at + word.objects + 1]!
    all.chance = floats[at + word.chance]! + floats[at + word.chance + 1]!
    all.logSharers = floats[at + word.logs]! + floats[at + word.logs + 1]!
    all.trials = this.#trials(at, 'all')
    return isLinked(rare, all)
  }

  #trials(at: number, kinds: 'rare' | 'all'): number {
    const day = this.#rows.words[at + word.day]!
    return Math.min(this.#trialsOf(this.#rows.lowOf(at), day, kinds), this.#trialsOf(this.#rows.highOf(at), day, kinds))
  }

  #facts(at: number): PairFacts {
    const { words } = this.#rows
    const objects = words[at + word.objects]! + words[at + word.objects + 1]!
    const seen = words[at + word.seen]!
    const firsts = [words[at + word.first]!, words[at + word.first + 1]!].filter((_, i) => words[at + word.objects + i]! > 0)
    return {
      a: this.#rows.lowOf(at), b: this.#rows.highOf(at), since: Math.min(...firsts),
      isCapped: (words[at + word.marks]! & (mark.cappedToday | mark.cappedBefore)) !== 0,
      latest: Array.from({ length: Math.min(latestMax, objects) }, (_, i) => {
        const slot = (seen - 1 - i) % latestMax
        return { object: words[at + word.latest + slot]!, topics: words[at + word.topics + slot]! }
      }),
    }
  }
}

function isSound(words: Uint32Array, at: number): boolean {
  const both = (lane: number): number => words[at + lane]! + words[at + lane + 1]!
  return both(word.objects) >= both(word.rare) && both(word.objects) <= words[at + word.seen]! && words[at + word.marks]! < 16
}
