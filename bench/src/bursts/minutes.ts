// Counts a minute of real topics: news events, companies of which the counts are known by five minutes, and two crises.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { mulberry32 } from '../mulberry32.ts'

export interface MinuteSeries {
  readonly set: string
  readonly name: string
  readonly from: number // minute since 1970 of the first count
  readonly counts: Uint32Array
  readonly known: readonly (readonly [number, number])[] // spans of indices, both included, that are known to be events
}

/** Topics that are spoken of long enough and enough to say what is usual. */
const topicMin = { mentions: 500, days: 14 } as const
const dayMinutes = 1440

/** All series of the folder; null where it is absent. */
export function minuteSeries(folder: string): MinuteSeries[] | null {
  return existsSync(folder) ? [...newsTopics(folder), ...companies(folder), ...crises(folder)] : null
}

function newsTopics(folder: string): MinuteSeries[] {
  const minutes = new Map<string, number[]>()
  for (const line of gunzipSync(readFileSync(join(folder, 'twitter-topics/mentions.ndjson.gz'))).toString().split('\n')) {
    if (line === '') continue
    const { ts, tags } = JSON.parse(line) as { ts: string; tags?: string[] }
    for (const tag of tags ?? []) {
      const of = minutes.get(tag) ?? []
      if (of.push(Math.floor(Date.parse(ts) / 60_000)) === 1) minutes.set(tag, of)
    }
  }
  return [...minutes].filter(([, of]) => of.length >= topicMin.mentions).map(([name, of]) => counted({ set: 'twitter-topics', name }, of))
    .filter(({ counts }) => counts.length >= topicMin.days * dayMinutes)
}

/** Where in its five minutes a mention lies is drawn. */
function companies(folder: string): MinuteSeries[] {
  const windows = JSON.parse(readFileSync(join(folder, 'nab/windows.json'), 'utf8')) as Record<string, [string, string][]>
  return readdirSync(join(folder, 'nab/series')).filter((file) => file.endsWith('.csv')).sort().map((file, n) => {
    const chance = mulberry32(1000 + n)
    const minutes = rowsOf(join(folder, 'nab/series', file)).flatMap(([at, count]) => Array.from({ length: count }, () => Math.floor((at + chance() * 300) / 60)))
    const series = counted({ set: 'nab', name: file.replace(/^Twitter_volume_|\.csv$/g, '') }, minutes)
    const known = (windows[file] ?? []).map((span) => span.map((time) => Math.floor(secondOf(time) / 60) - series.from) as [number, number])
    return { ...series, known }
  })
}

const crises = (folder: string): MinuteSeries[] => ['kashgar', 'qingdao'].map((name) =>
  counted({ set: 'weibo-crises', name }, rowsOf(join(folder, `weibo-crises/${name}-per-minute.csv`)).flatMap(([at, count]) => Array.from({ length: count }, () => Math.floor(at / 60)))))

function counted(of: { readonly set: string; readonly name: string }, minutes: readonly number[]): MinuteSeries {
  let from = Infinity, to = -Infinity
  for (const minute of minutes) {
    from = Math.min(from, minute)
    to = Math.max(to, minute)
  }
  const counts = new Uint32Array(to - from + 1)
  for (const minute of minutes) counts[minute - from]!++
  return { ...of, from, counts, known: [] }
}

const rowsOf = (path: string): [second: number, count: number][] => readFileSync(path, 'utf8').trim().split('\n').slice(1).map((row) => {
  const [time, count] = row.split(',')
  return [secondOf(time!), Number(count)]
})
const secondOf = (time: string): number => Date.parse(time.endsWith('Z') ? time : `${time.replace(' ', 'T')}Z`) / 1000
