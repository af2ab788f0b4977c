// The access tokens of a data folder: made, found by what a request shows, revoked at once. A change is on the disk before it is answered;
// when a token was last used is kept in memory and written at most once a minute.
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Role } from '@groundswell/schemas/access.ts'
import type { Disk } from '../../disk.ts'
import { cookieOf, hashOf, nameSchema, newSecret, newTag, readTokenFile, secretPrefix, textOf, tokenLimits, tokensName, type StoredToken } from './token-file.ts'

/** A token as it may be shown. Times are ISO-8601. */
export type TokenRow = Omit<StoredToken, 'hash' | 'cookieHash'>
export interface NewToken { readonly name: string; readonly role: Role; readonly wall: string | null; readonly by: string }

/** Why no token was made: `error` is a constant, `message` names the value, `hint` says what to do. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
  readonly error: 'wrong-name' | 'name-taken' | 'too-many-tokens'
  readonly hint: string
  constructor(error: TokenRefused['error'], detail: string, hint: string) {
    super(detail)
    this.error = error
    this.hint = hint
  }
}

export interface TokensOptions {
  readonly folder: string // the data folder
  readonly disk: Disk
  readonly now: () => number
  /** A write of last uses that failed; a failed change is thrown. */
  readonly onUntold?: (error: unknown) => void
}

const usesWrittenMs = 60_000

export class Tokens {
  readonly #options: TokensOptions
  readonly #byId = new Map<string, StoredToken>()
  readonly #bySecret = new Map<string, string>() // hash of a secret → id
  readonly #byCookie = new Map<string, string>() // hash of a cookie → id
  #tag: string
  #writing: Promise<unknown> = Promise.resolve()
  #isBehind = false // uses are not on the disk yet
  #writtenAt = -Infinity

  /** Throws where the file is none of ours. */
  static async open(options: TokensOptions): Promise<Tokens> {
    const path = join(options.folder, tokensName)
    const bytes = await options.disk.read(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (bytes !== null && bytes.length > tokenLimits.fileBytesMax) throw new Error(`${path} has ${bytes.length} bytes, and ${tokenLimits.tokensMax} tokens need less than ${tokenLimits.fileBytesMax}: it is none of ours, move it away`)
    return new Tokens(options, bytes === null ? { tag: newTag(), tokens: [] } : readTokenFile(Buffer.from(bytes).toString('utf8'), path))
  }

  private constructor(options: TokensOptions, { tag, tokens }: { readonly tag: string; readonly tokens: readonly StoredToken[] }) {
    this.#options = options
    this.#tag = tag
    for (const token of tokens) this.#hold(token)
  }

  get list(): readonly TokenRow[] { return [...this.#byId.values()].map(shown) }

  /** Answers the secret, which nobody can be told again. Throws TokenRefused; where the disk refuses, that, and the token is not valid. */
  async add({ name, role, wall, by }: NewToken): Promise<{ readonly token: TokenRow; readonly secret: string }> {
    const named = nameSchema.safeParse(name)
    if (!named.success) throw new TokenRefused('wrong-name', `${JSON.stringify(name.slice(0, 100))}: ${named.error.issues[0]!.message}`, 'name the person or the device, such as lobby-wall')
    if ([...this.#byId.values()].some((token) => token.name === name)) throw new TokenRefused('name-taken', `there is a token ${JSON.stringify(name)} already`, 'take another name, or revoke that one first')
    if (this.#byId.size >= tokenLimits.tokensMax) throw new TokenRefused('too-many-tokens', `there are ${tokenLimits.tokensMax} tokens, and no more are kept`, 'revoke those that nobody uses: the list says when each was last used')
    const secret = newSecret()
    const token: StoredToken = {
      id: randomBytes(6).toString('hex'), name, role, wall, createdAt: this.#iso(), createdBy: by, lastUsedAt: null,
      hash: hashOf(secret), cookieHash: hashOf(cookieOf(this.#tag, secret)),
    }
    this.#hold(token)
    try {
      await this.#write()
    } catch (error) {
      this.#drop(token)
      throw error
    }
    return { token: shown(token), secret }
  }

  /** Not valid from now on; null where there is no such id. Throws where the disk refuses: then it is revoked until the next start only. */
  async revoke(id: string): Promise<TokenRow | null> {
    const token = this.#byId.get(id)
    if (!token) return null
    this.#drop(token)
    await this.#write()
    return shown(token)
  }

  /** Whose secret this is. The map is asked by a hash, so what time a look takes tells nothing about a secret. */
  ofSecret(secret: string): TokenRow | null { return this.#used(this.#bySecret.get(hashOf(secret))) }
  ofCookie(cookie: string): TokenRow | null { return this.#used(this.#byCookie.get(hashOf(cookie))) }
  /** The cookie of a valid secret; null where it is none. */
  cookieFor(secret: string): string | null { return this.ofSecret(secret) === null ? null : cookieOf(this.#tag, secret) }
  /** Whether a secret or a cookie was made here, valid or not any more. */
  isOurs(text: string): boolean { return text.startsWith(secretPrefix) || text.startsWith(`${this.#tag}.`) }

  /** What is not on the disk yet is written. */
  async close(): Promise<void> {
    await this.#writing
    if (this.#isBehind) await this.#write().catch((error: unknown) => this.#options.onUntold?.(error))
  }

  #hold(token: StoredToken): void {
    this.#byId.set(token.id, token)
    this.#bySecret.set(token.hash, token.id)
    this.#byCookie.set(token.cookieHash, token.id)
  }

  #drop(token: StoredToken): void {
    this.#byId.delete(token.id)
    this.#bySecret.delete(token.hash)
    this.#byCookie.delete(token.cookieHash)
  }

  #used(id: string | undefined): TokenRow | null {
    const token = id === undefined ? undefined : this.#byId.get(id)
    if (!token) return null
    const now = this.#options.now()
    const used = { ...token, lastUsedAt: this.#iso() }
    this.#byId.set(token.id, used)
    this.#isBehind = true
    if (now - this.#writtenAt >= usesWrittenMs) void this.#write().catch((error: unknown) => this.#options.onUntold?.(error))
    return shown(used)
  }

  /** One write after the other, each of all that holds when it begins. */
  #write(): Promise<void> {
    this.#writtenAt = this.#options.now()
    const written = this.#keep(this.#writing)
    this.#writing = written.catch(() => undefined) // who asked for it is told
    return written
  }

  async #keep(before: Promise<unknown>): Promise<void> {
    await before
    const { disk, folder } = this.#options
    const path = join(folder, tokensName)
    this.#isBehind = false
    try {
      await disk.write(`${path}.tmp`, [Buffer.from(textOf({ tag: this.#tag, tokens: [...this.#byId.values()] }))])
      await disk.rename(`${path}.tmp`, path)
      await disk.syncFolder(folder)
    } catch (error) {
      this.#isBehind = true
      throw error
    }
  }

  #iso(): string { return new Date(this.#options.now()).toISOString() }
}

const shown = ({ hash: _hash, cookieHash: _cookieHash, ...row }: StoredToken): TokenRow => row
