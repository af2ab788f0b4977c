// What the core folds over, in the one order of the input stream, and what it asks the shell to do.
import type { Command } from '@groundswell/schemas/command.ts'
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { AlertEvent, SpikeEvent } from '@groundswell/schemas/spike.ts'
import type { CascadeTree } from './3-measure/cascades/cascade-tree.ts'
import type { EnrichedBatch } from './batch.ts'

export type Input =
  | { readonly kind: 'batch'; readonly batch: EnrichedBatch }
  | { readonly kind: 'tick'; readonly seq: number; readonly now: number } // now: JetStream time of the input, ms
  | { readonly kind: 'command'; readonly seq: number; readonly now: number; readonly command: Command }

/** Each effect that leaves the process carries a deterministic id: carrying it out again is harmless. */
export type Effect =
  | { readonly kind: 'event'; readonly event: SpikeEvent } // → spikes table, NATS spikes.<topic>
  | { readonly kind: 'alert'; readonly event: AlertEvent; readonly row: AlertRow; readonly muted?: true } // → alerts table, outbox: NATS alerts.<grade>, and webhooks unless muted
  | { readonly kind: 'action'; readonly seq: number; readonly row: ActionRow } // somebody did something about an alert → actions table
  | { readonly kind: 'cascade'; readonly tree: CascadeTree; readonly topics: readonly string[]; readonly evictedAt: number } // evictedAt: of the input, ms. It left memory → a row of cascades
  | { readonly kind: 'rules'; readonly seq: number; readonly text: string; readonly by?: string } // rules are in force from here on: workers switch, the rules table gets a row
  | { readonly kind: 'rules-refused'; readonly seq: number; readonly reason: string }
  | { readonly kind: 'fill'; readonly rulesSeq: number; readonly topics: readonly string[]; readonly now: number } // read their past from the store, answer with commands.fill
  | { readonly kind: 'forget'; readonly mention?: string; readonly author?: string }
