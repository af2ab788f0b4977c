// What the log says of walls that do not keep up: once a minute at most, for a bad network makes one fall behind again and again.
import type { Log } from '../io/log/log.ts'
import type { LiveTrouble } from '../io/live/live.ts'

const againMs = 60_000

const words: Readonly<Partial<Record<LiveTrouble, string>>> = {
  behind: 'a wall does not take its frames as fast as they come: it is left out and gets a snapshot when it can take one; the others go on. Look at the network of the screen, or reload its page',
  silent: 'a wall was silent and is disconnected; it comes back by itself when it can. Look at the screen, its network and its browser',
}

/** Counts every trouble; logs those that somebody at a screen can mend. */
export function liveTeller(log: Pick<Log, 'warn'>, count: (kind: LiveTrouble) => void, now: () => number): (kind: LiveTrouble) => void {
  const told = new Map<LiveTrouble, { at: number; since: number }>()
  return (kind) => {
    count(kind)
    const message = words[kind]
    if (message === undefined) return
    const last = told.get(kind) ?? { at: -Infinity, since: 0 }
    last.since++
    told.set(kind, last)
    if (now() - last.at < againMs) return
    log.warn(message, { times: last.since })
    last.at = now()
    last.since = 0
  }
}
