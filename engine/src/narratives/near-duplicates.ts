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
  const shared = new Uint8Array(texts.length) // bands that a leader shares with the text that is looked at
  for (const [text, said] of texts.entries()) {
    const triples = triplesOf(said)
    const bands = bandsOf(triples)
    const group = likest(triples, { leaders, candidates: candidatesOf(bands, { buckets, shared }) })
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
function candidatesOf(bands: readonly number[], { buckets, shared }: { readonly buckets: ReadonlyMap<number, readonly number[]>; readonly shared: Uint8Array }): number[] {
  const met: number[] = []
  for (const band of bands) {
    const bucket = buckets.get(band)
    if (bucket !== undefined) for (const leader of bucket) if (shared[leader]!++ === 0) met.push(leader)
  }
  const byCount: number[][] = []
  for (const leader of met) {
    (byCount[duplicateLimits.bands - shared[leader]!] ??= []).push(leader)
    shared[leader] = 0
  }
  const candidates: number[] = []
  byCount.forEach((leaders) => { if (candidates.length < duplicateLimits.comparedMax) candidates.push(...leaders.sort((a, b) => a - b)) })
  return candidates.slice(0, duplicateLimits.comparedMax)
}

function likest(triples: Uint32Array, { leaders, candidates }: { readonly leaders: readonly Leader[]; readonly candidates: readonly number[] }): number {
  let best = -1, most: number = duplicateLimits.likeMin
  for (const candidate of candidates) {
    const { triples: others } = leaders[candidate]!
    if (Math.min(triples.length, others.length) < most * Math.max(triples.length, others.length)) continue // they cannot have as much in common
    const like = jaccard(triples, others)
    if (like > most || (like === most && (best < 0 || candidate < best))) [best, most] = [candidate, like]
  }
  return best
}

/** Hashes of the runs of three characters, different ones, ascending; a text of fewer is one run. */
export function triplesOf(text: string): Uint32Array {
  let count = 0, second = -1, third = -1 // the two before
  for (const character of text) {
    const first = character.codePointAt(0)!
    if (third >= 0 && count < duplicateLimits.triplesMax) scratch[count++] = hashOf(third, second, first)
    third = second
    second = first
  }
  if (count === 0) scratch[count++] = hashOf(third, second, -1)
  const sorted = scratch.subarray(0, count).sort()
  let different = 0
  for (let at = 0; at < count; at++) if (at === 0 || sorted[at] !== sorted[different - 1]) sorted[different++] = sorted[at]!
  return sorted.slice(0, different)
}

const scratch = new Uint32Array(duplicateLimits.triplesMax)
const hashOf = (a: number, b: number, c: number): number => finish(Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35)) >>> 0

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
