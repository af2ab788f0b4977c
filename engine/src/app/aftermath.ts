// What works on stored rows: filling windows from the past at a start without a checkpoint, and forgetting on request.
import { setTimeout as sleep } from 'node:timers/promises'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { Clock } from '../clock.ts'
import { forget } from '../io/clickhouse/forget.ts'
import { storedCount } from '../io/clickhouse/reads.ts'
import { keepTrying } from '../pipeline/keep-trying.ts'
import type { CarryOutOptions } from '../pipeline/carry-out.ts'
import { fillTroubleTeller, stillWaiting } from './filling.ts'
import type { House } from './house.ts'
import type { Opening } from './restart.ts'

const purgeLookMs = 100
const purgeTries = 60
const purgeAgainMs = 5000

/** Begins with the purge that a crash may have left undone: a forget command that is behind the position and still on the stream. */
export function createForget(house: House): CarryOutOptions['forget'] {
  const { log, store, stream, engine, figures, inserter } = house
  void purgeLeftOver()
  return ({ mention, author }) => forgetting({ mention, author, seq: engine.position.seq })

  function forgetting({ mention, author, seq }: { readonly mention: string | undefined; readonly author: string | undefined; readonly seq: number }): () => Promise<void> {
    return async () => {
      const token = `forget:${stream.created}:${seq}`
      const gone = await forget(store, { token, ...(mention === undefined ? {} : { mention }), ...(author === undefined ? {} : { author }) })
      void purge(seq)
      figures.forgotten = { seq, ...gone }
      figures.storedRows = await storedCount(store)
      log.info(`forgotten on request: ${gone.mentions} mentions and ${gone.deadLetters} dead letters`)
    }
  }

  /**
   * Takes the command, and all before it, off the stream, but not before the store holds a position, and the disk a checkpoint, that is as
   * far: what is purged cannot be read again. The command goes last of all, so that a start after a crash finds it and purges again.
   */
  async function purge(seq: number): Promise<void> {
    while (inserter.position < seq) await sleep(purgeLookMs, undefined, { ref: false })
    if (house.checkpointer && !await house.checkpointer.reached(seq)) return // the engine ends: the next start purges
    for (let tries = 1; ; tries++) {
      try {
        return await stream.trim(seq, 'all')
      } catch (error) {
        if (tries === purgeTries) return log.error('what was forgotten is gone from the store but not from the stream: start again to try once more', { error })
        await sleep(purgeAgainMs, undefined, { ref: false })
      }
    }
  }

  async function purgeLeftOver(): Promise<void> {
    try {
      const last = await stream.last(subjects.command('forget'))
      if (last !== null && last.seq <= inserter.position) await purge(last.seq)
    } catch (error) {
      log.error('the stream could not be asked what is still to be forgotten: start again to try once more', { error })
    }
  }
}

/** Fills the topics that were always the same: to be waited for before anything is read from the stream. A failure is the engine's. */
export async function fillSteady({ engine }: Pick<House, 'engine'>, { past, position }: Pick<Opening, 'past' | 'position'>): Promise<void> {
  if (past === null) return
  for await (const command of past.steady()) engine.step({ kind: 'command', seq: position, now: 0, command })
}

/**
 * Fills the topics that came or changed, beside the loop: what it adds came before everything that the loop counts. Tried again for as long
 * as they wait. Answers what ends it: nothing is added behind that.
 */
export function fillChanged({ engine, log }: Pick<House, 'engine' | 'log'>, { past, position }: Pick<Opening, 'past' | 'position'>, clock?: Clock): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const attempt = async (): Promise<void> => {
    if (past === null || stillWaiting({ engine }, { rulesSeq: position, topics: past.changed }).length === 0) return
    for await (const command of past.rematched()) {
      if (signal.aborted) return
      engine.step({ kind: 'command', seq: engine.position.seq, now: 0, command })
    }
    log.info(`${past.changed.length} changed topics got their past from the store`)
  }
  void keepTrying(attempt, { signal, onTrouble: fillTroubleTeller(log), ...(clock ? { clock } : {}) })
  return async () => stopping.abort()
}
