// The folder of checkpoints: the newest few, each whole or not there, and the segments of ids that they share.
//
//   checkpoint-000000000012   ─┐ needs
//   checkpoint-000000000013   ─┴──► ids-0-6b1f00c2.seg  ids-1-90aa31d7.seg      written before the checkpoint that needs them, each once
//
// What cannot be used is renamed to *.damaged and left for a person to look at, at most a few of them; nothing is deleted for being damaged.
import { join } from 'node:path'
import type { Disk } from '../../disk.ts'
import { decodeCheckpoint, decodeSegment, encodeCheckpoint, encodeSegment, refuse, type CheckpointHeader, type Refused } from './checkpoint-format.ts'

export const checkpointLimits = { damagedKeptMax: 4, readTries: 3 } as const

export interface CheckpointFilesOptions {
  readonly disk: Disk
  readonly folder: string
  readonly kept: number // how many checkpoints, at least 1
  /** What is no longer needed could not be removed: it is tried again with the next checkpoint. */
  readonly onUntidy: (error: Error) => void
}

export interface RefusedFile { readonly name: string; readonly refused: Refused }
export interface ReadCheckpoint { readonly ok: true; readonly header: CheckpointHeader; readonly state: Uint8Array; segmentOf(number: number): Int32Array }
/** `needed`: numbers of full segments that the state refers to; `fresh`: those of them that no file holds yet, and perhaps more. */
export interface NewCheckpoint {
  readonly header: Omit<CheckpointHeader, 'segments'>
  readonly state: Uint8Array
  readonly needed: { readonly first: number; readonly end: number }
  readonly fresh: readonly { readonly number: number; readonly words: Int32Array }[]
}
export interface Kept { readonly number: number; readonly header: CheckpointHeader; readonly bytes: number }

const checkpointName = (number: number): string => `checkpoint-${String(number).padStart(12, '0')}`
export const segmentName = (number: number, crc: number): string => `ids-${number}-${crc.toString(16).padStart(8, '0')}.seg`
export const checkpointPattern = /^checkpoint-(\d{12,})$/
const segmentPattern = /^ids-\d+-[0-9a-f]{8}\.seg$/

export class CheckpointFiles {
  readonly #options: CheckpointFilesOptions
  #kept: Kept[] = [] // oldest first
  #newest = 0 // number that was given last
  #segments = new Map<number, number>() // number → CRC of the segments that lie whole on the disk and belong to the engine's past
  readonly #files = new Set<string>() // names of all files of segments

