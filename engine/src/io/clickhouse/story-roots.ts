// Several roots of one story: mentions that begin cascades of their own with the same words, or the same link, at about the same time.
import { cascadeDetailLimits, type StoryRoot } from '@groundswell/schemas/cascade-detail.ts'
import type { Store } from '../../ports.ts'

/** Before and after the root, as long as a cascade is followed. */
const aroundMs = 48 * 3_600_000
const fewestCharacters = 12 // of a shorter text many are the same by chance

interface Root { readonly ms: number; readonly text: string; readonly url: string }
interface Found { readonly root: string; readonly at: string; readonly platform: string; readonly sameText: number; readonly sameLink: number; readonly size: number }

/** Others by time, at most `storyMax`, and how many there are; null: no stored mention has this id. */
export async function rootsOfStory(store: Pick<Store, 'query'>, root: string): Promise<{ readonly others: readonly StoryRoot[]; readonly counted: number } | null> {
  const [of] = await store.query<Root>('SELECT toUnixTimestamp64Milli(ts) AS ms, text, url FROM mentions WHERE id = {root:String} LIMIT 1', { root })
  if (!of) return null
  const text = [...of.text].length < fewestCharacters ? '' : of.text
  if (text === '' && of.url === '') return { others: [], counted: 0 }
  const which = `toStartOfMinute(ts) BETWEEN toStartOfMinute(fromUnixTimestamp64Milli({from:Int64}, 'UTC')) AND fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND parent IN ('', id) AND mentions.root IN ('', id) AND id != {root:String} AND ((text != '' AND text = {text:String}) OR (url != '' AND url = {url:String}))`
  const params = { root, text, url: of.url, from: of.ms - aroundMs, to: of.ms + aroundMs }
  const rows = await store.query<Found>(
    `SELECT found.root AS root, formatDateTime(found.ts, '%Y-%m-%dT%H:%i:%SZ') AS at, found.platform AS platform, found.sameText AS sameText, found.sameLink AS sameLink, sizes.size AS size
     FROM (SELECT id AS root, ts, platform, text != '' AND text = {text:String} AS sameText, url != '' AND url = {url:String} AS sameLink FROM mentions WHERE ${which} ORDER BY ts, id LIMIT ${cascadeDetailLimits.storyMax}) AS found
     LEFT JOIN (SELECT root, max(size) AS size FROM cascades WHERE root IN (SELECT id FROM mentions WHERE ${which} ORDER BY ts, id LIMIT ${cascadeDetailLimits.storyMax}) GROUP BY root) AS sizes ON sizes.root = found.root
     ORDER BY found.ts, found.root`, params)
  const [count] = await store.query<{ n: number }>(`SELECT count() AS n FROM mentions WHERE ${which}`, params)
  return {
    counted: Number(count?.n ?? 0),
    others: rows.map(({ root: other, at, platform, sameText, sameLink, size }) => ({ root: other, at, platform, same: sameText === 0 ? 'link' : sameLink === 0 ? 'text' : 'both', size: Number(size) === 0 ? null : Number(size) })),
  }
}
