// What each topic can show at most until something is counted of it: between mentions counts only fall, and with them how near its next threshold is.
// So a picture of ten thousand topics looks closely only at those that were near the last time, and at those that got mentions since.
//
//   topics of the last picture ─► looked at first: where the least of them stands is known early
//   all others                 ─► level, then this ceiling, against the least of the picture: mostly that is all
const unknown = -1

/** Of a topic, what tells whether something was counted of it, and where it stands in the rules file. */
interface Topic { readonly place: number; readonly rules: { readonly id: string }; readonly wheels: { readonly changes: number }; readonly thresholds: { readonly trippedCount: number } }
/** What a closer look at a topic found. `level`: as a rank; `count`: in the window of the rule that is to be watched next. */
interface Ranked<T> { readonly topic: T; readonly level: number; readonly taken: boolean; readonly nearness: number; readonly count: number }

/** Of one engine; in no checkpoint: without it a picture takes longer, and is the same. */
export class Ceilings<T extends Topic> {
  #topics: readonly T[] = []
  #changes = new Float64Array(0) // of its wheels when it was looked at; −1: nothing is known of it
  #nearness = new Float64Array(0)
  #counts = new Float64Array(0)
  #shown: readonly T[] = [] // of the last picture
  #isShown = new Uint8Array(0)

  /** Those of the last picture, as far as they are still watched; what is known of other topics is forgotten. */
  begin(topics: readonly T[]): readonly T[] {
    if (topics !== this.#topics) {
      this.#topics = topics
      this.#changes = new Float64Array(topics.length).fill(unknown)
      this.#nearness = new Float64Array(topics.length)
      this.#counts = new Float64Array(topics.length)
      this.#isShown = new Uint8Array(topics.length)
      this.#shown = []
    }
    return this.#shown
  }

  wasShown(topic: Topic): boolean { return this.#isShown[topic.place] === 1 }

  /** Of a topic with a tripped rule nothing is known: where the rule clears, another one is the next. */
  note({ topic, nearness, count }: Ranked<T>): void {
    const { place, wheels, thresholds } = topic
    this.#changes[place] = thresholds.trippedCount > 0 ? unknown : wheels.changes
    this.#nearness[place] = nearness
    this.#counts[place] = count
  }

  /** Whether a topic of this level may stand before `least`. False only where it cannot. */
  mayPass(topic: Topic, level: number, least: Ranked<T>): boolean {
    if (level !== least.level) return level > least.level
    const { place, wheels, thresholds, rules } = topic
    if (least.taken || thresholds.trippedCount > 0 || this.#changes[place] !== wheels.changes) return true
    const nearness = this.#nearness[place]!
    if (nearness !== least.nearness) return nearness > least.nearness
    // Nothing can be nearer than at its ceiling, and of two that hold nothing the name decides.
    return nearness > 0 || this.#counts[place]! > 0 || least.count > 0 || rules.id < least.topic.rules.id
  }

  end(shown: readonly Ranked<T>[]): void {
    for (const { place } of this.#shown) this.#isShown[place] = 0
    this.#shown = shown.map(({ topic }) => topic)
    for (const { place } of this.#shown) this.#isShown[place] = 1
  }
}
