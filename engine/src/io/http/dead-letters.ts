// Dead letters over HTTP: read by reason and time, counted by reason, sent again through the stream once the engine reads them, or dismissed.
import { z } from 'zod'
import { StreamDown, StreamFull } from '../../stream-errors.ts'
import { problemSchema, Refusal, storeAway } from './answer.ts'
import { time } from './event-time.ts'
import { parse, type Route } from './route.ts'
import { apiLimits, limitUpTo } from './shapes.ts'

const yes = z.enum(['true', 'false'], 'is true or false').default('false').transform((text) => text === 'true')
const filter = {
  reason: z.string().min(1).max(64).optional().describe('Only of this reason'),
  since: time.optional().describe('Only those that came in at this time or later (ingest time)'),
  before: time.optional().describe('Only those that came in before this time'),
  all: yes.describe('Also those that were sent again or dismissed already'),
}

export const deadLettersQuerySchema = z.strictObject({ ...filter, limit: limitUpTo(apiLimits.deadLettersMax) })
export const deadLetterSchema = z.strictObject({
  at: z.iso.datetime().describe('When it came in, ingest time'),
  platform: z.string().describe('The token of the subject it came on'),
  reason: z.string().describe('Why it is no mention, in one word'),
  detail: z.string().describe('What is wrong with it and what its publisher should do'),
  seq: z.int().describe('Message of the stream'), line: z.int().describe('Line of that message, from 0'),
  raw: z.string().describe('The line as it came: its first 1,000 characters, invalid UTF-8 as U+FFFD'),
  replayed: z.iso.datetime().nullable().optional().describe('When it was sent again or dismissed; only with all=true'),
})
export const deadLettersAnswerSchema = z.strictObject({ deadLetters: z.array(deadLetterSchema).describe('Newest first'), limit: z.int() })
export type DeadLetter = z.infer<typeof deadLetterSchema>

const reasonsQuerySchema = z.strictObject({ since: filter.since, before: filter.before })
const reasonSchema = z.strictObject({
  reason: z.string(), letters: z.int(), replayed: z.int().describe('How many of them were sent again or dismissed'), newest: z.iso.datetime().describe('When the newest came in'),
})
const reasonsAnswerSchema = z.strictObject({ reasons: z.array(reasonSchema).describe('Most letters first') })
export type LetterReasonRow = z.infer<typeof reasonSchema>

const placePattern = /^\d{1,15}(\.\d{1,15}){5}$/
const replayQuerySchema = z.strictObject({
  ...filter, limit: limitUpTo(apiLimits.replayMax).describe(`Letters of one request, 1 to ${apiLimits.replayMax}; absent: 100. \`next\` of the answer says whether there are more`),
  dryRun: yes.describe('Only count what would be sent'),
  from: z.string().regex(placePattern, 'give what an answer said as next').optional().describe('`next` of the answer before'),
})
export const replayAnswerSchema = z.strictObject({
  letters: z.int().describe('Letters that were found'),
  sent: z.int().describe('Letters that the stream has taken; those that are still bad come back as new dead letters'),
  repeated: z.int().describe('Letters that the stream had already, sent again a moment ago'),
  refused: z.int().describe('Letters that fit no message of this NATS: they stay as they are'),
  bytes: z.int(), dryRun: z.boolean(),
  next: z.string().nullable().describe('Ask again with from=next; null: there are no more'),
})
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>

const dismissQuerySchema = replayQuerySchema.omit({ all: true }).extend({ dryRun: yes.describe('Only count what would be dismissed') })
export const dismissAnswerSchema = z.strictObject({
  letters: z.int().describe('Letters that were found and, but for a dry run, wait no longer'), dryRun: z.boolean(),
  next: replayAnswerSchema.shape.next,
})
export type DismissAnswer = z.infer<typeof dismissAnswerSchema>

export interface LettersQuestion { readonly reason?: string | undefined; readonly since?: number | undefined; readonly before?: number | undefined; readonly all: boolean; readonly limit: number }
export interface ReplayQuestion extends LettersQuestion { readonly dryRun: boolean; readonly from: string | null }
export type DismissQuestion = Omit<ReplayQuestion, 'all'>

