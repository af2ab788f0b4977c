// The input stream on NATS JetStream, and the output stream beside it: opened checked, published to, read in order, trimmed, watched.
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream'
import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream'
import { streams, subjects } from '@groundswell/schemas/subjects.ts'
import type { EngineStatus } from '@groundswell/schemas/subjects.ts'
import type { InputReader, InputStream, StreamMessage } from '../../ports.ts'
import { StreamDown, StreamMisconfigured } from '../../stream-errors.ts'
import { openLink } from './link.ts'
import type { Link, LinkOptions } from './link.ts'
import { patiently } from './patience.ts'
import { Publisher } from './publisher.ts'
import type { Acknowledged } from './publisher.ts'
import { NatsReader } from './reader.ts'
import { ensureOutput, ensureStreams, streamInfo } from './stream-config.ts'
import { firstToKeep } from './trim.ts'
import { Trimmer } from './trimmer.ts'

export interface NatsStreamOptions extends LinkOptions {
  readonly maxBytes?: number | undefined // of the input stream; see stream-config
  readonly keepProcessedMs?: number | undefined // processed messages older than this are trimmed; 24 h
  readonly prefetchBytes?: number | undefined // what the reader holds ahead; 8 MiB
  readonly production?: boolean | undefined // warn below the version that production wants
  readonly warn?: ((message: string) => void) | undefined
  /** JetStream has answered nothing for a while although NATS is connected; told again for as long as that goes on. */
  readonly onSilent?: (() => void) | undefined
}

type Trouble = Parameters<Parameters<InputStream['onTrouble']>[0]>[0]

const publishMs = 5000
const askMs = 2000
const startTimes = 8 // a machine on which everything starts at once gives a server no time for long
const askTimes = 3 // while it runs somebody waits for the answer
const watchMs = 2000
const trimLooksMax = 16
const silentLooks = 4 // each waits two seconds for an answer
const versionLeast = [2, 9, 0] as const
const versionProduction = [2, 12, 3] as const

/** Throws StreamDown within five seconds where no NATS answers, and within half a minute where its JetStream does not; StreamMisconfigured where it cannot serve. */
export async function openNatsStream(options: NatsStreamOptions): Promise<NatsStream> {
  const link = await openLink(options)
  try {
    const warn = options.warn ?? (() => undefined)
    checkVersion(link, options.production === true, warn)
    const jsm = await managerOf(link)
    const info = await patiently(() => ensureStreams(jsm, { maxBytes: options.maxBytes, warn }), { times: startTimes, whom: `JetStream at ${link.url}` })
    return new NatsStream(link, jsm, { ...options, createdText: info.created })
  } catch (error) {
    await link.close()
    throw error
  }
}

export class NatsStream implements InputStream {
  readonly kind = 'nats'
  readonly created: number
  readonly link: Link
  #jsm: JetStreamManager
  #options: NatsStreamOptions & { readonly createdText: string }
  #publisher: Publisher
  #announcer: Publisher // its own: an output stream that is gone must not hold ticks and mentions back
  #trimmer: Trimmer
  #readers = new Set<InputReader>()
  #listeners: ((trouble: Trouble) => void)[] = []
  #downReasons = new Set<string>()
  #isRecreated = false
  #outputWarned = false
  #watching = false
  #unanswered = 0 // looks in a row
  #watchTimer: NodeJS.Timeout

