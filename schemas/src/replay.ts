// What is kept of what walls showed, and how it is asked for: pictures as they were sent, what was notable between them, and where none was kept.
import { z } from 'zod'
import { grades } from './grade.ts'
import type { Snapshot } from './live.ts'

const name = z.strictObject({ zh: z.string(), en: z.string() })
/** Absent where the picture did not show the topic. */
const shownName = name.optional()

/** What is new in a picture against the one that was looked at before it. */
export const pictureNewsSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('alert'), alert: z.string(), topic: z.string(), name, grade: z.enum(grades) }),
  z.strictObject({ what: z.literal('cleared'), alert: z.string(), topic: z.string(), name, grade: z.enum(grades) }),
  z.strictObject({ what: z.literal('handled'), alert: z.string(), topic: z.string(), name, state: z.string(), by: z.string(),
    did: z.enum(['state', 'assigned', 'note']).optional().describe('What of it is new; absent in pictures that were kept before it was told: the state'), assignee: z.string().nullable().optional().describe('Whom it was given to, where it was') }),
  z.strictObject({ what: z.literal('silenced'), topic: z.string(), name: shownName, by: z.string(), until: z.number() }),
  z.strictObject({ what: z.literal('unsilenced'), topic: z.string(), name: shownName }),
  z.strictObject({ what: z.literal('pinned'), topic: z.string(), name: shownName, by: z.string() }),
  z.strictObject({ what: z.literal('unpinned'), topic: z.string(), name: shownName }),
])
export type PictureNews = z.infer<typeof pictureNewsSchema>

const ms = z.number().describe('ms since 1970, the clock of the engine: what the clock on the wall showed')
const snapshot = z.custom<Snapshot>().describe('As it was sent to walls: schemas/src/live.ts')

/** GET /api/replay/wall?at= */
export const wallAtSchema = z.strictObject({
  asked: ms, at: ms.nullable().describe('Of the newest picture not after the moment that was asked for; null: none was kept before it'), snapshot: snapshot.nullable(),
  previous: ms.nullable(), next: ms.nullable().describe('Pictures beside it'),
  gap: z.tuple([ms, ms.nullable()]).nullable().describe('No picture was kept between these, and the moment lies there; without an end where none came since'),
})
export type WallAt = z.infer<typeof wallAtSchema>

/** GET /api/replay/wall/shown?alert= */
export const wallShownSchema = z.strictObject({ alert: z.string(), at: ms.nullable().describe('Of the first picture with the alert, where a recording was played again in the newest run; null: in none that is kept, or it was there before the first') })
export type WallShown = z.infer<typeof wallShownSchema>

/** GET /api/replay/wall/pictures?from=&to=&step= : what was shown at `from`, then the newest of each step, at most picturesMax of them. */
export const wallPicturesSchema = z.strictObject({ from: ms, to: ms, stepMs: z.int(), pictures: z.array(z.strictObject({ at: ms, snapshot })) })
export type WallPictures = z.infer<typeof wallPicturesSchema>

/** GET /api/replay/wall/times?from=&to= */
export const wallTimesSchema = z.strictObject({
  from: ms, to: ms, days: z.int().describe('How long pictures are kept; 0: none are'), first: ms.nullable().describe('The oldest that is kept of all'), last: ms.nullable().describe('The newest of all'),
  stepMs: z.int(), perMinute: z.array(z.int()).describe('Mentions a minute as the walls showed them, the most of each step; −1: no picture was kept in it'), kept: z.int().describe('Pictures from … to'),
  news: z.array(z.strictObject({ at: ms, news: z.array(pictureNewsSchema) })).describe('Oldest first'), newsCut: z.boolean().describe('There were more: the oldest are left out'),
  gaps: z.array(z.tuple([ms, ms])).describe('No picture was kept between these'), gapsCut: z.boolean(),
})
export type WallTimes = z.infer<typeof wallTimesSchema>
