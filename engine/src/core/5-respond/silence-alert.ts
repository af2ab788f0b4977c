// A source that went blind, or is seen again, as the message that leaves the process and its row in the list: ids are the same in every replay.
import { durationSecondsMax } from '@groundswell/schemas/duration.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { SilenceEvent } from '@groundswell/schemas/spike.ts'
import type { SilenceChange } from '../4-detect/silence.ts'
import { isoSecond } from '../4-detect/iso-second.ts'

const grade = 'moderate'

export interface SilenceAlert { readonly event: SilenceEvent; readonly row: AlertRow }

/** The row is that of the blindness, in both cases; one that is over says when. */
export function silenceAlert({ kind, source, at, since, silentMs, cadenceMs }: SilenceChange): SilenceAlert {
  const atIso = isoSecond(Math.floor(at / 1000))
  const sinceIso = isoSecond(Math.floor(since / 1000))
  const topic = `source:${source}`
  const silentSeconds = Math.floor(silentMs / 1000)
  return {
    event: { kind, source, grade, at: atIso, silentSeconds, cadenceSeconds: cadenceMs / 1000, id: `${topic}/${atIso}/${kind}` },
    row: {
      id: `${topic}/${sinceIso}/blind`, topic, name: { zh: source, en: source }, grade, rule: { count: 0, within: `${Math.min(silentSeconds, durationSecondsMax)}s` },
      at: sinceIso, count: 0, clearedAt: kind === 'seen' ? atIso : null, source,
    },
  }
}

/** The list as stored rows have it: the platform is in the topic. */
export function withSource(row: AlertRow): AlertRow {
  return row.topic.startsWith('source:') ? { ...row, source: row.topic.slice('source:'.length) } : row
}
