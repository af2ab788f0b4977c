// The workers of this house, and what is told of those that fail: a WARN where nothing was lost, an ERROR for each mention that is left out.
import { systemClock, type Clock } from '../clock.ts'
import { openPool, type EnrichPool } from '../io/pool/pool.ts'
import type { Enriching } from '../loop.ts'
import { passing } from '../pipeline/passing.ts'
import { survive, type LeftOut } from '../pipeline/poison.ts'
import type { Tellers } from './telling.ts'

/** The dead letter and its counter stay; the wall speaks of it for an hour after the newest. */
const poisonShownMs = 3_600_000
/** Batches that fail without any line to blame, so many within so long, are a machine in trouble. */
const chance = { failuresMax: 5, withinMs: 600_000 } as const

export interface Workers {
  readonly pool: EnrichPool
  readonly enriching: Enriching // mentions of the stream
  readonly matching: Enriching // stored mentions, for fills: what fails there is stored already, and only left out of the windows
  close(): Promise<void>
}

export interface WorkersOptions extends Tellers { readonly workers: number; readonly clock?: Clock; readonly open?: typeof openPool }

export function openWorkers({ workers, log, metrics, problems, clock = systemClock, open = openPool }: WorkersOptions): Workers {
  const closing = new AbortController()
  const shown = { problems, clock, signal: closing.signal }
  const poison = passing('poison', { ...shown, afterMs: poisonShownMs })
  const failing = passing('workers-failing', { ...shown, afterMs: chance.withinMs })
  const failures: number[] = []
  const pool = open(workers, {
    onReplaced: (why) => metrics.workerReplaced(why),
    onIdleError: (error) => log.warn('a worker failed while it had nothing to do; another has taken its place', { error }),
  })
  /** What failed once and came through the second time. */
  const byChance = (): void => {
    const now = clock.now()
    failures.push(now)
    while (failures[0]! <= now - chance.withinMs) failures.shift()
    if (failures.length < chance.failuresMax) return
    const detail = `${failures.length} batches failed in their workers within ${chance.withinMs / 60_000} minutes, by no mention's fault`
    if (!problems.has('workers-failing')) log.error(`${detail}; each was run again and nothing is lost. Look at the memory of this machine`)
    failing(detail)
  }
  const surviving = (leaveOut: (line: LeftOut) => void): Enriching => survive(pool, {
    onFailed: (error) => log.warn('a worker failed; its batch is run again', { error }),
    onSurvived: (leftOut) => {
      if (leftOut.length === 0) byChance()
      for (const line of leftOut) leaveOut(line)
    },
  })
  return {
    pool,
    enriching: surviving(({ seq, line, why, shown }) => {
      metrics.poisoned(1)
      log.error(`a mention ${said[why]} and is now a dead letter of reason poison; all others go on. Look at it with groundswell dead-letters and report it: it is a bug of groundswell`, { seq, line, shown })
      poison(`message ${seq}, line ${line}: ${said[why]}`)
    }),
    matching: surviving(({ why, shown }) => {
      metrics.poisoned(1)
      log.error(`a stored mention ${said[why]} when it was matched again, and is left out of the windows that are being filled. Report it: it is a bug of groundswell`, { shown })
    }),
    close: async () => {
      closing.abort()
      await pool.close()
    },
  }
}

const said = { crashed: 'crashes whatever worker takes it', hung: 'keeps whatever worker takes it busy for ever' } as const
