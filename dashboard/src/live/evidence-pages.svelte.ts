// A list of mentions that stands still: its total and what came in last are those of the first answer, and every page of it is asked as of then, once. What
// has come in since is counted beside it, until somebody asks for it.
import type { EvidenceMention, MentionsAnswer } from '@groundswell/schemas/evidence.ts'
import type { Order } from '../room/topic-view.ts'
import { RecentPages, type Rows } from './recent-pages.ts'
import type { EvidenceAnswer, EvidenceApi, EvidenceQuestion, Refused } from './evidence-api.ts'

export const pageSize = 100
const pagesKept = 40 // those seen longest ago are forgotten, and asked again
/** Rows that a browser can lay out as one list; what is beyond is reached by a narrower question. */
export const rowsMax = 200_000
const patienceMs = 30_000
const againMs = 5_000

export interface ListQuestion { readonly question: EvidenceQuestion; readonly order: Order; readonly names: boolean }

export class EvidencePages {
  readonly #api: EvidenceApi
  readonly #asked: ListQuestion
  readonly #closed = new AbortController()
  readonly #under = new Set<number>()
  readonly #pages = new RecentPages<EvidenceMention>({ size: pageSize, max: pagesKept })
  #came = $state(0) // pages, so that who reads one is told of another
  #first = $state.raw<{ readonly total: number; readonly asOf: number } | null>(null)
  #failure = $state.raw<Refused | null>(null)
  #newer = $state(0)
  #looking = false
  #wanted: Rows = [0, 0]
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(api: EvidenceApi, asked: ListQuestion) {
    this.#api = api
    this.#asked = asked
    void this.#askPage(0)
  }

  /** Of the question, as of then; null until the first answer. */
  get total(): number | null { return this.#first?.total ?? null }
  get rows(): number { return Math.min(rowsMax, this.#first?.total ?? 0) }
  get asOf(): number | null { return this.#first?.asOf ?? null }
  get failure(): Refused | null { return this.#failure }
  /** How many more the question would find now. */
  get newer(): number { return this.#newer }

  /** Null: not here yet. */
  at(index: number): EvidenceMention | null {
    void this.#came
    return this.#pages.at(index)
  }

  /** Where a mention stands among the pages that are here; null: in none of them. */
  placeOf(id: string): number | null {
    void this.#came
    for (const [page, mentions] of this.#pages.entries) {
      const place = mentions.findIndex((mention) => mention.id === id)
      if (place >= 0) return page * pageSize + place
    }
    return null
  }

  /** Asks for the pages of these rows, the last one excluded, as far as they are not here. */
  show(from: number, to: number): void {
    this.#wanted = [from, to]
    if (this.#first === null) return
    for (const page of this.#pages.look([from, Math.min(to, this.rows)])) {
      if (!this.#pages.has(page) && !this.#under.has(page)) void this.#askPage(page)
    }
  }

  /** Whether more came in: `question` is the same one, of now. */
  async lookForNewer(question: EvidenceQuestion): Promise<void> {
    if (this.#first === null || this.#looking) return // one at a time: an older answer never overtakes a newer one
    this.#looking = true
    const answer = await this.#api.mentions(question, { order: this.#asked.order, offset: 0, limit: 1, names: false }, this.#signal())
    this.#looking = false
    if (answer.ok && !this.#closed.signal.aborted) this.#newer = Math.max(0, answer.value.total - this.#first.total)
  }

  close(): void {
    this.#closed.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #askPage(page: number): Promise<void> {
    this.#under.add(page)
    const { question, order, names } = this.#asked
    const asOf = this.#first?.asOf ?? question.asOf
    const answer: EvidenceAnswer<MentionsAnswer> = await this.#api.mentions({ ...question, asOf }, { order, offset: page * pageSize, limit: pageSize, names }, this.#signal())
    this.#under.delete(page)
    if (this.#closed.signal.aborted) return
    this.#failure = answer.ok ? null : answer
    if (answer.ok) this.#keep(page, answer.value)
    else if (answer.why !== 'forbidden' && answer.why !== 'token' && answer.why !== 'topic') this.#timer ??= setTimeout(() => { this.#retry() }, againMs)
  }

  #keep(page: number, { total, asOf, mentions }: MentionsAnswer): void {
    const first = this.#first === null
    this.#first ??= { total, asOf }
    this.#pages.keep(page, mentions, this.#wanted)
    this.#came++
    if (first) this.show(...this.#wanted)
  }

  #retry(): void {
    this.#timer = null
    if (this.#first === null) void this.#askPage(0)
    else this.show(...this.#wanted)
  }

  #signal(): AbortSignal { return AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]) }
}
