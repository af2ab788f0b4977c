// The input stream inside this process, for a demo without nats-server and for tests: the same sequences, times, refusals and
// deduplication as on NATS; it lives as long as the process.
import type { EngineStatus } from '@groundswell/schemas/subjects.ts'
import { streams } from '@groundswell/schemas/subjects.ts'
import type { InputReader, InputStream, StreamMessage } from '../../ports.ts'
import { StreamDown, StreamFull, StreamRefused } from '../../stream-errors.ts'

export interface InProcessOptions {
  readonly now: () => number // ms; times of messages never run backwards
  readonly bytesMax?: number // 256 MiB
  readonly duplicateWindowMs?: number // 2 min
  readonly announcedMax?: number // announcements kept for last() and those who look; 10,000
  readonly keepProcessed?: boolean // without: trim frees at once, memory is dearer than disk
}

const overhead = 64 // bytes a message takes besides its data, roughly

export class InProcessStream implements InputStream {
  readonly kind = 'in-process'
  readonly created: number
  /** Newest last, at most announcedMax. */
  readonly announced: StreamMessage[] = []
  #options: Required<InProcessOptions>
  #messages: StreamMessage[] = []
  #head = 0 // index of the first message kept
  #firstSeq = 1
  #bytes = 0
  #time: number
  #inputIds: IdWindow
  #outputIds: IdWindow
  #announcedSeq = 0
  #readers = new Set<InProcessReader>()
  #status: (() => EngineStatus) | null = null
  #closed = false

  constructor(options: InProcessOptions) {
    this.#options = { bytesMax: 256 << 20, duplicateWindowMs: 120_000, announcedMax: 10_000, keepProcessed: false, ...options }
    this.created = options.now()
    this.#time = this.created
    this.#inputIds = new IdWindow(this.#options.duplicateWindowMs)
    this.#outputIds = new IdWindow(this.#options.duplicateWindowMs)
  }

