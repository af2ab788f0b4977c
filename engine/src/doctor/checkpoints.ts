// The checkpoints as they lie on the disk: each read and verified with all the segments that it needs; nothing is changed.
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeCheckpoint, decodeSegment } from '../io/checkpoint/checkpoint-format.ts'
import { checkpointPattern, segmentName } from '../io/checkpoint/checkpoint-files.ts'
import { ageText, bytesText, counted, note, ok, warn, wrong, type Check } from './check.ts'

export interface CheckpointFacts {
  readonly name: string
  readonly bytes: number
  readonly writtenAt: number // ms
  readonly place: { readonly stream: number; readonly seq: number; readonly lastInsert: number; readonly savedAt: number } | null // null where it cannot be read
  readonly damage: string | null
}
export interface CheckpointsFacts { readonly checkpoints: readonly CheckpointFacts[]; readonly setAside: readonly string[] } // the newest first

/** null where there is no such folder. */
export async function lookAtCheckpoints(folder: string): Promise<CheckpointsFacts | null> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error })
  if (names === null) return null
  const verified = new Map<string, string | null>() // segments are shared by checkpoints
  const checkpoints: CheckpointFacts[] = []
  for (const name of names.filter((one) => checkpointPattern.test(one)).toSorted().toReversed()) {
    const facts = await lookAtOne(folder, name, verified).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error }) // tidied up meanwhile
    if (facts) checkpoints.push(facts)
  }
  return { checkpoints, setAside: names.filter((one) => one.endsWith('.damaged')) }
}

async function lookAtOne(folder: string, name: string, verified: Map<string, string | null>): Promise<CheckpointFacts> {
  const path = join(folder, name)
  const { mtimeMs, size } = await stat(path)
  const read = await decodeCheckpoint(Uint8Array.from(await readFile(path)))
  const facts = { name, bytes: size, writtenAt: mtimeMs }
  if (!read.ok) return { ...facts, place: null, damage: `${read.reason} (${read.detail})` }
  const { stream, seq, lastInsert, savedAt, segments } = read.header
  let damage: string | null = null
  for (const [at, crc] of segments.crcs.entries()) damage ??= await segmentDamage(folder, { number: segments.first + at, crc }, verified)
  return { ...facts, place: { stream, seq, lastInsert, savedAt }, damage }
}

async function segmentDamage(folder: string, wanted: { readonly number: number; readonly crc: number }, verified: Map<string, string | null>): Promise<string | null> {
  const name = segmentName(wanted.number, wanted.crc)
  const known = verified.get(name)
  if (known !== undefined) return known
  const bytes = await readFile(join(folder, name)).catch(() => null)
  const read = bytes && await decodeSegment(Uint8Array.from(bytes), wanted)
  const damage = read === null ? `there is no ${name}` : read.ok ? null : `${name}: ${read.detail}`
  verified.set(name, damage)
  return damage
}

export interface CheckpointWanted { readonly everySeconds: number | null; readonly running: boolean; readonly now: number }

export function checkpointChecks(facts: CheckpointsFacts | null, { everySeconds, running, now }: CheckpointWanted): Check[] {
  if (everySeconds === null) return [note('checkpoints', 'the settings turn them off: a start counts from the store', 'set checkpointEvery: 30s')]
  if (facts === null || facts.checkpoints.length + facts.setAside.length === 0) return [note('checkpoints', 'there are none yet')]
  const [newest] = facts.checkpoints
  const found = facts.checkpoints.map((one, at) => oneCheck(one, at === 0 && facts.checkpoints.every(({ damage }) => damage !== null), now))
  if (running && newest?.place && now - newest.place.savedAt > 10 * everySeconds * 1000) {
    found.push(warn('checkpoints', `the engine runs and the newest is ${ageText(now - newest.place.savedAt)} old; one is due every ${everySeconds} s`, 'see the problem checkpoint-failed and the log: the disk may be full or read-only'))
  }
  if (facts.setAside.length > 0) found.push(warn('checkpoints', `${counted(facts.setAside.length, 'damaged file')} ${facts.setAside.length === 1 ? 'was' : 'were'} set aside: ${facts.setAside.slice(0, 3).join(', ')}`, 'look at the disk (smartctl, dmesg); remove the files when you have seen them'))
  return found
}

function oneCheck({ name, bytes, writtenAt, place, damage }: CheckpointFacts, isLastHope: boolean, now: number): Check {
  const found = `${name}: ${bytesText(bytes)}, ${ageText(now - (place?.savedAt ?? writtenAt))} old${place ? `, at ${place.seq}` : ''}`
  if (damage === null) return ok('checkpoints', `${found}, verified`)
  return isLastHope
    ? wrong('checkpoints', `${found}: damaged, ${damage}; no other is whole`, 'the next start counts windows and ids from the store, as far as it knows them; restore a backup where that is not enough. Look at the disk (smartctl, dmesg)')
    : wrong('checkpoints', `${found}: damaged, ${damage}`, 'the next start sets it aside and takes the one before; look at the disk (smartctl, dmesg)')
}
