// Rules written at a desk: read, checked and edited in a thread, saved as a command with the name of who did it, and told of as far as the store knows.
import { randomUUID } from 'node:crypto'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { RulesText } from '@groundswell/schemas/rules-desk.ts'
import { rulesHistory, rulesTextAt, savedBy } from '../io/clickhouse/rules-history.ts'
import { Refusal } from '../io/http/answer.ts'
import type { RulesDesk, RulesEditAsked, RulesSaved, StoredRules } from '../io/http/rules-desk.ts'
import { RulesThread, RulesThreadBusy } from '../io/rules-thread/rules-thread.ts'
import { RulesFileRefused, type Written } from '../pipeline/rules-file.ts'
import type { RulesRead } from '../rules-edit.ts'
import type { House } from './house.ts'
import { PreviewSample } from './preview-sample.ts'
import { RulesBacktests } from './rules-backtests.ts'
import type { RulesFileKeeper } from './rules-file-keeper.ts'
import type { ScreenReads } from './screen-reads.ts'

export interface RulesDeskParts { readonly house: Pick<House, 'rules' | 'stream' | 'engine' | 'settings' | 'log' | 'pool' | 'inserter'>; readonly file: RulesFileKeeper; readonly reads: ScreenReads }

/** How long is waited until saved rules are in force. The engine reads them behind all mentions that came before. */
const inForceMs = 15_000

export class OwnRulesDesk implements RulesDesk {
  readonly #parts: RulesDeskParts
  readonly #thread = new RulesThread()
  readonly #sample: PreviewSample
  readonly #backtests: RulesBacktests
  readonly #closed = new AbortController()
  #saving: Promise<unknown> = Promise.resolve() // one at a time: a second one meets what the first has put in force

  constructor(parts: RulesDeskParts) {
    this.#parts = parts
    this.#sample = new PreviewSample({ reader: parts.reads.reader, clock: () => parts.house.engine.clock, thread: this.#thread, now: () => performance.now() })
    this.#backtests = new RulesBacktests({ reader: parts.reads.reader, clock: () => parts.house.engine.clock, settings: parts.house.settings, busy: () => parts.house.pool.queued > 0 || parts.house.inserter.waiting > 0 })
  }

  async read(): Promise<RulesText> {
    const { house: { rules, stream }, file, reads } = this.#parts
    const { seq, text } = rules
    const by = rules.by === undefined ? await reads.told(savedBy(reads.reader, { stream: stream.created, seq })) : rules.by
    return { text, seq, by, file: file.name }
  }

  check({ text, edit }: RulesEditAsked): Promise<RulesRead | null> {
    return busy(edit === null ? this.#thread.run<'read'>({ kind: 'read', text }) : this.#thread.run<'edit'>({ kind: 'edit', text, edit }))
  }

  async save(asked: RulesSaved): Promise<RulesText> {
    const { problems } = await busy(this.#thread.run<'read'>({ kind: 'read', text: asked.text }))
    if (problems.length > 0) throw new Refusal(400, { error: 'wrong-rules', detail: `line ${problems[0]!.line}, column ${problems[0]!.column}: ${problems[0]!.message}`, hint: 'mend them: nothing was saved', problems })
    const turn = this.#saving.then(() => this.#saveNow(asked))
    this.#saving = turn.catch(() => undefined)
    return turn
  }

  history(): Promise<readonly StoredRules[]> { return this.#parts.reads.told(rulesHistory(this.#parts.reads.reader)) }
  textAt(asked: { readonly seq: number; readonly stream: number | null }): Promise<string | null> {
    const { reads, house } = this.#parts
    return reads.told(rulesTextAt(reads.reader, { seq: asked.seq, stream: asked.stream ?? house.stream.created }))
  }

  preview(question: Parameters<RulesDesk['preview']>[0]): ReturnType<RulesDesk['preview']> { return this.#parts.reads.told(busy(this.#sample.preview(question))) }
  backtest(asked: Parameters<RulesDesk['backtest']>[0], signal: AbortSignal): ReturnType<RulesDesk['backtest']> {
    return this.#backtests.run(asked, AbortSignal.any([signal, this.#closed.signal]))
  }

  async close(): Promise<void> {
    this.#closed.abort(new Error('the engine stops'))
    await this.#thread.close()
  }

  async #saveNow({ text, base, by }: RulesSaved): Promise<RulesText> {
    const { house: { rules, log } } = this.#parts
    await this.#caughtUp()
    if (rules.seq !== base) throw new Refusal(409, { error: 'rules-changed', detail: `rules ${rules.seq} are in force, and rules ${base} were edited`, hint: 'look at what is in force now, and save again', ...await this.read() })
    if (rules.text === text) return this.read()
    const written = await this.#write(text)
    const seq = await this.#publish({ text, by }, written)
    log.info(`rules were saved at a desk as command ${seq}`, { by })
    if (!await rules.reached(seq, this.#patience())) throw notYet(seq)
    return this.read()
  }

  /** A changed file may be on the stream and not in force yet: what is saved now comes behind it. */
  async #caughtUp(): Promise<void> {
    const { house: { rules, stream } } = this.#parts
    const newest = await stream.last(subjects.command('rules')).catch((error: unknown) => { throw streamAway(error) })
    if (newest !== null && !await rules.reached(newest.seq, AbortSignal.any([AbortSignal.timeout(2000), this.#closed.signal]))) {
      // Rules that were refused never come into force, and no newer ones than those in force are there.
      if (this.#parts.house.engine.position.seq < newest.seq) throw notYet(newest.seq)
    }
  }

  async #write(text: string): Promise<Written> {
    try {
      return await this.#parts.file.write(text, this.#parts.house.rules.text)
    } catch (error) {
      if (!(error instanceof RulesFileRefused)) throw error
      throw new Refusal(503, { error: 'file-not-written', detail: error.message, hint: 'nothing was saved, and the rules in force stay' })
    }
  }

  async #publish({ text, by }: { readonly text: string; readonly by: string }, written: Written): Promise<number> {
    const { house: { stream, log }, file } = this.#parts
    try {
      const { seq } = await stream.publish(subjects.command('rules'), new TextEncoder().encode(JSON.stringify({ kind: 'rules', text, by })), `rules:${randomUUID()}`)
      return seq
    } catch (error) {
      await file.restore(written).catch((failed: unknown) => log.error('rules that were not saved are in the rules file: put back what was there', { error: failed as Error }))
      throw streamAway(error)
    }
  }

  #patience(): AbortSignal { return AbortSignal.any([AbortSignal.timeout(inForceMs), this.#closed.signal]) }
}

const notYet = (seq: number): Refusal => new Refusal(503, { error: 'not-in-force-yet', detail: `the rules are on the stream as command ${seq}, and the engine is still behind it`, hint: 'they come into force when it gets there: look again in a while' })
const streamAway = (error: unknown): Refusal => new Refusal(503, { error: 'stream-down', detail: `the input stream cannot take the rules now: ${(error as Error).message}`, hint: 'nothing was saved; look at NATS, and try again' })

/** Of what the thread has no time for. */
async function busy<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work
  } catch (error) {
    if (error instanceof RulesThreadBusy) throw new Refusal(503, { error: 'busy', detail: `rules are looked at by too many: ${error.message}`, hint: 'ask again in a moment' })
    throw error
  }
}
