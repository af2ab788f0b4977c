// What an account is called in every answer: a keyed hash of platform and author. The same account has the same key for as long as the data folder
// keeps its secret; nobody without it can try names until one fits.
import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivate } from './private-file.ts'

export const accountSecretName = 'account-key'
const secretBytes = 32
const keyBytes = 8 // 16 hex letters: among ten million accounts two share a key with a chance of 3 in a million
const blockBytes = 64 // of SHA-256

export interface AccountKeys {
  /** 16 hex letters: HMAC-SHA256 (RFC 2104) of platform, NUL and author, cut off. Empty where the author is. */
  of(platform: string, author: string): string
  /** `7f3a-2c19` for an account of which only a hash is at hand, as the nodes of a cascade have one: whoever has a name can work out the hash, and not this. Empty where the hash is. */
  pseudonym(hash: string): string
  /** The same as `of` in a query of the store: the expression over these columns, to be asked with `params`. */
  sql(columns: { readonly platform: string; readonly author: string }): string
  readonly params: Readonly<Record<string, string>>
}

/** Reads the secret of the folder, or makes it there. Throws where the file is none of ours. */
export function openAccountKeys(folder: string): AccountKeys {
  return accountKeys(secretOf(join(folder, accountSecretName)))
}

export function accountKeys(secret: Uint8Array): AccountKeys {
  const padded = (byte: number): string => Buffer.from(Array.from({ length: blockBytes }, (_, place) => byte ^ (secret[place] ?? 0))).toString('hex')
  return {
    of: (platform, author) => (author === '' ? '' : createHmac('sha256', secret).update(`${platform}\0${author}`).digest('hex').slice(0, 2 * keyBytes)),
    pseudonym: (hash) => (hash === '' ? '' : createHmac('sha256', secret).update(`pseudonym\0${hash}`).digest('hex').replace(/^(.{4})(.{4}).*$/, '$1-$2')),
    // The store has no HMAC of its own: its two hashes are written out.
    sql: ({ platform, author }) => `if(${author} = '', '', lower(hex(substring(SHA256(concat(unhex({accountOuter:String}), SHA256(concat(unhex({accountInner:String}), toString(${platform}), '\\0', toString(${author}))))), 1, ${keyBytes}))))`,
    params: { accountInner: padded(0x36), accountOuter: padded(0x5c) },
  }
}

function secretOf(path: string): Uint8Array {
  const text = readOrNull(path)
  if (text === null) {
    const secret = randomBytes(secretBytes)
    writePrivate(path, `${secret.toString('hex')}\n`)
    return secret
  }
  if (!/^[0-9a-f]{64}\n?$/.test(text)) {
    throw new Error(`${path} is not the secret that names accounts (64 hex letters): restore it from a backup, or remove it, and every account gets another key`)
  }
  return Buffer.from(text.trim(), 'hex')
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
