// The words of roots for lists of cascades: kept for a while, for lists are asked again and again, and masked as evidence is. A store that is away costs
// the words and never the list.
import type { RootWords } from '@groundswell/schemas/cascade.ts'
import type { AccountKeys } from '../io/access/account-key.ts'
import { rootWordsOf, type RootAsked, type StoredRootWords } from '../io/clickhouse/root-words.ts'
import type { Store } from '../ports.ts'
import { Kept } from './kept.ts'

/** `now`: ms. A forgotten mention is gone from answers once what is kept of it is over. */
export interface RootWordsSources { readonly store: Pick<Store, 'query'>; readonly keys: Pick<AccountKeys, 'of'>; readonly now: () => number }
const kept = { max: 2000, foundMs: 30_000, missingMs: 5000 } as const // what is not stored yet may be by then

export class RootWordsReads {
  readonly #from: RootWordsSources
  readonly #kept: Kept<RootWords | null>

  constructor(from: RootWordsSources) {
    this.#from = from
    this.#kept = new Kept(kept.max, from.now)
  }

  /** Of each root, in their order; null: none is stored under its id. Null altogether: the store does not tell. */
  async of(roots: readonly RootAsked[]): Promise<readonly (RootWords | null)[] | null> {
    const { store, keys } = this.#from
    const had = new Map(roots.map(({ root }) => [root, this.#kept.get(root)] as const))
    const unknown = roots.filter(({ root }) => had.get(root) === undefined)
    try {
      const found = await rootWordsOf(store, unknown)
      for (const { root } of unknown) {
        const words = toldOf(found.get(root), keys)
        had.set(root, words)
        this.#kept.keep(root, words, words === null ? kept.missingMs : kept.foundMs)
      }
      return roots.map(({ root }) => had.get(root) ?? null)
    } catch {
      return null // which says as much to whoever asked; that the store is away is told elsewhere
    }
  }
}

function toldOf(stored: StoredRootWords | undefined, keys: Pick<AccountKeys, 'of'>): RootWords | null {
  if (stored === undefined) return null
  const { at, words, cut, platform, kind, author, of } = stored
  return { text: words, cut: cut !== 0, at: new Date(at).toISOString(), platform, kind, account: keys.of(platform, author), of: of === '' ? null : of }
}
