// The loop of this house, from where it begins until it is closed: what is under way is finished, and a last checkpoint says where to go on.
import { setTimeout as sleep } from 'node:timers/promises'
import { Loop } from '../loop.ts'
import type { OnlineBackups } from '../backup/online-backup.ts'
import { createCarryOut } from '../pipeline/carry-out.ts'
import { Cutter } from '../pipeline/cut.ts'
import type { Gather } from '../pipeline/inserts.ts'
import { lastTick } from '../pipeline/ticks.ts'
import { StreamRecreated } from '../stream-errors.ts'
import { createForget } from './aftermath.ts'
import type { Alerting } from './alerting.ts'
import type { Beginning } from './begin.ts'
import { createCanaryNote } from './canary.ts'
import { askAgain, createFill } from './filling.ts'
import type { House } from './house.ts'
import { createSilenceTeller } from './silence.ts'
import { stoppedWords } from './stopped.ts'
import { createMeter, tellEvent } from './telling.ts'

export interface RunningParts {
  readonly beginning: Beginning
  readonly gather: Gather
  readonly alerting: Alerting
  readonly backups: OnlineBackups
}

const closeMs = 10_000
const lastCheckpointMs = 30_000

export async function startLoop(house: House, { beginning, gather, alerting, backups }: RunningParts): Promise<{ readonly ended: Promise<void>; close(): Promise<void> }> {
  const { log, metrics, stream, engine, inserter, checkpointer } = house
  const { position, stored } = beginning
  const stopping = new AbortController()
  const caughtUp = Promise.withResolvers<void>()
  const catchingUp = { lastSeq: (await stream.state()).lastSeq, done: caughtUp.promise }
  /** What was announced and enqueued by an earlier run, before its position was stored. */
  const isReplay = (): boolean => engine.position.seq <= stored
  const meter = createMeter(house, stored)
  const tellSilence = createSilenceTeller(house)
  const loop = new Loop({
    reader: stream.read(position + 1), engine, inserter, gather,
    pool: house.enriching,
    cutter: new Cutter({ stream: stream.created, rules: house.rules.shared, stored }),
    carryOut: createCarryOut({
      stream: { created: stream.created, announce: async (subject, data, id) => { if (!isReplay()) await stream.announce(subject, data, id) } },
      enqueue: async (event, row, muted) => { if (!isReplay()) await alerting.enqueue(event, row, muted) },
      signal: stopping.signal, fill: createFill(house, catchingUp, { signal: stopping.signal }), forget: createForget(house, { signal: stopping.signal }),
      onEvent: (event) => { if (!isReplay()) tellEvent(event, metrics) },
      onSilence: (event) => { if (!isReplay()) tellSilence(event) },
      onRules: (applied) => { house.rules.replace(applied); log.info(`rules ${applied.seq} are in force`, { topics: house.rules.rules.topics.length }) },
      onRefused: (reason) => log.error(`rules on the stream were refused, the old ones stay: ${reason}`),
      onAnnounceFailed: (error) => log.debug('an announcement is tried again', { error }),
    }),
    onApplied: (applied) => {
      checkpointer?.weigh(applied.batch?.work?.bytes ?? 0)
      meter(applied)
    },
    onCanary: createCanaryNote(house, Date.now),
    onUnreadable: (seq, subject, reason) => log.error(`command ${seq} on ${subject} is unreadable and was left out: ${reason}`),
    onInsertEnd: (seq) => {
      checkpointer?.insertEnded(seq)
      backups.insertEnded(seq)
    },
  })
  const ended = loop.run()
  ended.catch(() => undefined)
  void loop.reached(catchingUp.lastSeq).then(caughtUp.resolve)
  askAgain(house, beginning, { catchingUp, signal: stopping.signal })
  const giveUp = (): void => { stopping.abort(); inserter.abort() }
  return {
    ended,
    close: async () => {
      log.info('stopping: what is under way is finished')
      const hard = setTimeout(giveUp, closeMs)
      const done = ended.catch(() => undefined)
      const givenUp = new Promise<void>((resolve) => {
        if (stopping.signal.aborted) resolve()
        stopping.signal.addEventListener('abort', () => resolve())
      })
      await Promise.race([checkpointer?.stopping(), givenUp])
      const tick = stopping.signal.aborted ? null : await lastTick(stream)
      if (tick !== null) await Promise.race([loop.reached(tick), done, givenUp])
      await loop.close()
      await Promise.race([done, givenUp])
      clearTimeout(hard)
      const written = stopping.signal.aborted ? true : await Promise.race([lastCheckpoint(house, ended).then(() => true), sleep(lastCheckpointMs, false, { ref: false })])
      checkpointer?.close()
      giveUp()
      // A write that still runs must not meet the next life of this process in the same folder.
      if (!written) throw new Error(`the last checkpoint was not written within ${lastCheckpointMs / 1000} s: look at the disk of ${house.settings.data}. Nothing is lost, the next start goes on from the one before`)
      log.info(stoppedWords(inserter.position, checkpointer ? checkpointer.durable?.header.seq ?? null : 'off'))
    },
  }
}

/** Behind the last insert, so that the next start reads nothing again; where our own code failed half-way, what was taken before stays. */
async function lastCheckpoint({ checkpointer }: House, ended: Promise<void>): Promise<void> {
  const isSound = await ended.then(() => true, (error: unknown) => error instanceof StreamRecreated)
  await checkpointer?.finish({ isSound })
}
