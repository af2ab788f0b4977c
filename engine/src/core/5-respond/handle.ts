// What one action does to how far people are with an alert. Pure: the core folds with it, and so does who reads stored actions.
import type { ActionOf, ActionRow, Handling } from '@groundswell/schemas/action.ts'

/** An action about an alert, as it was done. */
export type AlertAction = ActionOf<'acknowledge' | 'work' | 'resolve' | 'reopen' | 'assign' | 'note'>

export const isAboutAlert = (action: ActionRow['action']): action is AlertAction => 'alert' in action

/**
 * `before` null: nobody touched it. What is new has no assignee. Acknowledging never takes a state back: only reopening does. Whoever
 * assigned or noted last what is still new stands as who touched it.
 */
export function handle(before: Handling | null, { by, at, action }: { readonly by: string; readonly at: number; readonly action: AlertAction }): Handling {
  const was: Handling = before ?? { state: 'new', by, at, assignee: null, notes: 0 }
  const put = (state: Handling['state'], assignee = was.assignee): Handling => ({ ...was, state, by, at, assignee })
  const isNew = was.state === 'new'
  switch (action.what) {
    case 'acknowledge': return isNew ? put('acknowledged') : was
    case 'work': return was.state === 'working' ? { ...was, assignee: was.assignee ?? by } : put('working', was.assignee ?? by)
    case 'resolve': return was.state === 'resolved' ? was : put('resolved')
    case 'reopen': return isNew ? was : put('new', null)
    case 'assign': return isNew ? put(action.to === null ? 'new' : 'acknowledged', action.to) : { ...was, assignee: action.to }
    case 'note': return { ...(isNew ? put('new') : was), notes: was.notes + 1 }
    default: return action satisfies never
  }
}
