// Looks at the disks that the engine writes to, every ten seconds: the warning comes while there is still room for NATS and ClickHouse to
// go on, and says how much is left, how fast it goes and who must act.
import { systemClock, type Clock } from '../../clock.ts'
import { roomIn, type Room } from './free.ts'

export interface DiskWatchOptions {
  readonly folders: readonly string[] // one or several disks
  /** null: there is room again. Told when it becomes low, and again with newer figures while it is. */
  readonly onLow: (low: Low | null) => void
  readonly clock?: Clock
  readonly look?: (folder: string) => Promise<Room>
}

export interface Low { readonly folder: string; readonly free: number; readonly detail: string }

export interface DiskWatch {
  /** Free where least is; null before the first look. */
  readonly free: number | null
  stop(): void
}

/** ClickHouse refuses parts and nats-server stops for good only when nothing is left; merges and checkpoints need their own size once more. */
export const diskLimits = { everyMs: 10_000, lowBytes: 2 * 2 ** 30, lowShare: 0.05, againTimes: 1.25, rateOverMs: 300_000 } as const

interface Seen { readonly at: number; readonly free: number }

/** Low is under 2 GiB, or under 5 % of the disk where that is less than 20 GiB; it is over at a quarter more. */
const lowAt = ({ total }: Room): number => Math.max(Math.min(diskLimits.lowBytes, total / 4), Math.min(diskLimits.lowShare * total, 10 * diskLimits.lowBytes))

export function watchDisk({ folders, onLow, clock = systemClock, look = roomIn }: DiskWatchOptions): DiskWatch {
  const stopping = new AbortController()
  const seen = new Map<string, Seen[]>()
  let isLow = false
  let free: number | null = null
  void (async () => {
    while (!stopping.signal.aborted) {
      await lookOnce()
      await clock.sleep(diskLimits.everyMs, stopping.signal)
    }
  })()
  return { get free() { return free }, stop: () => stopping.abort() }

  async function lookOnce(): Promise<void> {
    const found: { readonly folder: string; readonly room: Room }[] = []
    for (const folder of folders) {
      const room = await look(folder).catch(() => null) // a folder that is not made yet has no room to tell of
      if (room !== null) found.push({ folder, room })
    }
    if (stopping.signal.aborted || found.length === 0) return
    for (const { folder, room } of found) note(folder, room)
    found.sort((a, b) => a.room.free - b.room.free)
    free = found[0]!.room.free
    const lowest = found.find(({ room }) => room.free < lowAt(room) * (isLow ? diskLimits.againTimes : 1))
    if (lowest) onLow({ folder: lowest.folder, free: lowest.room.free, detail: detailOf(lowest.folder, lowest.room) })
    else if (isLow) onLow(null)
    isLow = lowest !== undefined
  }

  function note(folder: string, { free: now }: Room): void {
    const at = clock.now()
    const kept = (seen.get(folder) ?? []).filter((one) => at - one.at <= diskLimits.rateOverMs)
    seen.set(folder, [...kept, { at, free: now }])
  }

  function detailOf(folder: string, { free: now, total }: Room): string {
    const first = seen.get(folder)![0]!
    const perSecond = (first.free - now) / Math.max(1, (clock.now() - first.at) / 1000)
    const pace = perSecond >= 1 ? `it loses ${inWords(perSecond * 60)} a minute and is full in ${lasting(now / perSecond)}` : 'it does not shrink just now'
    return `${inWords(now)} of ${inWords(total)} are free on the disk of ${folder}; ${pace}. Whoever looks after this machine must make room: when nothing is left, publishers are refused and nothing is stored`
  }
}

export function inWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}

function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
