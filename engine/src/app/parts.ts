// Tells what becomes of the servers that run beside the engine: log lines that say who must act, problems on the wall, metrics.
import type { Death } from '../io/clickhouse/supervised.ts'
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
