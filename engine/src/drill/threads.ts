// What there is to repost: the newest posts of one story on one platform, a bounded ring, and the hub posts that everybody sees.
import type { Chance } from './chance.ts'

export interface Post { readonly id: string; readonly root: string; readonly depth: number }

export const threadLimits = { recentMax: 96, hubPostsMax: 6, depthMax: 12 } as const

export class Threads {
  readonly #recent: Post[] = []
  readonly #hubPosts: Post[] = []
  #next = 0
  #nextHub = 0

  /** Remembers a post as something to answer; at the limit the oldest is forgotten. */
  add(post: Post, isHub: boolean): void {
    if (isHub) {
      this.#hubPosts[this.#nextHub] = post
      this.#nextHub = (this.#nextHub + 1) % threadLimits.hubPostsMax
    }
    if (post.depth >= threadLimits.depthMax) return
    this.#recent[this.#next] = post
    this.#next = (this.#next + 1) % threadLimits.recentMax
  }

  /** Something to repost or answer: often a hub's post, else a recent one; null while there is nothing. */
  pick(chance: Chance): Post | null {
    const from = this.#hubPosts.length > 0 && chance.unit() < 0.45 ? this.#hubPosts : this.#recent
    return from[chance.below(from.length)] ?? null
  }
}
