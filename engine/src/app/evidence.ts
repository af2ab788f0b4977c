// The evidence of a topic for the API, out of the store: pages of mentions that stand still, how they divide, what they say and who carries them.
// Accounts leave as keys. What takes long has turns, and words are read by a thread of their own.
import { said, saidOf } from '@groundswell/schemas/problem.ts'
import { evidenceLimits, type EvidenceFilter, type EvidenceMention } from '@groundswell/schemas/evidence.ts'
import type { AccountKeys } from '../io/access/account-key.ts'
import { breakdownOf } from '../io/clickhouse/evidence-breakdown.ts'
import { cellsOf, spanOfPage, type Cells } from '../io/clickhouse/evidence-cells.ts'
import { mentionById, newestIngested, pageOf, type StoredMention } from '../io/clickhouse/evidence-mentions.ts'
import { spreadersOf } from '../io/clickhouse/evidence-spreaders.ts'
import { foldedPattern, isTooLong } from '../io/clickhouse/folded-pattern.ts'
import { newestOf, sampleOf, wordedOf } from '../io/clickhouse/evidence-texts.ts'
import { sentimentClass, type EvidenceQuestion, type Reader } from '../io/clickhouse/evidence-where.ts'
import { tooMuchFor } from '../io/clickhouse/store-errors.ts'
import { Refusal, refusal } from '../io/http/answer.ts'
import type { EvidenceReads, MentionsAsked, StepsAsked } from '../io/http/evidence.ts'
import { NarrativesBusy, type NarrativeThread } from '../io/narrative-thread/narrative-thread.ts'
import { momentTextLimits } from '../narratives/tell-moments.ts'
import { Kept } from './kept.ts'
import { Turns, TurnsTaken } from './turns.ts'

export interface EvidenceSources {
  readonly store: Reader
  /** Refuses where the store is away. */
  readonly told: <Answer>(work: Promise<Answer>) => Promise<Answer>
  readonly keys: AccountKeys
  readonly thread: Pick<NarrativeThread, 'run'>
  readonly now: () => number
}

/** Texts of one question are up to some hundred megabytes on their way to the thread, which reads one after the other anyway. */
const limits = { numbers: { atOnce: 3, waitingMax: 24 }, texts: { atOnce: 1, waitingMax: 24 } } as const
const weekMs = 7 * 86_400_000
/** Mentions that are looked at for seconds of the same words: the newest of the filter. */
const clusterLimits = { rowsMax: 200_000, bytesMax: 64 * 1024 ** 2 } as const
const kept = { countedMax: 64, countedMs: 30_000 } as const

export class Evidence implements EvidenceReads {
  readonly #from: EvidenceSources
  readonly #numbers = new Turns(limits.numbers)
  readonly #texts = new Turns(limits.texts)
  readonly #counted: Kept<{ readonly cells: Promise<Cells>; readonly until: AbortSignal }>

  constructor(from: EvidenceSources) {
    this.#from = from
    this.#counted = new Kept(kept.countedMax, from.now)
  }

  mentions(topic: string, filter: EvidenceFilter, asked: MentionsAsked, until: AbortSignal): ReturnType<EvidenceReads['mentions']> {
    return this.#told(until, async (store) => {
      const { now } = this.#from
      const asOf = filter.asOf ?? (await newestIngested(store) ?? now()) + 1
      const question = this.#question(topic, { ...filter, asOf })
      const [total, page] = await this.#page({ store, question, until }, asked)
      return { total, asOf, mentions: page.map((mention) => this.#mention(mention, asked.names)) }
    })
  }

  breakdown(topic: string, filter: EvidenceFilter, steps: StepsAsked, until: AbortSignal): ReturnType<EvidenceReads['breakdown']> {
    return this.#told(until, (store) => breakdownOf(store, this.#question(topic, filter), steps))
  }

  narratives(topic: string, filter: EvidenceFilter, { query }: { readonly query: string }, until: AbortSignal): ReturnType<EvidenceReads['narratives']> {
    return this.#told(until, async (store) => {
      const question = this.#question(topic, filter)
      const { total, worded } = await wordedOf(store, question)
      const now = await sampleOf(store, question, { worded, max: evidenceLimits.sampleMax })
      const before = await beforeOf(store, question)
      return { total, ...await this.#from.thread.run({ kind: 'narratives', now, before, query, textsMax: evidenceLimits.textsMax, termsMax: evidenceLimits.termsMax }, until) }
    }, this.#texts)
  }

