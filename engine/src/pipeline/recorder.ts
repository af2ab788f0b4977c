// Keeps what the walls show: looks every second, keeps a picture at once when an alert is new, cleared or acted on, every five seconds when anything
// else changed, and one a minute when nothing did, so that a gap can be told from calm. A store that fails costs the picture, and nothing else.
import type { Handling } from '@groundswell/schemas/action.ts'
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import type { PictureNews } from '@groundswell/schemas/replay.ts'

export const recorderLimits = { lookMs: 1_000, underWayMax: 4 } as const

export interface KeptPicture { readonly at: number; readonly snapshot: Snapshot; readonly news: readonly PictureNews[] }

export interface RecorderOptions {
  /** The picture as every wall in step holds it now; null: there is none. */
  readonly look: () => Snapshot | null
  /** Resolves when it is stored. */
  readonly keep: (picture: KeptPicture) => Promise<void>
  readonly onKept?: () => void
  /** The picture is lost: the store did not take it, or too many were under way. */
  readonly onLost?: (error: unknown) => void
}

export class Recorder {
  readonly #options: RecorderOptions
  #seen: Snapshot | null = null
  #kept: { readonly at: number; readonly content: string } | null = null
  #underWay = 0
  #owed: readonly PictureNews[] = [] // of a picture that was lost: the next one tells it

  constructor(options: RecorderOptions) { this.#options = options }

  /** Called every second. */
  tick(): void {
    const snapshot = this.#options.look()
    if (snapshot === null) return
    const news = this.#seen === null ? [] : newsBetween(this.#seen, snapshot)
    this.#seen = snapshot
    const at = snapshot.serverNow
    // A clock that was set back keeps on: what lies ahead of it was told by another clock.
    const since = this.#kept === null || at < this.#kept.at ? Infinity : at - this.#kept.at
    if (news.length === 0 && since < replayLimits.everyMs) return
    const content = contentOf(snapshot)
    if (news.length === 0 && since < replayLimits.stillMs && content === this.#kept?.content) return
    this.#kept = { at, content }
    void this.#keep({ at, snapshot, news: [...this.#owed, ...news].slice(-replayLimits.newsMax) })
  }

  async #keep(picture: KeptPicture): Promise<void> {
    const { keep, onKept } = this.#options
    this.#owed = []
    if (this.#underWay >= recorderLimits.underWayMax) return this.#lose(picture, new Error(`${this.#underWay} pictures are under way`))
    this.#underWay++
    try {
      await keep(picture)
      onKept?.()
    } catch (error) {
      this.#lose(picture, error)
    } finally {
      this.#underWay--
    }
  }

  #lose(picture: KeptPicture, error: unknown): void {
    this.#owed = [...picture.news, ...this.#owed].slice(-replayLimits.newsMax)
    this.#options.onLost?.(error)
  }
}

/** What makes two pictures differ to who looks at a wall; clock, sequence and canary run on by themselves. */
const contentOf = ({ epoch: _epoch, seq: _seq, serverNow: _now, clock: _clock, canary: _canary, ...content }: Snapshot): string => JSON.stringify(content)

/** A note and another assignee leave the state as it was, and are no acknowledgement. */
function didTo(now: Handling, was: Handling | undefined): Pick<Extract<PictureNews, { what: 'handled' }>, 'did' | 'assignee'> {
  if (now.state !== (was?.state ?? 'new')) return { did: 'state' }
  return now.assignee !== (was?.assignee ?? null) ? { did: 'assigned', assignee: now.assignee } : { did: now.notes !== (was?.notes ?? 0) ? 'note' : 'state' }
}

/** Alerts that are new, cleared or in other hands, silences and the pin. */
export function newsBetween(before: Snapshot, after: Snapshot): PictureNews[] {
  const news: PictureNews[] = []
  const known = new Map(before.alerts.map((alert) => [alert.id, alert]))
  for (const { id, topic, name, grade, clearedAt, handling } of after.alerts.toReversed()) {
    const was = known.get(id)
    if (was === undefined) news.push({ what: 'alert', alert: id, topic, name, grade })
    if (clearedAt !== null && was?.clearedAt === null) news.push({ what: 'cleared', alert: id, topic, name, grade })
    if (handling !== undefined && JSON.stringify(handling) !== JSON.stringify(was?.handling)) news.push({ what: 'handled', alert: id, topic, name, state: handling.state, by: handling.by, ...didTo(handling, was?.handling) })
  }
  const silent = new Map(before.silences.map((silence) => [silence.topic, silence]))
  const named = namesOf(before, after)
  for (const { topic, by, until } of after.silences) if (silent.get(topic)?.until !== until) news.push({ what: 'silenced', topic, ...named(topic), by, until })
  for (const { topic } of before.silences) if (!after.silences.some((silence) => silence.topic === topic)) news.push({ what: 'unsilenced', topic, ...named(topic) })
  if (after.pin !== null && (before.pin?.topic !== after.pin.topic || before.pin.until !== after.pin.until)) news.push({ what: 'pinned', topic: after.pin.topic, ...named(after.pin.topic), by: after.pin.by })
  if (after.pin === null && before.pin !== null) news.push({ what: 'unpinned', topic: before.pin.topic, ...named(before.pin.topic) })
  return news
}

/** What either picture calls a topic. */
function namesOf(...pictures: readonly Snapshot[]): (topic: string) => { name?: { zh: string; en: string } } {
  return (topic) => {
    for (const { topics, alerts } of pictures) {
      const name = topics.find(({ id }) => id === topic)?.name ?? alerts.find((alert) => alert.topic === topic)?.name
      if (name !== undefined) return { name: { zh: name.zh, en: name.en } }
    }
    return {}
  }
}
