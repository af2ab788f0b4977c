// When the page loads itself anew (W24): only for another build, only after all of it was fetched, at most once in ten minutes, never while something severe is news.
export const reloadTimes = { upMsMin: 600_000, probeMsMin: 600_000 } as const

export interface BuildWatch { readonly probedAt: number; readonly epoch: string | null } // ms since the page was loaded; the engine that was heard last
export const noProbeYet: BuildWatch = { probedAt: -Infinity, epoch: null }

/** Another engine may bring another wall: it is asked for at once, otherwise every ten minutes. `upMs` since the page was loaded: as a page that is
 *  younger than ten minutes never asks, none loads itself anew twice in that time, whatever is remembered. */
export function probeDue(watch: BuildWatch, { upMs, epoch, busy }: { readonly upMs: number; readonly epoch: string | null; readonly busy: boolean }): boolean {
  if (busy || epoch === null || upMs < reloadTimes.upMsMin) return false
  return (watch.epoch !== null && watch.epoch !== epoch) || upMs - watch.probedAt >= reloadTimes.probeMsMin
}

/** The files of the build that a page names: its scripts and styles, whose names hold a hash of what is in them. */
export const filesOf = (html: string): readonly string[] => [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="(\.\/assets\/[^"]+)"/g)].map(([, name]) => name ?? '').toSorted()

/** True where the server has another build and all of it is there. A build that is being copied, a proxy's error page and a server without a wall are none. */
export async function otherBuild(own: readonly string[], ask: (path: string) => Promise<{ readonly ok: boolean; readonly text: () => Promise<string> }>): Promise<boolean> {
  try {
    const page = await ask('./')
    if (!page.ok) return false
    const files = filesOf(await page.text())
    if (files.length === 0 || own.length === 0 || files.join() === own.join()) return false
    const answers = await Promise.all(files.map(async (file) => {
      const answer = await ask(file)
      await answer.text()
      return answer.ok
    }))
    return answers.every(Boolean)
  } catch {
    return false // nobody answered: the picture that is there is better than none
  }
}
