// Tells what becomes of the servers that run beside the engine: log lines that say who must act, problems on the wall, metrics.
import type { Death } from '../io/clickhouse/supervised.ts'
import type { Log } from '../io/log/log.ts'
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
