// What an engine is made with: the rules, where in which stream it stands, and what it goes on from.
import type { Rules } from '@groundswell/schemas/rules.ts'
import type { HourOfWeek } from './4-detect/reason.ts'
import type { SilenceOptions } from './4-detect/silence.ts'
import type { Remembered } from './remembered.ts'
import type { SpreadRoom } from './spread.ts'

/** Cascades of a test, or of whoever asks for nothing of spread. */
export const smallRoom: SpreadRoom = { nodesMax: 10_000, quietSeconds: 172_800 }

export interface EngineOptions {
  readonly rules: Rules
  readonly rulesSeq: number // sequence of the command that brought them; 0: the rules at start
  readonly stream: number // created time of the input stream, ms
  readonly seenMax?: number // ids that the duplicate filter remembers
  readonly cooldownSeconds?: number // event time after an episode's last spike in which another belongs to it
  readonly cascades?: SpreadRoom // how many mentions cascades are followed in, and for how long; absent: `smallRoom`
  readonly silence?: SilenceOptions // when a source is blind; absent: never
  readonly hourOfWeek?: HourOfWeek // by which the words of an alarm say the hour; absent: UTC, and they say so
  readonly fillSeq?: number // what the fills of a restart answer: its position; the default is rulesSeq
  readonly filling?: boolean // true at a restart: all topics wait for the fill of `rulesSeq`
  readonly clock?: number | null // event clock to go on from, seconds: the newest second of a counted mention in the store
  readonly remembered?: Remembered // thresholds and alerts to go on from, as the store has them
}
