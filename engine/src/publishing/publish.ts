// Publishes recordings into the input stream: merged, paced, in order, acknowledged; says which lines cannot travel and loses no other.
import { setTimeout as sleep } from 'node:timers/promises'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { EngineStatus } from '@groundswell/schemas/subjects.ts'
import { mergeRecordings } from '../recording-lines.ts'
import type { RecordedLine } from '../recording-lines.ts'
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

export async function publishRecordings(options: PublishOptions): Promise<PublishResult> {
  const shiftMs = options.shiftToNow ? await shiftOf(options) : 0
  const run = new Run(options, shiftMs)
  let first = true
  for await (const block of mergeRecordings(options.files, { lineBytesMax: options.lineBytesMax, onRead: options.onRead })) {
    if (first) { checkAge(block, shiftMs, options.status); first = false }
    await run.send(block)
    if (options.signal.aborted) break
  }
  return run.finish()
}

class Run {
  #options: PublishOptions
  #batcher: Batcher
  #pace: Pace
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
    this.#pace = new Pace(options.speed, options.now())
  }

  async send(block: readonly RecordedLine[]): Promise<void> {
    const { lineBytesMax, speed, now, signal } = this.#options
    for (const line of block) {
      if (signal.aborted) return
      if (line.bytesTotal > lineBytesMax) {
        this.#refuse(line, line.number, `${line.bytesTotal} bytes do not fit a NATS message, at most ${lineBytesMax}: shorten the line`)
        continue
      }
      if (speed !== Infinity) {
        const wait = this.#pace.dueAt(line.ts) - now()
        if (wait >= sleepLeastMs) { await this.#publish(this.#batcher.flush()); await this.#sleep(wait) }
      }
      const message = this.#batcher.add(line)
      if (message) await this.#publish(message)
    }
  }

  async finish(): Promise<PublishResult> {
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

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#options.signal }).catch((error: unknown) => { if (!this.#options.signal.aborted) throw error })
  }
}

/**
 * One shift for every line: the newest of the recording is sent at its own, shifted time. At a speed N that is now + its duration / N; at
 * full speed it is now, so that nothing is ever sent before its time.
 */
async function shiftOf({ files, lineBytesMax, speed, now }: PublishOptions): Promise<number> {
  let first = Number.NaN
  let newest = -Infinity
  for await (const block of mergeRecordings(files, { lineBytesMax })) {
    for (const { ts } of block) {
      if (Number.isNaN(ts)) continue
      if (Number.isNaN(first)) first = ts
      if (ts > newest) newest = ts
    }
  }
  if (newest === -Infinity) return 0
  return Math.round(now() + (speed === Infinity ? 0 : (newest - first) / speed) - newest)
}

function checkAge(block: readonly RecordedLine[], shiftMs: number, status: EngineStatus | null): void {
  const first = block.find((line) => !Number.isNaN(line.ts))
  if (!first || status === null || status.clock === null) return
  const ts = (first.ts + shiftMs) / 1000
  if (ts >= status.clock - olderSecondsMax) return
  throw new RecordingTooOld(`the recording begins at ${iso(ts)}, but the engine's clock is at ${iso(status.clock)} already: its mentions would all be late and count in no window. Start an engine of its own for it (groundswell start --data DIR, with another --nats-port), or move the recording to now with --shift-to-now. Nothing was sent`)
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
