// The access tokens of the data folder: whether their file can be read, and which of them nobody needs any more.
import { systemDisk } from '../disk.ts'
import { Tokens, type TokenRow } from '../io/access/tokens.ts'
import { counted, note, ok, warn, wrong, type Check } from './check.ts'

export type TokenFacts = { readonly failure: string } | { readonly failure: null; readonly tokens: readonly TokenRow[] }

const unusedMs = 90 * 86_400_000
const namedMax = 5

/** As the file says it: an engine that runs writes last uses once a minute. */
export async function lookAtTokens(folder: string): Promise<TokenFacts> {
  try {
    const { list } = await Tokens.open({ folder, disk: systemDisk, now: Date.now })
    return { failure: null, tokens: list }
  } catch (error) {
    return { failure: (error as Error).message }
  }
}

/** None where no token was ever made. `walls`: ids of the settings. */
export function tokenChecks(facts: TokenFacts, { walls, now }: { readonly walls: readonly string[]; readonly now: number }): Check[] {
  if (facts.failure !== null) return [wrong('tokens', facts.failure, 'the engine does not start until that is done')]
  const { tokens } = facts
  if (tokens.length === 0) return []
  const unused = tokens.filter(({ lastUsedAt, createdAt }) => now - Date.parse(lastUsedAt ?? createdAt) > unusedMs)
  const astray = tokens.filter(({ wall }) => wall !== null && !walls.includes(wall))
  return [
    ok('tokens', `${counted(tokens.length, 'token')} of people and devices`),
    ...(unused.length > 0 ? [note('tokens', `${counted(unused.length, 'token')} were not used for 90 days: ${namesOf(unused)}`, 'groundswell tokens revoke NAME ends one that nobody needs')] : []),
    ...astray.slice(0, namedMax).map(({ name, wall }) => warn('tokens', `${JSON.stringify(name)} belongs to the wall ${wall}, which the settings do not describe: its screen has the profile of no wall`, `describe ${wall} under walls in groundswell.yml, or revoke the token and make one for another wall`)),
  ]
}

const namesOf = (tokens: readonly TokenRow[]): string => `${tokens.slice(0, namedMax).map(({ name }) => JSON.stringify(name)).join(', ')}${tokens.length > namedMax ? ', …' : ''}`
