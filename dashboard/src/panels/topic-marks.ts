// What is marked on a topic's time axis: its alarms, what people did, and their notes, which stand for statements.
import type { ActionRow } from '@groundswell/schemas/action.ts'
import type { AlarmSpan } from '../chart/alarm-spans.ts'
import { actionWords } from '../i18n/action-words.ts'
import type { Language } from '../i18n/language.ts'
import { alarmReason } from '../i18n/topic-words.ts'
import type { Mark } from '../replay/marks.ts'
import type { RoomTime } from '../room/room-time.ts'

export interface Marked { readonly actions: readonly ActionRow[]; readonly alarms: readonly AlarmSpan[] }

/** In no order; an alarm that began before the axis has no mark. */
export function marksOf({ actions, alarms }: Marked, { lang, roomTime }: { readonly lang: Language; readonly roomTime: (ms: number) => RoomTime }): Mark[] {
  const timeOf = (ms: number): string => `${roomTime(ms).date} ${roomTime(ms).minute}`
  return [
    ...alarms.flatMap(({ id, begin, said }): Mark[] => (begin === null ? [] : [{ id, at: Date.parse(begin.at), kind: 'alert', grade: said.grade, text: alarmReason(said, lang, roomTime) }])),
    ...actions.map(({ id, at, by, action }): Mark => {
      const { did, wrote } = actionWords(action, lang, timeOf)
      return { id: `action/${id}`, at, kind: action.what === 'note' ? 'statement' : 'action', text: `${timeOf(at)} ${by}: ${did}${wrote === '' ? '' : ` · ${wrote}`}` }
    }),
  ]
}
