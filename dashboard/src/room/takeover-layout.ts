// How a takeover fills the room of the topics and the side: the name as large as it can be read whole, then what is left below it. Lengths in the profile's units.
//
//   tall   chart            │ cascade        short   chart │ countdown
//          countdown│platf. │                              │ platforms
import { linesOf } from '../i18n/text-width.ts'
import { measure } from './layout.ts'

export const takeoverMeasure = { glyph: 13, numbers: 52, headEdges: 10, small: 4.6, headMin: 15.6, reasonType: 3.9, reasonLine: 5, reasonEdges: 1.6, facts: 62, platforms: 56, countdown: 17.4, platformLine: 5.4 } as const
/** Bold letters are wider than `textWidth` says. */
const boldness = 1.07
const nameSizes = [9, 6.6, 4.8] as const
/** Lower than this the cascade would be no picture, and the chart above countdown and platforms no chart. */
const tallMin = 40
const chartMin = 34
const cascadeWidth = { least: 58, share: 0.3, most: 110 } as const
const platformsEdges = measure.tileHead + 2

export interface TakeoverLayout {
  readonly nameSize: number
  readonly headHeight: number
  readonly reasonLines: number
  readonly platformsMax: number
  readonly stripHeight: number // of countdown and platforms, where they are below the chart
  readonly cascadeWidth: number // 0: there is no room for it
}

export function takeoverLayout(room: { readonly width: number; readonly mainHeight: number; readonly platforms: number }, said: { readonly name: string; readonly reason: string }): TakeoverLayout {
  const { glyph, numbers, headEdges, small, headMin, reasonType, reasonLine, reasonEdges, countdown, platformLine } = takeoverMeasure
  const nameWidth = room.width - glyph - numbers - headEdges
  const lines = (size: number): number => linesOf(said.name, nameWidth / size / boldness)
  const nameSize = nameSizes.find((size, index) => lines(size) <= index + 1) ?? nameSizes.at(-1)!
  const headHeight = Math.max(headMin, lines(nameSize) * nameSize * 1.2 + small + 2.4)
  const reasonLines = linesOf(said.reason, (room.width - 4) / reasonType / 1.04)
  const below = room.mainHeight - headHeight - reasonLines * reasonLine - reasonEdges - 3 * measure.gap
  const head = { nameSize, headHeight, reasonLines }
  if (below >= tallMin) {
    const rows = [4, 3].find((count) => count <= room.platforms && below - measure.gap - platformsEdges - count * platformLine >= chartMin) ?? Math.min(2, room.platforms)
    const wide = Math.round(Math.min(cascadeWidth.most, Math.max(cascadeWidth.least, room.width * cascadeWidth.share)))
    return { ...head, platformsMax: rows, stripHeight: Math.max(countdown, platformsEdges + rows * platformLine), cascadeWidth: wide }
  }
  const left = Math.floor((below - countdown - measure.gap - platformsEdges) / platformLine)
  return { ...head, platformsMax: left < 1 ? 0 : Math.min(room.platforms, left), stripHeight: 0, cascadeWidth: 0 }
}
