// Which view the wall shows when nothing has it to itself: the topics for a minute and a half, then platforms and sources for half a minute, for ever (W13, W14).
export const views = ['topics', 'platforms'] as const
export type View = (typeof views)[number]

export const dwellMs: Readonly<Record<View, number>> = { topics: 90_000, platforms: 30_000 }

export interface Rotation { readonly view: View; readonly since: number }
export const firstView = (now: number): Rotation => ({ view: 'topics', since: now })

/** `held`: a takeover is on, there is nothing else to show, or the room does not want it. Afterwards the topics begin anew. The same object where nothing changed. */
export function rotate(at: Rotation, { now, held }: { readonly now: number; readonly held: boolean }): Rotation {
  if (held) return at.view === 'topics' && now - at.since < 1_000 ? at : firstView(now)
  if (now - at.since < dwellMs[at.view]) return at
  return { view: views[(views.indexOf(at.view) + 1) % views.length] ?? 'topics', since: now }
}
