// `/api/cascades…`: lists of cascades, one of them with all that is worked out of it, its tree as bytes, the ids of its mentions, its edges.
import { codedText, said } from '@groundswell/schemas/problem.ts'
import { createHash } from 'node:crypto'
import { cascadeRowSchema, rootWordsSchema, topicNamesSchema, type CascadeRow, type RootWords, type TopicNames } from '@groundswell/schemas/cascade.ts'
import { cascadeDetailLimits, cascadeDetailSchema, cascadeEdgeSchema, inferredParentsSchema, storyRootSchema, whichSchema, type CascadeDetail, type CascadeEdge, type InferredEdges, type StoryRoot, type Which } from '@groundswell/schemas/cascade-detail.ts'
import { topicRulesSchema, type TopicRules } from '@groundswell/schemas/rules.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { problemSchema, refusal } from './answer.ts'
import { callerOf } from './caller.ts'
import { eventTime } from './event-time.ts'
import { parse, type Route } from './route.ts'
import { limitUpTo } from './shapes.ts'

export interface CascadesAsked { readonly by: 'size' | 'speed' | 'R'; readonly topic: string | null; readonly platform: string | null; readonly from: number | null; readonly to: number | null; readonly limit: number; readonly words: boolean } // ms
/** Nodes `from` … `to` − 1. */
export interface NodesAsked { readonly from: number; readonly to: number }

/** Null: there is no such cascade. What is too much at once rejects with a Refusal. */
export interface CascadeReads {
  /** `words`, where they are asked for: of each root, in the order of the cascades; null where the store does not tell. */
  list(asked: CascadesAsked): Promise<{ readonly cascades: readonly CascadeRow[]; readonly words?: readonly (RootWords | null)[] | null }>
  detail(root: string, which: Which | null): Promise<CascadeDetail | null>
  /** As schemas/src/cascade-binary.ts writes it. */
  tree(root: string, which: Which | null): Promise<{ readonly which: Which; readonly bytes: Uint8Array } | null>
  ids(root: string, which: Which | null, nodes: NodesAsked): Promise<{ readonly which: Which; readonly size: number; readonly ids: readonly (string | null)[] } | null>
  inferred(root: string, which: Which | null): Promise<({ readonly which: Which } & InferredEdges) | null>
  edges(root: string, which: Which | null, nodes: NodesAsked): Promise<{ readonly which: Which; readonly size: number; readonly edges: readonly CascadeEdge[] } | null>
  /** Other roots of its story, at most `storyMax` of as many as are `counted`. */
  story(root: string): Promise<{ readonly others: readonly StoryRoot[]; readonly counted: number } | null>
  /** The root above a mention that is in memory, for who asks for the mention as if it were one. */
  rootOf(mention: string): string | null
}

export interface CascadeDeps {
  readonly cascades: () => CascadeReads
  /** null: the rules know no such topic. */
  readonly rulesOf: (topic: string) => Pick<TopicRules, 'name'> | null
}

const listMax = 200
const listQuerySchema = z.strictObject({
  by: z.enum(['size', 'speed', 'R'], codedText('sorted-by', { values: 'size, speed, R' })).default('size').describe('size: mentions in all; speed: of the last hour; R: what each mention draws, of the hundred that were spoken of most in the last hour, as far as they have half a million mentions together. Speed and R are of what is in memory'),
  topic: topicRulesSchema.shape.id.optional().describe('The root matched it when it arrived'),
  platform: z.string().min(1).max(64).optional().describe('At least one mention is on it'),
  from: eventTime.optional().describe('Last spoken of then or later; with it, or with `to`, stored cascades are listed too'),
  to: eventTime.optional().describe('Its first mention is before'),
  limit: limitUpTo(listMax),
  words: z.enum(['0', '1']).default('0').describe('1: what each root says, for viewers and operators'),
})

const listShape = z.strictObject({
  by: z.enum(['size', 'speed', 'R']), cascades: z.array(cascadeRowSchema), limit: z.int(), topicNames: topicNamesSchema,
  words: z.array(rootWordsSchema.nullable().describe('null: none is stored under the id of this root')).nullable().optional().describe('Of the root of each cascade, in their order, where they are asked for; null: the store does not tell, or a wall asks'),
})

