// What a takeover on a replayed wall asks of cascades: their trees as they were at the moment that is shown. Which of a topic is the largest is told as of now.
import type { CascadeRow } from '@groundswell/schemas/cascade.ts'
import { decodeTree, encodeTree, type CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'
import { CascadeUnreadable } from '@groundswell/schemas/varints.ts'
import { heldAt } from '../graph/filters.ts'
import { nodeFlags } from '../graph/graph-tree.ts'
import { CascadeApi } from '../live/cascade-api.ts'

export class ReplayCascadeApi extends CascadeApi {
  readonly #clock: () => number | null

  /** `clock`: event time of the picture, seconds. */
  constructor(page: URL, clock: () => number | null) {
    super(page)
    this.#clock = clock
  }

  override async tree(...asked: Parameters<CascadeApi['tree']>): ReturnType<CascadeApi['tree']> {
    const answer = await super.tree(...asked)
    const clock = this.#clock()
    if (!answer.ok || clock === null) return answer
    try {
      const cut = cutAt(decodeTree(new Uint8Array(answer.value.bytes)), clock * 1000 + 999)
      return cut === null ? { ok: false, why: 'unknown', detail: 'it had not begun' } : { ok: true, value: { bytes: encodeTree(cut).buffer, tag: null } }
    } catch (error) {
      if (!(error instanceof CascadeUnreadable)) throw error
      return { ok: false, why: 'unreadable', detail: error.message }
    }
  }

  override async detail(...asked: Parameters<CascadeApi['detail']>): ReturnType<CascadeApi['detail']> {
    const answer = await super.detail(...asked)
    return answer.ok ? { ok: true, value: { ...answer.value, cascade: ofThen(answer.value.cascade) } } : answer
  }

  override async largestOf(...asked: Parameters<CascadeApi['largestOf']>): ReturnType<CascadeApi['largestOf']> {
    const answer = await super.largestOf(...asked)
    return answer.ok && answer.value !== null ? { ok: true, value: ofThen(answer.value) } : answer
  }
}

/** How it grows is known of now alone. */
const ofThen = (row: CascadeRow): CascadeRow => ({ ...row, reproduction: null })

/** The mentions until then; one whose parent came later hung under the root with an edge that was not known. null: not even the root. */
export function cutAt(tree: CascadeColumns, until: number): CascadeColumns | null {
  if (tree.at[0]! > until) return null
  const size = heldAt(tree, until)
  const parent = tree.parent.slice(0, size), flags = tree.flags.slice(0, size)
  for (let node = 1; node < size; node++) {
    if (parent[node]! < size) continue
    parent[node] = 0
    flags[node] = flags[node]! | nodeFlags.unknownEdge
  }
  return { ...tree, size, parent, flags, at: tree.at.slice(0, size), followers: tree.followers.slice(0, size), author: tree.author.slice(0, size), platform: tree.platform.slice(0, size), sign: tree.sign.slice(0, size) }
}
