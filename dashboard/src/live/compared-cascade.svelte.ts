// The cascade that another one is compared with: how it grew and what is said of it, asked again while it is looked at, as one reactive object with a lifetime.
import { GraphUnreadable, type GraphWorker } from '../graph/graph-worker.ts'
import type { Growth } from '../graph/growth.ts'
import { Asked } from './asked.svelte.ts'
import type { CascadeAnswer, CascadeApi, CascadeFailure, NamedDetail } from './cascade-api.ts'

const refreshMs = 15_000

export class ComparedCascade {
  readonly #growth: Asked<string, Growth, CascadeFailure>
  readonly #detail: Asked<string, NamedDetail, CascadeFailure>

  constructor(api: CascadeApi, worker: GraphWorker) {
    this.#growth = new Asked((root, signal) => growthOf({ api, worker }, root, signal))
    this.#detail = new Asked((root, signal) => api.detail({ root, which: null }, signal))
  }

  /** Of the cascade that was asked for last; null before, and where it cannot be had. */
  get growth(): Growth | null { return this.#growth.current }
  get detail(): NamedDetail | null { return this.#detail.current }
  /** Why the growth is not the newest; null where it is, or is awaited. */
  get failure(): CascadeFailure | null { return this.#growth.awaited ? null : this.#growth.failure?.why ?? null }

  /** null: none is compared. */
  follow(root: string | null): void {
    this.#growth.put(root, refreshMs)
    this.#detail.put(root, refreshMs)
  }

  close(): void {
    this.#growth.close()
    this.#detail.close()
  }
}

async function growthOf({ api, worker }: { readonly api: CascadeApi; readonly worker: GraphWorker }, root: string, signal: AbortSignal): Promise<CascadeAnswer<Growth>> {
  const answer = await api.tree({ root, which: null }, signal)
  if (!answer.ok) return answer
  try {
    return { ok: true, value: await worker.growth(answer.value.bytes) }
  } catch (error) {
    if (!(error instanceof GraphUnreadable)) throw error
    return { ok: false, why: 'unreadable', detail: error.message }
  }
}