const rootPath = z.strictObject({ root: z.string().min(1).max(256).describe('Id of the first mention, percent-encoded; `hash:…` where its id is not kept') })
const which = z.string().regex(/^(live|\d{12,14})$/, codedText('which')).transform((text): Which => (text === 'live' ? text : Number(text))).optional()
  .describe('Which of several cascades under this root; absent: the one in memory, else the newest')
const whichQuerySchema = z.strictObject({ which })
const node = z.string().regex(/^\d{1,9}$/, codedText('node')).transform(Number)
const nodesQuery = (max: number) => z.strictObject({ which, from: node.optional().describe('First node; absent: 0, the root'), to: node.optional().describe(`Node that they end before; absent, or further: ${max} nodes`) })
const idsQuerySchema = nodesQuery(cascadeDetailLimits.idsMax)
const edgesQuerySchema = nodesQuery(cascadeDetailLimits.edgesMax)

const nothing = { description: 'No such cascade', shape: problemSchema } as const
const away = { description: 'The store is away, or too much is asked at once', shape: problemSchema } as const
const part = { root: z.string(), which: whichSchema, size: z.int().describe('Nodes of the whole tree'), from: z.int() }

export function cascadeRoutes(deps: CascadeDeps): Route[] {
  return [list(deps), detail(deps), tree(deps), ids(deps), edges(deps), inferred(deps), story(deps)]
}

function list({ cascades, rulesOf }: CascadeDeps): Route {
  return {
    method: 'GET', path: '/api/cascades', role: 'wall', summary: 'Cascades, the most first', query: listQuerySchema,
    answers: { 200: { description: 'The cascades', shape: listShape }, 503: away },
    handle: async (request) => {
      const { by, topic = null, platform = null, from = null, to = null, limit, words } = parse(listQuerySchema, request.query, 'query')
      if (from !== null && to !== null && from >= to) throw refusal(400, 'wrong-query', { detail: said('from-not-before', { from: iso(from), to: iso(to) }), hint: said('earlier-from') })
      const asksWords = words === '1'
      const mayRead = callerOf(request).role !== 'wall' // a screen on a wall reads no texts
      const found = await cascades().list({ by, topic, platform, from, to, limit, words: asksWords && mayRead })
      return { by, limit, ...found, topicNames: namesOf(found.cascades, rulesOf), ...(asksWords && !mayRead && { words: null }) }
    },
  }
}

function detail({ cascades, rulesOf }: CascadeDeps): Route {
  return {
    method: 'GET', path: '/api/cascades/:root', role: 'wall', summary: 'One cascade: how it grew, who carried it, where it is going', params: rootPath, query: whichQuerySchema,
    answers: { 200: { description: 'The cascade', shape: cascadeDetailSchema.extend({ topicNames: topicNamesSchema }) }, 404: nothing, 503: away },
    handle: async (request) => {
      const { root, which } = askedOf(request, whichQuerySchema)
      const found = await cascades().detail(root, which ?? null) ?? unknown(cascades(), root)
      return { ...found, topicNames: namesOf([found.cascade], rulesOf) }
    },
  }
}

function tree({ cascades }: CascadeDeps): Route {
  return {
    method: 'GET', path: '/api/cascades/:root/tree', role: 'wall', summary: 'The tree as bytes (GSC1: schemas/src/cascade-binary.ts), the same in memory and stored', params: rootPath, query: whichQuerySchema,
    answers: { 200: { description: 'About 8 bytes a mention; X-Cascade-Which says which it is', type: 'application/octet-stream' }, 304: { description: 'The caller has it, by If-None-Match', type: 'application/octet-stream' }, 404: nothing, 503: away },
    handle: async (request, reply) => {
      const { root, which } = askedOf(request, whichQuerySchema)
      const found = await cascades().tree(root, which ?? null) ?? unknown(cascades(), root)
      return sent(request, reply, found)
    },
  }
}

