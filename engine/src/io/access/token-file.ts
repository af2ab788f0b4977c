// tokens.json: who may ask, as hashes. A token has 192 random bits, so nobody finds it from its SHA-256 by trying: salt and slow hashing, which
// passwords need, would add nothing but time to every request. The cookie of a token is kept as a hash too: who reads the file can make neither.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { roles } from '@groundswell/schemas/access.ts'
import { personSchema } from '@groundswell/schemas/action.ts'
import { z } from 'zod'

export const tokensName = 'tokens.json'
export const tokenLimits = { tokensMax: 1000, fileBytesMax: 2 * 1024 ** 2, wallCharsMax: 64 } as const
export const tokenFormat = 1

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is 64 hex letters')
const time = z.iso.datetime('is a time, such as 2026-01-02T08:00:00.000Z')
const idPattern = /^[0-9a-f]{12}$/
export const idSchema = z.string().regex(idPattern, 'an id is 12 hex letters')

/** Ends what a person reads in a log or a list as one line; no id, no reserved name. */
const wordsOfName = 'a name has 1 to 64 characters, none of them a control character, does not begin or end with a space, is not `operator` and does not look like an id'
export const nameSchema = personSchema.refine((name) => name.trim() === name && !/\p{Cc}/u.test(name) && name.toLowerCase() !== 'operator' && !idPattern.test(name), wordsOfName)

const storedSchema = z.strictObject({
  id: idSchema, name: nameSchema, role: z.enum(roles), wall: z.string().min(1).max(tokenLimits.wallCharsMax).nullable(),
  createdAt: time, createdBy: personSchema, lastUsedAt: time.nullable(), hash, cookieHash: hash,
})
const fileSchema = z.strictObject({ format: z.literal(tokenFormat), tag: idSchema, tokens: z.array(storedSchema).max(tokenLimits.tokensMax, `at most ${tokenLimits.tokensMax} tokens`) })
export type StoredToken = z.infer<typeof storedSchema>
/** `tag`: what the cookies of this folder begin with, so that one of them is known when its token is gone. */
export interface TokenFile { readonly tag: string; readonly tokens: readonly StoredToken[] }

export const newTag = (): string => randomBytes(6).toString('hex')
export const newSecret = (): string => `${secretPrefix}${randomBytes(24).toString('base64url')}`
export const secretPrefix = 'gsw_' // for people and for scanners of repositories
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
/** Who reads the cookie cannot use the API elsewhere by header. */
export const cookieOf = (tag: string, secret: string): string => `${tag}.${createHmac('sha256', secret).update('groundswell cookie v1').digest('base64url')}`

export const textOf = ({ tag, tokens }: TokenFile): string => `${JSON.stringify({ format: tokenFormat, tag, tokens }, null, 1)}\n`

/** Throws with what is wrong in the file at `path`, and what to do. */
export function readTokenFile(text: string, path: string): TokenFile {
  const refuse = (why: string): never => { throw new Error(`${path} ${why}: mend it, or move it away, and no token but the room's own is valid until new ones are made with groundswell tokens add`) }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return refuse(`is no JSON (${(error as Error).message})`)
  }
  const format = (content as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > tokenFormat) return refuse(`has format ${format}, and this version knows ${tokenFormat}`)
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) return refuse(`is not as it was written (${parsed.error.issues.slice(0, 3).map(({ path: at, message }) => `${at.join('.') || 'all of it'}: ${message}`).join('; ')})`)
  const { tokens } = parsed.data
  for (const key of ['id', 'name', 'hash', 'cookieHash'] as const) {
    const twice = tokens.find((token, place) => tokens.findIndex((other) => other[key] === token[key]) < place)
    if (twice) return refuse(`has two tokens of one ${key} (${twice.name})`)
  }
  return parsed.data
}
