// Pages of a long list that are here: at most so many, those that were looked at last. What is in sight is never forgotten.

/** Half open, in rows. */
export type Rows = readonly [from: number, to: number]

export class RecentPages<Row> {
  readonly #size: number
  readonly #max: number
  readonly #pages = new Map<number, readonly Row[]>()
  readonly #uses = new Set<number>() // of pages that are here or asked for, looked at longest ago first; a number each, and no more than the list has pages

  /** `size`: rows of a page · `max`: pages; more only where more are in sight. */
  constructor({ size, max }: { readonly size: number; readonly max: number }) {
    this.#size = size
    this.#max = max
  }

  /** Null: not here. */
  at(index: number): Row | null { return this.#pages.get(Math.floor(index / this.#size))?.[index % this.#size] ?? null }
  has(page: number): boolean { return this.#pages.has(page) }
  get entries(): Iterable<readonly [page: number, rows: readonly Row[]]> { return this.#pages }

  /** These rows are looked at now. Answers the pages that they are on. */
  look([from, to]: Rows): readonly number[] {
    const pages: number[] = []
    for (let page = Math.floor(from / this.#size); page * this.#size < to; page++) {
      this.#use(page)
      pages.push(page)
    }
    return pages
  }

  /** A page has come, of which one was looked at when it was asked for. */
  keep(page: number, rows: readonly Row[], sight: Rows): void {
    if (!this.#uses.has(page)) this.#use(page)
    this.#pages.set(page, rows)
    for (const old of this.#uses) {
      if (this.#pages.size <= this.#max) break
      if (this.#pages.has(old) && !this.#isIn(old, sight)) this.#forget(old)
    }
  }

  #use(page: number): void {
    this.#uses.delete(page)
    this.#uses.add(page)
  }

  #forget(page: number): void {
    this.#pages.delete(page)
    this.#uses.delete(page)
  }

  #isIn(page: number, [from, to]: Rows): boolean { return (page + 1) * this.#size > from && page * this.#size < to }
}
