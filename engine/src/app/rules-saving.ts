// Puts rules that were saved at a desk into file and stream, and says honestly which of three it is: saved, not saved, or not known, where the stream took
// the message or not and does not answer. What is not known is looked at again until it is, and the file follows.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { said } from '@groundswell/schemas/problem.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { Refusal, refusal } from '../io/http/answer.ts'
import type { RulesSaved } from '../io/http/rules-desk.ts'
import type { Log } from '../io/log/log.ts'
import { RulesFileRefused, type Written } from '../pipeline/rules-file.ts'
import type { RulesInForce } from '../pipeline/rules-in-force.ts'
import type { InputStream } from '../ports.ts'
import { StreamFull, StreamRefused } from '../stream-errors.ts'
import type { RulesFileKeeper } from './rules-file-keeper.ts'

export interface SavingParts {
  readonly stream: Pick<InputStream, 'publish' | 'last'>
  readonly rules: Pick<RulesInForce, 'seq' | 'text' | 'reached'>
  readonly file: Pick<RulesFileKeeper, 'write' | 'restore'>
  readonly applied: () => number // sequence that the engine has applied
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly waits?: Partial<SavingWaits>
}

/** ms. A look comes a while after the stream has failed to answer: what is under way by then is there by then. */
export interface SavingWaits { readonly look: number; readonly again: number; readonly againMax: number; readonly caughtUp: number; readonly inForce: number }
const usual: SavingWaits = { look: 1000, again: 2000, againMax: 30_000, caughtUp: 2000, inForce: 15_000 }
const attemptsMax = 2

/** A command that the stream may have. `after`: the newest of its subject before. */
interface Sent { readonly data: Uint8Array; readonly after: number; readonly written: Written }
type Put = { readonly kind: 'saved'; readonly seq: number } | { readonly kind: 'not-saved'; readonly error: Error } | { readonly kind: 'not-known'; readonly error: Error }

export class RulesSaving {
  readonly #parts: SavingParts
  readonly #waits: SavingWaits
  readonly #closed = new AbortController()
  #unsettled: Sent | null = null

  constructor(parts: SavingParts) {
    this.#parts = parts
    this.#waits = { ...usual, ...parts.waits }
  }