  spreaders(topic: string, filter: EvidenceFilter, { limit, names }: { readonly limit: number; readonly names: boolean }, until: AbortSignal): ReturnType<EvidenceReads['spreaders']> {
    return this.#told(until, async (store) => {
      const { accounts, replies, spreaders } = await spreadersOf(store, this.#question(topic, filter), limit)
      return { accounts, spreaders: spreaders.map(({ author, name, followers, verified, ...told }) => ({
        ...told, account: this.#from.keys.of(told.platform, author), name: names && name !== '' ? name : null, followers: orNull(followers), verified: verified < 0 ? null : verified === 1, share: told.drawn / replies,
      })) }
    })
  }

  clusters(topic: string, filter: EvidenceFilter, until: AbortSignal): ReturnType<EvidenceReads['clusters']> {
    return this.#told(until, async (store) => {
      const question = this.#question(topic, filter)
      const { chunks: rows, cut } = await newestOf(store, question, { max: clusterLimits.rowsMax, bytesMax: clusterLimits.bytesMax, charactersMin: momentTextLimits.charactersMin })
      return { cut, ...await this.#from.thread.run({ kind: 'moments', rows, max: evidenceLimits.clustersMax }, until) }
    }, this.#texts)
  }

  mention(id: string, names: boolean, until: AbortSignal): ReturnType<EvidenceReads['mention']> {
    return this.#told(until, async (store) => {
      const found = await mentionById(store, id)
      return found && this.#mention(found, names)
    })
  }

  #question(topic: string, filter: EvidenceFilter): EvidenceQuestion {
    if (filter.text !== null && isTooLong(foldedPattern(filter.text) ?? '')) throw refusal(400, 'wrong-query', { detail: said('spellings', { text: JSON.stringify(filter.text) }), hint: said('leave-some-out') })
    return { topic, filter, keys: this.#from.keys }
  }

  /** By time it is read out of the minutes that hold it, once they are counted; by rank of the end that is nearer, which is told for a first page without a count. */
  async #page(wanted: Wanted, asked: MentionsAsked): Promise<[total: number, page: StoredMention[]]> {
    const { store, question } = wanted
    const { order, offset } = asked
    const isByTime = order === 'newest' || order === 'oldest'
    if (!isByTime && offset === 0) {
      const [{ total }, page] = await Promise.all([this.#cells(wanted), pageOf(store, question, asked)])
      return [total, page]
    }
    const cells = await this.#cells(wanted)
    if (!isByTime) return [cells.total, await pageOf(store, question, { ...asked, total: cells.total })]
    const span = spanOfPage(question.filter, cells, { ...asked, order })
    return [cells.total, span === null ? [] : await pageOf(store, { ...question, filter: span.filter }, { ...asked, offset: span.offset })]
  }

  /** Of a list that stands still they are counted once for all its pages, and for all who look at it: who waits for one that has gone has them counted for himself. */
  async #cells(wanted: Wanted): Promise<Cells> {
    const { store, question, until } = wanted
    const key = JSON.stringify([question.topic, question.filter])
    const had = this.#counted.get(key)
    if (had !== undefined) return had.cells.catch((error: unknown) => { if (!had.until.aborted || until.aborted) throw error; return this.#cells(wanted) })
    const counted = { cells: cellsOf(store, question), until }
    this.#counted.keep(key, counted, kept.countedMs)
    counted.cells.catch(() => { if (this.#counted.get(key) === counted) this.#counted.keep(key, counted, 0) }) // who asks again has it counted again
    return counted.cells
  }

  #mention({ stream: _stream, seq: _seq, line: _line, author, name, url, followers, verified, sentiment, class: sentimentIs, likes, reposts, comments, ...told }: StoredMention, names: boolean): EvidenceMention {
    return {
      ...told, account: this.#from.keys.of(told.platform, author), name: names && name !== '' ? name : null, url: names ? url : '', followers: orNull(followers), verified: verified < 0 ? null : verified === 1,
      sentiment: sentimentIs === sentimentClass.unknown ? null : sentiment, likes: orNull(likes), reposts: orNull(reposts), comments: orNull(comments),
    }
  }

  async #told<Answer>(until: AbortSignal, work: (store: Reader) => Promise<Answer>, turns: Turns = this.#numbers): Promise<Answer> {
    const { store, told } = this.#from
    const wanted: Reader = { query: (sql, params) => store.query(sql, params, until), queryChunks: (sql, params) => store.queryChunks(sql, params, until) }
    try {
      return await told(turns.run(() => work(wanted), until).catch(refuseTooMuch))
    } catch (error) {
      if (until.aborted) throw new Refusal(499, { error: 'gone', detail: 'who asked has gone', hint: 'ask again' })
      if (error instanceof NarrativesBusy) throw refusal(503, 'busy', { detail: said('narratives-busy', { words: saidOf(error) ?? error.message }), hint: said('again-soon-shorter') })
      if (error instanceof TurnsTaken) throw refusal(503, 'busy', { detail: said('evidence-busy', { words: saidOf(error) ?? error.message }), hint: said('again-soon') })
      throw error
    }
  }
}

/** What is asked, and of which store while it is wanted. */
interface Wanted { readonly store: Reader; readonly question: EvidenceQuestion; readonly until: AbortSignal }

/** What the time before says, by the same filter: as long as the span itself; where that is silent, the week before it. */
async function beforeOf(store: Reader, question: EvidenceQuestion): Promise<Uint8Array[]> {
  const { filter } = question
  for (const length of [filter.to - filter.from, weekMs]) {
    const past = { ...question, filter: { ...filter, from: Math.max(0, filter.from - length), to: filter.from } }
    if (past.filter.from >= past.filter.to) continue
    const { worded } = await wordedOf(store, past)
    if (worded > 0) return sampleOf(store, past, { worded, max: evidenceLimits.sampleMax })
  }
  return []
}

/** A store that is well, and cannot do this, is not away. */
function refuseTooMuch(error: unknown): never {
  if (tooMuchFor(error)) throw refusal(503, 'too-much', { detail: said('too-much'), hint: said('narrower') })
  throw error
}

const orNull = (value: number): number | null => (value < 0 ? null : value)
