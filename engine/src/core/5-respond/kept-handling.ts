// What people did about alerts as a checkpoint keeps it: read as what it is, or refused.
import { actionLimits, actionSchema, handlingStates, personSchema, type ActionRow, type Handling, type Pin, type Silence } from '@groundswell/schemas/action.ts'
import { grades } from '@groundswell/schemas/grade.ts'
import { z } from 'zod'
import type { StateReader } from '../state.ts'

export interface KeptHandling {
  readonly now: number // newest time of an input, ms
  readonly alerts: readonly (readonly [alert: string, handling: Handling])[] // touched last goes last
  readonly silences: readonly Silence[]
  readonly pin: Pin | null
  readonly ids: readonly string[] // of commands, oldest first
  readonly rows: readonly ActionRow[] // of the log, newest first
}

interface KeptLimits { readonly idsMax: number; readonly rowsMax: number }

const ms = z.number().min(0)
const id = z.string().min(1).max(actionLimits.idCharsMax)
const handlingSchema = z.strictObject({ state: z.enum(handlingStates), by: personSchema, at: ms, assignee: personSchema.nullable(), notes: z.int().min(0) })
const silenceSchema = z.strictObject({ topic: id, grade: z.enum(grades), since: ms, until: ms, by: personSchema, reason: z.string() })
const once = (keys: readonly string[]): boolean => new Set(keys).size === keys.length
const rowSchema = z.strictObject({ id: z.string(), at: ms, by: personSchema, action: actionSchema })
const schemaOf = ({ idsMax, rowsMax }: KeptLimits) => z.strictObject({
  now: ms,
  alerts: z.array(z.tuple([id, handlingSchema])).max(actionLimits.handledMax).refine((alerts) => once(alerts.map(([alert]) => alert)), 'an alert is there twice'),
  silences: z.array(silenceSchema).max(actionLimits.silencesMax).refine((silences) => once(silences.map(({ topic }) => topic)), 'a topic is silenced twice'),
  pin: z.strictObject({ topic: id, by: personSchema, since: ms, until: ms }).nullable(),
  ids: z.array(z.string()).max(idsMax).refine(once, 'a command is there twice'),
  rows: z.array(rowSchema).max(rowsMax),
})

export function readKeptHandling(from: StateReader, limits: KeptLimits): KeptHandling {
  const parsed = schemaOf(limits).safeParse(from.json())
  if (parsed.success) return parsed.data
  const [problem] = parsed.error.issues
  return from.refuse(`${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`)
}
