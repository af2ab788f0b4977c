// The canary in this house: what it tells the log, the wall and the metrics, and where it is noted on its way.
import { randomBytes } from 'node:crypto'
import type { LoopOptions } from '../loop.ts'
import { Canaries, canaryFault, type CanaryPlace } from '../pipeline/canary.ts'
import { runCanaries } from '../pipeline/canary-run.ts'
import type { Closers, House } from './house.ts'
import type { Front } from './front.ts'
import type { Tellers } from './telling.ts'

/** How far a late one came, and who must look. */
const places: Readonly<Record<CanaryPlace, string>> = {
  sent: 'the stream has not taken it: look at NATS, its disk and the room in the stream',
  streamed: 'it is on the stream, the engine has not come to it: look at the lag (groundswell_stream_lag_messages) and at the workers',
  applied: 'the engine has come to it, the store has not taken it: look at ClickHouse and its disk',
  stored: 'it is stored, no frame shows it: look at the log of the live feed; this is a bug of groundswell, tell its makers',
}

export function openCanaries({ canarySeconds }: Pick<House['settings'], 'canarySeconds'>, { log, problems, metrics }: Tellers): Canaries {
  const lost = (detail: string): void => {
    metrics.canaryLost()
    if (!problems.has('canary-late')) log.error(`the test mention did not come through: ${detail}`)
    problems.raise('canary-late', detail)
  }
  return new Canaries({
    run: randomBytes(6).toString('base64url'), everyMs: (canarySeconds ?? 0) * 1000,
    listener: {
      passed: (stage, seconds) => metrics.canaryPassed(stage, seconds),
      late: ({ place, ms, detail }) => lost(`after ${Math.round(ms / 1000)} s ${places[place]}${detail === null ? '' : ` (${detail})`}`),
      wrong: (why) => lost(`${why}. This is a bug of groundswell: mentions may be misread too, tell its makers`),
      over: (ms) => {
        problems.over('canary-late')
        log.warn(`test mentions come through again, the newest in ${(ms / 1000).toFixed(1)} s`)
      },
    },
  })
}

/** What the loop does with a canary in its place: its row joins the insert, and it is timed. Nothing else of the engine hears of it. */
export function createCanaryNote({ canaries, stream }: Pick<House, 'canaries' | 'stream'>, now: () => number): NonNullable<LoopOptions['onCanary']> {
  return ({ canary, seq }, batches, gather) => {
    const fault = canaryFault(canary, batches)
    if (fault !== null) return canaries.wrong(canary.id, fault)
    const at = now()
    gather.row('canaries', { id: canary.id, stream: stream.created, seq, sentAt: new Date(canary.ts).toISOString(), appliedAt: new Date(at).toISOString() })
    gather.after(() => canaries.stored(canary.id, now()))
    canaries.applied(canary.id, at)
  }
}

/** Nothing where the settings want none. */
export function startCanaries({ settings, canaries, stream }: Pick<House, 'settings' | 'canaries' | 'stream'>, front: Pick<Front, 'clients' | 'look'>): Closers {
  if (settings.canarySeconds === null) return []
  return [runCanaries({ canaries, everyMs: settings.canarySeconds * 1000, stream, isWatched: () => front.clients() > 0, look: front.look })]
}
