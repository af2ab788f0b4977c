// Two lists of keys held against each other, and in words what is missing, too much or there too often.

export interface Check { readonly what: string; readonly expected: number; readonly found: number; readonly wrong: readonly string[] } // wrong: what differs, at most some

const shownMax = 5

/** Whether both hold the same keys, each as often; order does not matter. */
export function same(what: string, expected: readonly string[], found: readonly string[]): Check {
  const [a, b] = [count(expected), count(found)]
  const wrong = [
    ...[...a].filter(([key, times]) => (b.get(key) ?? 0) < times).map(([key]) => `missing: ${key}`),
    ...[...b].filter(([key, times]) => (a.get(key) ?? 0) < times).map(([key, times]) => (a.has(key) ? `${times} times: ${key}` : `not expected: ${key}`)),
  ]
  return { what, expected: expected.length, found: found.length, wrong: wrong.length > shownMax ? [...wrong.slice(0, shownMax), `and ${wrong.length - shownMax} more`] : wrong }
}

function count(keys: readonly string[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1)
  return times
}
