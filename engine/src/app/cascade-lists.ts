// Lists of cascades for the API: ranked in memory, with the R that their pages tell, and merged with the store's where a time is asked for.
import { setImmediate } from 'node:timers/promises'
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import type { LiveCascadeRow, LiveCascades, Pieces } from '../core/live-cascades.ts'
import { CascadesBusy, type CascadeThread } from '../io/cascade-thread/cascade-thread.ts'
import { storedCascades } from '../io/clickhouse/cascade-reads.ts'
import type { CascadesAsked } from '../io/http/cascades.ts'
import type { Store } from '../ports.ts'
import { Kept } from './kept.ts'

export interface ListSources {
  readonly live: LiveCascades
  /** The event clock in seconds; null before the first mention. */
  readonly clock: () => number | null
  readonly store: Pick<Store, 'query'>
  readonly thread: Pick<CascadeThread, 'run'>
  readonly now: () => number
}

/** R is worked out of so many cascades, and for trees of so many mentions together: about a second. Those of which it is not known come first, then those of which it is oldest, so that each has its turn; a tree of the same size has hardly another for a while. */
const withR = { cascadesMax: 100, nodesMax: 500_000, keptMax: 2000, freshMs: 20_000, keepMs: 180_000 } as const
const underWayMax = 4

/** rootMs: event time of its root; null: it left memory meanwhile. */
export interface Listed { readonly row: CascadeRow; readonly rootMs: number | null }

/** R as it was worked out last, for a list or for the page of the cascade: of a tree of so many mentions, at ms of the engine's clock. */
export interface KnownR { readonly R: CascadeRow['reproduction']; readonly size: number; readonly at: number }
export class KnownReproductions {
  readonly #now: () => number
  readonly #known: Kept<KnownR>
  constructor(now: () => number) {
    this.#now = now
    this.#known = new Kept(withR.keptMax, now)
  }
  get(root: string): KnownR | undefined { return this.#known.get(root) }
  keep({ root, size }: Pick<CascadeRow, 'root' | 'size'>, R: CascadeRow['reproduction']): void { this.#known.keep(root, { R, size, at: this.#now() }, withR.keepMs) }
}

/** Rejects with CascadesBusy where too many are asked for at once. */
export function cascadeLists({ live, clock, store, thread, now }: ListSources, known: KnownReproductions): (asked: CascadesAsked) => Promise<readonly Listed[]> {
  let underWay = 0

  /** With R, of all but what the next lists will tell. */
  async function withReproduction(rows: readonly LiveCascadeRow[]): Promise<CascadeRow[]> {
    const second = clock()
    const isFresh = ({ root, size }: LiveCascadeRow): boolean => { const had = known.get(root); return had?.size === size && now() - had.at < withR.freshMs }
    const knownAt = ({ root }: LiveCascadeRow): number => known.get(root)?.at ?? -Infinity
    const asked = rows.filter((row) => !isFresh(row)).sort((a, b) => (knownAt(a) === knownAt(b) ? b.lastHour - a.lastHour : knownAt(a) - knownAt(b))).slice(0, withR.cascadesMax)
    let nodes = 0
    for (const row of asked) {
      if (second === null || (nodes > 0 && nodes + row.size > withR.nodesMax)) continue
      nodes += row.size
      await setImmediate()
      const tree = await whole(live.cascadeTree(row.root))
      if (tree) known.keep(row, (await thread.run({ kind: 'reproduction', of: [tree], now: (second + 1) * 1000 - 1 }))[0] ?? null)
    }
    return rows.map((row) => ({ ...row, live: true, reproduction: known.get(row.root)?.R ?? null }))
  }

  async function list({ by, topic, platform, from: fromMs, to: toMs, limit }: CascadesAsked): Promise<readonly Listed[]> {
    const question = { topic, platform, fromMs, toMs }
    const ranked = await whole(live.rankCascades({ ...question, by: by === 'size' ? 'size' : 'speed', max: by === 'R' ? withR.cascadesMax : limit }))
    const rows = (await withReproduction(ranked)).map((row): Listed => ({ row, rootMs: live.rootAtOf(row.root) }))
    if (by === 'R') return rows.filter(({ row }) => row.reproduction !== null).sort((a, b) => b.row.reproduction!.R - a.row.reproduction!.R).slice(0, limit)
    if (by === 'speed' || (fromMs === null && toMs === null)) return rows
    const stored = await storedCascades(store, { ...question, limit })
    return [...rows, ...stored].sort((a, b) => b.row.size - a.row.size).slice(0, limit)
  }

  return async (asked) => {
    if (underWay >= underWayMax) throw new CascadesBusy('too many ask at once')
    underWay++
    try {
      return await list(asked)
    } finally {
      underWay--
    }
  }
}

/** Between two pieces the engine goes on. */
export async function whole<Answer>(pieces: Pieces<Answer>): Promise<Answer> {
  for (;;) {
    const { done, value } = pieces.next()
    if (done) return value
    await setImmediate()
  }
}
