// What works on stored rows: filling windows from the past at a start without a checkpoint, and forgetting on request.
import { setTimeout as sleep } from 'node:timers/promises'
import { commandSchema } from '@groundswell/schemas/command.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { systemClock, type Clock } from '../clock.ts'
import { forget, isForgotten, type Forgotten } from '../io/clickhouse/forget.ts'
import { storedCount } from '../io/clickhouse/reads.ts'
import { StoreRefused } from '../io/clickhouse/store-errors.ts'
import { keepTrying } from '../pipeline/keep-trying.ts'
import type { CarryOutOptions } from '../pipeline/carry-out.ts'
import { fillTroubleTeller, stillWaiting } from './filling.ts'
import type { House } from './house.ts'
import type { Opening } from './restart.ts'

const purgeLookMs = 100
const purgeTries = 60
const purgeAgainMs = 5000
const refusalsMs = [2000, 4000, 8000, 16_000] // how long is waited after a refusal; the one after the last sets the request aside

interface Asked { readonly mention: string | undefined; readonly author: string | undefined; readonly seq: number }
export interface ForgetHold { readonly clock?: Clock; readonly signal?: AbortSignal } // signal: the engine gives up what is under way

/** Begins with the purge that a crash may have left undone: a forget command that is behind the position and still on the stream. */
export function createForget(house: House, { clock = systemClock, signal }: ForgetHold = {}): CarryOutOptions['forget'] {
  const { log, store, stream, engine, figures, inserter } = house
  void purgeLeftOver()
  return ({ mention, author }) => {
    const asked = { mention, author, seq: engine.position.seq }
    let refusals = 0 // kept while the store is away in between
    const refused = (): number => ++refusals
    return () => forgetting(asked, refused)
  }

  async function forgetting(asked: Asked, refused: () => number): Promise<void> {
    const { seq } = asked
    const gone = await untilRefused(asked, refused)
    if (gone === null) return
    void purge(seq)
    figures.forgotten = { seq, ...gone }
    figures.storedRows = await storedCount(store)
    log.info(`forgotten on request: ${gone.mentions} mentions and ${gone.deadLetters} dead letters`)
  }

  /** A store that is away is waited for by the insert. One that refuses, as with damaged bytes, must not stop all storing: null then. */
  async function untilRefused({ mention, author, seq }: Asked, refused: () => number): Promise<Forgotten | null> {
    const token = `forget:${stream.created}:${seq}`
    for (;;) {
      try {
        return await forget(store, { token, clock, ...(mention === undefined ? {} : { mention }), ...(author === undefined ? {} : { author }) })
      } catch (error) {
        if (!(error instanceof StoreRefused)) throw error
        const waitMs = refusalsMs[refused() - 1]
        if (waitMs === undefined) return setAside(house, seq, error)
        log.warn(`the store refuses to forget what command ${seq} asks for; it is tried again in ${waitMs / 1000} s: ${error.message}`)
        await clock.sleep(waitMs, signal)
        if (signal?.aborted) throw error
      }
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
      if (last !== null && last.seq <= inserter.position && await wasCarriedOut(house, last.data)) await purge(last.seq)
    } catch (error) {
      log.error('the stream could not be asked what is still to be forgotten: start again to try once more', { error })
    }
  }
}

/** What was set aside is not purged either: nothing of it is forgotten. */
async function wasCarriedOut({ store }: Pick<House, 'store'>, data: Uint8Array): Promise<boolean> {
  const command = commandSchema.safeParse(JSON.parse(new TextDecoder().decode(data)))
  return command.success && command.data.kind === 'forget' && await isForgotten(store, command.data)
}

function setAside({ figures, log }: Pick<House, 'figures' | 'log'>, seq: number, error: StoreRefused): null {
  figures.forgotten = { seq, mentions: 0, deadLetters: 0, failure: error.message }
  log.error(`the request to forget, command ${seq} of the stream, is set aside after ${refusalsMs.length + 1} refusals of the store, and everything else goes on; not all of what it names is deleted. `
    + `See which part is damaged with groundswell doctor --deep, mend it from a backup or take it out with ALTER TABLE … DETACH PART, then ask again with groundswell forget. ${error.message}`)
  return null
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