  private constructor(options: CheckpointFilesOptions) { this.#options = options }

  /** Reads every checkpoint that is there; what is damaged is set aside and told. */
  static async open(options: CheckpointFilesOptions): Promise<{ readonly files: CheckpointFiles; readonly refused: readonly RefusedFile[] }> {
    const files = new CheckpointFiles(options)
    return { files, refused: await files.#look() }
  }

  /** Oldest first. */
  get kept(): readonly Kept[] { return this.#kept }
  /** Number of the first segment that no file of the engine's past holds. */
  get freshFrom(): number { return Math.max(-1, ...this.#segments.keys()) + 1 }
  nameOf(number: number): string { return checkpointName(number) }

  /** The checkpoint with all it needs. The caller sets aside what is refused, as `setAside` does. */
  async read({ number, header: { segments } }: Kept): Promise<ReadCheckpoint | Refused> {
    const whole = await this.#readWhole(checkpointName(number), decodeCheckpoint)
    if (!whole.ok) return whole
    const words = new Map<number, Int32Array>()
    for (const [at, crc] of segments.crcs.entries()) {
      const wanted = { number: segments.first + at, crc }
      const name = segmentName(wanted.number, crc)
      if (!this.#files.has(name)) return refuse('segment missing', `there is no ${name}`)
      const segment = await this.#readWhole(name, (bytes) => decodeSegment(bytes, wanted))
      if (!segment.ok) {
        if (isDamaged(segment)) await this.#rename(name)
        return { ...segment, detail: `${name}: ${segment.detail}` }
      }
      words.set(wanted.number, segment.words)
    }
    return {
      ok: true, header: whole.header, state: whole.state,
      segmentOf: (of) => words.get(of) ?? missing(of),
    }
  }

  /** What comes goes on from this checkpoint: its segments are not written again. */
  goOnFrom({ header: { segments } }: Kept): void {
    this.#segments = new Map(segments.crcs.map((crc, at) => [segments.first + at, crc]))
  }

  async setAside(number: number): Promise<void> {
    this.#kept = this.#kept.filter((one) => one.number !== number)
    await this.#rename(checkpointName(number))
  }

  /** Resolves when it would survive a power cut. A failure leaves what was there before. */
  async write({ header, state, needed, fresh }: NewCheckpoint): Promise<Kept> {
    for (const { number, words } of fresh) if (number >= needed.first && number < needed.end && !this.#segments.has(number)) await this.#writeSegment(number, words)
    const crcs = Array.from({ length: needed.end - needed.first }, (_, at) => this.#segments.get(needed.first + at) ?? missing(needed.first + at))
    const whole = { ...header, segments: { first: needed.first, crcs } }
    const number = ++this.#newest
    await this.#put(checkpointName(number), await encodeCheckpoint(whole, state))
    await this.#options.disk.syncFolder(this.#options.folder)
    const kept = { number, header: whole, bytes: state.length }
    this.#kept.push(kept)
    await this.#tidy().catch((error: unknown) => this.#options.onUntidy(error as Error))
    return kept
  }

  async #writeSegment(number: number, words: Int32Array): Promise<void> {
    const { crc, pieces } = await encodeSegment(number, words)
    const name = segmentName(number, crc)
    await this.#put(name, pieces)
    this.#files.add(name)
    this.#segments.set(number, crc)
  }

  async #put(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const { disk } = this.#options
    const temporary = this.#path(`${name}.tmp`)
    try {
      await disk.write(temporary, pieces)
      await disk.rename(temporary, this.#path(name))
    } catch (error) {
      await disk.remove(temporary).catch(() => undefined) // why it was not written is what matters; a start removes it
      throw error
    }
  }

  async #look(): Promise<RefusedFile[]> {
    const { disk, folder } = this.#options
    await disk.makeFolder(folder)
    const refused: RefusedFile[] = []
    for (const name of await disk.list(folder)) {
      if (name.endsWith('.tmp')) await disk.remove(this.#path(name))
      const damagedNumber = /^checkpoint-(\d{12,})\.damaged$/.exec(name)?.[1]
      if (damagedNumber) this.#newest = Math.max(this.#newest, Number(damagedNumber))
      if (segmentPattern.test(name)) this.#files.add(name)
      const number = Number(checkpointPattern.exec(name)?.[1] ?? 0)
      if (number === 0) continue
      this.#newest = Math.max(this.#newest, number)
      const read = await this.#readWhole(name, decodeCheckpoint)
      if (read.ok) this.#kept.push({ number, header: read.header, bytes: read.state.length })
      else {
        refused.push({ name, refused: read })
        if (isDamaged(read)) await this.#rename(name)
      }
    }
    this.#kept.sort((a, b) => a.number - b.number)
    return refused
  }

  async #readWhole<Read extends { readonly ok: true }>(name: string, decode: (bytes: Uint8Array) => Promise<Read | Refused>): Promise<Read | Refused> {
    for (let tries = 1; ; tries++) {
      let bytes: Uint8Array
      try {
        bytes = await this.#options.disk.read(this.#path(name))
      } catch (error) {
        if (tries === checkpointLimits.readTries) return refuse('not to be read', (error as Error).message)
        continue
      }
      return decode(bytes)
    }
  }

  /** Removes checkpoints that are more than enough, and then the segments that nobody needs any more. */
  async #tidy(): Promise<void> {
    const { disk, kept } = this.#options
    while (this.#kept.length > kept) {
      await disk.remove(this.#path(checkpointName(this.#kept[0]!.number)))
      this.#kept.shift()
    }
    const needed = new Set(this.#kept.flatMap(({ header: { segments } }) => segments.crcs.map((crc, at) => segmentName(segments.first + at, crc))))
    for (const name of this.#files) {
      if (needed.has(name)) continue
      await disk.remove(this.#path(name))
      this.#files.delete(name)
    }
    for (const [number, crc] of this.#segments) if (!needed.has(segmentName(number, crc)) && number < (this.#kept.at(-1)?.header.segments.first ?? 0)) this.#segments.delete(number)
  }

  async #rename(name: string): Promise<void> {
    const { disk, folder, onUntidy } = this.#options
    this.#files.delete(name)
    try {
      await disk.rename(this.#path(name), this.#path(`${name}.damaged`))
      const damaged = (await disk.list(folder)).filter((one) => one.endsWith('.damaged'))
      for (const one of damaged.slice(0, -checkpointLimits.damagedKeptMax)) await disk.remove(this.#path(one))
    } catch (error) {
      onUntidy(error as Error)
    }
  }

  #path(name: string): string { return join(this.#options.folder, name) }
}

/** What cannot be read today may be whole: it stays where it is. */
const isDamaged = ({ reason }: Refused): boolean => reason !== 'not to be read'

function missing(number: number): never { throw new Error(`segment ${number} of ids is on no disk and in no memory: the checkpoint is not to be written or read`) }
