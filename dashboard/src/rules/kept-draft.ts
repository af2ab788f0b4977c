// Rules that were changed and not saved, as this window keeps them: whoever leaves the page and comes back finds them again.
export interface KeptDraft { readonly base: number; readonly text: string; readonly at: number } // base: seq of the rules that were edited; at: ms

const key = 'groundswell-rules-draft'

export function keptDraft(storage: Storage | null): KeptDraft | null {
  try {
    const kept = JSON.parse(storage?.getItem(key) ?? 'null') as Partial<KeptDraft> | null
    return kept !== null && typeof kept.base === 'number' && typeof kept.text === 'string' && typeof kept.at === 'number' ? { base: kept.base, text: kept.text, at: kept.at } : null
  } catch {
    return null // somebody else's, or a window that keeps nothing
  }
}

/** Null: there is nothing to keep. Answers whether it is kept. */
export function keepDraft(storage: Storage | null, draft: KeptDraft | null): boolean {
  try {
    if (draft === null) storage?.removeItem(key)
    else storage?.setItem(key, JSON.stringify(draft))
    return storage !== null
  } catch {
    return false // no room left
  }
}
