// The evidence of a topic for the API, out of the store: pages of mentions that stand still, how they divide. Accounts leave as keys.
import type { EvidenceFilter, EvidenceMention } from '@groundswell/schemas/evidence.ts'
import type { AccountKeys } from '../io/access/account-key.ts'
import { breakdownOf } from '../io/clickhouse/evidence-breakdown.ts'
import { countOf, mentionById, newestIngested, pageOf, type StoredMention } from '../io/clickhouse/evidence-mentions.ts'
import { sentimentClass, type EvidenceQuestion, type Reader } from '../io/clickhouse/evidence-where.ts'
import { tooMuchFor } from '../io/clickhouse/store-errors.ts'
import { Refusal } from '../io/http/answer.ts'
import type { EvidenceReads, MentionsAsked, StepsAsked } from '../io/http/evidence.ts'
import { Kept } from './kept.ts'
import { Turns, TurnsTaken } from './turns.ts'

export interface EvidenceSources {
  readonly store: Reader
  /** Refuses where the store is away. */
  readonly told: <Answer>(work: Promise<Answer>) => Promise<Answer>
  readonly keys: AccountKeys
  readonly now: () => number
}

const limits = { atOnce: 3, waitingMax: 24 } as const
const kept = { totalsMax: 64, totalMs: 30_000 } as const

export class Evidence implements EvidenceReads {
  readonly #from: EvidenceSources
  readonly #turns = new Turns(limits)
  readonly #totals: Kept<Promise<number>>

  constructor(from: EvidenceSources) {
    this.#from = from
    this.#totals = new Kept(kept.totalsMax, from.now)
  }

  mentions(topic: string, filter: EvidenceFilter, asked: MentionsAsked): ReturnType<EvidenceReads['mentions']> {
    return this.#told(async () => {
      const { store, now } = this.#from
      const asOf = filter.asOf ?? (await newestIngested(store) ?? now()) + 1
      const question = this.#question(topic, { ...filter, asOf })
      const [total, page] = await Promise.all([this.#total(question), pageOf(store, question, asked)])
      return { total, asOf, mentions: page.map((mention) => this.#mention(mention, asked.names)) }
    })
  }

  breakdown(topic: string, filter: EvidenceFilter, steps: StepsAsked): ReturnType<EvidenceReads['breakdown']> {
    return this.#told(() => breakdownOf(this.#from.store, this.#question(topic, filter), steps))
  }

  mention(id: string, names: boolean): ReturnType<EvidenceReads['mention']> {
    return this.#told(async () => {
      const found = await mentionById(this.#from.store, id)
      return found && this.#mention(found, names)
    })
  }

  #question(topic: string, filter: EvidenceFilter): EvidenceQuestion {
    return { topic, filter, keys: this.#from.keys }
  }

  /** Of a list that stands still it is counted once for all its pages. */
  #total(question: EvidenceQuestion): Promise<number> {
    const key = JSON.stringify([question.topic, question.filter])
    const had = this.#totals.get(key)
    if (had !== undefined) return had
    const counted = countOf(this.#from.store, question)
    this.#totals.keep(key, counted, kept.totalMs)
    counted.catch(() => { this.#totals.keep(key, counted, 0) }) // who asks again has it counted again
    return counted
  }

  #mention({ stream: _stream, seq: _seq, line: _line, author, name, followers, verified, sentiment, class: sentimentIs, likes, reposts, comments, ...told }: StoredMention, names: boolean): EvidenceMention {
    return {
      ...told, account: this.#from.keys.of(told.platform, author), name: names && name !== '' ? name : null, followers: orNull(followers), verified: verified < 0 ? null : verified === 1,
      sentiment: sentimentIs === sentimentClass.unknown ? null : sentiment, likes: orNull(likes), reposts: orNull(reposts), comments: orNull(comments),
    }
  }

  async #told<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await this.#from.told(this.#turns.run(work).catch(refuseTooMuch))
    } catch (error) {
      if (error instanceof TurnsTaken) throw new Refusal(503, { error: 'busy', detail: `evidence is being read for others: ${error.message}`, hint: 'ask again in a few seconds' })
      throw error
    }
  }
}

/** A store that is well, and cannot do this, is not away. */
function refuseTooMuch(error: unknown): never {
  if (tooMuchFor(error)) throw new Refusal(503, { error: 'too-much', detail: 'the store did not get through these mentions in time', hint: 'take a shorter time or a narrower filter' })
  throw error
}

const orNull = (value: number): number | null => (value < 0 ? null : value)
