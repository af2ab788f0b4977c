// The cascades of a recording as trees, placed by the rule of the core (docs/decisions/0011): what benches of spread measure on. Null where the recording is not beside this repository.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { IdHash } from '@groundswell/engine/src/core/1-decode/hash.ts'
import { nodeFlags, type CascadeTree } from '@groundswell/engine/src/core/3-measure/cascades/cascade-tree.ts'

interface Line { readonly id: string; readonly ts: string; readonly platform: string; readonly author: string | null; readonly parent: string | null; readonly root: string | null; readonly followers?: number }
interface Row { readonly line: Line; readonly at: number }

export type RecordingName = 'weibo-cascades' | 'twitter-retweets'
export const recordingPath = (name: RecordingName): string => fileURLToPath(new URL(`../../../../shared/data/${name}/mentions.ndjson.gz`, import.meta.url))

/** Trees of at least `least` mentions, largest first where sizes differ. Recordings name only parents that they hold, without rings. */
export function recordedTrees(name: RecordingName, least: number): CascadeTree[] | null {
  const path = recordingPath(name)
  if (!existsSync(path)) return null
  const byRoot = new Map<string, Row[]>()
  const bytes = gunzipSync(readFileSync(path))
  for (let from = 0, to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from)) {
    const line = JSON.parse(bytes.toString('utf8', from, to)) as Line
    const row = { line: { ...line, text: '' }, at: Date.parse(line.ts) }
    const root = line.root ?? line.id
    const rows = byRoot.get(root)
    if (rows === undefined) byRoot.set(root, [row])
    else rows.push(row)
  }
  return [...byRoot].filter(([, rows]) => rows.length >= least).sort(([, a], [, b]) => b.length - a.length).map(([root, rows]) => treeOf(root, rows))
}

function treeOf(root: string, rows: Row[]): CascadeTree {
  rows.sort((a, b) => Number(b.line.id === root) - Number(a.line.id === root) || a.at - b.at)
  const places = new Map(rows.map(({ line }, node) => [line.id, node]))
  const size = rows.length, hash = new IdHash()
  const tree = {
    root, size, parent: new Int32Array(size).fill(-1), at: Float64Array.from(rows, ({ at }) => at), followers: Float64Array.from(rows, ({ line }) => line.followers ?? -1), author: new Uint32Array(size),
    platform: new Uint8Array(size), platforms: [rows[0]!.line.platform], sign: new Int8Array(size), flags: new Uint8Array(size), idLow: new Uint32Array(size), idHigh: new Uint32Array(size),
  }
  rows.forEach(({ line }, node) => {
    const parent = places.get(line.parent ?? '')
    if (node > 0) tree.parent[node] = parent ?? 0
    if (node > 0 && parent === undefined) tree.flags[node] = nodeFlags.unknownEdge
    hash.ofText(line.id)
    tree.idLow[node] = hash.low
    tree.idHigh[node] = hash.high
    if (line.author === null) return
    hash.ofText(line.author)
    tree.author[node] = hash.low
  })
  return tree
}
