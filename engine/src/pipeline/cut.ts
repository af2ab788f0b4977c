// Cuts the input stream into work: batches and canaries for the pool, ticks and commands for the core, and the ends of ClickHouse inserts.
// Where an insert ends depends on the stream alone (a tick, a command, or the weight of its mentions), so a replay cuts the same
// inserts; where a batch ends inside an insert depends on what has arrived, and changes no result.
import { canarySchema, type Canary } from '@groundswell/schemas/canary.ts'
import { commandSchema, type Command } from '@groundswell/schemas/command.ts'
import { platformOfSubject, subjects } from '@groundswell/schemas/subjects.ts'
import type { z } from 'zod'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import type { RawBatch } from '../core/batch.ts'
import { shareRules, type SharedRules } from '../io/pool/pool.ts'
import type { StreamMessage } from '../ports.ts'

/** `endsInsert`: the rows up to and with this piece are one insert. `seq`: the last message of the piece. */
export type Work =
  | { readonly kind: 'batch'; readonly seq: number; readonly raw: RawBatch; readonly rules: SharedRules; readonly endsInsert: boolean }
  | { readonly kind: 'canary'; readonly seq: number; readonly now: number; readonly canary: Canary; readonly raw: RawBatch; readonly rules: SharedRules; readonly endsInsert: boolean }
  | { readonly kind: 'tick'; readonly seq: number; readonly now: number }
  | { readonly kind: 'command'; readonly seq: number; readonly now: number; readonly command: Command }
  | { readonly kind: 'unreadable'; readonly seq: number; readonly now: number; readonly subject: string; readonly reason: string }

/**
 * An insert's weight is the bytes of its messages, and what each message and each line costs besides: a line of one byte becomes a
 * dead letter of a hundred. 24 MiB are about 50,000 mentions of 350 bytes.
 */
export const cutLimits = { insertWeightMax: 24 << 20, messageWeight: 64, lineWeight: 128, batchWeightMax: 1.5 * 2 ** 20, batchMessagesMax: 4096 } as const

export class Cutter {
  readonly #stream: number
  readonly #stored: number
  readonly #insertWeightMax: number
  #rules: SharedRules
  #insertWeight = 0

  /** `stored`: where an insert of an earlier run ended; one ends there again, whatever the limits of that run were. */
  constructor(options: { readonly stream: number; readonly rules: SharedRules; readonly stored?: number; readonly insertWeightMax?: number }) {
    this.#stream = options.stream
    this.#rules = options.rules
    this.#stored = options.stored ?? 0
    this.#insertWeightMax = options.insertWeightMax ?? cutLimits.insertWeightMax
  }

  cut(messages: readonly StreamMessage[]): Work[] {
    const work: Work[] = []
    let from = 0
    let bytes = 0
    let weight = 0
    for (let i = 0; i < messages.length; i++) {
      const message = messages[i]!
      if (!message.subject.startsWith('mentions.')) {
        if (i > from) work.push(this.#batch(messages, from, i, bytes))
        const control = this.#control(message)
        work.push(control)
        if (control.kind !== 'canary' || control.endsInsert) this.#insertWeight = 0
        from = i + 1
        bytes = 0
        weight = 0
        continue
      }
      const heavier = weightOf(message.data)
      bytes += message.data.byteLength
      weight += heavier
      this.#insertWeight += heavier
      const full = this.#endsInsert(message.seq)
      if (full || weight >= cutLimits.batchWeightMax || i + 1 - from >= cutLimits.batchMessagesMax) {
        work.push(this.#batch(messages, from, i + 1, bytes))
        if (full) this.#insertWeight = 0
        from = i + 1
        bytes = 0
        weight = 0
      }
    }
    if (messages.length > from) work.push(this.#batch(messages, from, messages.length, bytes))
    return work
  }

  #endsInsert(seq: number): boolean { return this.#insertWeight >= this.#insertWeightMax || seq === this.#stored }

  #batch(messages: readonly StreamMessage[], from: number, to: number, size: number): Work {
    const count = to - from
    const bytes = new Uint8Array(size)
    const ends = new Uint32Array(count)
    const seqs = new Float64Array(count)
    const times = new Float64Array(count)
    const platforms: string[] = []
    let end = 0
    for (let i = 0; i < count; i++) {
      const message = messages[from + i]!
      bytes.set(message.data, end)
      end += message.data.byteLength
      ends[i] = end
      seqs[i] = message.seq
      times[i] = message.time
      platforms.push(platformOfSubject(message.subject))
    }
    return {
      kind: 'batch', seq: messages[to - 1]!.seq, rules: this.#rules, endsInsert: this.#endsInsert(messages[to - 1]!.seq),
      raw: { bytes, ends, seqs, times, platforms, stream: this.#stream, skewCheck: true },
    }
  }

  /** A batch of its own: what becomes of it is nobody's mention. It joins the running insert, as a mention does. */
  #canary({ seq, time, subject, data }: StreamMessage): Work {
    const canary = readAs(canarySchema, data)
    if (!canary.ok) return { kind: 'unreadable', seq, now: time, subject, reason: canary.reason }
    const raw = { bytes: new Uint8Array(data), ends: Uint32Array.of(data.length), seqs: Float64Array.of(seq), times: Float64Array.of(time), platforms: ['canary'], stream: this.#stream, skewCheck: false }
    this.#insertWeight += weightOf(data)
    return { kind: 'canary', seq, now: time, canary: canary.value, raw, rules: this.#rules, endsInsert: this.#endsInsert(seq) }
  }

  #control(message: StreamMessage): Work {
    const { seq, time, subject } = message
    if (subject === subjects.tick) return { kind: 'tick', seq, now: time }
    if (subject === canarySubject) return this.#canary(message)
    const command = readAs(commandSchema, message.data)
    if (!command.ok) return { kind: 'unreadable', seq, now: time, subject, reason: command.reason }
    // Batches behind an accepted rules command are matched by it, before the core has come to it: the core decides alike.
    if (command.value.kind === 'rules' && parseRules(command.value.text).ok) this.#rules = shareRules(seq, command.value.text)
    return { kind: 'command', seq, now: time, command: command.value }
  }
}

const canarySubject = subjects.command('canary')

function weightOf(data: Uint8Array): number {
  let lines = 1
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) lines++
  return data.byteLength + cutLimits.messageWeight + lines * cutLimits.lineWeight
}

function readAs<Value>(schema: z.ZodType<Value>, data: Uint8Array): { ok: true; value: Value } | { ok: false; reason: string } {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data))
  } catch (error) {
    return { ok: false, reason: `not JSON: ${(error as Error).message}` }
  }
  const parsed = schema.safeParse(json)
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reason: parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ') }
}
