// What somebody did, in words: for the log of a topic's alerts and the list of what is silent.
import type { Action } from '@groundswell/schemas/action.ts'
import { alertsMessages } from './alerts-messages.ts'
import type { Language } from './language.ts'
import { messages } from './messages.ts'

/** `timeOf` tells an end. A note, and the reason of a silence, are what somebody wrote: they follow as they are. */
export function actionWords(action: Action, lang: Language, timeOf: (ms: number) => string): { readonly did: string; readonly wrote: string } {
  const t = alertsMessages[lang]
  if (action.what === 'note') return { did: t.did.note, wrote: action.text }
  if (action.what === 'assign') return { did: action.to === null ? t.unassigned : t.assigned(action.to), wrote: '' }
  if (action.what === 'silence') return { did: `${t.did.silence} ${t.upTo(messages[lang].levels[action.grade].toLowerCase())} ${t.until(timeOf(action.until))}`, wrote: action.reason }
  if (action.what === 'pin') return { did: `${t.did.pin} ${t.until(timeOf(action.until))}`, wrote: '' }
  return { did: t.did[action.what], wrote: '' }
}
