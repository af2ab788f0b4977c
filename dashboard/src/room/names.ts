// Names of colleagues that this desk has seen, for whoever assigns: the newest first, kept by the browser.
export const namesMax = 30
const storageKey = 'groundswell-names'

/** `seen` newest first; each name once. */
export function remember(names: readonly string[], seen: readonly (string | null | undefined)[]): readonly string[] {
  const fresh = seen.filter((name): name is string => typeof name === 'string' && name.trim() !== '')
  const all = [...new Set([...fresh, ...names])].slice(0, namesMax)
  return all.length === names.length && all.every((name) => names.includes(name)) ? names : all
}

export function storedNames(storage: Pick<Storage, 'getItem'> | null): readonly string[] {
  try {
    const read: unknown = JSON.parse(storage?.getItem(storageKey) ?? '[]')
    return Array.isArray(read) ? read.filter((name): name is string => typeof name === 'string').slice(0, namesMax) : []
  } catch {
    return [] // a browser that keeps nothing, or something else under this key
  }
}

export function storeNames(storage: Pick<Storage, 'setItem'> | null, names: readonly string[]): void {
  try {
    storage?.setItem(storageKey, JSON.stringify(names))
  } catch {
    // Nothing but the names of another day is lost.
  }
}