/** What the stream said no to half-way: `so far` is in the stream and noted, the rest can be sent again. */
export class ReplayStopped extends Error {
  override readonly name = 'ReplayStopped'
  readonly soFar: ReplayAnswer
  constructor(soFar: ReplayAnswer, cause: unknown) {
    super('not every dead letter could be sent again', { cause })
    this.soFar = soFar
  }
}

export interface DeadLetterDeps {
  /** Newest first. */
  readonly deadLetters: (question: LettersQuestion) => Promise<readonly DeadLetter[]>
  readonly deadLetterReasons: (question: Pick<LettersQuestion, 'since' | 'before'>) => Promise<readonly LetterReasonRow[]>
  /** Throws ReplayStopped where the stream says no. */
  readonly replay: (question: ReplayQuestion) => Promise<ReplayAnswer>
  readonly dismiss: (question: DismissQuestion) => Promise<DismissAnswer>
}

export function deadLetterRoutes(deps: DeadLetterDeps): Route[] {
  const alone = oneAtATime()
  return [
    {
      method: 'GET', path: '/api/dead-letters', summary: 'Lines that were no mention, newest first, each with its reason', role: 'operator', query: deadLettersQuerySchema,
      answers: { 200: { description: 'The lines', shape: deadLettersAnswerSchema }, 503: storeAway },
      handle: async (request) => {
        const question = parse(deadLettersQuerySchema, request.query, 'query')
        return { deadLetters: await deps.deadLetters(question), limit: question.limit }
      },
    },
    {
      method: 'GET', path: '/api/dead-letters/reasons', summary: 'How many dead letters there are of each reason', query: reasonsQuerySchema,
      answers: { 200: { description: 'The reasons', shape: reasonsAnswerSchema }, 503: storeAway },
      handle: async (request) => ({ reasons: await deps.deadLetterReasons(parse(reasonsQuerySchema, request.query, 'query')) }),
    },
    replayRoute(deps, alone), dismissRoute(deps, alone),
  ]
}

type Alone = <Answer>(work: () => Promise<Answer>) => Promise<Answer>

/** Two at once would send and note the same letters. */
function oneAtATime(): Alone {
  let isBusy = false
  return async (work) => {
    if (isBusy) throw new Refusal(503, { error: 'busy', detail: 'dead letters are being sent again or dismissed already', hint: 'try again in a moment' }, { 'retry-after': '2' })
    isBusy = true
    try {
      return await work()
    } finally {
      isBusy = false
    }
  }
}

function dismissRoute({ dismiss }: DeadLetterDeps, alone: Alone): Route {
  return {
    method: 'POST', path: '/api/dead-letters/dismiss', summary: 'Notes that nothing more is to be done about dead letters; they are kept, and told with all=true', query: dismissQuerySchema,
    answers: {
      200: { description: 'How many there were', shape: dismissAnswerSchema },
      503: { description: 'Somebody else dismisses or replays', shape: z.looseObject(problemSchema.shape) },
    },
    handle: async (request) => {
      const { from = null, ...question } = parse(dismissQuerySchema, request.query, 'query')
      return alone(() => dismiss({ ...question, from }))
    },
  }
}

function replayRoute({ replay }: DeadLetterDeps, alone: Alone): Route {
  return {
    method: 'POST', path: '/api/dead-letters/replay', summary: 'Sends dead letters through the stream again, byte for byte', query: replayQuerySchema,
    answers: {
      200: { description: 'What became of them', shape: replayAnswerSchema },
      503: { description: 'The stream cannot take them now, or somebody else replays; what was sent before is named', shape: z.looseObject(problemSchema.shape) },
    },
    handle: async (request) => {
      const { from = null, ...question } = parse(replayQuerySchema, request.query, 'query')
      return alone(() => replay({ ...question, from }).catch((error: unknown) => { throw refusalOf(error) }))
    },
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof ReplayStopped)) return error
  const hint = 'ask again later: what was sent is noted, and mentions that come twice count once'
  if (error.cause instanceof StreamFull) return new Refusal(503, { error: 'stream-full', detail: 'the input stream is full: the store does not keep up', hint, ...error.soFar }, { 'retry-after': '10' })
  if (error.cause instanceof StreamDown) return new Refusal(503, { error: 'nats-down', detail: 'NATS cannot be reached', hint, ...error.soFar }, { 'retry-after': '5' })
  return error.cause
}