function sent(request: FastifyRequest, reply: FastifyReply, { which, bytes }: { readonly which: Which; readonly bytes: Uint8Array }): unknown {
  const tag = `"${createHash('sha1').update(bytes).digest('base64url')}"`
  // It may be kept, but is asked after each time: the same address has another tree a second later.
  void reply.headers({ etag: tag, 'cache-control': 'private, no-cache', 'x-cascade-which': String(which) })
  const had = String(request.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (had.includes(tag) || had.includes('*')) return reply.status(304).send()
  return reply.type('application/octet-stream').send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

function ids({ cascades }: CascadeDeps): Route {
  return {
    method: 'GET', path: '/api/cascades/:root/ids', summary: 'Ids of some mentions of a cascade, found among the stored ones of that moment', params: rootPath, query: idsQuerySchema,
    answers: { 200: { description: 'By node, from `from` on; null: no stored mention has its hash', shape: z.strictObject({ ...part, ids: z.array(z.string().nullable()) }) }, 404: nothing, 503: away },
    handle: async (request) => {
      const { root, which, from, to } = nodesOf(askedOf(request, idsQuerySchema), cascadeDetailLimits.idsMax)
      const found = await cascades().ids(root, which, { from, to }) ?? unknown(cascades(), root)
      return { root, which: found.which, size: found.size, from, ids: found.ids }
    },
  }
}

function edges({ cascades }: CascadeDeps): Route {
  return {
    method: 'GET', path: '/api/cascades/:root/edges', summary: 'Some mentions of a cascade and what each hangs below', params: rootPath, query: edgesQuerySchema,
    answers: { 200: { description: 'By node, from `from` on', shape: z.strictObject({ ...part, edges: z.array(cascadeEdgeSchema) }) }, 404: nothing, 503: away },
    handle: async (request) => {
      const { root, which, from, to } = nodesOf(askedOf(request, edgesQuerySchema), cascadeDetailLimits.edgesMax)
      const found = await cascades().edges(root, which, { from, to }) ?? unknown(cascades(), root)
      return { root, which: found.which, size: found.size, from, edges: found.edges }
    },
  }
}

function inferred({ cascades }: CascadeDeps): Route {
  return {
    method: 'GET', path: '/api/cascades/:root/inferred', summary: 'Whom mentions most likely repeat that name no parent: an estimate', params: rootPath, query: whichQuerySchema,
    answers: { 200: { description: 'In columns, by node', shape: inferredParentsSchema.extend({ root: z.string(), which: whichSchema }) }, 404: nothing, 503: away },
    handle: async (request) => {
      const { root, which } = askedOf(request, whichQuerySchema)
      return { root, ...await cascades().inferred(root, which ?? null) ?? unknown(cascades(), root) }
    },
  }
}

function story({ cascades }: CascadeDeps): Route {
  return {
    method: 'GET', path: '/api/cascades/:root/story', summary: 'Other roots of the same story: the same words or link within 48 h', params: rootPath, query: z.strictObject({}),
    answers: { 200: { description: 'By time; each is a cascade of its own', shape: z.strictObject({ root: z.string(), counted: z.int().describe(`All there are; at most ${cascadeDetailLimits.storyMax} are listed`), others: z.array(storyRootSchema) }) }, 404: nothing, 503: away },
    handle: async (request) => {
      const { root } = askedOf(request, z.strictObject({}))
      return { root, ...await cascades().story(root) ?? unknown(cascades(), root) }
    },
  }
}

function namesOf(rows: readonly CascadeRow[], rulesOf: CascadeDeps['rulesOf']): TopicNames {
  const topics = [...new Set(rows.flatMap(({ topics: ids }) => ids))]
  return Object.fromEntries(topics.flatMap((id) => { const rules = rulesOf(id); return rules === null ? [] : [[id, rules.name]] }))
}

const askedOf = <Query extends z.ZodObject>(request: FastifyRequest, query: Query): z.output<Query> & { readonly root: string } =>
  ({ ...parse(query, request.query, 'query'), root: parse(rootPath, request.params, 'path').root })

function nodesOf({ root, which, from = 0, to = from + 1e9 }: { readonly root: string; readonly which?: Which | undefined; readonly from?: number | undefined; readonly to?: number | undefined }, max: number): NodesAsked & { readonly root: string; readonly which: Which | null } {
  if (to <= from) throw refusal(400, 'wrong-query', { detail: said('from-not-before', { from, to }), hint: said('larger-to') })
  return { root, which: which ?? null, from, to: Math.min(to, from + max) }
}

function unknown(reads: CascadeReads, root: string): never {
  const above = reads.rootOf(root)
  const hint = above === null || above === root ? said('cascades-listed') : said('part-of-cascade', { root: JSON.stringify(above) })
  throw refusal(404, 'unknown-cascade', { detail: said('no-cascade', { root: JSON.stringify(root.slice(0, 300)) }), hint })
}

const iso = (ms: number): string => new Date(ms).toISOString()
