// The room compiles the type: how far people stand and how large the wall is decide how many percent of its height a letter needs (W1, W2).
import type { Me, WallProfile } from '@groundswell/schemas/access.ts'
import type { DayHours } from './care.ts'

/** Screens of one kind, side by side without a gap; they form one picture. */
export interface RoomProfile {
  readonly diagonalInches: number // of one screen
  readonly columns: number
  readonly rows: number
  readonly resolution: { readonly width: number; readonly height: number } // of the whole wall, pixels
  readonly distanceM: number // of the reader who is farthest away
  readonly sound: boolean // whether new alerts are heard
  readonly rotates: boolean // whether platforms and sources take their turn with the topics
  readonly day: DayHours // outside of them the wall is dimmer
}

/** 2×2 screens of 55" read from 7 m, silent, with a day from 7 to 22 o'clock. */
export const defaultProfile: RoomProfile = { diagonalInches: 55, columns: 2, rows: 2, resolution: { width: 3840, height: 2160 }, distanceM: 7,
  sound: false, rotates: true, day: { from: 7, to: 22 } }

/** Visual angles and the share of the font size that the eye measures: a Hanzi's height, a capital's height. */
const hanzi = { arcMinutes: 22, share: 0.92 } as const
const capitals = { arcMinutes: 16, share: 0.70 } as const

/** The unit that every size on the wall is a multiple of: 3.6 units are the smallest type. One unit is 1vh in the default room. */
export const smallestTypeUnits = 3.6
/** More than this and the fewest rows a wall needs no longer fit; less and the wall would look like a web page. */
const unitVh = { least: 0.8, most: 1.25 } as const
/** Columns of the narrowest layout that holds a topic row and the side column. */
const widthUnitsMin = 158

export interface CompiledType {
  readonly unitVh: number
  readonly smallestVh: number // the smallest type on the wall
  readonly neededVh: number // what the room asks for
  readonly distanceMaxM: number // from farther away the smallest type is too small
}

/** Height of the wall in millimetres. */
export function wallHeightMm(profile: RoomProfile): number {
  const aspect = (profile.resolution.width / profile.columns) / (profile.resolution.height / profile.rows)
  return profile.rows * (profile.diagonalInches * 25.4) / Math.hypot(1, aspect)
}

/** Millimetres of type that an eye needs at this distance: px = D·tan(A)/(k·pitch), before the division by the pitch. */
export function neededTypeMm(distanceM: number): number {
  return Math.max(...[hanzi, capitals].map((kind) => distanceM * 1000 * Math.tan((kind.arcMinutes / 60) * Math.PI / 180) / kind.share))
}

/** `aspect` is that of the page, which may differ from the room's. Sizes are rounded up, so that the smallest type is never too small. */
export function compileType(profile: RoomProfile, aspect: number): CompiledType {
  const heightMm = wallHeightMm(profile)
  const neededVh = 100 * neededTypeMm(profile.distanceM) / heightMm
  const wanted = Math.ceil((neededVh / smallestTypeUnits) * 100) / 100
  const widest = Math.min(unitVh.most, (aspect * 100) / widthUnitsMin)
  const unit = Math.min(widest, Math.max(unitVh.least, wanted))
  const smallestVh = smallestTypeUnits * unit
  return { unitVh: unit, smallestVh, neededVh, distanceMaxM: smallestVh * heightMm / 100 / neededTypeMm(1) }
}

/** The wall that this screen is, as the room's settings say: that of its token, or the one that `?wall=<id>` names; null where they name none. */
export function wallOf(me: Me | null, query: URLSearchParams): WallProfile | null {
  if (me === null) return null
  return me.wall ?? me.walls.find(({ id }) => id === query.get('wall')) ?? null
}

/** Reads `?diagonal=55&columns=2&rows=2&resolution=3840x2160&distance=7&sound=on&rotate=off&day=7-22`; what is absent or senseless keeps what `wall` says. */
export function profileFromQuery(query: URLSearchParams, wall: RoomProfile = defaultProfile): RoomProfile {
  const size = /^(\d{3,5})x(\d{3,5})$/.exec(query.get('resolution') ?? '')
  return {
    diagonalInches: within(query.get('diagonal'), 5, 2000) ?? wall.diagonalInches,
    columns: Math.round(within(query.get('columns'), 1, 64) ?? wall.columns),
    rows: Math.round(within(query.get('rows'), 1, 64) ?? wall.rows),
    resolution: size === null ? wall.resolution : { width: Number(size[1]), height: Number(size[2]) },
    distanceM: within(query.get('distance'), 0.3, 200) ?? wall.distanceM,
    sound: switched(query.get('sound')) ?? wall.sound,
    rotates: switched(query.get('rotate')) ?? wall.rotates,
    day: dayHours(query.get('day')) ?? wall.day,
  }
}

const switched = (text: string | null): boolean | null => (text === 'on' ? true : text === 'off' ? false : null)

function dayHours(text: string | null): DayHours | null {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(text ?? '') ?? []
  const [first, last] = [Number(from), Number(to)]
  return first <= 24 && last <= 24 ? { from: first, to: last } : null
}

function within(text: string | null, least: number, most: number): number | null {
  if (text === null || text.trim() === '') return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}
