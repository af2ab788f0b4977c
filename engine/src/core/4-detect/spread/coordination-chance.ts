// Whether two accounts shared the same objects within a minute of each other more often than those who share them anyway do by chance.
//
// The null: both have the same interests, so that each shares whatever popular thing the other shares, and when is chance. Of an object that n
// accounts had shared when one more did, k of them within the minute before, any one of the n was within it with probability k/n; few sharers
// say little, so the share is drawn towards that of any object of its kind: q = (k + h·q0)/(n + h). Two accounts that each share `trials`
// such objects then meet Poisson(trials · q̄) times. About n²/2 pairs of sharers had that chance, so the tail is held against one in n²/2.
// So a viral object, a room full of followers who wait for the next post, and one who shares everything are no evidence; ten who paste three texts are.
// After Pacheco et al. (ICWSM 2021: shared objects weighted by how rare they are) and CooRnet (Giglietto et al. 2020: within a time, repeatedly).

export type ObjectKind = 'text' | 'link' | 'root'

/**
 * What draws q: `sharers` imagined ones (h), of whom `within` (h·q0) were within the minute. On real Weibo reposts, of the earlier sharers of a root 2.6 % had
 * come within the minute, of texts that are shared twice 3 to 7 %; but 40 % where a root had fewer than 20: its first minutes are its busiest. So roots are drawn little:
 * who rushes to a new post is no evidence. The same twelve characters of one's own are nobody's habit.
 */
export const priors = { text: { sharers: 1000, within: 10 }, link: { sharers: 400, within: 4 }, root: { sharers: 20, within: 0.4 } } as const satisfies Record<ObjectKind, unknown>

export const linkLimits = {
  objectsMin: 3, // texts and links alone
  withRootsMin: 5, // of any kind
  falseLinksMax: 0.01, // pairs that chance may link among the sharers of the same objects
  shareMax: 0.25, // a share of which q is larger says nothing of who came together
} as const

/** q: of `sharers` before one more, `within` were within the minute. */
export function chanceOf(kind: ObjectKind, within: number, sharers: number): number {
  const prior = priors[kind]
  return (within + prior.within) / (sharers + prior.sharers)
}

/** What two accounts have in common among objects of some kinds. */
export interface Meetings {
  objects: number // different ones that both shared within a minute
  chance: number // sum of their q
  logSharers: number // sum of the logarithms of how many had shared each
  trials: number // objects of these kinds that the less busy of the two shared with anybody
}

/** `rare`: texts and links; `all`: these and roots. */
export function isLinked(rare: Meetings, all: Meetings): boolean {
  return (rare.objects >= linkLimits.objectsMin && isUnlikely(rare)) || (all.objects >= linkLimits.withRootsMin && isUnlikely(all))
}

function isUnlikely({ objects, chance, logSharers, trials }: Meetings): boolean {
  const sharers = Math.max(2, Math.exp(logSharers / objects))
  const expected = (Math.max(trials, objects) * chance) / objects
  return (poissonTail(objects, expected) * sharers * sharers) / 2 <= linkLimits.falseLinksMax
}

/** P(X ≥ count), X ~ Poisson(mean), to 1e-12 of itself; 1 where the mean is at least the count, which is as good here. */
export function poissonTail(count: number, mean: number): number {
  if (mean >= count) return 1
  if (mean <= 0) return 0
  let term = 1
  for (let i = 1; i <= count; i++) term *= mean / i
  let sum = 1
  let more = 1
  for (let i = count + 1; more > 1e-13; i++) {
    more *= mean / i
    sum += more
  }
  return term * sum * Math.exp(-mean)
}
