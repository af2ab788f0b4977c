// What each reason of a dead letter means and what to do about it, for people.
import type { RejectReason } from '@groundswell/schemas/mention.ts'

export interface Meaning { readonly means: string; readonly mend: string }

const publisher = 'mend the publisher and let it send those mentions again itself: replay sends the same bytes, which stay bad'
const again = 'then: groundswell dead-letters replay --reason'

const meanings: Readonly<Record<RejectReason | 'poison', Meaning>> = {
  'not-json': { means: 'the line is no JSON, often cut off or several lines long', mend: publisher },
  'not-an-object': { means: 'the line is JSON, but no object', mend: publisher },
  'invalid-utf8': { means: 'the line is in another encoding, such as GBK', mend: publisher },
  'too-long': { means: 'the line is longer than a NATS message can be', mend: publisher },
  'id-missing': { means: 'there is no id', mend: publisher },
  'id-not-a-string': { means: 'the id is a number or something else', mend: 'quote the id in the publisher: large numbers lose digits otherwise' },
  'id-empty': { means: 'the id is empty', mend: publisher },
  'id-too-long': { means: 'the id has over 256 bytes', mend: publisher },
  'ts-missing': { means: 'there is no time', mend: publisher },
  'ts-in-seconds': { means: 'the time looks like seconds, not milliseconds', mend: publisher },
  'ts-before-2000': { means: 'the time is before 2000: a clock that was never set', mend: 'set the clock of the source' },
  'ts-without-zone': { means: 'the time names no zone, so nobody knows when it was', mend: 'append Z or ±hh:mm in the publisher' },
  'ts-not-a-time': { means: 'the time is in no form that is read here', mend: `mend the publisher and let it send those mentions again itself; where a newer version reads this form: update, ${again} ts-not-a-time` },
  'text-missing': { means: 'there is no text', mend: 'send "" where a mention has no words of its own' },
  'text-not-a-string': { means: 'the text is a number or something else', mend: publisher },
  'platform-missing': { means: 'neither the mention nor the subject names a platform that is one', mend: 'publish to mentions.<platform>, of a-z 0-9 _ -' },
  poison: { means: 'a worker crashed or hung on the line: a fault of this engine, not of the publisher', mend: `report it with the line, update to a version that mends it, ${again} poison` },
}

/** A reason of another version has no meaning here. */
export function meaningOf(reason: string): Meaning {
  const { means, mend } = (meanings as Readonly<Record<string, Meaning>>)[reason] ?? { means: 'a reason that this version does not know', mend: 'the detail of each letter says what to do' }
  return { means, mend: `${mend}; when you are done with them: groundswell dead-letters dismiss --reason ${reason}` }
}
