// What one action does to how far people are with an alert. Pure: the core folds with it, and so does who reads stored actions.
import type { ActionOf, ActionRow, Handling } from '@groundswell/schemas/action.ts'

/** An action about an alert, as it was done. */
export type AlertAction = ActionOf<'acknowledge' | 'work' | 'resolve' | 'reopen' | 'assign' | 'note'>

export const isAboutAlert = (action: ActionRow['action']): action is AlertAction => 'alert' in action

const untouched: Omit<Handling, 'by' | 'at'> = { state: 'new', assignee: null, notes: 0 }

/**
 * `before` null: nobody touched it. What is new has no assignee. Acknowledging never takes a state back: only reopening does. Whoever
 * assigned or noted last what is still new stands as who touched it.
 */
export function handle(before: Handling | null, { by, at, action }: { readonly by: string; readonly at: number; readonly action: AlertAction }): Handling {
  const was = before ?? { ...untouched, by, at }
  const isNew = was.state === 'new'
  const who = { by, at }
  switch (action.what) {
    case 'acknowledge': return isNew ? { ...was, ...who, state: 'acknowledged' } : was
    case 'work': return was.state === 'working' ? { ...was, assignee: was.assignee ?? by } : { ...was, ...who, state: 'working', assignee: was.assignee ?? by }
    case 'resolve': return was.state === 'resolved' ? was : { ...was, ...who, state: 'resolved' }
    case 'reopen': return isNew ? was : { ...untouched, ...who, notes: was.notes }
    case 'assign': {
      const assigned = { ...was, ...(isNew ? who : {}), assignee: action.to }
      return isNew && action.to !== null ? { ...assigned, state: 'acknowledged' } : assigned
    }
    case 'note': return { ...was, ...(isNew ? who : {}), notes: was.notes + 1 }
    default: return action satisfies never
  }
}
