// What keeps a picture from burning into a panel (W33): it wanders by four pixels, its columns change sides every six hours, and at night it is dimmer.
import type { RoomTime } from './room-time.ts'

export const orbitPx = 4
const ring = orbitPx * 8

export interface Care { readonly x: number; readonly y: number; readonly mirrored: boolean; readonly night: boolean }
export interface DayHours { readonly from: number; readonly to: number } // whole hours; the night is what is left

/** One pixel a minute along the square of ±4 px around the middle: every place within 32 minutes. */
export function orbit(minute: number): { readonly x: number; readonly y: number } {
  const [side, along] = [Math.floor((minute % ring) / (2 * orbitPx)), (minute % (2 * orbitPx)) - orbitPx]
  return [{ x: along, y: -orbitPx }, { x: orbitPx, y: along }, { x: -along, y: orbitPx }, { x: -orbitPx, y: -along }][side] ?? { x: 0, y: 0 }
}

export const isNight = (hour: number, { from, to }: DayHours): boolean => (from <= to ? hour < from || hour >= to : hour < from && hour >= to)

/** `ms` is the server's time, `at` the same on the room's clocks: people of that room see the change, so it is theirs that counts. */
export function careAt(ms: number, at: RoomTime, day: DayHours): Care {
  const hour = Number(at.time.slice(0, 2))
  return { ...orbit(Math.floor(ms / 60_000)), mirrored: Math.floor(hour / 6) % 2 === 1, night: isNight(hour, day) }
}
