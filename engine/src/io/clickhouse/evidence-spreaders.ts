// Who drew the mentions of a filter: of each account whose mentions others answered or reshared, how many, how fast and where. Their mentions are
// sought among all stored ones, whatever their topic, of up to a week before the filter's span; what nobody else said of himself counts for nobody.
import type { EvidenceQuestion, Reader } from './evidence-where.ts'
import { axisOf, screenSettings, whereOf } from './evidence-where.ts'

export const drawnBeforeMs = 7 * 86_400_000

/** Absent numbers are −1; `replies`: mentions of the filter that name a parent. Times in ms. */
export interface StoredSpreader {
  readonly platform: string; readonly author: string; readonly name: string; readonly followers: number; readonly verified: number
  readonly drawn: number; readonly firstAt: number; readonly halfMs: number; readonly root: string; readonly mentions: number
}
export interface StoredSpreaders { readonly accounts: number; readonly replies: number; readonly spreaders: readonly StoredSpreader[] }

type Row = StoredSpreader & { readonly accounts: number; readonly replies: number }

/** Those who drew most, first. */
export async function spreadersOf(store: Reader, question: EvidenceQuestion, limit: number): Promise<StoredSpreaders> {
  const { sql, params } = whereOf(question)
  const axis = axisOf(question.filter)
  const drawing = `${axis} >= fromUnixTimestamp64Milli({drawnFrom:Int64}, 'UTC')${question.filter.asOf === null ? '' : ' AND ingested < fromUnixTimestamp64Milli({asOf:Int64}, \'UTC\')'}`
  const replies = `SELECT parent, ts, platform, author FROM mentions WHERE ${sql} AND mentions.parent NOT IN ('', mentions.id)`
  const rows = await store.query<Row>(
    `SELECT found.* EXCEPT (all), own.mentions AS mentions FROM (SELECT platform, author, argMax(named, (named != '', saidAt)) AS name, argMax(follow, (follow >= 0, saidAt)) AS followers, max(isVerified) AS verified, sum(held) AS drawn, min(saidAt) AS firstAt,
       arraySort(arrayFlatten(groupArray(times))) AS all, all[intDiv(toInt64(drawn) + 1, 2)] - all[1] AS halfMs, argMax(top, (held, -saidAt)) AS root, count() OVER () AS accounts, (SELECT count() FROM (${replies})) AS replies
     FROM
       (SELECT above.platform AS platform, above.author AS author, any(above.named) AS named, any(above.follow) AS follow, any(above.isVerified) AS isVerified, any(above.saidAt) AS saidAt, any(above.top) AS top,
          count() AS held, groupArray(toUnixTimestamp64Milli(below.ts)) AS times
        FROM (${replies}) AS below
        INNER JOIN (SELECT id, any(mentions.platform) AS platform, any(mentions.author) AS author, any(authorName) AS named, any(mentions.followers) AS follow, any(mentions.verified) AS isVerified, min(toUnixTimestamp64Milli(ts)) AS saidAt,
            any(if(mentions.root = '', id, mentions.root)) AS top
          FROM mentions WHERE mentions.author != '' AND ${drawing} AND id IN (SELECT parent FROM (${replies})) GROUP BY id) AS above
        ON above.id = below.parent
        WHERE NOT (below.platform = above.platform AND below.author = above.author)
        GROUP BY platform, author, above.id)
     GROUP BY platform, author ORDER BY drawn DESC, firstAt, platform, author LIMIT {limit:UInt32}) AS found
     LEFT JOIN (SELECT platform, author, count() AS mentions FROM mentions WHERE ${sql} GROUP BY platform, author) AS own ON own.platform = found.platform AND own.author = found.author
     ORDER BY found.drawn DESC, found.firstAt, found.platform, found.author ${screenSettings}, join_use_nulls = 0`,
    { ...params, drawnFrom: Math.max(0, question.filter.from - drawnBeforeMs), limit })
  return {
    accounts: rows[0]?.accounts ?? 0, replies: rows[0]?.replies ?? 0,
    spreaders: rows.map(({ accounts: _accounts, replies: _replies, ...row }) => row),
  }
}
