// Whether what somebody did is on the screen already: the desk says "sending" until the live picture shows it.
import type { Action, Pin, Silence } from '@groundswell/schemas/action.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { handlingOf } from './handling.ts'

/** `alertOf` is null for an alert that the desk does not know. */
export interface Shown { readonly alertOf: (id: string) => AlertRow | null; readonly silences: readonly Silence[]; readonly pin: Pin | null }

/** `notesBefore`: how many notes the alert had when one was sent. Of an alert that the desk does not know nothing can be shown. */
export function isShown(action: Action, { alertOf, silences, pin }: Shown, notesBefore = 0): boolean {
  switch (action.what) {
    case 'silence': return silences.some(({ topic, grade, reason }) => topic === action.topic && grade === action.grade && reason === action.reason)
    case 'unsilence': return silences.every(({ topic }) => topic !== action.topic)
    case 'pin': return pin?.topic === action.topic && pin.until <= action.until
    case 'unpin': return pin === null
    default: {
      const alert = alertOf(action.alert)
      return alert === null || isHandled(alert, action, notesBefore)
    }
  }
}

/** Whether doing this would change nothing any more: the silence is over, the pin is down, the alert is open. Of an alert that the desk does not know it may. `now`: ms. */
export function isOver(action: Action, { alertOf, silences, pin }: Shown, now: number): boolean {
  if ('alert' in action && alertOf(action.alert) === null) return false
  return isShown(action, { alertOf, silences: silences.filter(({ until }) => until > now), pin: pin !== null && pin.until > now ? pin : null })
}

function isHandled(alert: AlertRow, action: Extract<Action, { readonly alert: string }>, notesBefore: number): boolean {
  const state = handlingOf(alert)
  switch (action.what) {
    case 'acknowledge': return state !== 'new'
    case 'work': return state === 'working'
    case 'resolve': return state === 'resolved'
    case 'reopen': return state === 'new'
    case 'assign': return (alert.handling?.assignee ?? null) === action.to
    case 'note': return (alert.handling?.notes ?? 0) > notesBefore
    default: return action satisfies never
  }
}
