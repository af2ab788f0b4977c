// What people do about alerts: commands on the stream (`commands.act`), rows of the actions table, and what every wall and desk shows of them.
import { z } from 'zod'
import { actionLimits } from './action-limits.ts'
import { grades, type Grade } from './grade.ts'

export { actionLimits }

/** Who did it: the name of the access token, or `operator` of the room's own. */
export const personSchema = z.string().min(1).max(actionLimits.nameCharsMax)
const alert = z.string().min(1).max(actionLimits.idCharsMax).describe('id of an alert')
const topic = z.string().min(1).max(actionLimits.idCharsMax).describe('A topic of the rules, or `source:<platform>`')
const until = z.int().min(0).describe('ms since 1970, on the clock of the stream')

export const actionSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('acknowledge'), alert }).describe('Somebody has seen it'),
  z.strictObject({ what: z.literal('work'), alert }).describe('Somebody works on it; its assignee, or else who says so, does'),
  z.strictObject({ what: z.literal('resolve'), alert }).describe('Dealt with, whatever its rule still says'),
  z.strictObject({ what: z.literal('reopen'), alert }).describe('New again'),
  z.strictObject({ what: z.literal('assign'), alert, to: personSchema.nullable() }).describe('null: to nobody. An alert that is new counts as acknowledged by who assigns it'),
  z.strictObject({ what: z.literal('note'), alert, text: z.string().min(1).max(actionLimits.noteCharsMax) }),
  z.strictObject({ what: z.literal('silence'), topic, grade: z.enum(grades).describe('Alerts up to this grade are mute: no takeover, sound, flash or webhook. A higher one breaks through'), until, reason: z.string().min(1).max(actionLimits.reasonCharsMax) })
    .describe('One a topic: a newer one replaces it. It must have an end, at most 30 days ahead'),
  z.strictObject({ what: z.literal('unsilence'), topic }),
  z.strictObject({ what: z.literal('pin'), topic, until }).describe('Every wall of the room keeps this topic at the top; one at a time, at most 24 h'),
  z.strictObject({ what: z.literal('unpin') }),
])
export type Action = z.infer<typeof actionSchema>
export type ActionOf<What extends Action['what']> = Extract<Action, { what: What }>

export const handlingStates = ['new', 'acknowledged', 'working', 'resolved'] as const
export type HandlingState = (typeof handlingStates)[number]

/** How far people are with an alert. An alert that nobody touched has none. */
export interface Handling {
  readonly state: HandlingState
  readonly by: string // who put it into this state, or assigned or noted last where it is still new
  readonly at: number // ms: when, on the clock of the stream
  readonly assignee: string | null
  readonly notes: number
}

export interface Silence {
  readonly topic: string
  readonly grade: Grade // mutes up to it
  readonly since: number // ms
  readonly until: number // ms; over from then on
  readonly by: string
  readonly reason: string
}

export interface Pin { readonly topic: string; readonly by: string; readonly since: number; readonly until: number } // ms

/** A row of the log of actions, newest first where listed. */
export interface ActionRow { readonly id: string; readonly at: number; readonly by: string; readonly action: Action } // at: ms, clock of the stream
