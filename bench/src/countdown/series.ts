// The topics that the countdown is measured on: seconds of mentions, ascending, from real recordings and from seeded crises.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { chanceOf } from './chance.ts'

export interface Series {
  readonly set: string
  readonly name: string
  readonly seconds: Float64Array // second of each mention, ascending
}

const mentionsMin = 60 // of a topic: below, no threshold worth a countdown
const cascadesMax = 160

/** All series of the folder; null where it is absent. */
export function recordedSeries(folder: string): Series[] | null {
  if (!existsSync(folder)) return null
  return [...twitterTopics(folder), ...weiboCascades(folder), ...retweets(folder), ...weiboCrises(folder), ...nabVolumes(folder)]
}

const linesOf = (path: string): string[] => gunzipSync(readFileSync(path)).toString().split('\n')
const secondOf = (line: string): number => {
  const at = line.indexOf('"ts":"') + 6
  return Math.floor(Date.parse(line.slice(at, line.indexOf('"', at))) / 1000)
}

function grouped(set: string, lines: readonly string[], keysOf: (line: string) => readonly string[]): Series[] {
  const seconds = new Map<string, number[]>()
  for (const line of lines) {
    if (line === '') continue
    const second = secondOf(line)
    for (const key of keysOf(line)) {
      const list = seconds.get(key)
      if (list) list.push(second)
      else seconds.set(key, [second])
    }
  }
  return [...seconds].filter(([, list]) => list.length >= mentionsMin).map(([name, list]) => ({ set, name, seconds: Float64Array.from(list).sort() }))
}

/** A news event is a topic: its tag. */
const twitterTopics = (folder: string): Series[] =>
  grouped('twitter-topics', linesOf(join(folder, 'twitter-topics/mentions.ndjson.gz')), (line) => (JSON.parse(line) as { tags?: string[] }).tags ?? [])

/** A post with its reposts is a topic, the largest ones; a tree begins with its post, so nothing is known of it before. */
function weiboCascades(folder: string): Series[] {
  const rootOf = (line: string): string => (JSON.parse(line) as { root: string | null; id: string }).root ?? (JSON.parse(line) as { id: string }).id
  return grouped('weibo-cascades', linesOf(join(folder, 'weibo-cascades/mentions.ndjson.gz')), (line) => [rootOf(line)])
    .sort((a, b) => b.seconds.length - a.seconds.length || (a.name < b.name ? -1 : 1)).slice(0, cascadesMax)
}

const retweets = (folder: string): Series[] =>
  grouped('twitter-retweets', linesOf(join(folder, 'twitter-retweets/mentions.ndjson.gz')), (line) => [/"id":"([^-"]+)/.exec(line)![1]!])

/** Counts a minute; where in its minute a mention lies is drawn. */
const weiboCrises = (folder: string): Series[] => ['kashgar', 'qingdao'].map((name) => spread(
  { set: 'weibo-crises', name, seconds: 60 }, readFileSync(join(folder, `weibo-crises/${name}-per-minute.csv`), 'utf8')))

/** Counts of five minutes of companies that are spoken of every day. */
const nabVolumes = (folder: string): Series[] => readdirSync(join(folder, 'nab/series')).filter((file) => file.endsWith('.csv')).sort()
  .map((file) => spread({ set: 'nab', name: file.replace('.csv', ''), seconds: 300 }, readFileSync(join(folder, 'nab/series', file), 'utf8')))

function spread(of: { readonly set: string; readonly name: string; readonly seconds: number }, csv: string): Series {
  const chance = chanceOf(`${of.set}/${of.name}`)
  const seconds: number[] = []
  for (const row of csv.trim().split('\n').slice(1)) {
    const [time, count] = row.split(',')
    const at = Math.floor(Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(time!) ? time! : `${time!.replace(' ', 'T')}Z`) / 1000)
    for (let n = Number(count); n > 0; n--) seconds.push(at + Math.floor(chance() * of.seconds))
  }
  return { set: of.set, name: of.name, seconds: Float64Array.from(seconds).sort() }
}