  /** Resolves when they are in force. Throws a Refusal, whose `outcome` says whether they are saved: 'saved' (not in force yet), 'not-saved' or 'not-known'. */
  async save({ text, base, by }: RulesSaved): Promise<void> {
    const { rules, log } = this.#parts
    const after = await this.#caughtUp()
    if (rules.seq !== base) throw refusal(409, 'rules-changed', { detail: said('rules-changed', { now: rules.seq, base }), hint: said('look-and-save') })
    if (rules.text === text) return
    const written = await this.#write(text)
    const sent: Sent = { data: new TextEncoder().encode(JSON.stringify({ kind: 'rules', text, by })), after, written }
    const put = await this.#put(sent)
    if (put.kind === 'not-saved') {
      await this.#restore(sent)
      throw notSaved(put.error)
    }
    if (put.kind === 'not-known') {
      this.#unsettled = sent
      void this.#settleSometime()
      throw notKnown(put.error)
    }
    log.info(`rules were saved at a desk as command ${put.seq}`, { by })
    if (!await rules.reached(put.seq, this.#patience(this.#waits.inForce))) throw notYet(put.seq)
  }

  close(): void { this.#closed.abort(new Error('the engine stops')) }

  /** Answers the newest command of rules. A changed file may be on the stream and not in force yet: what is saved now comes behind it. */
  async #caughtUp(): Promise<number> {
    const { stream, rules, applied } = this.#parts
    try {
      await this.#settle()
      const newest = await stream.last(subjects.command('rules'))
      if (newest === null) return 0
      // Rules that were refused never come into force, and no newer ones than those in force are there.
      if (!await rules.reached(newest.seq, this.#patience(this.#waits.caughtUp)) && applied() < newest.seq) throw behind(newest.seq)
      return newest.seq
    } catch (error) {
      throw error instanceof Refusal ? error : notSaved(error as Error)
    }
  }

  async #write(text: string): Promise<Written> {
    try {
      return await this.#parts.file.write(text, this.#parts.rules.text)
    } catch (error) {
      if (!(error instanceof RulesFileRefused)) throw error
      throw refusal(503, 'file-not-written', { detail: error.said, hint: said('nothing-saved'), more: { outcome: 'not-saved' } })
    }
  }

  /** Under one message id, so that a second time is harmless. */
  async #put(sent: Sent): Promise<Put> {
    const id = `rules:${randomUUID()}`
    let isOut = false // whether the stream may have it
    for (let attempt = 1; ; attempt++) {
      try {
        return { kind: 'saved', seq: (await this.#parts.stream.publish(subjects.command('rules'), sent.data, id)).seq }
      } catch (error) {
        const isRefused = error instanceof StreamFull || error instanceof StreamRefused
        if (isRefused && !isOut) return { kind: 'not-saved', error }
        isOut = true
        await this.#rest(this.#waits.look)
        const seen = await this.#seen(sent).catch(() => null) // what failed first is told
        if (typeof seen === 'number') return { kind: 'saved', seq: seen }
        if (seen === 'hidden' || attempt >= attemptsMax || this.#closed.signal.aborted) return { kind: seen === 'missing' ? 'not-saved' : 'not-known', error: error as Error }
      }
    }
  }

  /** Its sequence, where it is the newest command of rules; 'hidden': others came behind it. Throws where the stream does not answer. */
  async #seen({ data, after }: Sent): Promise<number | 'missing' | 'hidden'> {
    const newest = await this.#parts.stream.last(subjects.command('rules'))
    if (newest === null || newest.seq <= after) return 'missing'
    return Buffer.compare(newest.data, data) === 0 ? newest.seq : 'hidden'
  }

  async #settleSometime(): Promise<void> {
    for (let wait = this.#waits.again; this.#unsettled !== null; wait = Math.min(2 * wait, this.#waits.againMax)) {
      await this.#rest(wait)
      if (this.#closed.signal.aborted) return
      await this.#settle().catch(() => undefined) // it throws where the stream does not answer: it is asked again
    }
  }

  /** Throws where the stream does not answer. */
  async #settle(): Promise<void> {
    const sent = this.#unsettled
    if (sent === null) return
    const { log } = this.#parts
    const seen = await this.#seen(sent)
    if (this.#unsettled !== sent) return // somebody else has settled it
    this.#unsettled = null
    if (seen === 'missing') {
      log.warn('rules of which it was not known whether the stream took them are not there: the rules file is as before, and whoever saved them has to save again')
      await this.#restore(sent)
    } else log.info(seen === 'hidden' ? 'others have put rules on the stream behind those of which it was not known whether it took them' : `rules of which it was not known whether the stream took them were saved as command ${seen}`)
  }

  async #restore({ written }: Sent): Promise<void> {
    await this.#parts.file.restore(written).catch((failed: unknown) => this.#parts.log.error('rules that were not saved are in the rules file: put back what was there', { error: failed as Error }))
  }

  #patience(ms: number): AbortSignal { return AbortSignal.any([AbortSignal.timeout(ms), this.#closed.signal]) }
  async #rest(ms: number): Promise<void> { await sleep(ms, undefined, { signal: this.#closed.signal }).catch(() => undefined) }
}

const behind = (seq: number): Refusal => refusal(503, 'not-caught-up', { detail: said('rules-before', { seq }), hint: said('not-saved-look-again'), more: { outcome: 'not-saved' } })
const notYet = (seq: number): Refusal => refusal(503, 'not-in-force-yet', { detail: said('rules-on-stream', { seq }), hint: said('rules-later'), more: { outcome: 'saved' } })
const notSaved = (error: Error): Refusal => refusal(503, error instanceof StreamFull ? 'stream-full' : 'stream-down', { detail: said('stream-takes-no-rules', { words: error.message }), hint: said('look-at-nats'), more: { outcome: 'not-saved' } })
const notKnown = (error: Error): Refusal => refusal(503, 'not-known', { detail: said('stream-does-not-say', { words: error.message }), hint: said('rules-perhaps'), more: { outcome: 'not-known' } })
