// Cascades for the API: the ones in memory from the engine, older ones from the store; whatever takes long is done in pieces or by the thread for it.
import { said, saidOf } from '@groundswell/schemas/problem.ts'
import { setImmediate } from 'node:timers/promises'
import type { CascadeDetail, Which } from '@groundswell/schemas/cascade-detail.ts'
import type { CascadeTree } from '../core/3-measure/cascades/cascade-tree.ts'
import { pseudonymOf } from '../core/4-detect/spread/spreaders.ts'
import type { AccountKeys } from '../io/access/account-key.ts'
import { CascadesBusy } from '../io/cascade-thread/cascade-thread.ts'
import { mentionsOfNodes, storedIds, storedOf, storedTree, type StoredCascade } from '../io/clickhouse/cascade-reads.ts'
import { rootsOfStory } from '../io/clickhouse/story-roots.ts'
import { refusal } from '../io/http/answer.ts'
import type { CascadeReads, CascadesAsked, NodesAsked } from '../io/http/cascades.ts'
import { cascadeLists, KnownReproductions, whole, type Listed, type ListSources } from './cascade-lists.ts'
import { Kept } from './kept.ts'
import { RootWordsReads } from './root-words.ts'

export interface CascadeSources extends ListSources {
  /** Refuses where the store is away. */
  readonly told: <Answer>(work: Promise<Answer>) => Promise<Answer>
  /** What an account is called in place of a hash that its name gives; empty for an empty one. */
  readonly pseudonym: (hash: string) => string
  readonly keys: Pick<AccountKeys, 'of'>
}

/** What is kept of answers, for who asks again at once: a screen asks for detail, tree and ids of the same cascade. */
const keepMs = { live: 3000, stored: 20_000 } as const
const keptMax = { trees: 4, details: 32 } as const

/** A cascade as it is asked for: in memory, or the row of the store. */
type Found = { readonly which: 'live'; readonly tree: CascadeTree; readonly stored: null } | { readonly which: number; readonly tree: Uint8Array; readonly stored: StoredCascade }

export class Cascades implements CascadeReads {
  readonly #from: CascadeSources
  readonly #trees: Kept<Found>
  readonly #details: Kept<CascadeDetail>
  readonly #list: (asked: CascadesAsked) => Promise<readonly Listed[]>
  readonly #words: RootWordsReads
  readonly #reproductions: KnownReproductions

  constructor(from: CascadeSources) {
    this.#from = from
    this.#trees = new Kept(keptMax.trees, from.now)
    this.#details = new Kept(keptMax.details, from.now)
    this.#reproductions = new KnownReproductions(from.now)
    this.#list = cascadeLists(from, this.#reproductions)
    this.#words = new RootWordsReads(from)
  }

