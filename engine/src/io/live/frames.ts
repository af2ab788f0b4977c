// The sequence of frames of one engine start: numbers them, and keeps the one picture that every client in step holds.
import { liveLimits, type Frame, type Room, type Snapshot } from '@groundswell/schemas/live.ts'
import { diffPicture, type FullPicture } from './diff-picture.ts'

/** Without a change a client still hears this often that the engine lives. */
export const heartbeatMs = 1000

export type Next = { readonly kind: 'frame'; readonly frame: Frame } | { readonly kind: 'snapshot'; readonly snapshot: Snapshot } | { readonly kind: 'nothing' }

export class Frames {
  readonly #epoch: string
  #seq = 0
  #sentAt = -Infinity
  #picture: FullPicture | null = null

  constructor(epoch: string) {
    this.#epoch = epoch
  }

  /** What every client in step gets now. 'snapshot' where a frame cannot say the change. */
  next(picture: FullPicture, room: Room, now: number): Next {
    const bounded = bound(picture)
    const diff = this.#picture === null ? null : diffPicture(this.#picture, bounded)
    if (diff !== null && !diff.changed && now - this.#sentAt < heartbeatMs - liveLimits.frameMs / 2) return { kind: 'nothing' }
    this.#seq += 1
    this.#sentAt = now
    this.#picture = bounded
    if (diff === null) return { kind: 'snapshot', snapshot: this.snapshot(room, now)! }
    return { kind: 'frame', frame: { epoch: this.#epoch, seq: this.#seq, serverNow: now, ...diff.parts } }
  }

  /** The picture that the next frame builds on; null before the first next(). */
  snapshot(room: Room, now: number): Snapshot | null {
    if (this.#picture === null) return null
    const { mode, ...picture } = this.#picture
    return { epoch: this.#epoch, seq: this.#seq, serverNow: now, room: { ...room, mode }, ...picture }
  }
}

/** The protocol's limits hold whatever the engine hands over; the most urgent and the newest come first and stay. */
function bound(picture: FullPicture): FullPicture {
  const { topicsMax, sourcesMax, alertsMax } = liveLimits
  if (picture.topics.length <= topicsMax && picture.sources.length <= sourcesMax && picture.alerts.length <= alertsMax) return picture
  return { ...picture, topics: picture.topics.slice(0, topicsMax), sources: picture.sources.slice(0, sourcesMax), alerts: picture.alerts.slice(0, alertsMax) }
}
