// The pictures of the walls in this house: kept while the engine lives, as many days as the settings say, and read by the API.
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { keepPicture, pictureAt, picturesOf, setPictureDays, shownSince, timesOf } from '../io/clickhouse/pictures.ts'
import type { ReplayDeps } from '../io/http/replay.ts'
import { Recorder, recorderLimits } from '../pipeline/recorder.ts'
import type { House } from './house.ts'
import type { ScreenReads } from './screen-reads.ts'

export function wallReplay({ settings }: Pick<House, 'settings'>, { reader, told }: ScreenReads, now: () => number): ReplayDeps['wall'] {
  return {
    at: (at) => told(pictureAt(reader, at)),
    shown: (alert) => told(shownSince(reader, alert)),
    pictures: (question) => told(picturesOf(reader, question)),
    times: (question) => told(timesOf(reader, { ...question, now: now(), days: settings.recordDays })),
  }
}

/** Begins to keep them; answers what ends it. Nothing where the settings want none. */
export function recordWalls({ settings, store, log, metrics }: Pick<House, 'settings' | 'store' | 'log' | 'metrics'>, look: () => Snapshot | null): () => void {
  if (settings.recordDays === 0) return () => undefined
  setPictureDays(store, settings.recordDays).catch((error: unknown) => log.warn('how long pictures of the wall are kept could not be changed; it is tried again at the next start', { error }))
  let isLosing = false
  const recorder = new Recorder({
    look, keep: (picture) => keepPicture(store, picture),
    onKept: () => {
      if (isLosing) log.info('pictures of the wall are kept again')
      isLosing = false
      metrics.pictureKept('kept')
    },
    onLost: (error) => {
      if (!isLosing) log.warn('a picture of the wall is not kept: the replay has a gap here, nothing else is touched', { error })
      isLosing = true
      metrics.pictureKept('lost')
    },
  })
  const timer = setInterval(() => { recorder.tick() }, recorderLimits.lookMs)
  return () => { clearInterval(timer) }
}
