// What a deed about groups of alerts sends: one action for each alert that it changes, or one for a topic.
import type { Action } from '@groundswell/schemas/action.ts'
import type { Grade } from '@groundswell/schemas/grade.ts'
import { targetsOf, type AlertGroup } from './alert-groups.ts'
import type { GroupDeed } from './alert-keys.ts'
import { handlingOf } from './handling.ts'

/** Those that must be told something first. */
export type DialogDeed = Extract<GroupDeed, 'assign' | 'note' | 'silence' | 'pin'>
export const asks = (deed: GroupDeed | 'unpin'): deed is DialogDeed => deed === 'assign' || deed === 'note' || deed === 'silence' || deed === 'pin'

/** What a dialog was told. words: a name (none: nobody), a note, a reason · until: ms. */
export interface Told { readonly words: string; readonly grade: Grade; readonly until: number }

export function actionsOf(deed: GroupDeed | 'unpin', group: AlertGroup, told: Told): readonly Action[] {
  const { topic } = group
  switch (deed) {
    case 'silence': return [{ what: 'silence', topic, grade: told.grade, until: told.until, reason: told.words }]
    case 'unsilence': return group.silence === null ? [] : [{ what: 'unsilence', topic }]
    case 'pin': return [{ what: 'pin', topic, until: told.until }]
    case 'unpin': return [{ what: 'unpin' }]
    case 'assign': return targetsOf(group, deed).map(({ id }) => ({ what: 'assign', alert: id, to: told.words === '' ? null : told.words }))
    case 'note': return targetsOf(group, deed).map(({ id }) => ({ what: 'note', alert: id, text: told.words }))
    default: return targetsOf(group, deed).map(({ id }) => ({ what: deed, alert: id }))
  }
}

/** What takes it back, where anything does: alerts that were new are new again, a silence ends, a pin is taken down. */
export function undoOf(deed: GroupDeed | 'unpin', group: AlertGroup): readonly Action[] {
  if (deed === 'silence') return group.silence === null ? [{ what: 'unsilence', topic: group.topic }] : []
  if (deed === 'pin') return [{ what: 'unpin' }]
  if (deed !== 'acknowledge' && deed !== 'work' && deed !== 'resolve') return []
  return targetsOf(group, deed).filter((alert) => handlingOf(alert) === 'new').map(({ id }) => ({ what: 'reopen', alert: id }))
}
