// What is said about a line that is no mention: the value that is wrong, shortened, and what its publisher should do.
import { mentionLimits, type RejectReason } from '@groundswell/schemas/mention.ts'

const shownBytesMax = 60
const decoder = new TextDecoder()

/** `value` is what shown() made of the wrong value, or the fault of the JSON scanner. */
export function rejectDetail(reason: RejectReason, value: string): string {
  switch (reason) {
    case 'not-json': return `${value}: write one JSON object a line`
    case 'not-an-object': return `the line is ${value}: write one JSON object a line`
    case 'invalid-utf8': return `the line is not UTF-8 near ${value}: encode it as UTF-8`
    case 'too-long': return `the line has ${value} bytes: at most ${mentionLimits.lineBytesMax}`
    case 'id-missing': return 'there is no id: give each mention a globally unique string'
    case 'id-not-a-string': return `id is ${value}: quote it`
    case 'id-empty': return 'id is "": give each mention a globally unique string'
    case 'id-too-long': return `id is ${value}: at most ${mentionLimits.idBytesMax} bytes of UTF-8`
    case 'ts-missing': return 'there is no ts: give integer milliseconds since 1970 or ISO-8601 with a zone'
    case 'ts-in-seconds': return `ts is ${value}, which looks like seconds: give milliseconds since 1970`
    case 'ts-before-2000': return `ts is ${value}, which is before 2000: check the clock of the source`
    case 'ts-without-zone': return `ts is ${value}, which names no zone: append Z or ±hh:mm`
    case 'ts-not-a-time': return `ts is ${value}: give integer milliseconds since 1970, or ISO-8601 with a zone as 2015-06-15T16:12:44.123+08:00 or 20150615T161244Z, before 2300`
    case 'text-missing': return 'there is no text: give the mention\'s own words, "" where it has none'
    case 'text-not-a-string': return `text is ${value}: quote it`
    case 'platform-missing': return value === '' ? 'there is no platform: name it in the mention or publish to mentions.<platform>'
      : `there is no platform and the subject's token is ${value}: a platform is made of a-z 0-9 _ -`
    case 'poison': return `each worker that took the line ${value}: find it with \`groundswell dead-letters\`, report it, and replay it once the engine is mended`
    default: return reason satisfies never
  }
}

/** Bytes start … end for people: whole characters, at most 60 bytes of them. */
export function shown(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= shownBytesMax) return decoder.decode(bytes.subarray(start, end))
  let cut = start + shownBytesMax
  while (cut > start && (bytes[cut]! & 0xc0) === 0x80) cut--
  return `${decoder.decode(bytes.subarray(start, cut))}…`
}
