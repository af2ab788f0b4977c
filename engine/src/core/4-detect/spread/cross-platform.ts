// Which platforms a cascade has reached, which was first, how far the others were behind, and when one came to lead: exact, from the tree.
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import type { CascadeTree } from '../../3-measure/cascades/cascade-tree.ts'
import { isoMs, seenSize } from './seen-part.ts'

/** The latest so many changes of the lead are told; `leadChanges` counts all. */
export const leadsMax = 32

type PlatformSpread = CascadeRow['platforms'][number]
export interface Lead { readonly platform: string; readonly at: string } // from this mention on it had more mentions than any other
export interface CrossPlatform {
  readonly platforms: readonly PlatformSpread[] // by their first mention
  readonly leads: readonly Lead[] // the first mover first, unless there were more than `leadsMax`
  readonly leadChanges: number // how often one platform overtook the one that led
}

/** Of a tree at `now` (ms). Times are whole ms; equal ones count in the order of the nodes. A platform leads until another has more: drawing level is not overtaking. */
export function crossPlatform(tree: CascadeTree, now: number): CrossPlatform {
  const mentions = new Map<number, number>(), firstAt = new Map<number, number>(), leads: Lead[] = []
  let leader = -1, changes = -1
  for (const node of inTime(tree, seenSize(tree, now))) {
    const platform = tree.platform[node]!, count = (mentions.get(platform) ?? 0) + 1
    mentions.set(platform, count)
    if (count === 1) firstAt.set(platform, tree.at[node]!)
    if (platform === leader || count <= (mentions.get(leader) ?? 0)) continue
    leader = platform
    changes++
    leads.push({ platform: tree.platforms[platform]!, at: isoMs(tree.at[node]!) })
    if (leads.length > leadsMax) leads.shift()
  }
  const begun = Math.min(...firstAt.values())
  const platforms = [...firstAt].map(([platform, at]): PlatformSpread => ({ platform: tree.platforms[platform]!, mentions: mentions.get(platform)!, firstAt: isoMs(at), lagSeconds: (at - begun) / 1000 }))
  return { platforms, leads, leadChanges: changes }
}

/** The nodes by time: the root is node 0 even where another mention's clock was earlier. */
function* inTime({ at }: CascadeTree, seen: number): Generator<number> {
  let node = 1
  while (node < seen && at[node]! < at[0]!) yield node++
  yield 0
  while (node < seen) yield node++
}

