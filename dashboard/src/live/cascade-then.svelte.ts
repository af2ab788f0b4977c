// The cascade as of the playhead, worked out in the worker: one question under way, and behind it only the newest.
import type { AsOf } from '../graph/as-of.ts'
import type { GraphTree } from '../graph/graph-tree.ts'
import { GraphUnreadable, type GraphWorker } from '../graph/graph-worker.ts'

export class CascadeThen {
  readonly #worker: GraphWorker
  #held = $state.raw<AsOf | null>(null)
  #wanted: { readonly tree: GraphTree; readonly until: number | null } | null = null
  #answered: { readonly tree: GraphTree; readonly until: number | null } | null = null
  #busy = false
  #closed = false

  constructor(worker: GraphWorker) { this.#worker = worker }

  /** The newest answer; a playhead that runs is a few frames ahead of it. */
  get held(): AsOf | null { return this.#held }

  follow(tree: GraphTree, until: number | null): void {
    if (this.#wanted?.tree === tree && this.#wanted.until === until) return
    this.#wanted = { tree, until }
    if (!this.#busy) void this.#ask()
  }

  close(): void { this.#closed = true }

  async #ask(): Promise<void> {
    this.#busy = true
    while (this.#wanted !== this.#answered && this.#wanted !== null && !this.#closed) {
      const asked = this.#wanted
      this.#answered = asked
      try {
        const answer = await this.#worker.asOf(asked.until)
        // The worker may have read a tree that the page does not have yet: who shows that one asks again.
        if (answer.subtree.length === asked.tree.size) this.#held = answer
      } catch (error) {
        if (!(error instanceof GraphUnreadable)) throw error
      }
    }
    this.#busy = false
  }
}
