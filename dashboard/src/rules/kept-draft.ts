// Rules that were changed and not saved, as this browser keeps them: whoever leaves the page by whichever way, or closes its tab, finds them again. Each tab
// has a draft of its own; one whose tab has gone is found by the next that opens the page.
import type { TopicChange } from '../live/rules-api.ts'

export interface KeptDraft {
  readonly base: number // seq of the rules that were edited
  readonly text: string
  readonly changes: readonly TopicChange[] // of the form, that the engine has not put into the text yet, in their order
  readonly at: number // ms
}
/** `left`: its page was left, whoever comes next may go on with it; `held`: ms, when its tab last said something of it. */
interface Kept extends KeptDraft { readonly left: boolean; readonly held: number }

const prefix = 'groundswell-rules-draft '
const tabKey = 'groundswell-rules-tab'
export const draftsMax = 5 // of all tabs; the oldest is forgotten
/** A tab that says nothing for so long has gone without a word, as when the browser is killed. */
const silentMs = 3_600_000

/** The name of this tab, for as long as it is open, reloads included. */
export function tabName(session: Storage | null, fresh: () => string): string {
  try {
    const known = session?.getItem(tabKey) ?? null
    if (known !== null) return known
    const name = fresh()
    session?.setItem(tabKey, name)
    return name
  } catch {
    return fresh() // a window that keeps nothing
  }
}

export class DraftKeeper {
  readonly #storage: Storage | null
  readonly #key: string

  constructor(storage: Storage | null, tab: string) {
    this.#storage = storage
    this.#key = `${prefix}${tab}`
  }

  /** That of this tab, else the newest whose tab has gone, which is this tab's from now on. */
  find(now: number): KeptDraft | null {
    const own = this.#read(this.#key)
    if (own !== null) return bare(own)
    const [found] = this.#all().filter(({ kept }) => kept.left || now - kept.held > silentMs)
    if (found === undefined) return null
    this.#drop(found.key)
    this.#write({ ...found.kept, left: false, held: now })
    return bare(found.kept)
  }

  /** Null: there is nothing to keep. Answers whether it is kept. `left`: the page goes, or may go, with this. */
  keep(draft: KeptDraft | null, left: boolean): boolean {
    if (draft === null) return this.#drop(this.#key)
    return this.#write({ ...draft, left, held: draft.at })
  }

  #write(kept: Kept): boolean {
    const others = this.#all().filter(({ key }) => key !== this.#key)
    for (const { key } of others.splice(draftsMax - 1)) this.#drop(key)
    for (;;) {
      try {
        this.#storage?.setItem(this.#key, JSON.stringify(kept))
        return this.#storage !== null
      } catch {
        const oldest = others.pop() // no room left
        if (oldest === undefined) return false
        this.#drop(oldest.key)
      }
    }
  }

  /** The newest first. */
  #all(): { readonly key: string; readonly kept: Kept }[] {
    try {
      const keys = Array.from({ length: this.#storage?.length ?? 0 }, (_, at) => this.#storage?.key(at) ?? '').filter((key) => key.startsWith(prefix))
      return keys.flatMap((key) => { const kept = this.#read(key); return kept === null ? [] : [{ key, kept }] }).sort((a, b) => b.kept.at - a.kept.at)
    } catch {
      return []
    }
  }

  #read(key: string): Kept | null {
    try {
      const kept = JSON.parse(this.#storage?.getItem(key) ?? 'null') as Partial<Kept> | null
      if (kept === null || typeof kept.base !== 'number' || typeof kept.text !== 'string' || typeof kept.at !== 'number') return null
      return { base: kept.base, text: kept.text, at: kept.at, left: kept.left === true, held: typeof kept.held === 'number' ? kept.held : kept.at, changes: (Array.isArray(kept.changes) ? kept.changes : []).flatMap(changeOf) }
    } catch {
      return null // somebody else's, or a window that keeps nothing
    }
  }

  #drop(key: string): boolean {
    try {
      this.#storage?.removeItem(key)
      return this.#storage !== null
    } catch {
      return false
    }
  }
}

const bare = ({ base, text, changes, at }: Kept): KeptDraft => ({ base, text, changes, at })
const changeOf = (change: unknown): TopicChange[] => {
  const { at, topic } = (change ?? {}) as Partial<TopicChange>
  if (at !== null && typeof at !== 'number') return []
  return typeof topic === 'object' && (topic !== null || at !== null) ? [{ at, topic }] : []
}
