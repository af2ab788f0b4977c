// The rules as they are edited, as one reactive object: the text of the whole file is what counts, and the form's changes are made in it by the engine, one
// after the other. What is not saved is kept by the browser, whichever way the page is left. What the engine has no answer to is asked again, later each time.
import type { RulesText } from '@groundswell/schemas/rules-desk.ts'
import { waitMs } from '../live/again.ts'
import { passing, type PlacedProblem, type RulesApi, type RulesChecked, type RulesFailure, type RulesRefusal, type TopicChange } from '../live/rules-api.ts'
import { ChangeQueue } from './change-queue.ts'
import type { DraftKeeper } from './kept-draft.ts'
import { otherRules, saveFailure, type EditorFailure, type SaveFailure } from './save-outcome.ts'
import { TheirRules } from './their-rules.svelte.ts'
import { draftOf } from './topic-draft.ts'
import { Turns } from './turns.svelte.ts'

/** Changes that this browser kept; `stale`: of rules that are not in force any more. */
export interface FoundDraft { readonly at: number; readonly stale: boolean }

const restMs = 300
/** What was refused for these is not wrong in itself. */
const comesBack: ReadonlySet<RulesFailure> = new Set([...passing, 'token', 'role'])

export class RulesEditor {
  readonly #api: RulesApi
  readonly #drafts: DraftKeeper
  readonly #closed = new AbortController()
  #inForce = $state.raw<RulesText | null>(null)
  #text = $state('')
  #topics = $state.raw<readonly unknown[]>([])
  #topicsInForce = $state.raw<readonly unknown[]>([])
  #problems = $state.raw<readonly PlacedProblem[]>([])
  #notes = $state.raw<readonly PlacedProblem[]>([])
  #readable = $state(true)
  #failure = $state.raw<EditorFailure | null>(null)
  #againMs = $state<number | null>(null)
  #unsaved = $state.raw<SaveFailure | null>(null)
  #savedSeq = $state<number | null>(null)
  #kept = $state(true)
  #saving = $state(false)
  #theirs = $state.raw<TheirRules | null>(null)
  #found = $state.raw<FoundDraft | null>(null)
  #version = $state(0)
  #typed = $state(false) // something of the form is not in the text yet
  readonly #queue = new ChangeQueue()
  readonly #turns = new Turns()
  #known: RulesText | null = null // whose topics are those in force
  #tries = 0 // that failed, one after the other

