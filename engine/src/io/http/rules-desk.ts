// `/api/rules…`: the rules in force, saved and looked back at; what a query matches, and what a topic would have told.
import { said, saidSchema, codedText } from '@groundswell/schemas/problem.ts'
import { Readable } from 'node:stream'
import { rulesLimits, type TopicRules } from '@groundswell/schemas/rules.ts'
import { previewAnswerSchema, rulesDeskLimits, rulesTextSchema, type BacktestLine, type RulesText } from '@groundswell/schemas/rules-desk.ts'
import { z } from 'zod'
import { examplesUpTo, type Preview, type PreviewQuestion } from '../../query-preview.ts'
import { changesMax, topicParts, type RulesChanges } from '../../rules-changes.ts'
import { topicOf, type RulesRead, type TopicEdit } from '../../rules-edit.ts'
import { problemSchema, storeAway, refusal } from './answer.ts'
import { callerOf } from './caller.ts'
import { parse, type Route } from './route.ts'

export interface RulesSaved { readonly text: string; readonly base: number; readonly by: string }
export interface RulesEditAsked { readonly text: string; readonly edit: TopicEdit | null }
export interface StoredRules { readonly stream: number; readonly seq: number; readonly by: string | null; readonly at: number; readonly size: number } // at: ms; size: bytes

/** What is refused rejects with a Refusal. */
export interface RulesDesk {
  read(): Promise<RulesText>
  save(asked: RulesSaved): Promise<RulesText>
  /** Null: the text cannot be edited by a form. */
  check(asked: RulesEditAsked): Promise<RulesRead | null>
  history(): Promise<readonly StoredRules[]>
  /** Null: there are none of this sequence; stream null: the one that is read now. */
  textAt(asked: { readonly seq: number; readonly stream: number | null }): Promise<string | null>
  /** What another version than the one before it has; `changes` null: it cannot be read. Null: there are none of this sequence. */
  changesAt(asked: { readonly seq: number; readonly stream: number | null }): Promise<{ readonly changes: RulesChanges | null } | null>
  preview(question: PreviewQuestion): Promise<Preview>
  backtest(asked: { readonly topic: TopicRules; readonly days: number }, signal: AbortSignal): AsyncGenerator<BacktestLine>
}
export interface RulesDeskDeps { readonly rulesDesk: () => RulesDesk }

const text = z.string().max(rulesLimits.bytesMax).describe('The whole rules file, YAML')
const saveSchema = z.strictObject({ text, base: z.int().min(0).describe('`seq` of the rules that were edited') })
const editSchema = z.strictObject({
  text, edit: z.strictObject({ at: z.int().min(0).nullable().describe('Index of the topic in the file; null: a new one'), topic: z.record(z.string(), z.unknown()).nullable().describe('As in the rules file; null: it is taken out') }).nullish(),
})
const previewSchema = z.strictObject({ query: z.string().max(rulesLimits.queryMax), limit: z.int().min(0).max(rulesDeskLimits.examplesMax).optional().describe('Examples; 20 where absent'), lang: z.enum(['zh', 'en']).default('en').describe('Of `explained`') })
const backtestSchema = z.strictObject({ topic: z.record(z.string(), z.unknown()).describe('As in the rules file'), days: z.int().min(1).max(rulesDeskLimits.backtestDaysMax).default(rulesDeskLimits.backtestDaysMax) })
const problem = z.strictObject({ line: z.int(), column: z.int(), path: z.string(), message: z.string(), said: saidSchema })
const readSchema = z.strictObject({ text: z.string(), topics: z.array(z.unknown()).nullable().describe('As far as the text can be read'), problems: z.array(problem), notes: z.array(problem).describe('Legal, but perhaps not what was meant') })
const digits = (what: string) => z.string().regex(/^\d{1,16}$/, codedText('whole-number', { what })).transform(Number)
const historyQuerySchema = z.strictObject({ seq: digits('seq').optional().describe('The text of these rules alone'), stream: digits('stream').optional().describe('Of which stream; absent: the one that is read now'), changes: z.literal('1').optional().describe('With seq: what is different from the rules before, instead of the text') })
const named = { id: z.string(), zh: z.string(), en: z.string() }
const changedSchema = <Topic extends z.ZodType>(topic: Topic) => z.strictObject({ count: z.int(), topics: z.array(topic).describe(`At most ${changesMax}`) })
const changesSchema = z.strictObject({ added: changedSchema(z.strictObject(named)), removed: changedSchema(z.strictObject(named)), changed: changedSchema(z.strictObject({ ...named, parts: z.array(z.enum(topicParts)) })), rest: z.boolean().describe('The text is another, and no topic') })
const rowSchema = z.strictObject({ stream: z.int(), seq: z.int(), by: z.string().nullable().describe('Who saved them at a desk; null: the file'), at: z.number().describe('ms: when they came into force'), size: z.int().describe('Bytes') })
const more = z.looseObject(problemSchema.shape)

export function rulesDeskRoutes(deps: RulesDeskDeps): Route[] {
  return [read(deps), save(deps), history(deps), edit(deps), preview(deps), backtest(deps)]
}

function read({ rulesDesk }: RulesDeskDeps): Route {
  return { method: 'GET', path: '/api/rules', summary: 'The rules in force, as text', answers: { 200: { description: 'The rules', shape: rulesTextSchema }, 503: storeAway }, handle: () => rulesDesk().read() }
}

