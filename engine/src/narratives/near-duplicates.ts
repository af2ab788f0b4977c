// Texts that say nearly the same, as groups: exact ones by their tokens, near ones by the share of character triples that two have in common (Jaccard),
// found with MinHash in bands (Broder, SEQUENCES 1997; Leskovec, Rajaraman & Ullman, chapter 3). A text joins the group of the leader that it is most
// like, never by way of a third: the more often said one leads.
import { finish } from '../core/1-decode/hash.ts'

export const duplicateLimits = { likeMin: 0.6, bands: 24, rowsABand: 2, leadersABucketMax: 64, comparedMax: 48, triplesMax: 400 } as const

/** Each group is numbers of texts, its leader first. `texts` come in the order in which they may lead. */
export function groupsOf(texts: readonly string[]): number[][] {
  const leaders: Leader[] = []
  const groups: number[][] = []
  const buckets = new Map<number, number[]>()
  for (const [text, said] of texts.entries()) {
    const triples = triplesOf(said)
    const bands = bandsOf(triples)
    const group = likest(triples, { leaders, candidates: candidatesOf(bands, buckets) })
    if (group >= 0) groups[group]!.push(text)
    else {
      for (const band of bands) {
        const bucket = buckets.get(band)
        if (bucket === undefined) buckets.set(band, [leaders.length])
        else if (bucket.length < duplicateLimits.leadersABucketMax) bucket.push(leaders.length) // a bucket of many is of what all say: the earlier ones were said more often
      }
      leaders.push({ triples })
      groups.push([text])
    }
  }
  return groups
}

interface Leader { readonly triples: Uint32Array }

/** Groups by how many bands they share with the text, the most first. */
function candidatesOf(bands: readonly number[], buckets: ReadonlyMap<number, readonly number[]>): number[] {
  const shared = new Map<number, number>()
  for (const band of bands) for (const leader of buckets.get(band) ?? []) shared.set(leader, (shared.get(leader) ?? 0) + 1)
  return [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, duplicateLimits.comparedMax).map(([leader]) => leader)
}

function likest(triples: Uint32Array, { leaders, candidates }: { readonly leaders: readonly Leader[]; readonly candidates: readonly number[] }): number {
  let best = -1, most: number = duplicateLimits.likeMin
  for (const candidate of candidates) {
    const like = jaccard(triples, leaders[candidate]!.triples)
    if (like > most || (like === most && (best < 0 || candidate < best))) [best, most] = [candidate, like]
  }
  return best
}

/** Hashes of the runs of three characters, different ones, ascending; a text of fewer is one run. */
export function triplesOf(text: string): Uint32Array {
  const points = Array.from(text, (character) => character.codePointAt(0)!)
  const found = new Set<number>()
  for (let at = 0; at === 0 || (at + 2 < points.length && found.size < duplicateLimits.triplesMax); at++) {
    found.add(finish(Math.imul((points[at] ?? 0) + 1, 0x9e3779b1) ^ Math.imul((points[at + 1] ?? 0) + 1, 0x85ebca6b) ^ Math.imul((points[at + 2] ?? 0) + 1, 0xc2b2ae35)) >>> 0)
  }
  return Uint32Array.from(found).sort()
}

export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let both = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) { both++; i++; j++ } else if (a[i]! < b[j]!) i++
    else j++
  }
  return both / (a.length + b.length - both)
}

const hashes = duplicateLimits.bands * duplicateLimits.rowsABand
const factors = Uint32Array.from({ length: hashes }, (_, i) => finish(Math.imul(i + 1, 0x9e3779b1)) | 1)
const shifts = Uint32Array.from({ length: hashes }, (_, i) => finish(Math.imul(i + 1, 0x85ebca6b)))
const least = new Uint32Array(hashes)

/** A number for each band: two texts of the same in one are compared. */
function bandsOf(triples: Uint32Array): number[] {
  least.fill(0xffffffff)
  for (const triple of triples) {
    for (let i = 0; i < hashes; i++) {
      let hash = (Math.imul(triple ^ shifts[i]!, factors[i]!)) >>> 0
      hash = (hash ^ (hash >>> 15)) >>> 0
      if (hash < least[i]!) least[i] = hash
    }
  }
  return Array.from({ length: duplicateLimits.bands }, (_, band) => {
    let hash = band
    for (let row = 0; row < duplicateLimits.rowsABand; row++) hash = finish(Math.imul(hash, 0x9e3779b1) ^ least[band * duplicateLimits.rowsABand + row]!)
    return hash >>> 0
  })
}
