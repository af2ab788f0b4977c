// Sleepers: a cascade in which nothing happened for an hour, until one mention in it is reposted again and again.
//
//   an hour without a mention ──► a mention in a cascade of ten or more: armed ──► within two hours its subtree draws more than chance: told, once
//
// What chance explains was chosen on weibo-cascades (bench `ignition`): of 56,000 mentions that ended a quiet hour, one in 350 drew ten within two
// hours; of those above the line below three in four went on to fifty. A line that rises with time does it: who draws slowly mostly stops.
import type { CascadeStore } from '../../3-measure/cascades/cascade-store.ts'
import type { Stateful, StateReader, StateWriter } from '../../state.ts'
import { z } from 'zod'

/** `armedMax` mentions may be armed at a time: where as many are, the one that was armed first is let go. Of one cascade there are two at most. */
export const ignitionLimits = { quietSeconds: 3600, sizeMin: 10, watchSeconds: 7200, gainedMin: 10, gainedAnHour: 15, armedMax: 10_000 } as const

/** Whether so many mentions below it within these seconds are more than chance explains. */
export function drawsMore(gained: number, seconds: number): boolean {
  return gained >= ignitionLimits.gainedMin + (ignitionLimits.gainedAnHour * Math.max(0, seconds)) / 3600
}

const word = z.int().min(0).max(2 ** 32 - 1)
const node = z.int().min(1).max(2 ** 26)
const armedSchema = z.strictObject({ node, low: word, high: word, root: node, mention: z.string(), since: z.int().min(0), quietSeconds: z.int().min(0), followers: z.number() })
type Armed = z.infer<typeof armedSchema>

/** A mention that ignited its cascade; times are seconds. */
export interface Ignition {
  readonly rootNode: number
  readonly root: string
  readonly mention: string
  readonly at: number
  readonly since: number
  readonly followers: number // −1: not known
  readonly quietSeconds: number
  readonly gained: number
  readonly size: number
}

export class Ignitions implements Stateful {
  readonly #store: CascadeStore
  readonly #nameOf: (root: number) => string
  readonly #byRoot = new Map<number, Armed[]>() // in the order in which the first of each was armed
  #armed = 0
  /** Mentions that were let go because too many were armed. */
  dropped = 0

  constructor(store: CascadeStore, nameOf: (root: number) => string) {
    this.#store = store
    this.#nameOf = nameOf
  }

  get armed(): number { return this.#armed }

  /** A mention ended a quiet hour of a cascade. `mention`: its id. */
  arm({ at, root, quietSeconds, mention }: { readonly at: number; readonly root: number; readonly quietSeconds: number; readonly mention: string }, of: number): void {
    const store = this.#store
    if (store.subtreeOf(root) <= ignitionLimits.sizeMin) return
    if (this.#armed === ignitionLimits.armedMax) this.#dropFirst()
    const armed: Armed = { node: of, low: store.idLowOf(of), high: store.idHighOf(of), root, mention, since: at, quietSeconds, followers: store.followersOf(of) }
    const others = this.#byRoot.get(root)
    if (others) others.push(armed)
    else this.#byRoot.set(root, [armed])
    this.#armed++
  }

  /** The cascade got mentions in the second that closes. Where two drew enough in it, the one that came last is told, for it drew as much in less time: an event is known by its cascade and second. */
  lookAt(root: number, second: number, out: Ignition[]): void {
    const watched = this.#armed === 0 ? undefined : this.#byRoot.get(root)
    if (!watched) return
    const store = this.#store
    let told: Ignition | null = null
    const left = watched.filter(({ node, low, high, mention, since, followers, quietSeconds }) => {
      if (second - since > ignitionLimits.watchSeconds || store.find(low, high) !== node || store.rootOf(node) !== root) return false
      const gained = store.subtreeOf(node) - 1
      if (!drawsMore(gained, second - since)) return true
      told = { rootNode: root, root: this.#nameOf(root), mention, at: second, since, followers, quietSeconds, gained, size: store.subtreeOf(root) }
      return false
    })
    if (told !== null) out.push(told)
    this.#keep(root, left)
  }

  /** A minute closed: lets go who was watched for long enough. */
  settle(second: number): void {
    for (const [root, watched] of this.#byRoot) {
      if (watched[0]!.since < second - ignitionLimits.watchSeconds) this.#keep(root, watched.filter(({ since }) => second - since <= ignitionLimits.watchSeconds))
    }
  }

  /** Lets go who was forgotten. */
  dropForgotten(): void {
    for (const [root, watched] of this.#byRoot) if (watched.some(({ node }) => this.#store.isForgotten(node))) this.#keep(root, watched.filter(({ node }) => !this.#store.isForgotten(node)))
  }

  save(out: StateWriter): void {
    out.number(this.dropped)
    out.json([...this.#byRoot.values()].flat())
  }

  load(from: StateReader): void {
    this.dropped = from.whole(0)
    const parsed = z.array(armedSchema).max(ignitionLimits.armedMax).safeParse(from.json())
    if (!parsed.success) return from.refuse(`a mention that is armed: ${parsed.error.issues[0]?.message ?? ''}`)
    for (const armed of parsed.data) this.#byRoot.set(armed.root, [...(this.#byRoot.get(armed.root) ?? []), armed])
    this.#armed = parsed.data.length
  }

  #keep(root: number, watched: Armed[]): void {
    this.#armed += watched.length - (this.#byRoot.get(root)?.length ?? 0)
    if (watched.length === 0) this.#byRoot.delete(root)
    else this.#byRoot.set(root, watched)
  }

  #dropFirst(): void {
    const [root, watched] = this.#byRoot.entries().next().value!
    this.#keep(root, watched.slice(1))
    this.dropped++
  }
}
