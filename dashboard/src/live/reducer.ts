// What the wall knows, as a fold over what the socket says. Pure: the same messages give the same picture, and every list in it is bounded.
import { liveLimits, type Frame, type Snapshot, type SourceRow, type TopicRow } from '@groundswell/schemas/live.ts'

/** The server sends a frame at least every second: silence this long is a loss, and is on the wall within 5 s. */
export const silenceMsMax = 4_000

export type Link = 'connecting' | 'live' | 'lost'

export interface Picture {
  readonly link: Link
  readonly wantsSnapshot: boolean // a frame is missing or the engine is another one: ask with `resync`, hold the last picture meanwhile
  readonly goodAt: number | null // local ms of the last message that was taken
  readonly snapshot: Snapshot | null // brought up to date by every frame since
  readonly runs: number // how often another run began (another input stream, as in a new drill) since this page was opened: what pages hold of the one before is to go
}

/** `at` is local milliseconds on a clock that never steps back. */
export type Message =
  | { readonly kind: 'snapshot'; readonly at: number; readonly snapshot: Snapshot }
  | { readonly kind: 'frame'; readonly at: number; readonly frame: Frame }
  | { readonly kind: 'tick'; readonly at: number }
  | { readonly kind: 'disconnect'; readonly at: number }

export const nothingYet: Picture = { link: 'connecting', wantsSnapshot: false, goodAt: null, snapshot: null, runs: 0 }

export function reduce(picture: Picture, message: Message): Picture {
  switch (message.kind) {
    case 'snapshot': return takeSnapshot(picture, message.snapshot, message.at)
    case 'frame': return takeFrame(picture, message.frame, message.at)
    case 'tick': return noticeSilence(picture, message.at)
    case 'disconnect': return picture.snapshot === null ? picture : { ...picture, link: 'lost' }
    default: return message satisfies never
  }
}

/** A snapshot of the same engine that is older than what we hold is an echo. */
function takeSnapshot(picture: Picture, snapshot: Snapshot, at: number): Picture {
  const held = picture.snapshot
  if (held !== null && held.epoch === snapshot.epoch && snapshot.seq < held.seq) return picture
  return { link: 'live', wantsSnapshot: false, goodAt: at, snapshot: bounded(snapshot), runs: picture.runs + (isOtherRun(held, snapshot) ? 1 : 0) }
}

/** An engine that started again on the stream that it had is the same run. */
const isOtherRun = (held: Snapshot | null, snapshot: Snapshot): boolean =>
  held?.room.run !== undefined && snapshot.room.run !== undefined && held.room.run !== snapshot.room.run

function takeFrame(picture: Picture, frame: Frame, at: number): Picture {
  const held = picture.snapshot
  if (held === null || frame.epoch !== held.epoch) return { ...picture, wantsSnapshot: true }
  if (frame.seq <= held.seq) return picture // seen already
  if (frame.seq > held.seq + 1) return { ...picture, wantsSnapshot: true }
  const snapshot = apply(held, frame)
  if (snapshot === null) return { ...picture, wantsSnapshot: true }
  return { ...picture, link: 'live', wantsSnapshot: false, goodAt: at, snapshot }
}

const noticeSilence = (picture: Picture, at: number): Picture =>
  picture.link === 'live' && picture.goodAt !== null && at - picture.goodAt > silenceMsMax ? { ...picture, link: 'lost' } : picture

/** Null when the frame speaks of a topic that we were never shown: then something is missing, whatever seq says. */
function apply(held: Snapshot, frame: Frame): Snapshot | null {
  const topics = frame.topics === undefined && frame.order === undefined ? held.topics : applyTopics(held.topics, frame)
  if (topics === null) return null
  return {
    epoch: held.epoch, seq: frame.seq, serverNow: frame.serverNow, clock: frame.clock,
    room: frame.mode === undefined || frame.mode === held.room.mode ? held.room : { ...held.room, mode: frame.mode },
    totals: frame.totals ?? held.totals,
    topics, topicsTotal: frame.topicsTotal ?? held.topicsTotal,
    sources: frame.sources === undefined ? held.sources : applySources(held.sources, frame.sources),
    alerts: frame.alerts === undefined ? held.alerts : frame.alerts.slice(0, liveLimits.alertsMax), // the same list where nothing changed: nothing that hangs on it is worked out anew
    silences: frame.silences ?? held.silences,
    pin: frame.pin === undefined ? held.pin : frame.pin,
    problems: frame.problems ?? held.problems,
    canary: frame.canary === undefined ? held.canary : frame.canary,
  }
}

function applyTopics(held: readonly TopicRow[], frame: Frame): readonly TopicRow[] | null {
  const rows = new Map(held.map((row) => [row.id, row]))
  const order = frame.order ?? held.map((row) => row.id)
  for (const row of frame.topics ?? []) rows.set(row.id, row)
  const next: TopicRow[] = []
  for (const id of order.slice(0, liveLimits.topicsMax)) {
    const row = rows.get(id)
    if (row === undefined) return null
    next.push(row)
  }
  return next
}

/** Changed rows replace, new ones join at the end; above the limit the one that was silent longest goes. */
function applySources(held: readonly SourceRow[], changed: readonly SourceRow[]): readonly SourceRow[] {
  const rows = new Map(held.map((row) => [row.platform, row]))
  for (const row of changed) rows.set(row.platform, row)
  while (rows.size > liveLimits.sourcesMax) {
    const silent = [...rows.values()].reduce((oldest, row) => (row.newestAt < oldest.newestAt ? row : oldest))
    rows.delete(silent.platform)
  }
  return [...rows.values()]
}

const bounded = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  topics: snapshot.topics.slice(0, liveLimits.topicsMax),
  sources: snapshot.sources.slice(0, liveLimits.sourcesMax),
  alerts: snapshot.alerts.slice(0, liveLimits.alertsMax),
})
