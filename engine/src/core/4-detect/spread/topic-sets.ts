// Which topics a mention matched, as one small number: sets of topic ids, each kept once. Cascades outlive rules, so a set holds ids and not
// places in the rules file. The way from the places of a row to its number goes over a trie of what was asked before, and allocates nothing.
import { rulesLimits } from '@groundswell/schemas/rules.ts'
import type { Stateful, StateReader, StateWriter } from '../../state.ts'

/** Of more sets than this only the first topics of a mention are kept, as many as are a set already; it is counted. */
export const topicSetLimits = { setsMax: 65_535 } as const
const places = 2 ** Math.ceil(Math.log2(rulesLimits.topicsMax))

export class TopicSets implements Stateful {
  readonly #max: number
  #sets: (readonly string[])[] = [[]]
  #numbers = new Map<string, number>([['', 0]])
  readonly #longer = new Map<number, number>() // set · places + place in the rules file → the set with that topic
  #ids: readonly string[]
  /** Mentions whose set was cut short. */
  cut = 0

  constructor(ids: readonly string[], setsMax: number = topicSetLimits.setsMax) {
    this.#ids = ids
    this.#max = setsMax
  }

  /** Number of the set of the topics at topicIds[from … to), 0: of none. */
  numberOf(topicIds: Uint16Array, from: number, to: number): number {
    let set = 0
    for (let at = from; at < to; at++) {
      const key = set * places + topicIds[at]!
      const next = this.#longer.get(key) ?? this.#lengthen(set, topicIds[at]!, key)
      if (next === set) {
        this.cut++
        return set
      }
      set = next
    }
    return set
  }

  /** Ascending. */
  idsOf(number: number): readonly string[] { return this.#sets[number] ?? [] }

  /** Other rules are in force: places mean other topics. */
  replace(ids: readonly string[]): void {
    this.#ids = ids
    this.#longer.clear()
  }

  save(out: StateWriter): void {
    out.number(this.cut)
    out.number(this.#sets.length - 1)
    for (const ids of this.#sets.slice(1)) out.text(ids.join(' '))
  }

  load(from: StateReader): void {
    this.cut = from.whole(0)
    this.#sets = [[]]
    this.#numbers = new Map([['', 0]])
    this.#longer.clear()
    for (let left = from.count(8); left > 0; left--) {
      const key = from.text()
      if (this.#numbers.has(key) || this.#sets.length > this.#max) from.refuse(`the set ${JSON.stringify(key)} is there twice, or one too many`)
      this.#add(key)
    }
  }

  #lengthen(set: number, place: number, key: number): number {
    const id = this.#ids[place]
    if (id === undefined) throw new Error(`a mention matched topic ${place} of ${this.#ids.length}`)
    const held = this.#sets[set]!
    const text = (held.includes(id) ? held : [...held, id].sort()).join(' ')
    const known = this.#numbers.get(text)
    if (known === undefined && this.#sets.length > this.#max) return set
    const number = known ?? this.#add(text)
    this.#longer.set(key, number)
    return number
  }

  #add(key: string): number {
    this.#numbers.set(key, this.#sets.length)
    return this.#sets.push(key.split(' ')) - 1
  }
}
