// One question to the engine and its newest answer, as one reactive object with a lifetime. Another question supersedes the one before; the last answer
// stays while the next one is awaited or fails, and says which question it is of. None is waited for beyond a limit; what may pass is asked again, later each time.
import { waitMs } from './again.ts'
import type { EvidenceFailure } from './evidence-api.ts'
import type { EngineSaid } from './refusal.ts'

const patienceMs = 30_000

/** Why there is no answer; `detail` in words of the engine. */
export interface Refused<Why> extends EngineSaid { readonly ok: false; readonly why: Why }
type Answer<Value, Refusal> = { readonly ok: true; readonly value: Value } | Refusal

/** idle: nothing is asked · loading: no answer yet · ready · stale: the newest question has none, the one before had · failed: there is none. */
export type AskedState = 'idle' | 'loading' | 'ready' | 'stale' | 'failed'

export class Asked<Question, Value, Why extends string = EvidenceFailure, Refusal extends Refused<Why> = Refused<Why>> {
  readonly #ask: (question: Question, signal: AbortSignal) => Promise<Answer<Value, Refusal>>
  #question = $state.raw<Question | null>(null)
  #key = ''
  #refreshMs: number | null = null
  #under: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #value = $state.raw<{ readonly of: Question; readonly value: Value } | null>(null)
  #failure = $state.raw<Refusal | null>(null)
  #againMs = $state<number | null>(null)
  #tries = 0 // without an answer, one after the other
  #awaited = $state(false)

  constructor(ask: (question: Question, signal: AbortSignal) => Promise<Answer<Value, Refusal>>) { this.#ask = ask }

  /** Of the last question that was answered. */
  get value(): Value | null { return this.#value?.value ?? null }
  get of(): Question | null { return this.#value?.of ?? null }
  /** Of the newest question; null while it has no answer. */
  get current(): Value | null { return this.of === this.#question ? this.value : null }
  /** Why the newest question has no answer; null where it has one, or is awaited for the first time. */
  get failure(): Refusal | null { return this.#failure }
  /** How long, from when it failed, until it is asked again for that; null: it is not. */
  get againMs(): number | null { return this.#againMs }
  /** Whether what is shown is of another question than the newest. */
  get awaited(): boolean { return this.#awaited }
  get state(): AskedState {
    if (this.#failure !== null) return this.#value === null ? 'failed' : 'stale'
    return this.#value !== null ? 'ready' : this.#awaited ? 'loading' : 'idle'
  }

  /** Asks where the question differs from the one before; with `refreshMs` again and again, and with `restMs` only once nothing else was put for as long, as while somebody types. Null: nothing is to be asked, and what is known stays. */
  put(question: Question | null, refreshMs: number | null = null, restMs = 0): void {
    this.#refreshMs = refreshMs
    const key = question === null ? '' : JSON.stringify(question)
    if (key === this.#key) return
    this.#key = key
    this.#question = question
    this.#stop()
    this.#awaited = question !== null
    this.#tries = 0
    this.#againMs = null
    if (question === null) return
    if (restMs > 0) this.#timer = setTimeout(() => void this.#askNow(question), restMs)
    else void this.#askNow(question)
  }

  again(): void {
    this.#stop()
    if (this.#question !== null) void this.#askNow(this.#question)
  }

  close(): void {
    this.#question = null
    this.#stop()
  }

  async #askNow(question: Question): Promise<void> {
    const under = new AbortController()
    this.#under = under
    const answer = await this.#ask(question, AbortSignal.any([under.signal, AbortSignal.timeout(patienceMs)]))
    if (under.signal.aborted) return
    this.#awaited = false
    this.#failure = answer.ok ? null : answer
    if (answer.ok) this.#value = { of: question, value: answer.value }
    this.#againMs = !answer.ok && mayPass(answer) ? waitMs(this.#tries++) : null
    if (answer.ok) this.#tries = 0
    const wait = this.#againMs ?? this.#refreshMs // what was refused may be granted by then
    if (wait !== null) this.#timer = setTimeout(() => { this.again() }, wait)
  }

  #stop(): void {
    this.#under?.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
  }
}

const mayPass = ({ why }: { readonly why: string }): boolean => why === 'away' || why === 'busy' || why === 'store'
