// What a wall and a webhook are told this engine shows: now, a recording, or a drill.
import type { Mode } from '@groundswell/schemas/live.ts'
import type { House } from './house.ts'

const replayAfterMs = 600_000

export type ModeFacts = Pick<House, 'mode' | 'figures'> & { readonly engine: Pick<House['engine'], 'clock'> }

/** A recording is being replayed where the newest arrivals tell of another time than the one they arrived in. */
export function modeOf({ mode, engine, figures }: ModeFacts): Mode {
  if (mode === 'demo') return 'demo'
  return engine.clock !== null && figures.mentionsAt - engine.clock * 1000 > replayAfterMs ? 'replay' : 'live'
}
