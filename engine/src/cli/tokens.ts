// `groundswell tokens`: who may ask, and which device is which wall. Made, listed and revoked through the engine that runs, else in its folder.
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { InvalidArgumentError, type Command } from 'commander'
import { roles, type Role } from '@groundswell/schemas/access.ts'
import { systemDisk } from '../disk.ts'
import { Tokens, TokenRefused, type TokenRow } from '../io/access/tokens.ts'
import type { TokenMade } from '../io/http/access.ts'
import { isLoopback, loadSettings, type Settings } from '../io/settings/settings.ts'
import { wallOfToken } from '../io/settings/walls.ts'
import { DataInUse, lockData } from './data-lock.ts'
import { engineAt, EngineAway, EngineRefused } from './engine-http.ts'
import { settingsOr2 } from './settings-or-2.ts'

interface Flags { readonly name?: string; readonly role?: Role; readonly wall?: string; readonly data?: string; readonly http?: string; readonly listen?: string; readonly config?: string }

/** The tokens, wherever they can be changed now; all reject with an Error whose message says what to do. */
interface Place {
  list(): Promise<readonly TokenRow[]>
  add(asked: { readonly name: string; readonly role: Role; readonly wall?: string }): Promise<Pick<TokenMade, 'token' | 'secret'>>
  revoke(id: string): Promise<TokenRow>
}

export function registerTokens(program: Command): void {
  const tokens = program.command('tokens').description('who may ask, and which device is which wall: make, list and revoke tokens, while the engine runs or not')
  const sub = (name: string, description: string): Command => tokens.command(name).description(description)
    .option('--data <dir>', 'data folder (default ./data)')
    .option('--http <port>', 'port of the engine\'s API (default 8080)')
    .option('--listen <addr>', 'address that the engine listens on (default 127.0.0.1)')
    .option('--config <file>', 'settings file (default ./groundswell.yml)')
  sub('add', 'make a token: it is printed this once, with the link that its browser opens once')
    .requiredOption('--name <name>', 'of the person or the device: what the log of actions says')
    .requiredOption('--role <role>', 'wall: a screen, which sees what a wall shows · viewer: reads everything, without the names of accounts · operator: acts too', roleOf)
    .option('--wall <id>', 'of the role wall: which of the walls of the settings (default: the only one)')
    .action((flags: Flags) => withTokens(flags, async (place, settings) => {
      const { name = '', role = 'wall', wall } = flags
      const { token, secret } = await place.add({ name, role, ...(wall !== undefined && { wall }) })
      const link = `${originOf(settings)}${role === 'wall' ? '/wall' : '/'}?token=${secret}`
      print({ ...token, token: secret, link })
      say(`open ${link} once in the browser of ${name}; programs send it as Authorization: Bearer. It is not told again`)
    }))
  sub('list', 'a JSON line for each token, with when it was last used')
    .action((flags: Flags) => withTokens(flags, async (place) => {
      const rows = await place.list()
      for (const row of rows) print(row)
      if (rows.length === 0) say('there are no tokens; groundswell tokens add makes one')
    }))
  sub('revoke', 'end a token at once: its requests are refused, and its screens are cut off').argument('<id or name>')
    .action((which: string, flags: Flags) => withTokens(flags, async (place) => {
      const found = (await place.list()).find(({ id, name }) => id === which || name === which)
      if (!found) throw new Error(`there is no token ${JSON.stringify(which)}: groundswell tokens list shows all`)
      print({ ...await place.revoke(found.id), revoked: true })
    }))
}

async function withTokens({ data, http, listen, config }: Flags, use: (place: Place, settings: Settings) => Promise<void>): Promise<void> {
  const settings = settingsOr2(() => loadSettings({ flags: { data, http, listen, config }, env: process.env, cwd: process.cwd() }))
  if (!settings) return
  try {
    await inPlace(settings, (place) => use(place, settings))
  } catch (error) {
    process.stderr.write(`groundswell tokens: ${(error as Error).message}${error instanceof TokenRefused ? `: ${error.hint}` : ''}\n`)
    process.exitCode = 1
  }
}

/** Whoever has the folder has the tokens: an engine that runs, or for a moment this command. */
async function inPlace(settings: Settings, use: (place: Place) => Promise<void>): Promise<void> {
  if (!existsSync(settings.data)) throw new Error(`there is no data folder ${settings.data}: name it with --data, or start the engine once`)
  let release: () => void
  try {
    release = lockData(settings.data)
  } catch (error) {
    if (!(error instanceof DataInUse)) throw error
    return use(ofEngine(settings, error))
  }
  try {
    await use(await ofFolder(settings))
  } finally {
    release()
  }
}

function ofEngine(settings: Settings, inUse: DataInUse): Place {
  const engine = engineAt(settings)
  const told = <Answer>(answer: Promise<Answer>): Promise<Answer> => answer.catch((error: Error) => {
    if (error instanceof EngineAway) throw new Error(`${inUse.message.split(':')[0]}, but it cannot be asked: ${error.message}`, { cause: error })
    if (error instanceof EngineRefused && error.status === 401) throw new Error(`${error.message}. This command shows the room's own token: set it here as for the engine (GROUNDSWELL_TOKEN or GROUNDSWELL_TOKEN_FILE)`, { cause: error })
    throw error
  })
  return {
    list: async () => (await told(engine.get<{ tokens: TokenRow[] }>('/api/tokens'))).tokens,
    add: (asked) => told(engine.postJson<TokenMade>('/api/tokens', asked)),
    revoke: (id) => told(engine.delete<TokenRow>(`/api/tokens/${id}`)),
  }
}

async function ofFolder({ data, walls }: Settings): Promise<Place> {
  const tokens = await Tokens.open({ folder: data, disk: systemDisk, now: Date.now })
  return {
    list: async () => tokens.list,
    add: async ({ name, role, wall }) => {
      const found = wallOfToken(walls, { role, wall })
      if (!found.ok) throw new Error(`${found.detail}: ${found.hint}`)
      return tokens.add({ name, role, wall: found.wall, by: 'operator' })
    },
    revoke: async (id) => (await tokens.revoke(id))!, // nobody else has the folder
  }
}

/** As browsers of the room reach it; where the engine listens to everybody, at this machine's first address. */
function originOf({ listen, http, hosts }: Settings): string {
  const everywhere = listen === '0.0.0.0' || listen === '::'
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find(({ internal, family }) => !internal && family === 'IPv4')?.address
  const host = isLoopback(listen) ? hosts[0] ?? listen : everywhere ? hosts[0] ?? own ?? '127.0.0.1' : listen
  return `http://${host.includes(':') ? `[${host}]` : host}:${http}`
}

function roleOf(text: string): Role {
  const role = roles.find((one) => one === text)
  if (role === undefined) throw new InvalidArgumentError(`a role is one of ${roles.join(', ')}.`)
  return role
}

const print = (row: unknown): void => { process.stdout.write(`${JSON.stringify(row)}\n`) }
const say = (text: string): void => { process.stderr.write(`${text}\n`) }
