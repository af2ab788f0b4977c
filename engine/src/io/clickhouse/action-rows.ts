// What people do about alerts as the store has it: a row an action, which is whole as JSON beside the columns that are asked by.
import { actionSchema, type Action, type ActionRow } from '@groundswell/schemas/action.ts'

/** As `actionColumns` are read. */
export interface StoredAction { readonly id: string; readonly atMs: number; readonly by: string; readonly action: string }

/** `seq`, `stream`: where the command stood. */
export function rowOfAction({ seq, row: { id, at, by, action } }: { readonly seq: number; readonly row: ActionRow }, stream: number): Readonly<Record<string, unknown>> {
  const alert = 'alert' in action ? action.alert : ''
  return { id, at: new Date(at).toISOString(), by, what: action.what, alert, topic: topicOf(action), action: JSON.stringify(action), stream, seq }
}

/** The columns from which `actionOfRow` makes the row. */
export const actionColumns = 'id, toUnixTimestamp64Milli(at) AS atMs, by, action'

/** null: it is of a newer groundswell, and not known here. */
export function actionOfRow({ id, atMs, by, action }: StoredAction): ActionRow | null {
  const parsed = actionSchema.safeParse(JSON.parse(action))
  return parsed.success ? { id, at: atMs, by, action: parsed.data } : null
}

/** The topic that it is about, `source:<platform>` included; an alert's id begins with it. Empty: it ends the pin, whichever that was. */
export function topicOf(action: Action): string {
  if ('topic' in action) return action.topic
  return 'alert' in action ? action.alert.split('/')[0]! : ''
}
