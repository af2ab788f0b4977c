// What a backup says of itself: its last file, written when all others are, with the size and the SHA-256 of each.
import { z } from 'zod'

export const manifestName = 'groundswell-backup.json'
export const manifestFormat = 1
export const manifestBytesMax = 256 << 20

const manifestSchema = z.strictObject({
  format: z.literal(manifestFormat),
  version: z.string().max(100), // of the groundswell that wrote it
  at: z.iso.datetime(),
  position: z.strictObject({ stream: z.int().nonnegative(), seq: z.int().nonnegative() }).nullable(), // of the store; null where it could not be read
  /** Taken while the engine ran: it holds no stream, and all that is in it is the state behind `position`. */
  online: z.boolean().default(false),
  /** What is not in it, since it lies on another server. */
  elsewhere: z.array(z.enum(['nats', 'clickhouse'])),
  files: z.array(z.strictObject({ name: z.string(), size: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})
export type Manifest = Readonly<z.infer<typeof manifestSchema>>

/** The manifest, or why it is none that this version understands. */
export function readManifest(bytes: Uint8Array): { readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly reason: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { ok: false, reason: `${manifestName} in it cannot be read` }
  }
  const { format, version } = (parsed ?? {}) as { format?: unknown; version?: unknown }
  if (typeof format === 'number' && format > manifestFormat) return { ok: false, reason: `it was written by groundswell ${String(version)} in format ${format}; this version reads formats up to ${manifestFormat}: restore it with the newer version` }
  const checked = manifestSchema.safeParse(parsed)
  return checked.success ? { ok: true, manifest: checked.data } : { ok: false, reason: `${manifestName} in it is not what a backup has: ${checked.error.issues[0]?.path.join('.') ?? ''} ${checked.error.issues[0]?.message ?? ''}` }
}
