// Moments in which several accounts said the same words: within a second of each other. Evidence, never a verdict on an account.

export interface Said { readonly at: number; readonly account: string; readonly words: string } // at: ms; account: empty where it is not known; words: a key of what was said
/** `members`: numbers of what was said, by time. */
export interface Moment { readonly at: number; readonly accounts: number; readonly members: readonly number[] }

export const momentLimits = { withinMs: 1000, accountsMin: 3 } as const

/** Of each words the moments of most accounts, none of which holds a mention of another; those of most accounts first, then of most mentions, then the earlier ones. */
export function momentsOf(said: readonly Said[], limit: number): Moment[] {
  const byWords = new Map<string, number[]>()
  for (const [number, { words }] of said.entries()) {
    const had = byWords.get(words)
    if (had) had.push(number)
    else byWords.set(words, [number])
  }
  const found: Moment[] = []
  for (const numbers of byWords.values()) {
    if (numbers.length < momentLimits.accountsMin) continue
    numbers.sort((a, b) => said[a]!.at - said[b]!.at || a - b)
    for (const { accounts, first, behind } of apart(windowsOf(said, numbers), limit)) found.push({ at: said[numbers[first]!]!.at, accounts, members: numbers.slice(first, behind) })
  }
  return found.sort((a, b) => b.accounts - a.accounts || b.members.length - a.members.length || a.at - b.at || a.members[0]! - b.members[0]!).slice(0, limit)
}

/** Of the mentions of the same words, in time, those from `first` to before `behind`. */
interface Window { readonly accounts: number; readonly first: number; readonly behind: number }

/** For each mention the window that begins with it, where enough accounts are in it. */
function windowsOf(said: readonly Said[], numbers: readonly number[]): Window[] {
  const inside = new Map<string, number>()
  const found: Window[] = []
  for (let first = 0, behind = 0; first < numbers.length; first++) {
    const at = said[numbers[first]!]!.at
    for (; behind < numbers.length && said[numbers[behind]!]!.at <= at + momentLimits.withinMs; behind++) change(inside, said[numbers[behind]!]!.account, 1)
    if (inside.size >= momentLimits.accountsMin) found.push({ accounts: inside.size, first, behind })
    change(inside, said[numbers[first]!]!.account, -1)
  }
  return found
}

function change(inside: Map<string, number>, account: string, by: 1 | -1): void {
  if (account === '') return
  const now = (inside.get(account) ?? 0) + by
  if (now === 0) inside.delete(account)
  else inside.set(account, now)
}

function apart(windows: readonly Window[], limit: number): Window[] {
  const chosen: Window[] = []
  for (const window of windows.toSorted((a, b) => b.accounts - a.accounts || b.behind - b.first - (a.behind - a.first) || a.first - b.first)) {
    if (chosen.length >= limit) break
    if (chosen.every(({ first, behind }) => window.behind <= first || behind <= window.first)) chosen.push(window)
  }
  return chosen
}
