// The walls of the room as groundswell.yml says them: screens, who reads them, and what each does by itself.
import type { Role, WallProfile } from '@groundswell/schemas/access.ts'
import { z } from 'zod'

export const wallLimits = { wallsMax: 64 } as const

const words = {
  wall: 'a wall reads { id: lobby, diagonal: 55, columns: 2, rows: 2, resolution: 3840x2160, distance: 7 }',
  id: 'the id of a wall is 1 to 64 of a-z 0-9 _ -, such as lobby',
  name: 'the name of a wall reads { zh: 大厅, en: Lobby }, 1 to 80 characters each',
  diagonal: 'a diagonal is 5 to 2000 inches, of one screen',
  many: 'columns and rows are whole numbers of screens, 1 to 64',
  resolution: 'a resolution is that of the whole wall in pixels, such as 3840x2160',
  distance: 'a distance is 0.3 to 200 metres, of the reader who is farthest away',
  switch: 'say on or off',
  day: 'a day is from one hour to another of the room\'s clock, such as 7-22',
  lang: 'a language is zh or en; leave it out for what the browser prefers',
} as const

const named = z.string(words.name).min(1, words.name).max(80, words.name)
const within = (min: number, max: number, told: string) => z.number(told).min(min, told).max(max, told)
const screens = z.int(words.many).min(1, words.many).max(64, words.many)
const switched = z.union([z.enum(['on', 'off']), z.boolean()], words.switch).transform((value) => value === 'on' || value === true)
const size = z.string(words.resolution).regex(/^\d{3,5}x\d{3,5}$/, words.resolution).transform((text) => {
  const [width, height] = text.split('x').map(Number) as [number, number]
  return { width, height }
})
const day = z.string(words.day).regex(/^\d{1,2}-\d{1,2}$/, words.day).transform((text) => {
  const [from, to] = text.split('-').map(Number) as [number, number]
  return { from, to }
}).refine(({ from, to }) => from <= 24 && to <= 24, words.day)

/** Defaults are those of a wall that nobody describes: 2×2 screens of 55" read from 7 m. */
const wallSchema = z.strictObject({
  id: z.string(words.id).regex(/^[a-z0-9_-]{1,64}$/, words.id),
  name: z.strictObject({ zh: named, en: named }, words.name).optional().describe('Absent: its id'),
  diagonal: within(5, 2000, words.diagonal).default(55).describe('Of one screen, inches'),
  columns: screens.default(2), rows: screens.default(2),
  resolution: size.prefault('3840x2160').describe('Of the whole wall, pixels'),
  distance: within(0.3, 200, words.distance).default(7).describe('Of the reader who is farthest away, metres: how large type is'),
  sound: switched.prefault('off').describe('Whether new alerts are heard'),
  rotate: switched.prefault('on').describe('Whether platforms and sources take their turn with the topics'),
  day: day.prefault('7-22').describe('Hours of the room\'s clock; outside of them the wall is dimmer'),
  lang: z.enum(['zh', 'en'], words.lang).optional(),
}, words.wall)

export const wallsSchema = z.array(wallSchema, 'walls are a list of { id, … }').max(wallLimits.wallsMax, `at most ${wallLimits.wallsMax} walls`)
  .superRefine((walls, { addIssue }) => {
    walls.forEach(({ id }, place) => { if (walls.findIndex((wall) => wall.id === id) < place) addIssue({ code: 'custom', path: [place, 'id'], message: 'each wall has an id of its own' }) })
  })

export const wallKeys = Object.keys(wallSchema.shape)

/** One wall `main` where none is described. */
export function profilesOf(walls: z.output<typeof wallsSchema>): WallProfile[] {
  const described = walls.length > 0 ? walls : [wallSchema.parse({ id: 'main', name: { zh: '大屏', en: 'Wall' } })]
  return described.map(({ id, name = { zh: id, en: id }, diagonal, columns, rows, resolution, distance, sound, rotate, day: hours, lang = null }) =>
    ({ id, name, diagonalInches: diagonal, columns, rows, resolution, distanceM: distance, sound, rotates: rotate, day: hours, lang }))
}

export type WallOfToken = { readonly ok: true; readonly wall: string | null } | { readonly ok: false; readonly detail: string; readonly hint: string }

/** The wall that a new token belongs to: a device's has one, which need not be said where the room has one only. */
export function wallOfToken(walls: readonly WallProfile[], { role, wall }: { readonly role: Role; readonly wall?: string | undefined }): WallOfToken {
  const known = walls.map(({ id }) => id).join(', ')
  if (role !== 'wall') return wall === undefined ? { ok: true, wall: null } : { ok: false, detail: `a token of the role ${role} belongs to no wall, and not to ${JSON.stringify(wall)}`, hint: 'leave the wall out, or give the role wall' }
  if (wall === undefined) return walls.length === 1 ? { ok: true, wall: walls[0]!.id } : { ok: false, detail: `the room has ${walls.length} walls`, hint: `say which: ${known}` }
  return walls.some(({ id }) => id === wall) ? { ok: true, wall } : { ok: false, detail: `there is no wall ${JSON.stringify(wall.slice(0, 100))} in the settings`, hint: `the walls are ${known}; more are described under walls in groundswell.yml` }
}