  async publish(subject: string, data: Uint8Array, messageId?: string): Promise<{ readonly seq: number; readonly duplicate: boolean }> {
    const time = this.#tick()
    check(subject, streams.in.subjects, data)
    const known = messageId === undefined ? undefined : this.#inputIds.seqOf(messageId, time)
    if (known !== undefined) return { seq: known, duplicate: true }
    const bytes = data.length + subject.length + overhead
    if (this.#bytes + bytes > this.#options.bytesMax) {
      throw new StreamFull(`the stream is full (${this.#options.bytesMax} bytes): it takes messages again when the engine has carried out older ones`)
    }
    const seq = this.lastSeq + 1
    this.#messages.push({ seq, time, subject, data: data.slice() })
    this.#bytes += bytes
    if (messageId !== undefined) this.#inputIds.remember(messageId, seq, time)
    for (const reader of this.#readers) reader.wake()
    return { seq, duplicate: false }
  }

  async announce(subject: string, data: Uint8Array, messageId: string): Promise<void> {
    const time = this.#tick()
    check(subject, streams.out.subjects, data)
    const id = `${subject}/${messageId}`
    if (this.#outputIds.seqOf(id, time) !== undefined) return
    this.#outputIds.remember(id, ++this.#announcedSeq, time)
    this.announced.push({ seq: this.#announcedSeq, time, subject, data: data.slice() })
    if (this.announced.length > this.#options.announcedMax) this.announced.shift()
  }

  read(fromSeq: number): InputReader {
    const reader = new InProcessReader((seq) => this.#from(seq), fromSeq, () => this.#readers.delete(reader))
    this.#readers.add(reader)
    return reader
  }

  async trim(upToSeq: number, how?: 'all'): Promise<void> {
    if (how !== 'all' && this.#options.keepProcessed && this.#bytes <= this.#options.bytesMax / 2) return
    while (this.#head < this.#messages.length && this.#messages[this.#head]!.seq <= upToSeq) {
      const gone = this.#messages[this.#head++]!
      this.#bytes -= gone.data.length + gone.subject.length + overhead
      this.#firstSeq = gone.seq + 1
    }
    if (this.#head > 1024 || this.#head === this.#messages.length) {
      this.#messages.splice(0, this.#head)
      this.#head = 0
    }
  }

  async last(subject: string): Promise<StreamMessage | null> {
    const newest = (messages: readonly StreamMessage[], from: number) => {
      for (let i = messages.length - 1; i >= from; i--) if (messages[i]!.subject === subject) return messages[i]!
      return null
    }
    return newest(this.#messages, this.#head) ?? newest(this.announced, 0)
  }

  get lastSeq(): number { return this.#firstSeq + this.#messages.length - this.#head - 1 }

  async state(): Promise<{ readonly firstSeq: number; readonly lastSeq: number; readonly bytes: number; readonly bytesMax: number }> {
    return { firstSeq: this.#firstSeq, lastSeq: this.lastSeq, bytes: this.#bytes, bytesMax: this.#options.bytesMax }
  }

  answerStatus(status: () => EngineStatus): void { this.#status = status }
  /** What a status request on NATS would get; null until somebody answers. */
  askStatus(): EngineStatus | null { return this.#status?.() ?? null }

  /** Nothing of this stream can go down: the listener is never called. */
  onTrouble(_listener: Parameters<InputStream['onTrouble']>[0]): void {}

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#readers].map((reader) => reader.close()))
  }

  #tick(): number {
    if (this.#closed) throw new StreamDown('the stream inside this process was closed')
    this.#time = Math.max(this.#time, this.#options.now())
    return this.#time
  }

  #from(seq: number): { readonly messages: readonly StreamMessage[]; readonly index: number } {
    return { messages: this.#messages, index: this.#head + Math.max(0, seq - this.#firstSeq) }
  }
}

type Kept = (seq: number) => { readonly messages: readonly StreamMessage[]; readonly index: number }

class InProcessReader implements InputReader {
  #from: Kept
  #next: number
  #onClose: () => void
  #closed = false
  #waiting: (() => void) | null = null

  constructor(from: Kept, fromSeq: number, onClose: () => void) {
    this.#from = from
    this.#next = fromSeq
    this.#onClose = onClose
  }

  wake(): void {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.()
  }

  async next(limits: { readonly messagesMax: number; readonly bytesMax: number }): Promise<readonly StreamMessage[]> {
    for (;;) {
      if (this.#closed) return []
      const { messages, index } = this.#from(this.#next)
      if (index < messages.length) return this.#cut(messages, index, limits)
      await new Promise<void>((resolve) => { this.#waiting = resolve })
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#onClose()
    this.wake()
  }

  #cut(messages: readonly StreamMessage[], from: number, { messagesMax, bytesMax }: { readonly messagesMax: number; readonly bytesMax: number }): StreamMessage[] {
    let end = from
    let bytes = 0
    while (end < messages.length && end - from < messagesMax) {
      bytes += messages[end]!.data.length
      if (end > from && bytes > bytesMax) break
      end++
    }
    this.#next = messages[end - 1]!.seq + 1
    return messages.slice(from, end)
  }
}

/** Message ids of the last while, each with the sequence it got; insertion order is time order. */
class IdWindow {
  #windowMs: number
  #ids = new Map<string, { readonly seq: number; readonly time: number }>()

  constructor(windowMs: number) { this.#windowMs = windowMs }

  seqOf(id: string, now: number): number | undefined {
    for (const [old, { time }] of this.#ids) {
      if (now - time <= this.#windowMs) break
      this.#ids.delete(old)
    }
    return this.#ids.get(id)?.seq
  }

  remember(id: string, seq: number, now: number): void { this.#ids.set(id, { seq, time: now }) }
}

const payloadMax = 1 << 20

function check(subject: string, patterns: readonly string[], data: Uint8Array): void {
  if (!patterns.some((pattern) => (pattern.endsWith('.>') ? subject.startsWith(pattern.slice(0, -1)) && subject.length > pattern.length - 1 : subject === pattern))) {
    throw new StreamRefused(`no stream takes the subject "${subject}": it takes ${patterns.join(', ')}`)
  }
  if (data.length > payloadMax) throw new StreamRefused(`a message of ${data.length} bytes does not fit, at most ${payloadMax}: split it`)
}
