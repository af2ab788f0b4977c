// Publishes recordings into the input stream: merged, paced, in order, acknowledged; says which lines cannot travel and loses no other.
import { setTimeout as sleep } from 'node:timers/promises'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { EngineStatus } from '@groundswell/schemas/subjects.ts'
import { mergeRecordings } from '../recording-lines.ts'
import type { RecordedLine } from '../recording-lines.ts'
import { Course, isFull } from './course.ts'
import type { PlacedLine } from './course.ts'
import { Batcher } from './batches.ts'
import type { Message } from './batches.ts'
import { Pace } from './pace.ts'

/** Where messages go: the bulk publisher of io/nats has this shape. */
export interface Sink {
  publish(subject: string, data: Uint8Array, messageId?: string): Promise<{ readonly seq: number; readonly duplicate: boolean }>
  ready(): Promise<void> | undefined
}

export interface PublishOptions {
  readonly files: readonly string[]
  readonly sink: Sink
  readonly speed: number // Infinity: as fast as it is acknowledged
  readonly shiftToNow: boolean
  readonly lineBytesMax: number // what a message can carry
  readonly status: EngineStatus | null // of the engine that reads the stream; null: none answered
  readonly now: () => number // ms
  readonly onRead: (bytes: number) => void
  readonly onPublished: (mentions: number) => void
  readonly onRefused: (refused: RefusedLine) => void
  readonly signal: AbortSignal // aborted: what was sent is waited for, nothing more is sent
}

export interface RefusedLine { readonly file: string; readonly line: number; readonly bytes: number; readonly reason: string }

export interface PublishResult {
  readonly published: number // lines that are in the stream
  readonly messages: number
  readonly repeated: number // messages that the stream had already, from a run before
  readonly refused: number // lines
}

/** The recording is too old for the clock of the engine that would read it: nothing was sent. */
export class RecordingTooOld extends Error {
  override readonly name = 'RecordingTooOld'
}

const olderSecondsMax = 600
const sleepLeastMs = 4
const timerMsMax = 2 ** 31 - 1 // a longer timer of Node's fires at once

export async function publishRecordings(options: PublishOptions): Promise<PublishResult> {
  const shiftMs = options.shiftToNow ? await shiftOf(options) : 0
  const run = new Run(options, shiftMs)
  for await (const block of mergeRecordings(options.files, { lineBytesMax: options.lineBytesMax, onRead: options.onRead })) {
    await run.send(block)
    if (options.signal.aborted) break
  }
  return run.finish()
}

class Run {
  #options: PublishOptions
  #batcher: Batcher
  #pace: Pace
  #shiftMs: number
  #course = new Course()
  #unchecked: PlacedLine[] | null = [] // what comes before the line that tells the recording's age; null: it has been told
  #outstanding = 0
  #allDone: (() => void) | null = null
  #failure: unknown = null
  #published = 0
  #messages = 0
  #repeated = 0
  #refused = 0

  constructor(options: PublishOptions, shiftMs: number) {
    this.#options = options
    this.#batcher = new Batcher(shiftMs)
    this.#shiftMs = shiftMs
    this.#pace = new Pace(options.speed, options.now())
  }

  async send(block: readonly RecordedLine[]): Promise<void> {
    await this.#sendChecked(this.#course.take(block))
  }

