// The ports of the shell: what the loop needs of the world. Adapters under io/ implement them; tests use the in-process ones.
import type { EngineStatus } from '@groundswell/schemas/subjects.ts'

export interface StreamMessage {
  readonly seq: number
  readonly time: number // ms since 1970, given by the stream
  readonly subject: string
  readonly data: Uint8Array // valid until the next call of next()
}

/** Reads the input stream in order, from a sequence, without gaps or repeats; survives restarts of the server. */
export interface InputReader {
  /** What has arrived, at least one message (waits for it), at most the limits; [] only after close(). */
  next(limits: { readonly messagesMax: number; readonly bytesMax: number }): Promise<readonly StreamMessage[]>
  close(): Promise<void>
}

export interface InputStream {
  /** Created time of the stream in ms: another value means another stream, whose sequences start again at 1. */
  readonly created: number
  readonly kind: 'nats' | 'in-process'
  /** Resolves when the stream has it. Throws StreamFull where the stream refuses, StreamDown where it cannot be reached. */
  publish(subject: string, data: Uint8Array, messageId?: string): Promise<{ readonly seq: number; readonly duplicate: boolean }>
  /** Publishes to the output stream (spikes.>, alerts.>), once a subject and messageId. */
  announce(subject: string, data: Uint8Array, messageId: string): Promise<void>
  read(fromSeq: number): InputReader
  /** Lets the stream forget what has been carried out: when it needs the room or it is old, or 'all' of it now (a request to forget). */
  trim(upToSeq: number, how?: 'all'): Promise<void>
  /** Newest message of a subject, or null. */
  last(subject: string): Promise<StreamMessage | null>
  state(): Promise<{ readonly firstSeq: number; readonly lastSeq: number; readonly bytes: number; readonly bytesMax: number }>
  /** Answers `groundswell.status` requests. */
  answerStatus(status: () => EngineStatus): void
  onTrouble(listener: (trouble: { readonly kind: 'down' | 'up' | 'recreated' | 'gap'; readonly detail: string }) => void): void
  close(): Promise<void>
}

export interface StoredRule { readonly seq: number; readonly text: string }

/** An insert that is aborted throws; it may or may not be in. */
export interface InsertOptions { readonly signal?: AbortSignal | undefined }

/** The facts. Every insert carries a deterministic token, so that doing it again is harmless. */
export interface Store {
  /** Native blocks, concatenated by the adapter into one insert, atomically. */
  insertMentions(token: string, blocks: readonly Uint8Array[], options?: InsertOptions): Promise<void>
  insertDeadLetters(token: string, blocks: readonly Uint8Array[], options?: InsertOptions): Promise<void>
  /** Low volume tables: spikes, alerts, rules, positions. */
  insertRows(table: string, token: string, rows: readonly Readonly<Record<string, unknown>>[], options?: InsertOptions): Promise<void>
  /** Answered soon or not at all; 'patient' is for what may take minutes and nobody waits for at a screen. A signal: who asks may go, and the store then works on it no longer. */
  query<Row>(sql: string, params?: Readonly<Record<string, unknown>>, how?: 'patient' | AbortSignal): Promise<Row[]>
  /** The answer's bytes in chunks of whole lines (for NDJSON of any length). */
  queryChunks(sql: string, params?: Readonly<Record<string, unknown>>, until?: AbortSignal): AsyncIterable<Uint8Array>
  close(): Promise<void>
}
