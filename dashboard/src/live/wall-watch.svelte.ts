// What happens on an unattended wall by itself, as one reactive object with a lifetime: news become takeovers, sounds and flashes, views take turns,
// a new build is noticed. It only keeps the time; every decision is a plain function in room/.
import type { Silence } from '@groundswell/schemas/action.ts'
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import { isMuted } from '../room/attention.ts'
import { filesOf, noProbeYet, otherBuild, probeDue } from '../room/new-build.ts'
import { knownFrom, newsOf } from '../room/news.ts'
import type { RoomProfile } from '../room/profile.ts'
import { firstView, rotate, type Rotation, type View } from '../room/rotation.ts'
import { noTakeover, takeOver, type Takeover } from '../room/takeover.ts'
import { heardOf, tonesOf } from '../room/tones.ts'
import { Speaker } from './speaker.svelte.ts'

const tickMs = 250
/** A new severe alert flashes this long and is static afterwards (W12). */
export const flashMs = 6_000
const storageKey = 'groundswell-known-alerts'

/** What a wall does by itself, as its panels read it. */
export interface WallRules {
  readonly takeover: Takeover
  readonly view: View
  readonly soundBlocked: boolean
  flashes(topic: string): boolean
  hear(sound: boolean): void
  look(): void
  close(): void
}

export class WallWatch implements WallRules {
  readonly #snapshot: () => Snapshot | null
  readonly #profile: () => RoomProfile
  readonly #ticker: ReturnType<typeof setInterval>
  #speaker = $state.raw<Speaker | null>(null)
  #takeover = $state.raw<Takeover>(noTakeover)
  #rotation = $state.raw<Rotation>(firstView(performance.now()))
  #flashes = $state.raw<readonly { readonly topic: string; readonly until: number }[]>([])
  #known = stored()
  #run: string | undefined // of what is known: in another run the same alert is another one
  #seen: Seen | null = null
  #claims: readonly AlertRow[] = []
  #build = noProbeYet
  readonly #ownFiles = filesOf(document.head.innerHTML)

  constructor(profile: () => RoomProfile, snapshot: () => Snapshot | null) {
    this.#profile = profile
    this.#snapshot = snapshot
    this.#ticker = setInterval(() => this.#tick(performance.now()), tickMs)
  }

  get takeover(): Takeover { return this.#takeover }
  get view(): View { return this.#rotation.view }
  get soundBlocked(): boolean { return this.#speaker?.blocked ?? false }
  /** Whether a new severe alert of this topic is to catch the eye. */
  flashes(topic: string): boolean { return this.#flashes.some((one) => one.topic === topic) }

  /** Called with the profile: a room may want sound that was silent before. */
  hear(sound: boolean): void {
    if (sound === (this.#speaker !== null)) return
    this.#speaker?.close()
    this.#speaker = sound ? new Speaker() : null
  }

  /** Called with every picture: one that comes between two ticks would hide which alerts were there before it. */
  look(): void { this.#tick(performance.now()) }

  close(): void {
    clearInterval(this.#ticker)
    this.#speaker?.close()
  }

  #tick(now: number): void {
    const snapshot = this.#snapshot()
    const fresh = snapshot === null ? [] : this.#news(snapshot, now)
    this.#takeover = takeOver(this.#takeover, { fresh, alerts: this.#claims, now })
    if (this.#flashes.some(({ until }) => until <= now)) this.#flashes = this.#flashes.filter(({ until }) => until > now)
    const onlyTopics = !this.#profile().rotates || snapshot === null || snapshot.sources.length === 0
    this.#rotation = rotate(this.#rotation, { now, held: onlyTopics || this.#takeover.shown !== null })
    this.#lookForBuild(now, snapshot?.epoch ?? null)
  }

  /** What has a claim on attention, and what of it is news. Between two pictures only the end of a silence can change that. */
  #news({ alerts, silences, serverNow, room: { run } }: Snapshot, now: number): readonly AlertRow[] {
    if (this.#run !== undefined && run !== undefined && run !== this.#run) this.#known = null
    this.#run = run ?? this.#run
    if (this.#seen?.alerts === alerts && this.#seen.silences === silences && serverNow < this.#seen.until) return []
    this.#seen = { alerts, silences, until: silences.reduce((soonest, { until }) => (until > serverNow ? Math.min(soonest, until) : soonest), Infinity) }
    const muted = (alert: AlertRow): boolean => isMuted(alert, { silences, now: serverNow })
    this.#claims = alerts.filter((alert) => alert.clearedAt === null && !muted(alert))
    this.#flashes = this.#flashes.filter(({ topic }) => this.#claims.some((alert) => alert.grade === 'severe' && alert.topic === topic))
    const { known, fresh } = newsOf(this.#known, alerts, muted)
    if (known !== this.#known) store(known)
    this.#known = known
    const severe = fresh.filter(({ grade, clearedAt }) => grade === 'severe' && clearedAt === null)
    if (severe.length > 0) this.#flashes = [...this.#flashes.filter(({ topic }) => !severe.some((one) => one.topic === topic)), ...severe.map(({ topic }) => ({ topic, until: now + flashMs }))]
    const heard = heardOf(fresh)
    if (heard !== null) void this.#speaker?.play(tonesOf[heard])
    return fresh
  }

  #lookForBuild(upMs: number, epoch: string | null): void {
    const busy = this.#takeover.shown !== null || this.#takeover.queue.length > 0
    if (!probeDue(this.#build, { upMs, epoch, busy })) {
      if (epoch !== null && this.#build.epoch === null) this.#build = { ...this.#build, epoch }
      return
    }
    this.#build = { probedAt: upMs, epoch }
    void this.#reloadForAnother()
  }

  async #reloadForAnother(): Promise<void> {
    const ask = (path: string): Promise<Response> => fetch(new URL(path, document.baseURI), { cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(30_000), headers: { accept: '*/*' } })
    if (await otherBuild(this.#ownFiles, ask) && this.#takeover.shown === null) location.reload()
  }
}

/** What was looked at; until: when a silence ends, on the server's clock. */
interface Seen { readonly alerts: readonly AlertRow[]; readonly silences: readonly Silence[]; readonly until: number }

function stored(): readonly string[] | null {
  try {
    return knownFrom(sessionStorage.getItem(storageKey))
  } catch {
    return null // a browser that keeps nothing: after a reload what is there is known
  }
}

function store(known: readonly string[]): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(known))
  } catch {
    // As above: nothing but the memory across a reload is lost.
  }
}
