// Sleepers in recorded cascades: what the engine told of ignitions while it read the recording, against what the whole trees show afterwards.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { backtest } from '@groundswell/engine/src/backtest.ts'
import type { CascadeTree } from '@groundswell/engine/src/core/3-measure/cascades/cascade-tree.ts'
import { IdHash } from '@groundswell/engine/src/core/1-decode/hash.ts'
import { parseRules } from '@groundswell/engine/src/core/2-enrich/rules-file.ts'
import type { IgnitionEvent } from '@groundswell/schemas/spike.ts'
import { quantile } from '../results.ts'
import { recordedTrees } from './recorded-trees.ts'

const recording = fileURLToPath(new URL('../../../../shared/data/weibo-cascades/mentions.ndjson.gz', import.meta.url))
const rulesText = 'topics:\n- { id: all, query: "platform:weibo", spread: [] }\n'
const truth = { quietMs: 3_600_000, withinMs: 7_200_000, wolfMs: 86_400_000, memoryMs: 48 * 3_600_000, gained: [50, 100, 500] } as const
const weekMs = 7 * 86_400_000

/** A mention that ended a quiet hour of its tree, whatever became of it. */
interface Igniter { readonly key: string; readonly at: number; readonly root: string; readonly isFollowed: boolean; readonly in2h: number; readonly in24h: number }

/** Told from the whole tree, without the detector: every mention before which nothing had come for an hour, and how its subtree grew. */
function igniters(tree: CascadeTree): Igniter[] {
  const found: Igniter[] = []
  let longestMs = 0
  for (let node = 1; node < tree.size; node++) {
    const quietMs = tree.at[node]! - tree.at[node - 1]!
    longestMs = Math.max(longestMs, quietMs)
    if (quietMs < truth.quietMs) continue
    const below = new Set([node])
    let [in2h, in24h] = [0, 0]
    for (let other = node + 1; other < tree.size && tree.at[other]! <= tree.at[node]! + truth.wolfMs; other++) {
      if (!below.has(tree.parent[other]!)) continue
      below.add(other)
      in24h++
      if (tree.at[other]! <= tree.at[node]! + truth.withinMs) in2h++
    }
    found.push({ key: `${tree.idHigh[node]}/${tree.idLow[node]}`, at: tree.at[node]!, root: tree.root, isFollowed: longestMs <= truth.memoryMs && node >= 10, in2h, in24h })
  }
  return found
}

export async function measureIgnition(): Promise<Record<string, unknown>> {
  const trees = recordedTrees('weibo-cascades', 1)
  if (trees === null || !existsSync(recording)) throw new Error('skipped: there is no recording at ../shared/data/weibo-cascades')
  const told = await ignitionsOf(recording)
  const all = new Map(trees.flatMap(igniters).map((one) => [one.key, one]))
  const hash = new IdHash()
  const said = new Map(told.map((event) => {
    hash.ofText(event.mention)
    return [`${hash.high}/${hash.low}`, event] as const
  }))
  const wolves = [...said.keys()].filter((key) => (all.get(key)?.in24h ?? 0) < 50).length
  const weeks = weeksOf(trees)
  return {
    recording: 'weibo-cascades', cascades: trees.length, mentions: trees.reduce((sum, { size }) => sum + size, 0), quietHoursEnded: all.size, told: told.length, toldTwice: told.length - said.size,
    byGained: truth.gained.map((gained) => foundOf([...all.values()].filter(({ in2h }) => in2h >= gained), said, gained)),
    cryWolf: { of: 'told, but the subtree stayed below 50 in 24 h', count: wolves, shareOfTold: figure(wolves / told.length), per1000Cascades: figure((1000 * wolves) / trees.length), perWeek: figure(wolves / weeks), weeksWithMentions: figure(weeks) },
    constantsChosenOn: 'the same recording: half of the cascades each gives', halves: [0, 1].map((half) => {
      const of = new Set(trees.filter((_, place) => place % 2 === half).map(({ root }) => root))
      const [mine, saidOf] = [[...all.values()].filter(({ root }) => of.has(root)), [...said].filter(([key]) => of.has(all.get(key)?.root ?? ''))]
      return { ...foundOf(mine.filter(({ in2h }) => in2h >= 50), said, 50), told: saidOf.length, wolves: saidOf.filter(([key]) => all.get(key)!.in24h < 50).length }
    }),
  }
}

/** How many of these were told, and how long after the mention that ignited them. */
function foundOf(truly: readonly Igniter[], said: ReadonlyMap<string, IgnitionEvent>, gained: number): Record<string, unknown> {
  const minutes = truly.flatMap(({ key, at }) => (said.has(key) ? [(Date.parse(said.get(key)!.at) + 1000 - at) / 60_000] : [])).sort((a, b) => a - b)
  const followed = truly.filter(({ isFollowed }) => isFollowed) // of ten mentions, and never quiet for as long as makes a cascade leave memory
  return {
    gained, ignitions: truly.length, followed: followed.length, found: minutes.length, share: truly.length === 0 ? null : figure(minutes.length / truly.length), shareOfFollowed: followed.length === 0 ? null : figure(followed.filter(({ key }) => said.has(key)).length / followed.length),
    minutesMedian: minutes.length === 0 ? null : figure(quantile(minutes, 0.5)), minutesP90: minutes.length === 0 ? null : figure(quantile(minutes, 0.9)),
  }
}

async function ignitionsOf(file: string): Promise<IgnitionEvent[]> {
  const parsed = parseRules(rulesText)
  if (!parsed.ok) throw new Error('the rules of this bench are refused')
  const told: IgnitionEvent[] = []
  await backtest({ rules: parsed.rules, rulesText, files: [file], startedAt: Date.UTC(2100, 0, 1), onEvents: (events) => { for (const event of events) if (event.kind === 'ignition') told.push(event) } })
  return told
}

/** Weeks in which anything was said: the recording has holes of months. */
function weeksOf(trees: readonly CascadeTree[]): number {
  const weeks = new Set<number>()
  for (const { at } of trees) for (const ms of at) weeks.add(Math.floor(ms / weekMs))
  return weeks.size
}

const figure = (value: number): number => Number(value.toPrecision(3))
