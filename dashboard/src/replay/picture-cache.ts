// Pictures of the wall that were fetched, as runs that answer every moment of a span; the run that was asked for longest ago goes first.
import type { Snapshot } from '@groundswell/schemas/live.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import type { WallAt, WallPictures } from '@groundswell/schemas/replay.ts'

export const runsMax = 8 // of at most 49 pictures

export interface HeldPicture { readonly at: number; readonly snapshot: Snapshot }
/** Half open. stepMs: how far apart its pictures may be; 1: none between them is missing. */
export interface Run { readonly from: number; readonly to: number; readonly stepMs: number; readonly pictures: readonly HeldPicture[] }

/** The engine looks once a second at most: a step as long leaves nothing out. */
export const exactStepMs = 1_000

export class PictureCache {
  #runs: readonly Run[] = [] // asked for last, first

  put(run: Run): void {
    if (run.to > run.from) this.#runs = [run, ...this.#runs].slice(0, runsMax)
  }

  /** The newest picture that is not later, where steps of `stepMs` are fine enough; 'none': none was kept before it; null: not known here. */
  find(at: number, stepMs: number): HeldPicture | 'none' | null {
    let best: Run | null = null
    for (const run of this.#runs) if (run.from <= at && at < run.to && run.stepMs <= Math.max(stepMs, exactStepMs) && (best === null || run.stepMs < best.stepMs)) best = run
    if (best === null) return null
    if (this.#runs[0] !== best) this.#runs = [best, ...this.#runs.filter((run) => run !== best)] // it is asked with every frame
    return best.pictures.findLast((picture) => picture.at <= at) ?? 'none'
  }

  /** Until when every moment from `at` on is known. */
  knownUntil(at: number, stepMs: number): number {
    let until = at
    for (let found = true; found;) {
      found = false
      for (const run of this.#runs) {
        if (run.stepMs > Math.max(stepMs, exactStepMs) || run.from > until || run.to <= until) continue
        until = run.to
        found = true
      }
    }
    return until
  }
}

/** What an answer for one moment tells of the moments around it. */
export function runOfAnswer({ asked, at, snapshot, next }: WallAt): Run {
  const to = next ?? asked + 1 // later ones may come
  return { from: at ?? asked, to, stepMs: 1, pictures: at === null || snapshot === null ? [] : [{ at, snapshot }] }
}

export function runOfPictures({ from, to, stepMs, pictures }: WallPictures): Run {
  const inside = pictures.filter(({ at }) => at >= from)
  const last = inside.at(-1)
  const cut = last !== undefined && inside.length >= replayLimits.picturesMax
  return { from, to: cut ? Math.min(to, from + (Math.floor((last.at - from) / stepMs) + 1) * stepMs) : to, stepMs, pictures }
}
