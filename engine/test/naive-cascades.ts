// Cascades worked out anew from a whole set of mentions, by the rule of docs/decisions/0011-cascades.md read literally: what the store and the CLI are held against.

export interface NaiveMention {
  readonly id: string
  readonly parent?: string | undefined
  readonly root?: string | undefined
  readonly at: number // event time, ms
  /** Orders mentions of one time: where left out, their ids as text. The core orders them by the hash of the id. */
  readonly rank?: bigint
  readonly author?: number // 0: not known
  readonly followers?: number // −1: not known
  readonly platform?: number
  readonly sign?: number
  readonly hasText?: boolean
}

export interface NaiveEdge {
  /** Id of the effective parent; null: a root. */
  readonly parent: string | null
  /** The root stands in for a parent that is not known. */
  readonly unknown: boolean
  /** It has an effective parent, but is the earliest of a ring. */
  readonly cut: boolean
}

export interface NaiveTree {
  readonly root: string
  readonly nodes: readonly string[]
  readonly size: number
  readonly depth: number
  readonly breadth: readonly number[] // mentions by generation
  readonly leaves: number
  readonly structuralVirality: number
  readonly firstAt: number
  readonly lastAt: number
  readonly reach: number
  readonly followersKnown: number
  readonly withText: number
  readonly negative: number
  readonly neutral: number
  readonly positive: number
  readonly authors: number // distinct, exact
  readonly platforms: ReadonlyMap<number, { readonly mentions: number; readonly firstAt: number }>
  readonly unknownEdges: number
  readonly spreaderFollowersMax: number // without the root; −1: none known
  readonly generation: ReadonlyMap<string, number>
  readonly subtree: ReadonlyMap<string, number>
}

/** The effective parent of each mention. Of mentions with one id the first counts. */
export function naiveEdges(mentions: readonly NaiveMention[]): Map<string, NaiveEdge> {
  const byId = firstOfEach(mentions)
  const nominal = new Map<string, { parent: string | null; unknown: boolean }>()
  for (const one of byId.values()) {
    if (one.parent !== undefined && one.parent !== one.id && byId.has(one.parent)) nominal.set(one.id, { parent: one.parent, unknown: false })
    else if (one.root !== undefined && one.root !== one.id && byId.has(one.root)) nominal.set(one.id, { parent: one.root, unknown: true })
    else nominal.set(one.id, { parent: null, unknown: false })
  }
  const edges = new Map<string, NaiveEdge>([...nominal].map(([id, edge]) => [id, { ...edge, cut: false }]))
  for (const id of byId.keys()) {
    const ring = ringOf(id, nominal)
    if (ring.length === 0) continue
    const earliest = ring.map((each) => byId.get(each)!).reduce((a, b) => (comesBefore(b, a) ? b : a))
    edges.set(earliest.id, { parent: null, unknown: false, cut: true })
  }
  return edges
}

/** All trees, those of one mention too, by the id of their root. */
export function naiveTrees(mentions: readonly NaiveMention[]): Map<string, NaiveTree> {
  const byId = firstOfEach(mentions)
  const edges = naiveEdges(mentions)
  const members = new Map<string, string[]>()
  for (const id of byId.keys()) {
    const root = pathUp(id, edges).at(-1)!
    members.set(root, [...(members.get(root) ?? []), id])
  }
  return new Map([...members].map(([root, ids]) => [root, measure(root, ids.map((id) => byId.get(id)!), edges)]))
}

/** Mean distance over all pairs of mentions of one tree, each pair walked. */
export function meanPairwiseDistance(ids: readonly string[], edges: ReadonlyMap<string, NaiveEdge>): number {
  if (ids.length < 2) return 0
  const paths = ids.map((id) => pathUp(id, edges))
  let sum = 0
  for (let a = 0; a < paths.length; a++) {
    const place = new Map(paths[a]!.map((id, steps) => [id, steps]))
    for (let b = a + 1; b < paths.length; b++) {
      const steps = paths[b]!.findIndex((id) => place.has(id))
      sum += steps + place.get(paths[b]![steps]!)!
    }
  }
  return (2 * sum) / (ids.length * (ids.length - 1))
}

function firstOfEach(mentions: readonly NaiveMention[]): Map<string, NaiveMention> {
  const byId = new Map<string, NaiveMention>()
  for (const one of mentions) if (!byId.has(one.id)) byId.set(one.id, one)
  return byId
}

/** The ring that the mention is part of, from it on; empty where it is on none. */
function ringOf(id: string, nominal: ReadonlyMap<string, { readonly parent: string | null }>): string[] {
  const way = [id]
  const seen = new Set(way)
  for (let at = nominal.get(id)!.parent; at !== null; at = nominal.get(at)!.parent) {
    if (at === id) return way
    if (seen.has(at)) return [] // it leads into a ring without being of it
    way.push(at)
    seen.add(at)
  }
  return []
}

function comesBefore(a: NaiveMention, b: NaiveMention): boolean {
  if (a.at !== b.at) return a.at < b.at
  if (a.rank !== undefined && b.rank !== undefined) return a.rank < b.rank
  return a.id < b.id
}

/** From the mention up to its root, both included. */
function pathUp(id: string, edges: ReadonlyMap<string, NaiveEdge>): string[] {
  const path = [id]
  for (let at = edges.get(id)!.parent; at !== null; at = edges.get(at)!.parent) path.push(at)
  return path
}

function measure(root: string, nodes: readonly NaiveMention[], edges: ReadonlyMap<string, NaiveEdge>): NaiveTree {
  const generation = new Map<string, number>()
  const subtree = new Map<string, number>(nodes.map((node) => [node.id, 0]))
  const breadth: number[] = []
  const platforms = new Map<number, { mentions: number; firstAt: number }>()
  for (const node of nodes) {
    const path = pathUp(node.id, edges)
    generation.set(node.id, path.length - 1)
    breadth[path.length - 1] = (breadth[path.length - 1] ?? 0) + 1
    for (const above of path) subtree.set(above, subtree.get(above)! + 1)
    const platform = platforms.get(node.platform ?? 0)
    platforms.set(node.platform ?? 0, { mentions: (platform?.mentions ?? 0) + 1, firstAt: Math.min(platform?.firstAt ?? Infinity, node.at) })
  }
  const size = nodes.length
  const wiener = nodes.reduce((sum, { id }) => (id === root ? sum : sum + subtree.get(id)! * (size - subtree.get(id)!)), 0)
  const known = nodes.filter((node) => (node.followers ?? -1) >= 0)
  const signs = (sign: number): number => nodes.filter((node) => (node.sign ?? 0) === sign).length
  return {
    root, nodes: nodes.map((node) => node.id), size, depth: breadth.length - 1, breadth,
    leaves: [...subtree.values()].filter((below) => below === 1).length,
    structuralVirality: size < 2 ? 0 : (2 * wiener) / (size * (size - 1)),
    firstAt: nodes.reduce((first, node) => Math.min(first, node.at), Infinity), lastAt: nodes.reduce((last, node) => Math.max(last, node.at), -Infinity),
    reach: known.reduce((sum, node) => sum + node.followers!, 0), followersKnown: known.length,
    withText: nodes.filter((node) => node.hasText).length, negative: signs(-1), neutral: signs(0), positive: signs(1),
    authors: new Set(nodes.map((node) => node.author ?? 0).filter((author) => author !== 0)).size,
    platforms, unknownEdges: nodes.filter((node) => edges.get(node.id)!.unknown).length,
    spreaderFollowersMax: known.reduce((most, node) => (node.id === root ? most : Math.max(most, node.followers!)), -1),
    generation, subtree,
  }
}