  constructor(link: Link, jsm: JetStreamManager, options: NatsStreamOptions & { readonly createdText: string }) {
    this.link = link
    this.#jsm = jsm
    this.#options = options
    this.created = Date.parse(options.createdText)
    this.#publisher = new Publisher(link, { whenFull: 'throw', downMs: publishMs })
    this.#announcer = new Publisher(link, { whenFull: 'throw', downMs: publishMs, onRefusing: (reason) => { if (reason !== null) void this.#outputAgain() } })
    this.#trimmer = new Trimmer({
      look: (upToSeq) => this.trimNow(upToSeq),
      pressed: async () => { const { bytes, bytesMax } = await this.state(); return bytesMax > 0 && bytes > bytesMax * 0.75 },
      now: () => performance.now(),
      after: (ms, run) => { const timer = setTimeout(run, ms); timer.unref(); return () => clearTimeout(timer) },
    })
    link.onDown((detail) => this.#down('link', detail))
    link.onUp((detail) => { this.#up('link', detail); void this.#checkCreated() })
    this.#watchTimer = setInterval(() => void this.#checkCreated(), watchMs)
    this.#watchTimer.unref()
  }

  publish(subject: string, data: Uint8Array, messageId?: string): Promise<Acknowledged> {
    return this.#publisher.publish(subject, data, messageId)
  }

  async announce(subject: string, data: Uint8Array, messageId: string): Promise<void> {
    // An event goes to its topic and, as an alert, to its grade under the same id: the stream knows ids by themselves alone.
    await this.#announcer.publish(subject, data, `${subject}/${messageId}`)
    this.#outputWarned = false
  }

  read(fromSeq: number): InputReader {
    const reader = new NatsReader({
      link: this.link, jsm: this.#jsm, stream: streams.in.name, created: this.#options.createdText,
      prefetchBytes: this.#options.prefetchBytes ?? 8 << 20,
      onGap: (detail) => this.#tell({ kind: 'gap', detail }),
      onTrouble: (detail) => (detail === null ? this.#up('reader', 'the input stream is read again') : this.#down('reader', detail)),
      onRecreated: (detail) => this.#recreated(detail),
    }, fromSeq)
    this.#readers.add(reader)
    return reader
  }

  async trim(upToSeq: number, how?: 'all'): Promise<void> {
    if (how !== 'all') return this.#trimmer.trim(upToSeq)
    await this.#asked(async () => {
      const { created } = await this.#jsm.streams.info(streams.in.name)
      if (created !== this.#options.createdText) return // not the stream that held what is to go: its messages are others
      await this.#jsm.streams.purge(streams.in.name, { seq: upToSeq + 1 })
    })
  }

  /** As trim, without the pause between two looks. */
  async trimNow(upToSeq: number): Promise<void> {
    // The mean size of messages says how many to let go; where the old ones are smaller than the young, one look does not free enough.
    for (let look = 0; look < trimLooksMax; look++) {
      const info = await this.#jsm.streams.info(streams.in.name)
      if (info.created !== this.#options.createdText) return // not the stream whose messages were carried out
      const keepMs = this.#options.keepProcessedMs ?? 86_400_000
      const seq = await firstToKeep(this.#jsm, info, { upToSeq, keepMs, now: Date.parse(info.ts ?? '') || Date.now() })
      if (seq === 0) return
      await this.#jsm.streams.purge(streams.in.name, { seq })
      if (info.state.bytes <= info.config.max_bytes / 2) return
    }
  }

  async last(subject: string): Promise<StreamMessage | null> {
    const stream = streams.out.subjects.some((pattern) => subject.startsWith(pattern.slice(0, -1))) ? streams.out.name : streams.in.name
    try {
      const message = await this.#asked(() => this.#jsm.streams.getMessage(stream, { last_by_subj: subject }))
      return message && toMessage(message)
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === 10037) return null
      throw error
    }
  }

  async state(): Promise<{ readonly firstSeq: number; readonly lastSeq: number; readonly bytes: number; readonly bytesMax: number }> {
    const { state, config } = await this.#asked(() => this.#jsm.streams.info(streams.in.name))
    return { firstSeq: state.first_seq, lastSeq: state.last_seq, bytes: state.bytes, bytesMax: config.max_bytes }
  }

  answerStatus(status: () => EngineStatus): void {
    this.link.nc.subscribe(subjects.status, { callback: (error, msg) => { if (!error) msg.respond(JSON.stringify(status())) } })
  }

  onTrouble(listener: (trouble: Trouble) => void): void {
    this.#listeners.push(listener)
    if (!this.link.connected) this.#down('link', `the connection to NATS at ${this.link.url} is lost; trying again without end`)
  }

  async close(): Promise<void> {
    clearInterval(this.#watchTimer)
    this.#listeners = []
    this.#trimmer.close()
    this.#publisher.close()
    this.#announcer.close()
    await Promise.all([...this.#readers].map((reader) => reader.close()))
    await this.link.close()
  }

  /** Patient with a server that is there; one that is away is not waited for. */
  #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return patiently(ask, { times: this.link.connected ? askTimes : 1, whom: `JetStream at ${this.link.url}` })
  }

  #tell(trouble: Trouble): void { for (const listener of this.#listeners) listener(trouble) }

  #down(reason: string, detail: string): void {
    const before = this.#downReasons.size
    this.#downReasons.add(reason)
    if (before === 0) this.#tell({ kind: 'down', detail })
  }

  #up(reason: string, detail: string): void {
    if (this.#downReasons.delete(reason) && this.#downReasons.size === 0) this.#tell({ kind: 'up', detail })
  }

  #recreated(detail: string): void {
    if (this.#isRecreated) return
    this.#isRecreated = true
    this.#tell({ kind: 'recreated', detail })
  }

  /** Makes an output stream again that somebody deleted; what waits for it is sent then. */
  async #outputAgain(): Promise<void> {
    const warn = this.#options.warn ?? (() => undefined)
    const once = (message: string) => { if (!this.#outputWarned) warn(message); this.#outputWarned = true }
    try {
      if (await streamInfo(this.#jsm, streams.out.name)) return
      await ensureOutput(this.#jsm, { warn })
      once(`stream ${streams.out.name} was deleted: it is made again, and announcements go on; what it held is gone for those who had not read it`)
    } catch (error) {
      once(`stream ${streams.out.name} is gone and cannot be made again (${error instanceof Error ? error.message : String(error)}); trying again while announcements wait`)
    }
  }

  /** Readers look by themselves; this look is for a stream that nobody reads just now. */
  async #checkCreated(): Promise<void> {
    if (this.#watching || this.#isRecreated || !this.link.connected) return
    this.#watching = true
    try {
      const info = await streamInfo(this.#jsm, streams.in.name)
      if (info && info.created !== this.#options.createdText) this.#recreated(`stream ${streams.in.name} was made again at ${info.created}`)
      this.#unanswered = 0
      this.#up('jetstream', 'JetStream answers again')
    } catch (error) {
      if (!this.link.connected) return
      this.#down('jetstream', `NATS is connected but its JetStream does not answer (${error instanceof Error ? error.message : String(error)}): its disk is full, or it is off or stuck. Nothing comes in meanwhile; whoever looks after NATS must make room and restart nats-server`)
      this.#unanswered += 1
      if (this.#unanswered % silentLooks === 0) this.#options.onSilent?.()
    } finally {
      this.#watching = false
    }
  }
}

function toMessage(message: StoredMsg): StreamMessage {
  return { seq: message.seq, time: message.time.getTime(), subject: message.subject, data: message.data }
}

async function managerOf(link: Link): Promise<JetStreamManager> {
  try {
    return await patiently(() => jetstreamManager(link.nc, { timeout: askMs }), { times: startTimes, whom: `JetStream at ${link.url}` })
  } catch (cause) {
    if (cause instanceof StreamDown) throw cause
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new StreamMisconfigured(`NATS at ${link.url} runs without JetStream (${detail}): start it with "nats-server -js", or with a jetstream block in its configuration`, { cause })
  }
}

function checkVersion(link: Link, production: boolean, warn: (message: string) => void): void {
  const version = link.nc.info?.version ?? '0.0.0'
  const parts = version.split(/[.-]/).slice(0, 3).map(Number)
  const below = (least: readonly number[]) => {
    const at = least.findIndex((value, i) => (parts[i] ?? 0) !== value)
    return at >= 0 && (parts[at] ?? 0) < least[at]!
  }
  if (below(versionLeast)) throw new StreamMisconfigured(`NATS at ${link.url} is version ${version}; we need ${versionLeast.join('.')} at least: update nats-server`)
  if (production && below(versionProduction)) {
    warn(`NATS at ${link.url} is version ${version}: production wants ${versionProduction.join('.')} or newer with sync_interval: always (one server) or three replicas, else a power cut can lose acknowledged messages`)
  }
}