  /** Words are not told as the list is: of a store that is away they are null, and the list is there. */
  async list(asked: CascadesAsked): ReturnType<CascadeReads['list']> {
    const listed = await this.#told(this.#list(asked))
    const cascades = listed.map(({ row }) => row)
    return asked.words ? { cascades, words: await this.#words.of(listed.map(({ row, rootMs }) => ({ root: row.root, at: rootMs ?? Date.parse(row.firstAt) }))) } : { cascades }
  }

  detail(root: string, which: Which | null): Promise<CascadeDetail | null> { return this.#told(this.#detail(root, which)) }
  tree(root: string, which: Which | null): ReturnType<CascadeReads['tree']> { return this.#told(this.#tree(root, which)) }
  ids(root: string, which: Which | null, nodes: NodesAsked): ReturnType<CascadeReads['ids']> { return this.#told(this.#ids(root, which, nodes)) }
  inferred(root: string, which: Which | null): ReturnType<CascadeReads['inferred']> { return this.#told(this.#inferred(root, which)) }
  edges(root: string, which: Which | null, nodes: NodesAsked): ReturnType<CascadeReads['edges']> { return this.#told(this.#edges(root, which, nodes)) }
  story(root: string): ReturnType<CascadeReads['story']> { return this.#told(this.#story(root)) }
  rootOf(mention: string): string | null { return this.#from.live.rootOf(mention) }

  async #told<Answer>(asked: Promise<Answer>): Promise<Answer> {
    try {
      return await this.#from.told(asked)
    } catch (error) {
      if (error instanceof CascadesBusy) throw refusal(503, 'busy', { detail: said('cascades-busy', { words: saidOf(error) ?? error.message }), hint: said('again-soon') })
      throw error
    }
  }

  async #find(root: string, which: Which | null): Promise<Found | null> {
    const { live, store } = this.#from
    const key = keyOf(live, root, which)
    const had = this.#trees.get(key)
    if (had) return had
    const tree = typeof which === 'number' ? null : await whole(live.cascadeTree(root))
    const found: Found | null = tree ? { which: 'live', tree, stored: null } : await findStored(store, root, which)
    if (found) this.#trees.keep(key, found, found.which === 'live' ? keepMs.live : keepMs.stored)
    return found
  }

  async #tree(root: string, which: Which | null): ReturnType<CascadeReads['tree']> {
    const found = await this.#find(root, which)
    if (!found) return null
    return { which: found.which, bytes: found.which === 'live' ? await this.#from.thread.run({ kind: 'bytes', of: found.tree }) : found.tree }
  }

  async #ids(root: string, which: Which | null, nodes: NodesAsked): ReturnType<CascadeReads['ids']> {
    const found = await this.#find(root, which)
    if (!found) return null
    const { size, at } = await this.#from.thread.run({ kind: 'times', of: found.tree, ...nodes })
    const mentions = await mentionsOfNodes(this.#from.store, { ids: await this.#hashesOf(found), nodes: at.map((ms, i) => ({ node: nodes.from + i, at: ms })) })
    return { which: found.which, size, ids: mentions.map((mention, i) => mention?.id ?? (nodes.from + i === 0 ? root : null)) }
  }

  async #inferred(root: string, which: Which | null): ReturnType<CascadeReads['inferred']> {
    const found = await this.#find(root, which)
    return found && { which: found.which, ...await this.#from.thread.run({ kind: 'inferred', of: found.tree }) }
  }

  async #edges(root: string, which: Which | null, nodes: NodesAsked): ReturnType<CascadeReads['edges']> {
    const found = await this.#find(root, which)
    return found && { which: found.which, ...await this.#from.thread.run({ kind: 'edges', of: found.tree, ...nodes }) }
  }

  /** In memory is what is newest. */
  async #story(root: string): ReturnType<CascadeReads['story']> {
    const { live, store } = this.#from
    const story = await rootsOfStory(store, root)
    return story && { ...story, others: story.others.map((one) => ({ ...one, size: live.sizeOf(one.root) ?? one.size })) }
  }

  async #detail(root: string, asked: Which | null): Promise<CascadeDetail | null> {
    const { live, clock, store, thread } = this.#from
    const key = keyOf(live, root, asked)
    const had = this.#details.get(key)
    if (had) return had
    // Before the tree: it may leave memory between two turns of the loop, and each takes tens of milliseconds where it is large.
    const row = typeof asked === 'number' ? null : live.cascade(root)
    if (row) await setImmediate()
    const found = await this.#find(root, asked)
    if (!found) return null
    await setImmediate()
    const second = clock()
    const { reproduction, spreaders, ...study } = await thread.run({ kind: 'study', of: found.tree, now: found.which === 'live' && second !== null ? (second + 1) * 1000 - 1 : null })
    const liveRow = found.stored ? null : row ?? live.cascade(root)
    const cascade = liveRow ? { ...liveRow, live: true, reproduction } : found.stored?.row
    if (!cascade) return null
    if (liveRow) this.#reproductions.keep(liveRow, reproduction)
    const rows = (await storedOf(store, root)).map(({ which, row: { size, firstAt, lastAt } }) => ({ which, size, firstAt, lastAt }))
    const { size, firstAt, lastAt } = cascade
    const answer: CascadeDetail = { cascade, which: found.which, all: found.which === 'live' ? [{ which: 'live', size, firstAt, lastAt }, ...rows] : rows, ...study, spreaders: await this.#named(spreaders, found) }
    this.#details.keep(key, answer, found.which === 'live' ? keepMs.live : keepMs.stored)
    return answer
  }

  /** Mentions of spreaders by id; accounts that are verified, and so public, by name. A pseudonym is the same wherever the account is, and empty where a stored tree does not know it. */
  async #named(spreaders: CascadeDetail['spreaders'], found: Found): Promise<CascadeDetail['spreaders']> {
    const mentions = await mentionsOfNodes(this.#from.store, { ids: await this.#hashesOf(found), nodes: spreaders.map(({ node, at }) => ({ node, at: Date.parse(at) })) })
    const { pseudonym } = this.#from
    return spreaders.map((one, i) => {
      const mention = mentions[i]
      if (!mention) return { ...one, account: found.which === 'live' ? pseudonym(one.account) : '' }
      return { ...one, mention: mention.id, account: mention.verified === 1 && mention.name !== '' ? mention.name : pseudonym(pseudonymOf(mention.account)) }
    })
  }

  async #hashesOf(found: Found): Promise<Pick<CascadeTree, 'idLow' | 'idHigh'>> {
    if (found.which === 'live') return found.tree
    return await storedIds(this.#from.store, found.stored.row.root, found.which) ?? { idLow: new Uint32Array(), idHigh: new Uint32Array() }
  }
}

/** Of one in memory another with each mention. */
function keyOf(live: CascadeSources['live'], root: string, which: Which | null): string {
  const size = typeof which === 'number' ? null : live.sizeOf(root)
  return size === null ? `${root} ${which}` : `${root} live ${size}`
}

async function findStored(store: CascadeSources['store'], root: string, which: Which | null): Promise<Found | null> {
  if (which === 'live') return null
  const rows = await storedOf(store, root)
  const stored = which === null ? rows[0] : rows.find((row) => row.which === which)
  const bytes = stored && await storedTree(store, root, stored.which)
  return stored && bytes ? { which: stored.which, tree: bytes, stored } : null
}