function save({ rulesDesk }: RulesDeskDeps): Route {
  return {
    method: 'PUT', path: '/api/rules', summary: 'Puts rules in force, and writes the rules file', json: saveSchema,
    answers: {
      200: { description: 'They are in force', shape: rulesTextSchema }, 400: { description: 'What is wrong with them, each with its place in `problems`', shape: more },
      409: { description: 'Others are in force than those that were edited: they are in the answer', shape: more }, 503: { description: 'The file, the stream or the engine cannot take them now; `outcome` says whether they are saved: saved (not in force yet), not-saved, not-known', shape: more },
    },
    handle: (request) => rulesDesk().save({ ...parse(saveSchema, request.body, 'body'), by: callerOf(request).name }),
  }
}

function history({ rulesDesk }: RulesDeskDeps): Route {
  return {
    method: 'GET', path: '/api/rules/history', summary: 'Which rules were in force, the newest first, and who saved them', query: historyQuerySchema,
    answers: { 200: { description: 'At most 50; with seq, one text', shape: z.union([z.strictObject({ rules: z.array(rowSchema) }), z.strictObject({ seq: z.int(), text: z.string() }), z.strictObject({ seq: z.int(), changes: changesSchema.nullable().describe('null: they cannot be read') })]) }, 404: { description: 'None of this sequence', shape: problemSchema }, 503: storeAway },
    handle: async (request) => {
      const { seq, stream = null, changes } = parse(historyQuerySchema, request.query, 'query')
      if (seq === undefined) return { rules: await rulesDesk().history() }
      const found = changes === undefined ? await rulesDesk().textAt({ seq, stream }) : await rulesDesk().changesAt({ seq, stream })
      if (found === null) throw refusal(404, 'unknown-rules', { detail: said('no-rules-of', { seq }), hint: said('rules-listed') })
      return typeof found === 'string' ? { seq, text: found } : { seq, ...found }
    },
  }
}

function edit({ rulesDesk }: RulesDeskDeps): Route {
  return {
    method: 'POST', path: '/api/rules/edit', summary: 'Checks the text of rules, with one topic changed in it; nothing is saved', json: editSchema, role: 'viewer',
    answers: { 200: { description: 'The text, its topics, what is wrong', shape: readSchema }, 400: { description: 'The question is wrong', shape: problemSchema }, 422: { description: 'The text cannot be edited so', shape: problemSchema }, 503: { description: 'Too many ask', shape: problemSchema } },
    handle: async (request) => {
      const { text, edit = null } = parse(editSchema, request.body, 'body')
      const checked = await rulesDesk().check({ text, edit })
      if (checked === null) throw refusal(422, 'not-editable', { detail: said('not-editable'), hint: said('edit-as-text') })
      return checked
    },
  }
}

function preview({ rulesDesk }: RulesDeskDeps): Route {
  return {
    method: 'POST', path: '/api/rules/preview', summary: `What a query matches of the newest ${rulesDeskLimits.previewLookedMax} stored mentions of a day`, json: previewSchema, role: 'viewer',
    answers: { 200: { description: 'What it matches', shape: previewAnswerSchema }, 400: { description: 'The query is wrong: `column`, and `drawn` with a caret', shape: more }, 503: storeAway },
    handle: async (request) => {
      const { query, limit, lang } = parse(previewSchema, request.body, 'body')
      const found = await rulesDesk().preview({ query, limit: examplesUpTo(limit), lang })
      if (found.ok) return found.answer
      const { column, said: detail, drawn } = found.problem
      throw refusal(400, 'wrong-query', { detail, hint: said('query-column', { column }), more: { column, drawn } })
    },
  }
}

function backtest({ rulesDesk }: RulesDeskDeps): Route {
  return {
    method: 'POST', path: '/api/rules/backtest', summary: 'What a topic would have told in the last days', json: backtestSchema,
    answers: { 200: { description: 'Lines of NDJSON: {done: false, share} while it runs, the last is the result', type: 'application/x-ndjson' }, 400: { description: 'The topic is wrong', shape: problemSchema }, 429: { description: 'One is under way', shape: problemSchema }, 503: storeAway },
    handle: async (request, reply) => {
      const { topic, days } = parse(backtestSchema, request.body, 'body')
      const given = topicOf(topic)
      if (!given.ok) throw refusal(400, 'wrong-topic', { detail: given.problem, hint: said('edit-says-where') })
      const left = new AbortController()
      const lines = rulesDesk().backtest({ topic: given.topic, days }, left.signal)
      reply.raw.on('close', () => {
        left.abort(new Error('whoever asked for it has gone'))
        // One that waits to be asked for its next line, which nobody does any more, hears no signal.
        lines.return(undefined).catch(() => undefined) // what it ends with is told to nobody
      })
      const first = await lines.next() // what fails before it is a refusal, not a cut answer
      return reply.type('application/x-ndjson').send(Readable.from(written(first, lines), { objectMode: false }))
    },
  }
}

async function* written(first: IteratorResult<BacktestLine>, lines: AsyncGenerator<BacktestLine>): AsyncGenerator<string> {
  for (let line = first; line.done !== true; line = await lines.next()) yield `${JSON.stringify(line.value)}\n`
}
