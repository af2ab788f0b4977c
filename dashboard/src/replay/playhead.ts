// Where a replay is, as arithmetic: a span, a position in it, a speed. Never beyond the ends; the same steps give the same place.

export const speeds = [1, 10, 60, 300, 900, 3600] as const
/** How much of the span a key moves by. */
const pages = 20, smallSteps = 240

/** Half open, ms. */
export type Span = readonly [from: number, to: number]

export interface Playhead {
  readonly from: number // ms
  readonly to: number // ms, not before `from`
  readonly at: number // ms, from … to
  readonly speed: number // 1 … 3600: ms of the span a ms of the hand's clock
  readonly playing: boolean
  readonly skipsQuiet: boolean
}

export interface Start { readonly at?: number | null; readonly speed?: number; readonly skipsQuiet?: boolean }

/** Paused; where no place is given, at the end, where all is seen. */
export function playheadOf([from, to]: Span, { at = null, speed = 60, skipsQuiet = false }: Start = {}): Playhead {
  return { from, to: Math.max(from, to), at: within(at ?? to, from, Math.max(from, to)), speed: nearestSpeed(speed), playing: false, skipsQuiet }
}

/** The place after `elapsedMs` of playing. `quiet` are disjoint stretches in order of time; at the end it stops. */
export function advance(head: Playhead, elapsedMs: number, quiet: readonly Span[]): Playhead {
  if (!head.playing) return head
  const at = head.skipsQuiet ? pastQuiet(head.at, Math.max(0, elapsedMs) * head.speed, quiet) : head.at + Math.max(0, elapsedMs) * head.speed
  return at < head.to ? { ...head, at } : { ...head, at: head.to, playing: false }
}

/** Who stands at the end begins anew. */
/** Anew from `first`, a time that is chosen, or from where the span begins, for who stands at its end. */
export const play = (head: Playhead, first = head.from): Playhead => ({ ...head, playing: head.to > head.from, at: head.at < head.to ? head.at : first > head.from && first < head.to ? first : head.from })
export const pause = (head: Playhead): Playhead => (head.playing ? { ...head, playing: false } : head)
export const seek = (head: Playhead, at: number): Playhead => ({ ...head, at: within(at, head.from, head.to) })
export const atSpeed = (head: Playhead, speed: number): Playhead => ({ ...head, speed: nearestSpeed(speed) })
/** One speed up or down. */
export const shiftSpeed = (head: Playhead, by: 1 | -1): Playhead => ({ ...head, speed: speeds[within(speeds.findIndex((speed) => speed === nearestSpeed(head.speed)) + by, 0, speeds.length - 1)]! })

/** The span has become another one: the place stays where it can, and who stood at the end stands at the new one. */
export function spanned(head: Playhead, [from, to]: Span): Playhead {
  const end = Math.max(from, to)
  return { ...head, from, to: end, at: !head.playing && head.at >= head.to ? end : within(head.at, from, end) }
}

/** To the nearest mark behind or before the place; to the end of the span where there is none. */
export function toMark(head: Playhead, marks: readonly number[], direction: 1 | -1): Playhead {
  let found = direction === 1 ? head.to : head.from
  for (const at of marks) if ((at - head.at) * direction > 0 && (at - found) * direction < 0) found = at
  return seek(head, found)
}

/** What an arrow, page, Home or End does to the place; null: the key means nothing here. */
export function byKey(head: Playhead, key: string): Playhead | null {
  const span = head.to - head.from
  const by = ({ ArrowLeft: -span / smallSteps, ArrowRight: span / smallSteps, ArrowDown: -span / smallSteps, ArrowUp: span / smallSteps, PageDown: -span / pages, PageUp: span / pages, Home: -span, End: span } as Readonly<Record<string, number>>)[key]
  return by === undefined ? null : seek(head, Math.round(head.at + by))
}

/** Plays `budget` ms of what is not quiet; a stretch that is costs nothing. */
function pastQuiet(from: number, budget: number, quiet: readonly Span[]): number {
  let at = from, left = budget
  for (const [begin, end] of quiet) {
    if (end <= at) continue
    if (begin - at > left) break
    left -= Math.max(0, begin - at)
    at = end
  }
  return at + left
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))
const nearestSpeed = (speed: number): number => speeds.reduce<number>((best, one) => (Math.abs(one - speed) < Math.abs(best - speed) ? one : best), speeds[0])
