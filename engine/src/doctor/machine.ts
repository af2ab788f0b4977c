// The machine: Node, platform, and room on the disk of the data folder.
import { bytesText, note, ok, warn, wrong, type Check } from './check.ts'

export interface MachineFacts { readonly node: string; readonly platform: string; readonly arch: string; readonly nodePinned: string }

export function machineChecks({ node, platform, arch, nodePinned }: MachineFacts): Check[] {
  const major = (version: string): number => Number(version.replace(/^v/, '').split('.')[0])
  const nodes = major(node) === major(nodePinned) ? ok('node', node)
    : warn('node', `${node}; this version is tested with ${nodePinned}`, 'start it with npm start or npx groundswell from the clone: they use the Node that is pinned')
  const platforms = ['linux', 'darwin'].includes(platform) ? ok('platform', `${platform} ${arch}`)
    : wrong('platform', `${platform} ${arch}: the embedded ClickHouse has no build for it`, 'use Linux, macOS or WSL')
  return [nodes, platforms]
}

/** Bytes a mention in cascades, with its share of ids, indexes and measures. */
const cascadeBytes = 100

export interface MemoryFacts { readonly totalBytes: number; readonly cascadeMentionsMax: number }

/** What cascades may come to: the one setting by which a small machine can be asked for too much. */
export function memoryChecks({ totalBytes, cascadeMentionsMax }: MemoryFacts): Check[] {
  const most = cascadeMentionsMax * cascadeBytes
  const found = `${bytesText(totalBytes)}, of which cascades may take ${bytesText(most)}`
  return [most > totalBytes / 4 ? warn('memory', found, 'lower cascades.mentionsMax, or give the machine more memory') : ok('memory', found)]
}

export interface DiskFacts { readonly freeBytes: number; readonly totalBytes: number; readonly growthBytesPerDay: number | null }

export const diskLimits = { wrongBytes: 1024 ** 3, wrongShare: 0.02, warnShare: 0.1, warnDays: 7 } as const

/** Retention ends growth one day; until then the measured days are what is left. */
export function diskChecks({ freeBytes, totalBytes, growthBytesPerDay }: DiskFacts): Check[] {
  const share = freeBytes / totalBytes
  const days = growthBytesPerDay === null || growthBytesPerDay <= 0 ? null : freeBytes / growthBytesPerDay
  const found = `${bytesText(freeBytes)} free (${Math.round(share * 100)} %)${growthBytesPerDay === null ? '' : `, growing by ${bytesText(growthBytesPerDay)} a day${days === null ? '' : `: full in ${days > 3650 ? 'over ten years' : `${Math.floor(days)} days`}`}`}`
  const mend = 'free space, move the data folder to a larger disk, or keep less (retentionDays)'
  if (freeBytes < diskLimits.wrongBytes || share < diskLimits.wrongShare) return [wrong('disk', found, mend)]
  if (share < diskLimits.warnShare || (days !== null && days < diskLimits.warnDays)) return [warn('disk', found, mend)]
  return [ok('disk', found), ...(growthBytesPerDay === null ? [note('disk growth', 'not known: nothing has been stored for long enough, or the store was not looked at')] : [])]
}