  /** Nothing goes before the recording's age is known, which lines that are no mentions do not tell. */
  async #sendChecked(placed: PlacedLine[]): Promise<void> {
    if (this.#unchecked === null) return this.#sendPlaced(placed)
    const known = placed.find(({ at }) => !Number.isNaN(at))
    const waiting = this.#unchecked
    for (const each of placed) waiting.push(each)
    if (known) checkAge(known.at + this.#shiftMs, this.#options.status)
    else if (!isFull(waiting.map(({ line }) => line))) return
    this.#unchecked = null
    await this.#sendPlaced(waiting)
  }

  async #sendPlaced(placed: readonly PlacedLine[]): Promise<void> {
    const { lineBytesMax, speed, now, signal } = this.#options
    for (const { line, at } of placed) {
      if (signal.aborted) return
      if (line.bytesTotal > lineBytesMax) {
        this.#refuse(line, line.number, `${line.bytesTotal} bytes do not fit a NATS message, at most ${lineBytesMax}: shorten the line`)
        continue
      }
      if (speed !== Infinity) {
        const due = this.#pace.dueAt(at)
        if (due - now() >= sleepLeastMs) { await this.#publish(this.#batcher.flush()); await this.#sleepUntil(due) }
        if (signal.aborted) return
      }
      const message = this.#batcher.add(line)
      if (message) await this.#publish(message)
    }
  }

  async finish(): Promise<PublishResult> {
    if (!this.#options.signal.aborted) await this.#sendChecked(this.#course.end())
    const left = this.#unchecked ?? []
    this.#unchecked = null
    if (!this.#options.signal.aborted) await this.#sendPlaced(left)
    if (!this.#options.signal.aborted) await this.#publish(this.#batcher.flush())
    await this.#settled()
    if (!this.#options.signal.aborted) await this.#options.sink.publish(subjects.command('end'), Buffer.from(JSON.stringify({ kind: 'end' })))
    return { published: this.#published, messages: this.#messages, repeated: this.#repeated, refused: this.#refused }
  }

  async #publish(message: Message | null): Promise<void> {
    if (!message) return
    const room = this.#options.sink.ready()
    if (room) await room
    if (this.#failure) throw this.#failure
    this.#outstanding++
    void this.#acknowledged(message)
  }

  async #acknowledged(message: Message): Promise<void> {
    try {
      const { duplicate } = await this.#options.sink.publish(message.subject, message.data, message.id)
      this.#messages++
      if (duplicate) this.#repeated++
      this.#published += message.lines
      this.#options.onPublished(message.lines)
    } catch (error) {
      this.#onError(message, error)
    }
    if (--this.#outstanding === 0) this.#allDone?.()
  }

  #onError(message: Message, error: unknown): void {
    if (!(error instanceof Error) || error.name !== 'StreamRefused') { this.#failure ??= error; return }
    for (let i = 0; i < message.lines; i++) this.#refuse(message.first, message.first.number + i, error.message)
  }

  #refuse(line: RecordedLine, number: number, reason: string): void {
    this.#refused++
    this.#options.onRefused({ file: this.#options.files[line.file]!, line: number, bytes: line.bytesTotal, reason })
  }

  async #settled(): Promise<void> {
    if (this.#outstanding > 0) await new Promise<void>((resolve) => { this.#allDone = resolve })
    if (this.#failure) throw this.#failure
  }

  async #sleepUntil(due: number): Promise<void> {
    const { now, signal } = this.#options
    for (let left = due - now(); left >= sleepLeastMs && !signal.aborted; left = due - now()) {
      await sleep(Math.min(left, timerMsMax), undefined, { signal }).catch((error: unknown) => { if (!signal.aborted) throw error })
    }
  }
}

/**
 * One shift for every line: the newest of the recording is sent at its own, shifted time. At a speed N that is now + its duration / N; at
 * full speed it is now, so that nothing is ever sent before its time. Stray times and lines that are no mentions do not count.
 */
async function shiftOf({ files, lineBytesMax, speed, now }: PublishOptions): Promise<number> {
  let first = Number.NaN
  let newest = -Infinity
  const course = new Course()
  const see = (placed: readonly PlacedLine[]): void => {
    for (const { at } of placed) {
      if (Number.isNaN(at)) continue
      if (Number.isNaN(first)) first = at
      if (at > newest) newest = at
    }
  }
  for await (const block of mergeRecordings(files, { lineBytesMax })) see(course.take(block))
  see(course.end())
  if (newest === -Infinity) return 0
  return Math.round(now() + (speed === Infinity ? 0 : (newest - first) / speed) - newest)
}

function checkAge(firstMs: number, status: EngineStatus | null): void {
  if (status === null || status.clock === null) return
  const ts = firstMs / 1000
  if (ts >= status.clock - olderSecondsMax) return
  throw new RecordingTooOld(`the recording begins at ${iso(ts)}, but the engine's clock is at ${iso(status.clock)} already: its mentions would all be late and count in no window. Start an engine of its own for it (groundswell start --data DIR, with another --nats-port), or move the recording to now with --shift-to-now. Nothing was sent`)
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
