// The rules that others have put in force while these were edited: what of the own changes can be put on top of theirs, and doing that. Nothing of the editor
// is another before all of it is done, so that what fails on the way has lost nothing.
import type { RulesText } from '@groundswell/schemas/rules-desk.ts'
import type { RulesApi, TopicChange } from '../live/rules-api.ts'
import { ChangeQueue } from './change-queue.ts'
import { mergeTopics, type TopicMerge } from './merge-topics.ts'
import type { EditorFailure } from './save-outcome.ts'

/** What of the editor is put on theirs. */
interface OwnRules {
  readonly topics: readonly unknown[]
  readonly topicsInForce: readonly unknown[] // when the editing began
  readonly text: string
  readonly readable: boolean
  readonly checking: boolean
  readonly failure: EditorFailure | null
  readonly theirs: TheirRules | null
  readonly settled: () => Promise<void>
  readonly rebase: (text: string) => Promise<void>
}

export class TheirRules {
  readonly rules: RulesText
  readonly #api: Pick<RulesApi, 'check'>
  #topics = $state.raw<readonly unknown[] | null>(null)
  #merging = $state(false)
  #failure = $state.raw<EditorFailure | null>(null)

  constructor(api: Pick<RulesApi, 'check'>, rules: RulesText) {
    this.#api = api
    this.rules = rules
    void this.#read()
  }

  get merging(): boolean { return this.#merging }
  /** Why the newest merge was not made. */
  get failure(): EditorFailure | null { return this.#failure }

  /** Null: it is not known yet, or cannot be. Without changes there is nothing to put on theirs. */
  mergeOf({ topics, topicsInForce, readable, checking, failure }: Pick<OwnRules, 'topics' | 'topicsInForce' | 'readable' | 'checking' | 'failure'>): TopicMerge | null {
    if (this.#topics === null || !readable || checking || failure !== null) return null
    return mergeTopics({ base: topicsInForce, mine: topics, theirs: this.#topics })
  }

  /** The editor goes on with theirs, and its own changes in it; answers whether it does. It does not while a topic clashes. */
  async mergeInto(editor: OwnRules): Promise<boolean> {
    if (this.#merging) return false
    this.#merging = true
    this.#failure = null
    await editor.settled()
    const own = editor.text
    const merge = this.mergeOf(editor)
    const text = merge === null || merge.clashing.length > 0 ? null : await this.#textWith(merge.changes)
    const isMerged = text !== null && editor.theirs === this && editor.text === own // nobody typed meanwhile
    if (isMerged) await editor.rebase(text)
    this.#merging = false
    return isMerged
  }

  /** Their text as the engine writes the changes into it, one after the other; null: it did not. */
  async #textWith(changes: readonly TopicChange[]): Promise<string | null> {
    const queue = new ChangeQueue()
    for (const change of changes) queue.put(change)
    let { text } = this.rules
    for (let change = queue.send(); change !== null; change = queue.send()) {
      const answer = await this.#api.check(text, change)
      if (!answer.ok || answer.value.text === text) {
        this.#failure = answer.ok ? { why: 'refused', detail: '' } : { why: answer.why, detail: answer.detail, said: answer.said }
        return null
      }
      queue.answered(true)
      text = answer.value.text
    }
    return text
  }

  async #read(): Promise<void> {
    const answer = await this.#api.check(this.rules.text, null)
    if (answer.ok) this.#topics = answer.value.topics
  }
}
