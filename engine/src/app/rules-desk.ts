// Rules written at a desk: read, checked and edited in a thread, saved as a command with the name of who did it, and told of as far as the store knows.
import { said, saidOf } from '@groundswell/schemas/problem.ts'
import type { RulesText } from '@groundswell/schemas/rules-desk.ts'
import { rulesHistory, rulesTextAt, rulesTextsAt, savedBy } from '../io/clickhouse/rules-history.ts'
import { Refusal, refusal } from '../io/http/answer.ts'
import type { RulesDesk, RulesEditAsked, RulesSaved, StoredRules } from '../io/http/rules-desk.ts'
import { RulesThread, RulesThreadBusy } from '../io/rules-thread/rules-thread.ts'
import type { RulesChanges } from '../rules-changes.ts'
import type { RulesRead } from '../rules-edit.ts'
import type { House } from './house.ts'
import { PreviewSample } from './preview-sample.ts'
import { RulesBacktests } from './rules-backtests.ts'
import type { RulesFileKeeper } from './rules-file-keeper.ts'
import { RulesSaving } from './rules-saving.ts'
import type { ScreenReads } from './screen-reads.ts'

export interface RulesDeskParts { readonly house: Pick<House, 'rules' | 'stream' | 'engine' | 'settings' | 'log' | 'pool' | 'inserter'>; readonly file: RulesFileKeeper; readonly reads: ScreenReads }

export class OwnRulesDesk implements RulesDesk {
  readonly #parts: RulesDeskParts
  readonly #thread = new RulesThread()
  readonly #sample: PreviewSample
  readonly #backtests: RulesBacktests
  readonly #closed = new AbortController()
  readonly #saving: RulesSaving
  #turn: Promise<unknown> = Promise.resolve() // one at a time: a second one meets what the first has put in force

  constructor(parts: RulesDeskParts) {
    this.#parts = parts
    const { house, file } = parts
    this.#saving = new RulesSaving({ stream: house.stream, rules: house.rules, file, applied: () => house.engine.position.seq, log: house.log })
    this.#sample = new PreviewSample({ reader: parts.reads.reader, clock: () => parts.house.engine.clock, thread: this.#thread, now: () => performance.now() })
    this.#backtests = new RulesBacktests({ reader: parts.reads.reader, clock: () => parts.house.engine.clock, settings: parts.house.settings, busy: () => parts.house.pool.queued > 0 || parts.house.inserter.waiting > 0 })
  }

  async read(): Promise<RulesText> {
    const { house: { rules, stream }, file, reads } = this.#parts
    const { seq, text } = rules
    const { by, at } = rules.by === undefined ? await reads.told(savedBy(reads.reader, { stream: stream.created, seq })) : { by: rules.by, at: rules.at }
    return { text, seq, by, at, file: file.name }
  }

  check({ text, edit }: RulesEditAsked): Promise<RulesRead | null> {
    return busy(edit === null ? this.#thread.run<'read'>({ kind: 'read', text }) : this.#thread.run<'edit'>({ kind: 'edit', text, edit }))
  }

  async save(asked: RulesSaved): Promise<RulesText> {
    const { problems } = await busy(this.#thread.run<'read'>({ kind: 'read', text: asked.text }))
    const [first] = problems
    if (first !== undefined) throw refusal(400, 'wrong-rules', { detail: said('at-line', { line: first.line, column: first.column, problem: first.said }), hint: said('mend-rules'), more: { outcome: 'not-saved', problems } })
    const turn = this.#turn.then(() => this.#saveNow(asked))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  history(): Promise<readonly StoredRules[]> { return this.#parts.reads.told(rulesHistory(this.#parts.reads.reader)) }
  textAt(asked: { readonly seq: number; readonly stream: number | null }): Promise<string | null> {
    const { reads, house } = this.#parts
    return reads.told(rulesTextAt(reads.reader, { seq: asked.seq, stream: asked.stream ?? house.stream.created }))
  }

  async changesAt(asked: { readonly seq: number; readonly stream: number | null }): Promise<{ readonly changes: RulesChanges | null } | null> {
    const { reads, house } = this.#parts
    const texts = await reads.told(rulesTextsAt(reads.reader, { seq: asked.seq, stream: asked.stream ?? house.stream.created }))
    return texts === null ? null : { changes: await busy(this.#thread.run<'changes'>({ kind: 'changes', before: texts.before, after: texts.text })) }
  }

  preview(question: Parameters<RulesDesk['preview']>[0]): ReturnType<RulesDesk['preview']> { return this.#parts.reads.told(busy(this.#sample.preview(question))) }
  backtest(asked: Parameters<RulesDesk['backtest']>[0], signal: AbortSignal): ReturnType<RulesDesk['backtest']> {
    return this.#backtests.run(asked, AbortSignal.any([signal, this.#closed.signal]))
  }

  async close(): Promise<void> {
    this.#closed.abort(new Error('the engine stops'))
    this.#saving.close()
    await this.#thread.close()
  }

  async #saveNow(asked: RulesSaved): Promise<RulesText> {
    try {
      await this.#saving.save(asked)
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) throw new Refusal(409, { ...error.body, ...await this.read() })
      throw error
    }
    return this.read()
  }
}

/** Of what the thread has no time for. */
async function busy<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work
  } catch (error) {
    if (error instanceof RulesThreadBusy) throw refusal(503, 'busy', { detail: said('rules-busy', { words: saidOf(error) ?? error.message }), hint: said('again-moment') })
    throw error
  }
}
