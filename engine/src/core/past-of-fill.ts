// The past that a fill brings, as the watch takes it: nothing from ahead of the clock.
import type { Command } from '@groundswell/schemas/command.ts'
import type { PastSlices } from './3-measure/topic-wheels.ts'
import type { Watch } from './watch.ts'

type Fill = Extract<Command, { kind: 'fill' }>

/** The newest second that it speaks of; −1: it is empty. */
export function newestOfFill({ topics }: Fill): number {
  return Math.max(-1, ...topics.map((topic) => Math.max(topic.seconds.at(-1)?.[0] ?? -1, (topic.minutes.at(-1)?.[0] ?? -1) * 60)))
}

export function fillWatch(watch: Watch, { topics, rules: rulesSeq, known }: Fill, clock: number): void {
  for (const { id, seconds, minutes, hours = [] } of topics) {
    const past: PastSlices = { seconds: seconds.filter(([second]) => second <= clock), minutes: minutes.filter(([minute]) => minute * 60 <= clock), hours, known: known ?? null }
    watch.fill(id, past, { rulesSeq, clock })
  }
}
