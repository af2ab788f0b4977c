// What the wall showed before a restart, handed to the parts of an engine that show it. Before any input.
import type { Sources } from './3-measure/sources.ts'
import type { Volume } from './3-measure/volume.ts'
import type { Silence } from './4-detect/silence.ts'
import type { Recalled } from './remembered.ts'
import type { Tally } from './tally.ts'
import type { Watch } from './watch.ts'

export interface Recalling { readonly tally: Tally; readonly volume: Volume; readonly sources: Sources; readonly silence: Silence; readonly watch: Watch }

export function recallParts({ tally, seconds, minutes, sources, newest }: Recalled, parts: Recalling, clock: number): void {
  parts.tally.recall(tally)
  parts.volume.recall({ seconds, minutes }, clock)
  for (const source of sources) {
    parts.sources.recall(source, Math.floor(clock / 60))
    parts.silence.recall(parts.sources.idOf(source.platform), source)
  }
  const at = new Map(newest.map((one) => [one.topic, one.at]))
  for (const { rules, wheels } of parts.watch.topics) wheels.newestAt = Math.max(wheels.newestAt, at.get(rules.id) ?? -1)
}
