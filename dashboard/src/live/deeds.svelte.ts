// What somebody at this desk does, from the key until the screen shows it, as one reactive object: sent a few at a time, kept with the reason where it
// failed, sent again with the same ids where that is asked for.
import type { Action } from '@groundswell/schemas/action.ts'
import { isShown, type Shown } from '../room/shown-action.ts'
import { newActionId, type ActionFailure, type ActionsApi } from './actions-api.ts'
import type { EngineSaid } from './refusal.ts'

/** Of one deed: more alerts than this are not changed at once. */
export const actionsMax = 200
const deedsMax = 20
const atOnce = 4
const doneMs = 8_000 // how long what is done is told
const undoMs = 30_000 // and what can be taken back: whoever reads it first, or has a slow hand, still may
const lateMs = 10_000 // after it was accepted
const shownMax = 4

/** sending · accepted: the stream has it, the picture does not show it yet · late: for longer than it should take · done: it is shown · failed */
export type DeedState = 'sending' | 'accepted' | 'late' | 'done' | 'failed'

export interface Todo { readonly what: Action['what']; readonly about: string; readonly actions: readonly Action[]; readonly undo?: readonly Action[]; readonly notesBefore?: number } // about: what people call it
export interface Deed extends Todo {
  readonly id: number
  readonly state: DeedState
  readonly left: number // actions that are not accepted
  readonly failure: ({ readonly why: ActionFailure } & EngineSaid) | null // of the first that failed
}

/** As many as a page has room for, in their order: the newest always, then what is not done before what is. */
export function shownOf(deeds: readonly Deed[]): readonly Deed[] {
  const need = (deed: Deed): number => (deed === deeds.at(-1) ? 2 : deed.state === 'done' ? 0 : 1)
  const shown = new Set(deeds.toSorted((a, b) => need(a) - need(b)).slice(-shownMax))
  return deeds.filter((deed) => shown.has(deed))
}

interface Sending { readonly action: Action; readonly id: string; accepted: boolean }

export class Deeds {
  readonly #api: ActionsApi
  readonly #sendings = new Map<number, Sending[]>()
  readonly #since = new Map<number, number>() // when a deed was accepted or done, ms
  #deeds = $state.raw<readonly Deed[]>([])
  #next = 1

  constructor(api: ActionsApi) { this.#api = api }

  /** Newest last; what is done goes after a while, the oldest that is done at the maximum. */
  get all(): readonly Deed[] { return this.#deeds }
  /** Whether anything about this topic or alert is under way. */
  get busy(): boolean { return this.#deeds.some(({ state }) => state === 'sending' || state === 'accepted') }

  do(todo: Todo): void {
    if (todo.actions.length === 0) return
    const actions = todo.actions.slice(0, actionsMax)
    const id = this.#next++
    this.#sendings.set(id, actions.map((action) => ({ action, id: newActionId(), accepted: false })))
    this.#deeds = [...this.#room(), { ...todo, actions, id, state: 'sending', left: actions.length, failure: null }]
    void this.#send(id)
  }

  retry(id: number): void {
    this.#change(id, { state: 'sending', failure: null })
    void this.#send(id)
  }

  drop(id: number): void {
    this.#sendings.delete(id)
    this.#since.delete(id)
    this.#deeds = this.#deeds.filter((deed) => deed.id !== id)
  }

  /** Called with every picture, and now and then: what it shows is done. `now`: ms of a clock that never steps back. */
  look(shown: Shown, now: number): void {
    for (const deed of this.#deeds) {
      const since = this.#since.get(deed.id) ?? now
      if (deed.state === 'done' && now - since > ((deed.undo?.length ?? 0) > 0 ? undoMs : doneMs)) this.drop(deed.id)
      if (deed.state !== 'accepted' && deed.state !== 'late') continue
      if (deed.actions.every((action) => isShown(action, shown, deed.notesBefore))) {
        this.#since.set(deed.id, now)
        this.#change(deed.id, { state: 'done' })
      } else if (deed.state === 'accepted' && now - since > lateMs) this.#change(deed.id, { state: 'late' })
    }
  }

  async #send(id: number): Promise<void> {
    const left = (this.#sendings.get(id) ?? []).filter(({ accepted }) => !accepted)
    let failure: Deed['failure'] = null
    const work = async (): Promise<void> => {
      for (let one = left.shift(); one !== undefined && failure === null; one = left.shift()) {
        const answer = await this.#api.act(one.action, one.id)
        if (answer.ok) one.accepted = true
        else failure ??= answer
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    const missing = (this.#sendings.get(id) ?? []).filter(({ accepted }) => !accepted).length
    this.#since.set(id, performance.now())
    this.#change(id, { state: failure === null ? 'accepted' : 'failed', failure, left: missing })
  }

  #change(id: number, changes: Partial<Deed>): void { this.#deeds = this.#deeds.map((deed) => (deed.id === id ? { ...deed, ...changes } : deed)) }

  #room(): readonly Deed[] {
    if (this.#deeds.length < deedsMax) return this.#deeds
    const gone = this.#deeds.find(({ state }) => state === 'done') ?? this.#deeds.find(({ state }) => state === 'failed') ?? this.#deeds[0]!
    this.drop(gone.id)
    return this.#deeds
  }
}
