// The filter of a topic's page as one condition over the stored mentions: whatever is asked of a topic is asked of the same mentions.
// Only counted ones, so that totals are those of the topic's windows and of `topic_minutes`; late ones are stored, and evidence of nothing that was shown.
import type { EvidenceFilter, SentimentName } from '@groundswell/schemas/evidence.ts'
import { fates } from '@groundswell/schemas/mention-columns.ts'
import type { Store } from '../../ports.ts'
import { foldedPattern } from './folded-pattern.ts'

export type Reader = Pick<Store, 'query' | 'queryChunks'>

/** How accounts are named: io/access/account-key.ts. */
export interface KeysInStore {
  sql(columns: { readonly platform: string; readonly author: string }): string
  readonly params: Readonly<Record<string, string>>
}
export interface EvidenceQuestion { readonly topic: string; readonly filter: EvidenceFilter; readonly keys: KeysInStore }
export interface Where { readonly sql: string; readonly params: Readonly<Record<string, unknown>> }

/** A read that nobody waits for any longer ends by itself, and leaves cores to inserts. */
export const screenSettings = 'SETTINGS max_execution_time = 25, max_threads = 2'

export const sentimentClass = { negative: -1, neutral: 0, positive: 1, unknown: 2 } as const satisfies Record<SentimentName, number>

/**
 * Nothing but what a platform puts there, links, names and what others said before, as core/2-enrich/own-words.ts reads a text. From its first
 * own character on nothing is read.
 */
const noOwnWords = String.raw`^(?:转发微博|快转微博|(?i:repost)|https?://[!#-;=?-~]+|[@＠][\p{L}\p{N}\p{M}\p{So}_-]*|[^\p{L}\p{N}\p{M}\p{So}_])*(?:$|[/／]{2}[@＠]|(?i:RT) *[@＠])`

/** −1, 0, 1 as `topic_minutes` and the engine's negative share; 2 where a mention of no own words was not scored by its source. */
export const classSql = `toInt8(multiIf(mentions.sentiment > toFloat32(0.05), 1, mentions.sentiment < -toFloat32(0.05), -1, mentions.sentimentBy = 2 AND match(mentions.text, '${noOwnWords.replaceAll('\\', '\\\\')}'), 2, 0))`

/** A place as ISO 3166 codes it: there are a few thousand. What else a source puts there, such as coordinates, is a place that is not known. */
export const geoSql = `if(match(mentions.geo, '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'), mentions.geo, '')`

export const axisOf = ({ by }: Pick<EvidenceFilter, 'by'>): 'ts' | 'ingested' => (by === 'event' ? 'ts' : 'ingested')

/** `fate = …` and all that the filter says. Names of parameters are its own: from, to, asOf, topic, platforms, … */
export function whereOf({ topic, filter, keys }: EvidenceQuestion): Where {
  const axis = axisOf(filter)
  const terms = [`fate = ${fates.counted}`, 'has(topics, {topic:String})', `${axis} >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')`, `${axis} < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`]
  const params: Record<string, unknown> = { topic, from: filter.from, to: filter.to }
  const add = (name: string, value: unknown, sql: string): void => {
    terms.push(sql)
    params[name] = value
  }
  if (filter.asOf !== null) add('asOf', filter.asOf, 'ingested < fromUnixTimestamp64Milli({asOf:Int64}, \'UTC\')')
  if (filter.platforms.length > 0) add('platforms', filter.platforms, 'platform IN {platforms:Array(String)}')
  if (filter.kinds.length > 0) add('kinds', filter.kinds, 'kind IN {kinds:Array(String)}')
  if (filter.verified !== null) add('verified', filter.verified ? 1 : 0, 'verified = {verified:Int8}')
  if (filter.geo !== null) add('geo', filter.geo, `${geoSql} = {geo:String}`)
  if (filter.root !== null) add('root', filter.root, '(mentions.root = {root:String} OR mentions.parent = {root:String} OR mentions.id = {root:String})')
  if (filter.sentiments.length > 0) add('sentiments', filter.sentiments.map((name) => sentimentClass[name]), `${classSql} IN {sentiments:Array(Int8)}`)
  if (filter.text !== null) add('text', foldedPattern(filter.text) ?? '^$.', 'match(mentions.text, {text:String})')
  if (filter.author !== null) {
    add('author', filter.author, `${keys.sql({ platform: 'mentions.platform', author: 'mentions.author' })} = {author:String}`)
    Object.assign(params, keys.params)
  }
  return { sql: terms.join(' AND '), params }
}
