// Seconds in which several accounts said the same words, as the API tells them.
import type { ClustersAnswer } from '@groundswell/schemas/evidence.ts'
import { keyOfTokens, ownTokens } from './own-tokens.ts'
import { momentsOf, type Said } from './same-second.ts'
import { accountOf, type SaidRow } from './said-rows.ts'
import { shown } from './tell-narratives.ts'

/** Of shorter texts, and of those that repeat a character or two, many are the same by chance. */
export const momentTextLimits = { charactersMin: 6, differentMin: 4 } as const

export function tellMoments(rows: Iterable<SaidRow>, max: number): Pick<ClustersAnswer, 'looked' | 'clusters'> {
  const kept: { readonly row: SaidRow; readonly said: Said }[] = []
  for (const row of rows) {
    const { tokens } = ownTokens(row.text)
    const characters = tokens.flatMap((token) => [...token])
    if (characters.length < momentTextLimits.charactersMin || new Set(characters).size < momentTextLimits.differentMin) continue
    kept.push({ row, said: { at: row.at, account: accountOf(row), words: keyOfTokens({ tokens }) } })
  }
  const clusters = momentsOf(kept.map(({ said }) => said), max).map(({ at, accounts, members }) => ({
    at, text: shown(kept[members[0]!]!.row.text), count: members.length, accounts, platforms: [...new Set(members.map((member) => kept[member]!.row.platform))].sort(),
  }))
  return { looked: kept.length, clusters }
}
