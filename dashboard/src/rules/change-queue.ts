// What the form has changed and the text does not hold yet, in the order in which it is put into the text. Each place is one in the text as it is: where the
// text loses a topic, what waits for those behind it moves up, and what waits for the topic itself is gone with it.
import type { TopicChange } from '../live/rules-api.ts'

/** Holds at most two changes of each topic, an edit and a deletion, and those that are added. */
export class ChangeQueue {
  #waiting: readonly TopicChange[] = []
  #sent: TopicChange | null = null

  /** What was sent is among them until the text holds it. */
  get all(): readonly TopicChange[] { return this.#sent === null ? this.#waiting : [this.#sent, ...this.#waiting] }
  get isEmpty(): boolean { return this.all.length === 0 }

  /** An edit takes the place of one of the same topic that waits; a topic is deleted once. */
  put(change: TopicChange): void {
    const { at, topic } = change
    if (at === null) this.#waiting = [...this.#waiting, change]
    else if (topic === null) this.#waiting = this.all.some((one) => isSame(one, change)) ? this.#waiting : [...this.#waiting.filter((one) => one.at !== at), change]
    else {
      const before = this.#waiting.findIndex((one) => isSame(one, change))
      this.#waiting = before < 0 ? [...this.#waiting, change] : this.#waiting.with(before, change)
    }
  }

  /** The next that waits is on its way from now on; null: none does. */
  send(): TopicChange | null {
    const [next = null, ...later] = this.#waiting
    this.#sent = next
    this.#waiting = later
    return next
  }

  /** `isIn`: the text holds it now. */
  answered(isIn: boolean): void {
    const sent = this.#sent
    this.#sent = null
    if (sent === null || sent.at === null || sent.topic !== null || !isIn) return
    const gone = sent.at
    this.#waiting = this.#waiting.flatMap((one) => (one.at === null || one.at < gone ? [one] : one.at === gone ? [] : [{ ...one, at: one.at - 1 }]))
  }

  /** `again`: it is the next once more, unless what waits makes up for it. */
  failed(again: boolean): void {
    const sent = this.#sent
    this.#sent = null
    if (sent === null || !again) return
    if (sent.at !== null && sent.topic !== null && this.#waiting.some(({ at }) => at === sent.at)) return
    this.#waiting = [sent, ...this.#waiting]
  }

  clear(): void {
    this.#waiting = []
    this.#sent = null
  }

  /** Topics of the text with the edits that are not in it yet; what is added or deleted is shown once it is. */
  over(topics: readonly unknown[]): readonly unknown[] {
    return this.all.reduce<readonly unknown[]>((all, { at, topic }) => (at === null || topic === null || at >= all.length ? all : all.with(at, topic)), topics)
  }
}

/** Whether both edit, or both delete, one topic. */
const isSame = (one: TopicChange, other: TopicChange): boolean => one.at !== null && one.at === other.at && (one.topic === null) === (other.topic === null)
