// Tells what becomes of the servers and disks that the engine lives on: log lines that say who must act, problems on the wall, metrics.
import { join } from 'node:path'
import type { Death } from '../io/clickhouse/supervised.ts'
import { watchDisk, type Low } from '../io/disk/watch-disk.ts'
import type { Log } from '../io/log/log.ts'
import type { MetricsSample } from '../io/metrics/sample.ts'
import type { Settings } from '../io/settings/settings.ts'
import type { Closers } from './house.ts'
import type { Tellers } from './telling.ts'

/** What the embedded ClickHouse does while the engine lives. */
export function storeTellers({ log, problems, metrics }: Tellers): { readonly onDeath: (death: Death) => void; readonly onBack: () => void } {
  return {
    onDeath: ({ detail, againInMs, often }) => {
      const what = often
        ? `the store keeps dying: ${detail}. Look at memory and disk of this machine; it is started again every ${againInMs / 1000} s meanwhile, and mentions wait in the stream`
        : `the store died: ${detail}. It is started again in ${againInMs} ms, and mentions wait in the stream; nobody need act unless this comes again`
      log.error(what)
      metrics.partRestarted('store')
      problems.raise('store-down', what)
    },
    onBack: () => {
      problems.over('store-down')
      log.warn('the store is back; nothing that was acknowledged is lost')
    },
  }
}

const messageBytesMax = 1 << 20
const roomAgain = 0.05 // of the stream

/** Whether the input stream is full, by its state: a publisher with a large message is refused where a tick still fits. */
export function fullnessTeller(log: Pick<Log, 'error' | 'warn'>): (state: { readonly bytes: number; readonly bytesMax: number }) => void {
  let full = false
  return ({ bytes, bytesMax }) => {
    if (bytesMax <= 0) return
    const left = bytesMax - bytes
    if (!full && left < messageBytesMax) {
      full = true
      log.error('the input stream is full and refuses publishers, who must wait or keep what they have; nothing that was acknowledged is lost. See why the engine is behind (the store, mostly), or give the stream more room with streamMaxBytes', { bytes, bytesMax })
    } else if (full && left > roomAgain * bytesMax) {
      full = false
      log.warn('the input stream has room again and takes publishers')
    }
  }
}

/** Watches the disks of the data folder and of the embedded servers in it; answers what the metrics say of them. */
export function watchDisks(settings: Pick<Settings, 'data'>, { closers, ...tellers }: Tellers & { readonly closers: Closers }): () => MetricsSample {
  const watch = watchDisk({ folders: [settings.data, ...['nats', 'clickhouse'].map((name) => join(settings.data, name))], onLow: diskTeller(tellers) })
  closers.push(async () => watch.stop())
  return () => (watch.free === null ? {} : { diskFreeBytes: watch.free })
}

/** The log is told at once and again each time that half of the room is gone; the wall shows the newest figures. */
export function diskTeller({ log, problems }: Pick<Tellers, 'log' | 'problems'>): (low: Low | null) => void {
  let toldAt = Infinity
  return (low) => {
    if (low === null) {
      problems.over('disk-low')
      toldAt = Infinity
      return log.warn('there is room on the disk again')
    }
    problems.raise('disk-low', low.detail)
    if (low.free > toldAt / 2) return
    toldAt = low.free
    log.error(`the disk is nearly full: ${low.detail}`)
  }
}
