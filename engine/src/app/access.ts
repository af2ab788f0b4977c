// Who may ask of this house: tokens of its data folder as guard and API know them, the walls of its settings, and the log of looks at names.
import { systemDisk } from '../disk.ts'
import { openAccountKeys, type AccountKeys } from '../io/access/account-key.ts'
import { tokenLimits } from '../io/access/token-file.ts'
import { TokenRefused, Tokens } from '../io/access/tokens.ts'
import { looksOf } from '../io/clickhouse/access-log.ts'
import type { AccessLogDeps } from '../io/http/access-log.ts'
import { TokenUnmade, type AccessDeps } from '../io/http/access.ts'
import { wallOfToken } from '../io/settings/walls.ts'
import type { House } from './house.ts'
import { LookLog } from './look-log.ts'
import type { ScreenReads } from './screen-reads.ts'

export interface Access extends AccessDeps, Pick<AccessLogDeps, 'logAccess' | 'looks'> {
  readonly accountKeys: AccountKeys
  /** Last uses go to the disk. */
  readonly closeAccess: () => Promise<void>
}

/** Throws where what the data folder keeps of it is none of ours. */
export async function openAccess({ settings, store, log }: Pick<House, 'settings' | 'store' | 'log'>, { reader, told }: ScreenReads): Promise<Access> {
  const tokens = await Tokens.open({
    folder: settings.data, disk: systemDisk, now: Date.now,
    onUntold: (error) => log.warn('when tokens were last used could not be written; they are valid all the same', { error }),
  })
  const lookLog = new LookLog(store)
  return {
    tokens, walls: settings.walls, accountKeys: openAccountKeys(settings.data),
    tokenList: () => ({ tokens: tokens.list, max: tokenLimits.tokensMax }),
    tokenAdd: async ({ name, role, wall, by }) => {
      const made = await tokens.add({ name, role, wall: wallOf(settings.walls, { role, wall }), by }).catch((error: unknown) => unmade(error, 'no token was made'))
      log.info('a token was made', { id: made.token.id, name, role, by })
      return { ...made, path: `${role === 'wall' ? '/wall' : '/'}?token=${made.secret}` }
    },
    tokenRevoke: async (id) => {
      const revoked = await tokens.revoke(id).catch((error: unknown) => unmade(error, 'the token is revoked until the next start only'))
      if (revoked !== null) log.info('a token was revoked', { id, name: revoked.name, role: revoked.role })
      return revoked
    },
    logAccess: (look) => lookLog.log(look),
    looks: (question) => told(looksOf(reader, question)),
    closeAccess: () => tokens.close(),
  }
}

function wallOf(walls: AccessDeps['walls'], asked: Parameters<typeof wallOfToken>[1]): string | null {
  const found = wallOfToken(walls, asked)
  if (found.ok) return found.wall
  throw new TokenUnmade(400, { error: 'wrong-wall', detail: found.detail, hint: found.hint })
}

function unmade(error: unknown, what: string): never {
  if (error instanceof TokenRefused) throw new TokenUnmade(error.error === 'wrong-name' ? 400 : 409, { error: error.error, detail: error.message, hint: error.hint })
  throw new TokenUnmade(503, { error: 'not-kept', detail: `${what}: the data folder cannot be written (${(error as Error).message})`, hint: 'look at the disk of the data folder, then ask again' })
}
