// The rules as they are edited, as one reactive object: the text of the whole file is what counts, and the form's changes are made in it by the engine, one
// after the other. What is not saved is kept by the window.
import type { RulesText } from '@groundswell/schemas/rules-desk.ts'
import type { PlacedProblem, RulesAnswer, RulesApi, RulesChecked, RulesFailure, TopicChange } from '../live/rules-api.ts'
import { keepDraft, keptDraft } from './kept-draft.ts'

export interface EditorFailure { readonly why: RulesFailure; readonly detail: string }
/** Changes that this window kept; `stale`: of rules that are not in force any more. */
export interface FoundDraft { readonly at: number; readonly stale: boolean }

const restMs = 300

export class RulesEditor {
  readonly #api: RulesApi
  readonly #storage: Storage | null
  readonly #closed = new AbortController()
  #inForce = $state.raw<RulesText | null>(null)
  #text = $state('')
  #topics = $state.raw<readonly unknown[]>([])
  #topicsInForce = $state.raw<readonly unknown[]>([])
  #problems = $state.raw<readonly PlacedProblem[]>([])
  #notes = $state.raw<readonly PlacedProblem[]>([])
  #readable = $state(true)
  #failure = $state.raw<EditorFailure | null>(null)
  #checking = $state(false)
  #saving = $state(false)
  #theirs = $state.raw<RulesText | null>(null)
  #found = $state.raw<FoundDraft | null>(null)
  #version = $state(0)
  #typed = $state(false) // something of the form is not in the text yet
  #wanted: TopicChange | null = null // of the form, not sent yet
  #work: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(api: RulesApi, storage: Storage | null) {
    this.#api = api
    this.#storage = storage
    void this.load()
  }

  /** Null until the engine has answered. */
  get inForce(): RulesText | null { return this.#inForce }
  get text(): string { return this.#text }
  get topics(): readonly unknown[] { return this.#topics }
  get topicsInForce(): readonly unknown[] { return this.#topicsInForce }
  get problems(): readonly PlacedProblem[] { return this.#problems }
  get notes(): readonly PlacedProblem[] { return this.#notes }
  /** False where the text cannot be read as topics: then only the text can be edited. */
  get readable(): boolean { return this.#readable }
  get failure(): EditorFailure | null { return this.#failure }
  /** Something was changed that the engine has not looked at yet. */
  get checking(): boolean { return this.#checking }
  get saving(): boolean { return this.#saving }
  get dirty(): boolean { return this.#inForce !== null && (this.#typed || this.#text !== this.#inForce.text) }
  get mayBeSaved(): boolean { return this.dirty && !this.#checking && !this.#saving && this.#problems.length === 0 && this.#failure === null }
  /** What is in force by now, where saving met other rules than those that were edited. */
  get theirs(): RulesText | null { return this.#theirs }
  get found(): FoundDraft | null { return this.#found }
  /** Another number whenever topics changed in another way than by the form. */
  get version(): number { return this.#version }

  /** Asks what is in force; changes that this window kept come back on top of it. */
  async load(): Promise<void> {
    this.#failure = null
    const answer = await this.#api.inForce(this.#closed.signal)
    if (this.#closed.signal.aborted) return
    if (!answer.ok) return this.#failed(answer)
    const kept = keptDraft(this.#storage) // before it is kept that nothing was changed
    await this.#begin(answer.value)
    if (kept === null || kept.text === answer.value.text) return
    this.#found = { at: kept.at, stale: kept.base !== answer.value.seq }
    this.setText(kept.text)
  }

  /** What was typed into the text itself. */
  setText(text: string): void {
    if (text === this.#text) return
    this.#wanted = null
    this.#typed = false
    this.#text = text
    this.#keep()
    this.#soon(() => this.#check(null))
  }

  /** A topic of the form, as the file has it; `at` null: a new one at the end. Shown at once, looked at in a moment. */
  setTopic(at: number, topic: unknown): void {
    this.#topics = this.#topics.with(at, topic)
    this.#wanted = { at, topic }
    this.#typed = true
    this.#soon(() => this.#send())
  }

  /** Answers its place. */
  async add(topic: unknown): Promise<number | null> { return (await this.#change({ at: null, topic })) ? this.#topics.length - 1 : null }
  async remove(at: number): Promise<boolean> { return this.#change({ at, topic: null }) }

  /** The rules that are in force again, or those of others. */
  async discard(text?: string): Promise<void> {
    await this.settled()
    this.#found = null
    this.#theirs = null
    this.#wanted = null
    this.#typed = false
    if (this.#inForce === null) return
    this.#text = text ?? this.#inForce.text
    this.#keep()
    await this.#run(() => this.#check(null))
  }

  /** What others have put in force is what is edited from now on; the own text stays as it is. */
  async rebase(): Promise<void> {
    if (this.#theirs === null) return
    const [mine, theirs] = [this.#text, this.#theirs]
    this.#theirs = null
    await this.#begin(theirs)
    this.setText(mine)
    await this.settled()
  }

  /** Answers whether it is in force. */
  async save(): Promise<boolean> {
    await this.settled()
    if (this.#inForce === null || !this.mayBeSaved) return false
    this.#saving = true
    const answer = await this.#api.save({ text: this.#text, base: this.#inForce.seq })
    this.#saving = false
    if (answer.ok) {
      this.#found = null
      await this.#begin(answer.value)
      return true
    }
    if (answer.why === 'changed') this.#theirs = answer.body as unknown as RulesText
    else if (answer.why === 'wrong' && Array.isArray(answer.body['problems'])) this.#problems = answer.body['problems'] as PlacedProblem[]
    else this.#failed(answer)
    return false
  }

  /** When the engine has looked at all that was changed. */
  async settled(): Promise<void> {
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
      this.#timer = null
      const wanted = this.#wanted
      await this.#run(() => (wanted === null ? this.#check(null) : this.#send()))
    }
    await this.#work
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #begin(rules: RulesText): Promise<void> {
    this.#inForce = rules
    this.#text = rules.text
    this.#keep()
    await this.#run(() => this.#check(null))
    this.#topicsInForce = this.#topics
  }

  #soon(work: () => Promise<void>): void {
    this.#checking = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#run(work)
    }, restMs)
  }

  /** One after the other: each begins with the text that the one before has made. */
  #run(work: () => Promise<void>): Promise<void> {
    this.#checking = true
    this.#work = this.#work.then(work).finally(() => { this.#checking = this.#timer !== null })
    return this.#work
  }

  async #send(): Promise<void> {
    const change = this.#wanted
    this.#wanted = null
    if (change !== null) await this.#check(change)
  }

  async #change(change: TopicChange): Promise<boolean> {
    await this.settled()
    const before = this.#text
    await this.#run(() => this.#check(change))
    if (this.#text === before) return false
    this.#version++
    return true
  }

  async #check(change: TopicChange | null): Promise<void> {
    const asked = this.#text
    const answer = await this.#api.check(asked, change)
    if (this.#closed.signal.aborted || this.#text !== asked) return // somebody typed meanwhile: that comes behind
    if (answer.ok) this.#took(answer.value, change)
    else this.#failed(answer)
  }

  #took({ text, topics, problems, notes }: RulesChecked, change: TopicChange | null): void {
    this.#failure = null
    this.#text = text
    this.#readable = topics !== null
    const typedSince = this.#wanted
    if (topics !== null) this.#topics = typedSince?.at === undefined || typedSince.at === null ? topics : topics.with(typedSince.at, typedSince.topic)
    this.#problems = problems
    this.#notes = notes
    this.#typed = this.#wanted !== null
    if (change === null) this.#version++
    this.#keep()
  }

  #failed(answer: Extract<RulesAnswer<unknown>, { ok: false }>): void { this.#failure = { why: answer.why, detail: answer.detail } }

  #keep(): void {
    if (this.#inForce === null) return
    keepDraft(this.#storage, this.#text === this.#inForce.text ? null : { base: this.#inForce.seq, text: this.#text, at: Date.now() })
  }
}
