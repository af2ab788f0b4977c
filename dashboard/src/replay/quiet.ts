// Which stretches of a span are quiet, by its own measure: the emptiest steps that together hold at most one mention in a hundred.
import type { Span } from './playhead.ts'

/** Share of the span's mentions that quiet stretches hold together, at most; the least share of the span that one of them lasts. */
export const quietLimits = { mentions: 0.01, lasts: 1 / 120 } as const

/** Counts a step: −1 where it is not known, which is never quiet. */
export interface VolumeColumn { readonly from: number; readonly stepMs: number; readonly counts: ArrayLike<number> }

export interface Quiet {
  readonly spans: readonly Span[] // ms, disjoint, in order
  readonly most: number // mentions a step that is still called quiet; −1: none is
  readonly mentions: number // in all of them
  readonly ms: number // they last together
}

export function quietOf({ from, stepMs, counts }: VolumeColumn): Quiet {
  const most = mostOf(counts)
  const least = Math.max(1, Math.ceil(counts.length * quietLimits.lasts))
  const spans: Span[] = []
  let mentions = 0, steps = 0, begin = 0, held = 0
  for (let i = 0; i <= counts.length; i++) {
    const count = i < counts.length ? counts[i]! : -1
    if (count >= 0 && count <= most) {
      held += count
      continue
    }
    if (i - begin >= least) {
      spans.push([from + begin * stepMs, from + i * stepMs])
      mentions += held
      steps += i - begin
    }
    begin = i + 1
    held = 0
  }
  return { spans, most, mentions, ms: steps * stepMs }
}

/** The largest count of which all steps with as many or fewer together hold no more than their share. */
function mostOf(counts: ArrayLike<number>): number {
  const known = Float64Array.from(counts).filter((count) => count >= 0).sort()
  const total = known.reduce((sum, count) => sum + count, 0)
  let most = -1, sum = 0
  for (let i = 0; i < known.length; i++) {
    sum += known[i]!
    if (sum > total * quietLimits.mentions) break
    if (known[i + 1] !== known[i]) most = known[i]!
  }
  return total === 0 ? -1 : most
}
