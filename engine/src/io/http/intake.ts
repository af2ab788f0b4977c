// POST /api/mentions: NDJSON for those without NATS. The body is cut at line ends and published as it comes in; the answer
// says what the stream has. Whether a line is a mention is decided by the engine, as for every other publisher.
import { createHash } from 'node:crypto'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { z } from 'zod'
import { StreamDown, StreamFull, StreamRefused } from '../../stream-errors.ts'
import { Refusal } from './answer.ts'
import { LineCutter } from './lines.ts'

export const intakeLimits = { bodyBytesMax: 8 * 1024 ** 2, messageBytesMax: 512 * 1024, inFlightMax: 8, refusedMax: 100, bodiesMax: 16 } as const
/** Platform of mentions that name none and come without ?platform=. */
export const platformDefault = 'http'

export const intakeQuerySchema = z.strictObject({
  platform: z.string().regex(/^[a-z0-9_-]{1,64}$/, 'a platform is 1 to 64 of a-z 0-9 _ -').optional().describe(`Platform of the lines that name none; without it they are of \`${platformDefault}\``),
})

export const intakeAnswerSchema = z.strictObject({
  accepted: z.int().describe('Lines that the stream has; blank lines are not counted'),
  messages: z.int().describe('Messages they were put into'),
  seqs: z.array(z.int()).describe('Sequence of each message in the stream'),
  refused: z.array(z.strictObject({ line: z.int().describe('From 1, blank lines included'), bytes: z.int(), reason: z.literal('too-long') }))
    .describe(`Lines over ${mentionLimits.lineBytesMax} bytes, which no message can hold; at most ${intakeLimits.refusedMax} are named`),
  refusedTotal: z.int(),
})
type Answer = z.infer<typeof intakeAnswerSchema>

/** Resolves when the stream has it; throws StreamFull or StreamDown where it cannot. */
export type Publish = (subject: string, bytes: Uint8Array, id: string) => Promise<{ readonly seq: number }>

interface Sent { readonly lines: number; readonly seq: Promise<number> }

/** Publishes the body; throws Refusal with what was accepted before. Doing it again is harmless: ids are of the content. */
export async function takeIn(body: AsyncIterable<Uint8Array>, platform: string, publish: Publish): Promise<Answer> {
  const subject = subjects.mentions(platform)
  const cutter = new LineCutter({ messageBytesMax: intakeLimits.messageBytesMax, lineBytesMax: mentionLimits.lineBytesMax })
  const answer = { accepted: 0, messages: 0, seqs: [] as number[], refused: [] as Answer['refused'], refusedTotal: 0 }
  const inFlight: Sent[] = []
  const settleOldest = async () => {
    const { lines, seq } = inFlight.shift()!
    answer.seqs.push(await seq)
    answer.accepted += lines
    answer.messages += 1
  }
  try {
    for await (const cut of cuts(body, cutter)) {
      if (cut.kind === 'too-long') {
        answer.refusedTotal += 1
        if (answer.refused.length < intakeLimits.refusedMax) answer.refused.push({ line: cut.line, bytes: cut.bytes, reason: 'too-long' })
        continue
      }
      if (inFlight.length >= intakeLimits.inFlightMax) await settleOldest()
      const seq = publish(subject, cut.bytes, `http-${createHash('sha256').update(subject).update(cut.bytes).digest('base64url')}`).then((at) => at.seq)
      // Answered by settleOldest, in order; until then a failure is not unhandled.
      seq.catch(() => undefined)
      inFlight.push({ lines: cut.lines, seq })
    }
    while (inFlight.length > 0) await settleOldest()
    return answer
  } catch (error) {
    // What is on its way counts as far as it arrives without a gap, so that the sender knows where to go on.
    const under = await Promise.allSettled(inFlight.map(({ seq }) => seq))
    const gap = error instanceof Refusal ? under.findIndex(({ status }) => status === 'rejected') : 0
    inFlight.splice(gap < 0 ? under.length : gap)
    while (inFlight.length > 0) await settleOldest()
    throw refusalOf(error, answer)
  }
}

async function* cuts(body: AsyncIterable<Uint8Array>, cutter: LineCutter) {
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > intakeLimits.bodyBytesMax) throw bodyTooLong()
      yield* cutter.push(chunk)
    }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(400, { error: 'body-cut-short', detail: `the body ended after ${bytes} bytes: ${(error as Error).message}`, hint: 'send it again; lines that are sent twice count once' })
  }
  yield* cutter.end()
}

export const bodyTooLong = (): Refusal => new Refusal(413, {
  error: 'body-too-long', detail: `the body is over ${intakeLimits.bodyBytesMax} bytes`, hint: 'send it in several requests; lines that are sent twice count once',
})

export const tooManyBodies = (): Refusal => new Refusal(503, {
  error: 'busy', detail: `${intakeLimits.bodiesMax} requests are handing in mentions already`, hint: 'send it again in a moment; nothing of it was taken',
}, { 'retry-after': '1' })

function refusalOf(error: unknown, answer: Answer): unknown {
  if (error instanceof Refusal) return new Refusal(error.status, { ...error.body, ...answer }, error.headers)
  const hint = 'send the lines after the accepted ones again; lines that are sent twice count once'
  if (error instanceof StreamFull) return new Refusal(503, { error: 'stream-full', detail: 'the input stream is full: the store does not keep up', hint, ...answer }, { 'retry-after': '10' })
  if (error instanceof StreamDown) return new Refusal(503, { error: 'nats-down', detail: 'NATS cannot be reached', hint, ...answer }, { 'retry-after': '5' })
  if (error instanceof StreamRefused) return new Refusal(422, { error: 'stream-refused', detail: error.message, hint: 'raise max_payload of the NATS server to 1MB, or send shorter lines', ...answer })
  return error
}