  constructor(api: RulesApi, drafts: DraftKeeper) {
    this.#api = api
    this.#drafts = drafts
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
  /** How long until what failed is asked again, from then on; null: it is not. */
  get againMs(): number | null { return this.#againMs }
  /** Why the newest save did not end in force. */
  get unsaved(): SaveFailure | null { return this.#unsaved }
  /** Of what was saved here last; null where something was changed since. */
  get savedSeq(): number | null { return this.#savedSeq }
  /** Whether the browser has room to keep what is not saved. */
  get isKept(): boolean { return this.#kept }
  /** Something was changed that the engine has not looked at yet. */
  get checking(): boolean { return this.#turns.busy }
  /** What the form changed is on its way into the text, or about to be: the text is not written by hand until it is there. */
  get formComesIn(): boolean { return this.formWaits || (this.#typed && this.checking) }
  /** What the form changed is not in the text since the engine had no answer to it. */
  get formWaits(): boolean { return this.#typed && this.#failure !== null && comesBack.has(this.#failure.why) }
  get saving(): boolean { return this.#saving }
  get dirty(): boolean { return this.#inForce !== null && (this.#typed || this.#text !== this.#inForce.text) }
  get mayBeSaved(): boolean { return this.dirty && !this.checking && !this.#saving && this.#problems.length === 0 && this.#failure === null }
  /** What is in force by now, where saving met other rules than those that were edited. */
  get theirs(): TheirRules | null { return this.#theirs }
  get found(): FoundDraft | null { return this.#found }
  /** Another number whenever topics changed in another way than by the form. */
  get version(): number { return this.#version }

  /** Asks what is in force; changes that this window kept come back on top of it. */
  async load(): Promise<void> {
    this.#failure = null
    this.#againMs = null
    const answer = await this.#api.inForce(this.#closed.signal)
    if (this.#closed.signal.aborted) return
    if (!answer.ok) return this.#failed(answer, () => this.load())
    this.#tries = 0
    const kept = this.#drafts.find(Date.now())
    if (kept === null || (kept.text === answer.value.text && kept.changes.length === 0)) return this.#begin(answer.value)
    this.#found = { at: kept.at, stale: kept.base !== answer.value.seq }
    for (const change of kept.changes) this.#queue.put(change)
    await this.#begin(answer.value, kept.text)
    if (!this.#closed.signal.aborted && !this.#queue.isEmpty && this.#failure === null) await this.#turns.run(() => this.#send())
  }

  /** What was typed into the text itself. */
  setText(text: string): void {
    if (text === this.#text) return
    this.#queue.clear()
    this.#typed = false
    this.#savedSeq = null
    this.#text = text
    this.#soon(() => this.#check(null))
  }

  /** A topic of the form, as the file has it; `at` null: a new one at the end. Shown at once, looked at in a moment. */
  setTopic(at: number, topic: unknown): void {
    this.#topics = this.#topics.with(at, topic)
    this.#queue.put({ at, topic })
    this.#typed = true
    this.#savedSeq = null
    this.#soon(() => this.#send())
  }

  /** Answers its place; null: it is not in the text, or not yet. */
  async add(topic: unknown): Promise<number | null> {
    await this.#change({ at: null, topic })
    const at = this.#topics.findLastIndex((one) => draftOf(one).id === draftOf(topic).id)
    return at < 0 ? null : at
  }
  async remove(at: number): Promise<void> { return this.#change({ at, topic: null }) }

  /** The rules that are in force again, or those of others. */
  async discard(text?: string): Promise<void> {
    await this.settled()
    this.#found = null
    this.#theirs = null
    this.#unsaved = null
    this.#savedSeq = null
    this.#queue.clear()
    this.#typed = false
    if (this.#inForce === null) return
    this.#text = text ?? this.#inForce.text
    this.#keep()
    await this.#turns.run(() => this.#check(null))
  }

  /** What others have put in force is what is edited from now on; the own text stays as it is, or is theirs with the own changes. */
  async rebase(text?: string): Promise<void> {
    if (this.#theirs === null) return
    const { rules } = this.#theirs
    this.#theirs = null
    await this.#begin(rules, text ?? this.#text)
    await this.settled()
  }

  /** Answers whether it is in force. Where that is not so yet, or not known, it is looked for: `savedSeq` says it. */
  async save(): Promise<boolean> {
    await this.settled()
    if (this.#inForce === null || !this.mayBeSaved) return false
    const text = this.#text
    this.#saving = true
    this.#unsaved = null
    const answer = await this.#api.save({ text, base: this.#inForce.seq })
    this.#saving = false
    if (answer.ok) {
      await this.#saved(answer.value)
      return true
    }
    if (answer.why === 'changed') this.#theirs = new TheirRules(this.#api, answer.body as unknown as RulesText)
    else if (answer.why === 'wrong' && Array.isArray(answer.body['problems'])) this.#problems = answer.body['problems'] as PlacedProblem[]
    else {
      this.#unsaved = saveFailure(answer)
      if (this.#unsaved.outcome !== 'not-saved') void this.#lookFor(text, this.#unsaved)
    }
    return false
  }

  /** When the engine has looked at all that was changed. */
  async settled(): Promise<void> {
    if (this.#turns.stop()) await (this.#inForce === null ? this.load() : this.#turns.run(() => this.#send()))
    await this.#turns.done
  }

  /** The page goes, or may go: all that was typed is kept now. `stay`: it did not. */
  leave(): void { this.#keep(true) }
  stay(): void { this.#keep(false) }

  close(): void {
    this.leave()
    this.#turns.stop()
    this.#closed.abort()
  }

  async #saved(rules: RulesText): Promise<void> {
    const typed = this.#text
    this.#found = null
    this.#unsaved = null
    this.#theirs = null
    if (typed === rules.text) await this.#begin(rules)
    else { // somebody typed on
      this.#inForce = rules
      await this.#lookAtInForce()
    }
    this.#savedSeq = rules.seq
  }

  /** Until these rules, or those of others, are in force, or somebody saves again. */
  async #lookFor(text: string, failure: SaveFailure): Promise<void> {
    const found = await otherRules(this.#api, { seq: this.#inForce?.seq ?? -1, isOver: () => this.#unsaved !== failure, signal: this.#closed.signal })
    if (found?.text === text) return this.#saved(found)
    if (found === null) return
    this.#unsaved = null
    this.#theirs = new TheirRules(this.#api, found)
  }

  /** `text`: what is edited from the start, where that is not what is in force. */
  async #begin(rules: RulesText, text = rules.text): Promise<void> {
    this.#inForce = rules
    this.#text = text
    this.#typed = !this.#queue.isEmpty
    this.#keep()
    await this.#turns.run(() => this.#check(null))
  }

  #soon(work: () => Promise<void>): void {
    this.#turns.soon(restMs, () => {
      this.#keep()
      return this.#turns.run(work)
    })
  }

  async #send(): Promise<void> {
    do await this.#check(this.#queue.send())
    while (!this.#queue.isEmpty && this.#failure === null && !this.#closed.signal.aborted)
  }

  /** Behind what waits; all that waits is sent now. */
  async #change(change: TopicChange): Promise<void> {
    if (this.#inForce === null) return
    this.#queue.put(change)
    this.#typed = true
    this.#savedSeq = null
    this.#turns.stop()
    this.#keep()
    return this.#turns.run(() => this.#send())
  }

  async #check(change: TopicChange | null): Promise<void> {
    const asked = this.#text
    const isOver = (): boolean => this.#closed.signal.aborted || this.#text !== asked // somebody typed meanwhile: that comes behind
    const refused = change === null && asked === this.#inForce?.text ? null : await this.#lookAtInForce()
    if (isOver()) return
    const answer = refused ?? await this.#api.check(asked, change, this.#closed.signal)
    if (isOver()) return
    if (answer.ok) return this.#took(answer.value, change)
    if (change !== null) this.#queue.failed(comesBack.has(answer.why))
    this.#typed = !this.#queue.isEmpty || change !== null
    this.#failed(answer, () => this.#turns.run(() => this.#send()))
  }

  /** What is in force is looked at of itself where another text is edited; answers why it could not be. */
  async #lookAtInForce(): Promise<RulesRefusal | null> {
    const rules = this.#inForce
    if (rules === null || rules === this.#known) return null
    const answer = await this.#api.check(rules.text, null, this.#closed.signal)
    if (!answer.ok) return answer
    this.#topicsInForce = answer.value.topics ?? []
    this.#known = rules
    return null
  }

  #took({ text, topics, problems, notes }: RulesChecked, change: TopicChange | null): void {
    this.#failure = null
    this.#againMs = null
    this.#tries = 0
    if (change !== null) this.#queue.answered(text !== this.#text)
    this.#text = text
    this.#readable = topics !== null
    if (text === this.#inForce?.text) [this.#known, this.#topicsInForce] = [this.#inForce, topics ?? []]
    if (change === null || change.at === null || change.topic === null || this.#topics.length === 0) this.#version++
    if (topics !== null) this.#topics = this.#queue.over(topics)
    this.#problems = problems
    this.#notes = notes
    this.#typed = !this.#queue.isEmpty
    this.#keep()
  }

  /** What may be otherwise the next time is done again, after a wait that doubles. */
  #failed({ why, detail, said }: RulesRefusal, work: () => Promise<void>): void {
    this.#failure = { why, detail, said }
    if (!passing.has(why) || this.#turns.isWaiting) return
    this.#againMs = waitMs(this.#tries++)
    this.#turns.after(this.#againMs, work)
  }

  #keep(left = false): void {
    if (this.#inForce === null) return
    const changes = this.#queue.all
    const draft = changes.length === 0 && this.#text === this.#inForce.text ? null : { base: this.#inForce.seq, text: this.#text, changes, at: Date.now() }
    this.#kept = this.#drafts.keep(draft, left)
  }
}
