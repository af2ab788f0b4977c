// What is told of a cascade besides its tree: its root's own words, what its topics' alarms told of it, and other roots that said the same. Each part is
// asked by itself, and one that cannot be had does not take the others along.
import type { EvidenceMention } from '@groundswell/schemas/evidence.ts'
import type { IdentifiedIgnitionEvent, IdentifiedSpreadEvent } from '@groundswell/schemas/spike.ts'
import { Asked } from './asked.svelte.ts'
import type { CascadeApi, CascadeFailure, Story } from './cascade-api.ts'
import { EvidenceApi, type EvidenceAnswer } from './evidence-api.ts'

const refreshMs = 60_000
const toldMs = 20_000
const topicsMax = 4 // a cascade is in few

export type CascadeEvent = IdentifiedIgnitionEvent | IdentifiedSpreadEvent
/** From its first mention until its last, ms. */
export interface Lasting { readonly topics: readonly string[]; readonly from: number; readonly to: number }
/** Oldest first; `cut`: of what the topics were told, the oldest may be left out. */
export interface ToldOfCascade { readonly events: readonly CascadeEvent[]; readonly cut: boolean }

export class CascadeStory {
  readonly root: string
  readonly words: Asked<string, EvidenceMention>
  readonly others: Asked<string, Story, CascadeFailure>
  readonly told: Asked<readonly string[], ToldOfCascade>
  #lasting: Lasting | null = null

  constructor(root: string, { page, api }: { readonly page: URL; readonly api: CascadeApi }) {
    const evidence = new EvidenceApi(page)
    this.root = root
    this.words = new Asked((id, signal) => evidence.mention({ id, names: false }, signal))
    this.others = new Asked((id, signal) => api.story(id, signal))
    this.told = new Asked((_topics, signal) => this.#askTold(evidence, signal))
    this.words.put(root, refreshMs)
    this.others.put(root, refreshMs)
  }

  /** What is known of it now; a spread rule tells of it for a while after its last mention. */
  follow(lasting: Lasting): void {
    this.#lasting = lasting
    this.told.put(lasting.topics.slice(0, topicsMax), toldMs)
  }

  close(): void { for (const asked of [this.words, this.others, this.told]) asked.close() }

  async #askTold(evidence: EvidenceApi, signal: AbortSignal): Promise<EvidenceAnswer<ToldOfCascade>> {
    const { topics, from, to } = this.#lasting!
    const seen = new Map<string, CascadeEvent>()
    let cut = false
    for (const id of topics.slice(0, topicsMax)) {
      const answer = await evidence.told({ id, from, to: to + 1000 }, signal)
      if (!answer.ok && answer.why === 'topic') continue // it is in the rules no more
      if (!answer.ok) return answer
      cut ||= answer.value.cut
      for (const event of answer.value.events) if (isOf(event, this.root)) seen.set(`${event.kind} ${event.at} ${event.reason.en}`, event) // each topic is told the same
    }
    return { ok: true, value: { cut, events: [...seen.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) } }
  }
}

const isOf = (event: { readonly kind: string }, root: string): event is CascadeEvent =>
  (event.kind === 'ignition' || (event.kind === 'spread' && (event as CascadeEvent & { state?: string }).state === 'begin')) && (event as CascadeEvent).root === root
