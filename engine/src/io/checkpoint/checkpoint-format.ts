// How a checkpoint and a segment of ids lie on the disk; every byte is under a CRC-32 (or compared), and reading trusts none of them.
//
//   checkpoint   magic (8) · version (4) · bytes of header (4) · bytes of state (8) · CRC of state (4) · CRC of all before and of header (4)
//                header, JSON │ state
//   segment      magic (8) · version (4) · number (8) · bytes of ids (4) · CRC of all before and of ids (4) │ ids
import { setImmediate as turn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { z } from 'zod'

export const formatVersion = 1

const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const crc = z.number().int().min(0).max(0xFFFF_FFFF)

const headerSchema = z.strictObject({
  stream: whole, // created time of the input stream, ms
  seq: whole, // the state is that behind this message
  rulesSeq: whole,
  rulesText: z.string(),
  lastInsert: whole, // last message of the last insert that was not empty: a store that has less was put back
  savedAt: whole, // ms
  seenMax: whole,
  /** Full segments of ids, `first` and on: the CRC of each is part of its name, so that another past never takes its place. */
  segments: z.strictObject({ first: whole, crcs: z.array(crc) }),
  groundswell: z.string(),
})
export type CheckpointHeader = Readonly<z.infer<typeof headerSchema>>

export type Damage = 'not a checkpoint' | 'of another format' | 'cut short' | 'bytes left over' | 'bytes changed' | 'header unreadable' | 'segment missing' | 'segment damaged' | 'not to be read'
export interface Refused { readonly ok: false; readonly reason: Damage; readonly detail: string }

const checkpointMagic = new TextEncoder().encode('GSWCHECK')
const segmentMagic = new TextEncoder().encode('GSWSEGMT')
const checkpointPrefix = 32
const segmentPrefix = 28
const crcPiece = 4 << 20

/** CRC-32 of the pieces, a few MiB at a time: nothing else waits long for it. */
export async function crcOf(pieces: readonly Uint8Array[]): Promise<number> {
  let sum = 0
  let since = 0
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += crcPiece) {
      const part = piece.subarray(at, at + crcPiece)
      sum = crc32(part, sum)
      since += part.length
      if (since < crcPiece) continue
      since = 0
      await turn()
    }
  }
  return sum
}

/** The pieces of the file, back to back. */
export async function encodeCheckpoint(header: CheckpointHeader, state: Uint8Array): Promise<Uint8Array[]> {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const prefix = new Uint8Array(checkpointPrefix)
  const view = new DataView(prefix.buffer)
  prefix.set(checkpointMagic)
  view.setUint32(8, formatVersion, true)
  view.setUint32(12, text.length, true)
  view.setFloat64(16, state.length, true)
  view.setUint32(24, await crcOf([state]), true)
  view.setUint32(28, await crcOf([prefix.subarray(0, 28), text]), true)
  return [prefix, text, state]
}

export async function decodeCheckpoint(bytes: Uint8Array): Promise<{ readonly ok: true; readonly header: CheckpointHeader; readonly state: Uint8Array } | Refused> {
  const refused = refusedStart(bytes, { magic: checkpointMagic, prefix: checkpointPrefix })
  if (refused) return refused
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerBytes = view.getUint32(12, true)
  const stateBytes = view.getFloat64(16, true)
  const end = checkpointPrefix + headerBytes + stateBytes
  if (!(end <= bytes.length)) return refuse('cut short', `it has ${bytes.length} of ${end} bytes`)
  if (end < bytes.length) return refuse('bytes left over', `it has ${bytes.length} instead of ${end} bytes`)
  const text = bytes.subarray(checkpointPrefix, checkpointPrefix + headerBytes)
  if (await crcOf([bytes.subarray(0, 28), text]) !== view.getUint32(28, true)) return refuse('bytes changed', 'the checksum of its header differs')
  const state = bytes.subarray(checkpointPrefix + headerBytes)
  if (await crcOf([state]) !== view.getUint32(24, true)) return refuse('bytes changed', 'the checksum of its state differs')
  const header = readHeader(text)
  return 'ok' in header ? header : { ok: true, header, state }
}

export async function encodeSegment(number: number, words: Int32Array): Promise<{ readonly crc: number; readonly pieces: Uint8Array[] }> {
  const ids = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const prefix = new Uint8Array(segmentPrefix)
  const view = new DataView(prefix.buffer)
  prefix.set(segmentMagic)
  view.setUint32(8, formatVersion, true)
  view.setFloat64(12, number, true)
  view.setUint32(20, ids.length, true)
  const sum = await crcOf([prefix.subarray(0, 24), ids])
  view.setUint32(24, sum, true)
  return { crc: sum, pieces: [prefix, ids] }
}

/** The ids of the segment that was asked for and no other. */
export async function decodeSegment(bytes: Uint8Array, wanted: { readonly number: number; readonly crc: number }): Promise<{ readonly ok: true; readonly words: Int32Array<ArrayBuffer> } | Refused> {
  const refused = refusedStart(bytes, { magic: segmentMagic, prefix: segmentPrefix })
  if (refused) return { ...refused, reason: 'segment damaged' }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ids = bytes.subarray(segmentPrefix)
  const sum = await crcOf([bytes.subarray(0, 24), ids])
  if (view.getUint32(20, true) !== ids.length || ids.length % 4 !== 0 || sum !== view.getUint32(24, true) || sum !== wanted.crc || view.getFloat64(12, true) !== wanted.number) {
    return refuse('segment damaged', `the ids of segment ${wanted.number} are not those that were written`)
  }
  return { ok: true, words: new Int32Array(Uint8Array.from(ids).buffer) }
}

function refusedStart(bytes: Uint8Array, { magic, prefix }: { readonly magic: Uint8Array; readonly prefix: number }): Refused | null {
  if (bytes.length < prefix) return refuse('cut short', `it has ${bytes.length} bytes, its beginning alone has ${prefix}`)
  if (!magic.every((byte, at) => bytes[at] === byte)) return refuse('not a checkpoint', 'it does not begin as one')
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true)
  return version === formatVersion ? null : refuse('of another format', `it is of format ${version}, this groundswell reads ${formatVersion}`)
}

function readHeader(text: Uint8Array): CheckpointHeader | Refused {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch (error) {
    return refuse('header unreadable', (error as Error).message)
  }
  const parsed = headerSchema.safeParse(json)
  return parsed.success ? parsed.data : refuse('header unreadable', parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

export const refuse = (reason: Damage, detail: string): Refused => ({ ok: false, reason, detail })
